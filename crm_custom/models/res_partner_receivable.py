from odoo import api, fields, models
from odoo.fields import Domain

READERS = (
    "sales_team.group_sale_salesman"
    ",account.group_account_invoice,account.group_account_readonly"
)


class ResPartner(models.Model):
    """Who owes: customers found by their open items, under the user's own rights.

    Of one of the chosen companies, see `_get_owing` of `crm.receivable`.
    """

    _inherit = "res.partner"

    # asked for each open item that is added up; partners are wide rows
    _crm_commercial_index = models.Index("(id) INCLUDE (commercial_partner_id)")

    is_owing = fields.Boolean(
        string="Owes",
        compute="_compute_is_owing",
        search="_search_is_owing",
        groups=READERS,
        help="His open items, less payments and credit notes that nobody has matched"
        " yet, come to more than nothing in one of the chosen companies.",
    )
    is_owing_overdue = fields.Boolean(
        string="Owes overdue",
        compute="_compute_is_owing",
        search="_search_is_owing_overdue",
        groups=READERS,
        help="He owes, and the due date of one of his items has passed.",
    )

    @api.depends_context("uid", "tz", "allowed_company_ids")
    def _compute_is_owing(self):
        """Two queries, for any number of partners."""
        mine = Domain("partner_id", "in", self._origin.ids)
        for name, overdue in (("is_owing", False), ("is_owing_overdue", True)):
            query, partner = self._get_owing_query(mine, overdue)
            found = {row[0] for row in self.env.execute_query(query.select(partner))}
            for record in self:
                record[name] = record._origin.id in found

    @api.model
    def _search_is_owing(self, operator, value):
        if operator != "in":
            return NotImplemented
        query, partner = self._get_owing_query(Domain.TRUE)
        return Domain("id", "any!", query.select(partner))

    @api.model
    def _search_is_owing_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        query, partner = self._get_owing_query(Domain.TRUE, overdue=True)
        return Domain("id", "any!", query.select(partner))

    @api.model
    def _get_owing_query(self, domain, overdue=False):
        """The query of who owes now, and the SQL of the partner in it."""
        owing = (
            self.env["crm.receivable"]
            .with_context(crm_receivable_date=False, crm_receivable_partner_ids=None)
            ._get_owing(domain)
        )
        if overdue:
            owing.something_overdue()
        return owing.query, owing.partner
