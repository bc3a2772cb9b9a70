from odoo import api, fields, models
from odoo.tools import SQL

from . import partner_key_values as values

# What of a partner is compared. The strong kinds say by themselves that two are one.
STRONG_KINDS = ("vat", "registry", "email", "phone")
WEAK_KINDS = ("website", "domain", "name")
# the fields that the keys come from
KEY_FIELDS = {
    "name",
    "vat",
    "company_registry",
    "email",
    "website",
    "phone",
    "mobile",
    "phone_home",
    "country_id",
    "company_id",
    "parent_id",
    "is_company",
}


class CrmPartnerKey(models.Model):
    """What each partner is recognised by, in the form in which it is compared.

    One row for each value of a partner: a table of its own with its own indexes, so
    that a look-up among a million partners reads some dozens of rows, and whoever
    writes a partner writes nothing more into the partner's row. Written by this addon
    alone, in sets and by SQL; nobody else has a right on it.
    """

    _name = "crm.partner.key"
    _description = "Key of a partner"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("vat", "Tax ID"),
            ("registry", "Registry number"),
            ("email", "E-mail"),
            ("phone", "Phone"),
            ("website", "Web site"),
            ("domain", "Mail or web domain"),
            ("name", "Name"),
        ],
        required=True,
    )
    value = fields.Char(required=True)
    is_checked = fields.Boolean(
        help="Whether the job has compared it since it came.",
    )

    # Serves equal values and beginnings alike, whatever the database sorts by.
    _value_index = models.Index("(kind, value text_pattern_ops, partner_id)")
    _name_index = models.Index(
        lambda registry: (
            "USING gin (value gin_trgm_ops) WHERE kind = 'name'"
            if registry.has_trigram
            # nothing is looked up by it then
            else "(id) WHERE kind = 'name'"
        )
    )
    _unchecked_index = models.Index("(partner_id) WHERE is_checked IS NOT TRUE")

    # ------------------------------------------------------------
    # From the values of a record to its keys
    # ------------------------------------------------------------

    @api.model
    def _get_keys(
        self, *, country_code="", emails=(), phones=(), website="", **entity_values
    ):
        """The keys of one record.

        :param entity_values: name, vat and company_registry, which are compared for
            commercial entities alone: a contact carries those of its company
        :return: set of (kind, value)
        """
        keys = set()
        for text in emails:
            for email in values.email_keys(text):
                keys |= {("email", email), ("domain", values.email_domain(email))}
        keys |= {("phone", values.phone_key(phone, country_code)) for phone in phones}
        keys |= {
            ("website", values.website_key(website)),
            ("domain", values.web_domain(website)),
            ("vat", values.number_key(entity_values.get("vat"), country_code)),
            (
                "registry",
                values.number_key(entity_values.get("company_registry"), country_code),
            ),
            ("name", values.name_key(entity_values.get("name"))),
        }
        return {(kind, value) for kind, value in keys if value}

    @api.model
    def _get_partner_keys(self, partners):
        """The keys of each of these partners, saved or not, as they are now.

        :return: list of sets of (kind, value)
        """
        # sudo: what is compared does not depend on who saves it
        return [self._get_keys_of_partner(partner) for partner in partners.sudo()]

    @api.model
    def _get_keys_of_partner(self, partner_sudo):
        country = (
            partner_sudo.country_id
            or partner_sudo.company_id.country_id
            or self.env.company.sudo().country_id
        )
        entity_values = {}
        if not partner_sudo.parent_id or partner_sudo.is_company:
            entity_values = {
                "name": partner_sudo.name,
                "vat": partner_sudo.vat,
                "company_registry": partner_sudo.company_registry,
                "website": partner_sudo.website,
            }
        return self._get_keys(
            country_code=country.code,
            emails=[partner_sudo.email],
            phones=[partner_sudo.phone, partner_sudo.mobile, partner_sudo.phone_home],
            **entity_values,
        )

    # ------------------------------------------------------------
    # Keeping the table
    # ------------------------------------------------------------

    @api.model
    def _add_keys(self, partners):
        """Store the keys of partners that have none yet, in one statement."""
        rows = self._get_rows(partners)
        if rows:
            self._insert_rows(rows)

    @api.model
    def _refresh_keys(self, partners):
        """Store what changed in the keys of these partners: two statements or three."""
        rows = self._get_rows(partners)
        ids, kinds, key_values = self._columns(rows)
        gone = self.env.execute_query(
            SQL(
                """
                DELETE FROM crm_partner_key AS stored
                 WHERE partner_id = ANY(%(partners)s)
                   AND NOT EXISTS (
                        SELECT 1
                          FROM unnest(
                                %(ids)s::int[], %(kinds)s::text[], %(values)s::text[]
                               ) AS wanted (partner_id, kind, value)
                         WHERE wanted.partner_id = stored.partner_id
                           AND wanted.kind = stored.kind
                           AND wanted.value = stored.value
                   )
             RETURNING partner_id
                """,
                partners=list(partners.ids),
                ids=ids,
                kinds=kinds,
                values=key_values,
            )
        )
        if gone:
            # what they were compared by is no longer true: compare them again
            self._uncheck([row[0] for row in gone])
        if rows:
            self._insert_rows(rows)

    @api.model
    def _uncheck(self, partner_ids):
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_partner_key SET is_checked = FALSE
                 WHERE is_checked AND partner_id = ANY(%s)
                """,
                list(set(partner_ids)),
            )
        )

    @api.model
    def _get_rows(self, partners):
        return [
            (partner.id, kind, value)
            for partner, keys in zip(
                partners, self._get_partner_keys(partners), strict=True
            )
            for kind, value in sorted(keys)
        ]

    @api.model
    def _columns(self, rows):
        return [list(column) for column in zip(*rows, strict=True)] or [[], [], []]

    @api.model
    def _insert_rows(self, rows):
        ids, kinds, key_values = self._columns(rows)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_partner_key (partner_id, kind, value, is_checked)
                SELECT partner_id, kind, value, FALSE
                  FROM unnest(%s::int[], %s::text[], %s::text[])
                       AS wanted (partner_id, kind, value)
                 WHERE NOT EXISTS (
                        SELECT 1
                          FROM crm_partner_key AS stored
                         WHERE stored.partner_id = wanted.partner_id
                           AND stored.kind = wanted.kind
                           AND stored.value = wanted.value
                 )
                """,
                ids,
                kinds,
                key_values,
            )
        )

    @api.model
    def _crm_before_partner_merge(self, src_partners, dst_partner):
        """The keys of who goes go with him; those of who stays are read anew."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_partner_key WHERE partner_id = ANY(%s)",
                list(src_partners.ids),
            )
        )
