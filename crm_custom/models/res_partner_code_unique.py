import zlib
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

# advisory locks of this addon: one number for the class, one pair for each code
CODE_LOCK = 1_129_270_083
# above it the class is locked as a whole: the server has room for some thousands
MAX_CODE_LOCKS = 500


class UncheckedCodes(frozenset):
    """Ids of partners whose code is not compared, neither with others nor by them.

    The context carries it. A client's context holds JSON alone, so that an instance
    of this class can only come from this addon.
    """


class ResPartner(models.Model):
    """Customer codes are unique: a company's own and the shared ones together."""

    _inherit = "res.partner"

    has_duplicate_ref = fields.Boolean(
        string="Code used twice",
        compute="_compute_has_duplicate_ref",
        search="_search_has_duplicate_ref",
    )

    _crm_customer_code_index = models.Index(
        "(btrim(ref)) WHERE is_crm_customer IS TRUE"
    )

    @api.depends("is_crm_customer", "ref", "company_id")
    def _compute_has_duplicate_ref(self):
        ids = self._origin.ids
        query = self._get_duplicate_ref_sql(SQL("AND p.id = ANY(%s)", ids))
        duplicate_ids = {row[0] for row in self.env.execute_query(query)}
        for partner in self:
            partner.has_duplicate_ref = partner._origin.id in duplicate_ids

    @api.model
    def _search_has_duplicate_ref(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("id", "in", SQL("(%s)", self._get_duplicate_ref_sql()))

    @api.model
    def _get_duplicate_ref_sql(self, condition=None):
        self.flush_model(["is_crm_customer", "ref", "company_id"])
        return SQL(
            """
            SELECT p.id
              FROM res_partner p
             WHERE p.is_crm_customer IS TRUE
               AND btrim(p.ref) != ''
               AND EXISTS (
                    SELECT 1
                      FROM res_partner other
                     WHERE other.is_crm_customer IS TRUE
                       AND btrim(other.ref) = btrim(p.ref)
                       AND other.id != p.id
                       AND (
                            p.company_id IS NULL
                            OR other.company_id IS NULL
                            OR other.company_id = p.company_id
                       )
               )
               %s
            """,
            condition or SQL(),
        )

    def _without_code_check(self):
        """These partners, with a context in which their codes are let pass."""
        return self.with_context(crm_unchecked_codes=UncheckedCodes(self.ids))

    @api.model
    def _get_unchecked_codes(self):
        unchecked = self.env.context.get("crm_unchecked_codes")
        return unchecked if isinstance(unchecked, UncheckedCodes) else UncheckedCodes()

    def _is_coded_customer(self):
        """Whether the partner is a customer, or a contact about to lose the flag."""
        return self.is_crm_customer and self.commercial_partner_id == self

    @api.model
    def _get_recoded_ids(self):
        """Ids of partners whose code this transaction changed or deleted."""
        return self.env.cr.cache.setdefault("crm_custom.recoded_ids", set())

    def _check_customer_codes(self):
        """Refuse codes that another customer has.

        Two queries and one lock for any number of customers. Each transaction locks
        the codes before it looks, and looks with a snapshot of its own: the one at
        hand is as old as the transaction and does not show what others have saved
        while we waited for the lock.
        """
        unchecked = self._get_unchecked_codes()
        customers = self.filtered(
            lambda p: p._is_coded_customer() and p.ref and p.id not in unchecked
        )
        if not customers:
            return
        codes = sorted({customer.ref.strip() for customer in customers})
        self._lock_customer_codes(codes)
        owners = defaultdict(list)
        for other_id, code, company_id in self._find_customer_codes(codes):
            if other_id not in unchecked:
                owners[code].append((other_id, company_id))
        for customer in customers:
            company_id = customer.company_id.id
            for other_id, other_company_id in owners[customer.ref.strip()]:
                shared = not company_id or not other_company_id
                if other_id != customer.id and (
                    shared or company_id == other_company_id
                ):
                    raise ValidationError(customer._get_duplicate_message(other_id))

    def _get_duplicate_message(self, other_id):
        # the other may be one that the user may not read, or one that another
        # transaction has just saved: its name is not told then
        other = self.browse(other_id).exists()._filtered_access("read")
        if other:
            return self.env._(
                "The customer code %(code)s of %(customer)s is the code of %(other)s"
                " already.",
                code=self.ref,
                customer=self.display_name,
                other=other.display_name,
            )
        return self.env._(
            "The customer code %(code)s of %(customer)s is the code of another"
            " customer already.",
            code=self.ref,
            customer=self.display_name,
        )

    @api.model
    def _lock_customer_codes(self, codes):
        """Let no other transaction give these codes until this one ends.

        A promotion does not lock: no order waits for an import of customers to end.
        """
        if self._get_unchecked_codes():
            return
        cr = self.env.cr
        if len(codes) > MAX_CODE_LOCKS:
            cr.execute(SQL("SELECT pg_advisory_xact_lock(%s)", CODE_LOCK))
            return
        cr.execute(SQL("SELECT pg_advisory_xact_lock_shared(%s)", CODE_LOCK))
        # always in the same order, lest two transactions wait for each other
        keys = sorted({zlib.crc32(code.encode()) - 2**31 for code in codes})
        cr.execute(
            SQL(
                "SELECT pg_advisory_xact_lock(%s, key) FROM unnest(%s) AS key",
                CODE_LOCK,
                keys,
            )
        )

    @api.model
    def _find_customer_codes(self, codes):
        """Customers with one of these codes: as this transaction and as others see it.

        :return: list of (partner id, code, company id)
        """
        query = SQL(
            """
            SELECT id, btrim(ref), company_id
              FROM res_partner
             WHERE is_crm_customer IS TRUE AND btrim(ref) = ANY(%s)
            """,
            list(codes),
        )
        self.flush_model(["is_crm_customer", "ref", "company_id"])
        rows = self.env.execute_query(query)
        if not self.env.registry.ready:
            # while a module is installed this transaction has the table locked
            return rows
        # what we have changed ourselves is right in our own view alone
        known_ids = self._get_recoded_ids() | {row[0] for row in rows}
        # never a replica: it may lag behind
        with self.env.registry.cursor() as cr:
            cr.execute(query)
            fresh_rows = cr.fetchall()
        return rows + [row for row in fresh_rows if row[0] not in known_ids]
