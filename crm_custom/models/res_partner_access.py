from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

# The documents that open their customer to a salesperson who may read them.
DOCUMENT_ADDRESSES = {
    "sale.order": ("partner_id", "partner_invoice_id", "partner_shipping_id"),
    "crm.lead": ("partner_id",),
    "account.move": ("partner_id",),
}


class ResPartner(models.Model):
    """The partners that an own-documents salesperson may see.

    Hidden are the customers of his colleagues, each with all its contacts and
    addresses; every other partner is visible. A colleague's customer opens while the
    salesperson may read an order, lead or invoice that names it or one of its
    addresses, meets it, or has an activity to do for it: else the document would open
    on an error.

    It is worked out row by row in SQL, so that a page of 80 costs the 80 and not the
    million behind them. Nothing is stored: there is nothing to keep in step.
    """

    _inherit = "res.partner"

    crm_is_visible_to_salesperson = fields.Boolean(
        compute="_compute_crm_is_visible_to_salesperson",
        search="_search_crm_is_visible_to_salesperson",
        export_string_translation=False,
        # for record rules alone, which are asked as superuser
        groups=fields.NO_ACCESS,
    )

    _crm_salesperson_index = models.Index("(user_id) WHERE user_id IS NOT NULL")

    @api.depends(
        "commercial_partner_id.is_crm_customer",
        "commercial_partner_id.supplier_rank",
        "commercial_partner_id.user_id",
        "partner_share",
    )
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_crm_is_visible_to_salesperson(self):
        if not self.env.user.crm_works_on_own_customers():
            self.crm_is_visible_to_salesperson = True
            return
        visible = Domain("crm_is_visible_to_salesperson", "=", True)
        # sudo: the rule of this model asks this field, it cannot ask the rule
        visible_ids = set(
            self.sudo()._search(
                Domain("id", "in", self._origin.ids) & visible, active_test=False
            )
        )
        for partner in self:
            origin_id = partner._origin.id
            partner.crm_is_visible_to_salesperson = (
                not origin_id or origin_id in visible_ids
            )

    @api.model
    def _search_crm_is_visible_to_salesperson(self, operator, value):
        if operator != "in":
            return NotImplemented
        if not self.env.user.crm_works_on_own_customers():
            return Domain.TRUE
        return Domain.custom(to_sql=self._crm_visible_to_salesperson_sql)

    @api.model
    def _crm_visible_to_salesperson_sql(self, model, alias, query):
        """The SQL condition on the row `alias` of res_partner.

        Written so that no statistics can mislead PostgreSQL: a hidden customer is
        recognised by one probe of the primary key. Only where one is met, the user's
        documents are looked up, once in the query.
        """
        return SQL(
            """(
                (CASE WHEN %(commercial)s = %(id)s
                      THEN %(is_customer)s AND %(salesperson)s <> %(user)s
                           AND COALESCE(%(supplier_rank)s, 0) = 0
                      ELSE (SELECT crm_customer.is_crm_customer
                                   AND crm_customer.user_id <> %(user)s
                                   AND COALESCE(crm_customer.supplier_rank, 0) = 0
                              FROM res_partner AS crm_customer
                             WHERE crm_customer.id = %(commercial)s)
                 END) IS NOT TRUE
                OR %(share)s IS NOT TRUE
                OR %(commercial)s IN (SELECT partner_id FROM res_company)
                OR %(commercial)s IN (
                    SELECT DISTINCT (SELECT crm_address.commercial_partner_id
                                       FROM res_partner AS crm_address
                                      WHERE crm_address.id = crm_named.id)
                      FROM (%(named)s) AS crm_named (id)
                )
            ) IS TRUE""",
            id=SQL.identifier(alias, "id"),
            commercial=self._field_to_sql(alias, "commercial_partner_id", query),
            is_customer=self._field_to_sql(alias, "is_crm_customer", query),
            salesperson=self._field_to_sql(alias, "user_id", query),
            supplier_rank=self._field_to_sql(alias, "supplier_rank", query),
            share=self._field_to_sql(alias, "partner_share", query),
            user=self.env.uid,
            named=SQL(" UNION ").join(self._crm_named_on_documents_sql()),
        )

    @api.model
    def _crm_named_on_documents_sql(self):
        """Sub-selects of the ids of the partners that the user's documents name.

        A later room adds its own documents.
        """
        # The user's own rules say which documents these are, also when the question
        # comes from a rule, which is asked as superuser.
        env = self.sudo(False).with_context(active_test=False).env
        named = []
        for model_name, field_names in DOCUMENT_ADDRESSES.items():
            model = env[model_name]
            query = model._search(Domain.TRUE)
            columns = SQL(", ").join(
                model._field_to_sql(query.table, name, query) for name in field_names
            )
            named.append(query.subselect(SQL("unnest(ARRAY[%s])", columns)))
        # sudo: the partner of the user himself
        me = env.user.sudo().partner_id
        for mine in (("user_id", "=", env.uid), ("partner_ids", "in", me.ids)):
            query = env["calendar.event"]._search([mine])
            attendee = query.join(
                query.table,
                "id",
                "calendar_event_res_partner_rel",
                "calendar_event_id",
                "crm_attendee",
            )
            named.append(query.subselect(SQL.identifier(attendee, "res_partner_id")))
        # sudo: the activities of the user himself, wherever they are
        to_do = (
            Domain("res_model", "=", "res.partner")
            & Domain("user_id", "=", env.uid)
            & Domain("active", "=", True)
        )
        query = env["mail.activity"].sudo()._search(to_do)
        named.append(query.subselect(SQL.identifier(query.table, "res_id")))
        return named

    @api.model_create_multi
    def create(self, vals_list):
        if self._crm_is_limited():
            for vals in vals_list:
                is_customer = vals.get(
                    "is_crm_customer", self.env.context.get("default_is_crm_customer")
                )
                if is_customer:
                    self._crm_check_own_salesperson(vals)
        return super().create(vals_list)

    def write(self, vals):
        if (vals.get("user_id") or vals.get("parent_id")) and self._crm_is_limited():
            if any(self.mapped("commercial_partner_id.is_crm_customer")):
                self._crm_check_own_salesperson(vals)
            # the rule of a write looks at the partner alone: nobody slips people into
            # a company that he does not see
            self.browse(vals.get("parent_id") or ()).check_access("read")
        return super().write(vals)

    def _crm_is_limited(self):
        return not self.env.su and self.env.user.crm_is_limited_to_own_customers()

    def _crm_check_own_salesperson(self, vals):
        """Say it clearly: the rule alone would refuse the record after it is saved."""
        if vals.get("user_id") not in (None, False, self.env.uid):
            raise AccessError(
                self.env._(
                    "You work with your own customers and those of nobody: leave the"
                    " salesperson empty or choose yourself. A sales manager hands a"
                    " customer over to a colleague."
                )
            )
