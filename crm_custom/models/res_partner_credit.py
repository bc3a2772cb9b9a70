from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner_receivable import READERS

#: who sees what every customer owes; other salespeople see it of their own customers
SEE_ALL = (
    "sales_team.group_sale_salesman_all_leads",
    "account.group_account_invoice",
    "account.group_account_readonly",
)
#: who changes the rules of customers
RULERS = "crm_custom.group_crm_custom_credit,account.group_account_manager"
#: the fields of `_compute_crm_credit`
FIGURES = (
    "credit_known",
    "credit_shown",
    "credit_currency_id",
    "credit_exposure",
    "credit_limit_amount",
    "credit_left",
    "credit_overdue",
    "credit_days_overdue",
    "credit_worst_item_id",
    "credit_verdict",
    "credit_hold",
)
COMPARISONS = {
    operator: SQL(operator) for operator in ("<", "<=", ">", ">=", "=", "!=")
}


class ResPartner(models.Model):
    """The credit of a customer in the current company; nothing is stored.

    Figures are those of `crm.credit.exposure`, told to whoever sees the customer's open
    items. People of a customer have none, as in Odoo's own figures.
    """

    _inherit = "res.partner"

    credit_known = fields.Boolean(
        compute="_compute_crm_credit", export_string_translation=False, groups=READERS
    )
    credit_shown = fields.Boolean(
        compute="_compute_crm_credit", export_string_translation=False, groups=READERS
    )
    credit_currency_id = fields.Many2one(
        "res.currency", compute="_compute_crm_credit", groups=READERS
    )
    credit_exposure = fields.Monetary(
        string="Credit exposure",
        compute="_compute_crm_credit",
        search="_search_credit_exposure",
        currency_field="credit_currency_id",
        groups=READERS,
        help="What is open, less payments and credit notes that nobody has matched yet,"
        " and what is confirmed and not invoiced yet, with tax.",
    )
    credit_limit_amount = fields.Monetary(
        string="Limit",
        compute="_compute_crm_credit",
        search="_search_credit_limit_amount",
        currency_field="credit_currency_id",
        groups=READERS,
        help="The credit limit; 0 is none.",
    )
    credit_left = fields.Monetary(
        string="Left of the limit",
        compute="_compute_crm_credit",
        search="_search_credit_left",
        currency_field="credit_currency_id",
        groups=READERS,
        help="The credit limit less the exposure; below 0 when it is exceeded.",
    )
    credit_overdue = fields.Monetary(
        string="Overdue amount",
        compute="_compute_crm_credit",
        search="_search_credit_overdue",
        currency_field="credit_currency_id",
        groups=READERS,
        help="Open instalments whose due date has passed.",
    )
    credit_days_overdue = fields.Integer(
        string="Longest overdue (days)",
        compute="_compute_crm_credit",
        search="_search_credit_days_overdue",
        groups=READERS,
    )
    credit_worst_item_id = fields.Many2one(
        "crm.receivable",
        string="Worst item",
        compute="_compute_crm_credit",
        groups=READERS,
        help="The open item that is overdue for longest.",
    )
    credit_verdict = fields.Selection(
        [("none", "No objection"), ("warn", "Warning"), ("hold", "On hold")],
        string="Credit status",
        compute="_compute_crm_credit",
        search="_search_credit_verdict",
        groups=READERS,
        help="What the credit rules say of him as things stand: a new order of a"
        " customer on hold waits for the credit controller.",
    )
    credit_hold = fields.Boolean(
        string="On credit hold",
        compute="_compute_crm_credit",
        search="_search_credit_hold",
        groups=READERS,
    )
    credit_rule_ids = fields.One2many(
        "crm.credit.rule", "partner_id", string="Credit rules of his own", groups=RULERS
    )

    def write(self, vals):
        if vals.get("customer_status", "blacklist") != "blacklist":
            self._check_leaves_blacklist()
        return super().write(vals)

    def action_unblacklist(self):
        if self.env.user.has_groups(RULERS):
            self.check_access("read")
            # sudo: who releases orders need not be one who writes customers
            return super(ResPartner, self.sudo()).action_unblacklist()
        return super().action_unblacklist()

    def _check_leaves_blacklist(self):
        """Where orders of blacklisted customers wait, who sells does not free them."""
        if (
            not self.env.su
            # sudo: the rules of a company are for who keeps it
            and self.env.company.sudo().credit_blacklist_action == "hold"
            and not self.env.user.has_groups(RULERS)
            and "blacklist" in self.mapped("customer_status")
        ):
            raise AccessError(
                self.env._(
                    "Orders of blacklisted customers wait for the credit controller,"
                    " who takes a customer off the blacklist, too."
                )
            )

    @api.depends_context("uid", "company")
    def _compute_crm_credit(self):
        """One query, for any number of customers."""
        company = self.env.company
        customers = self._origin._filter_credit_known()
        found = self.env["crm.credit.exposure"].get_credit(company, customers)
        in_use = company.crm_uses_credit()
        columns = zip(
            *(
                partner._get_credit_values(found.get(partner._origin.id), in_use)
                for partner in self
            ),
            strict=True,
        )
        # a column at once: set one by one, a thousand customers take longer than the
        # query, since each amount is rounded by its currency, which it is already
        for name, values in zip(FIGURES, columns, strict=True):
            field = self._fields[name]
            field._insert_cache(
                self, [field.convert_to_cache(v, self, validate=False) for v in values]
            )

    def _get_credit_values(self, credit, in_use):
        """The values of `FIGURES`.

        :param credit: `Credit`, or nothing where the user may not know it
        """
        currency_id = self.env.company.currency_id.id
        if not credit:
            amounts = [0.0] * 4
            return False, False, currency_id, *amounts, 0, False, False, False
        verdict = credit.verdict()
        return (
            True,
            in_use,
            currency_id,
            credit.exposure,
            credit.limit,
            credit.left,
            credit.overdue,
            credit.days_overdue,
            credit.worst_item_id or False,
            verdict,
            verdict == "hold",
        )

    def action_view_credit_decisions(self):
        """What was decided about his orders."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_credit_decision_action"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
        }

    def action_view_credit_rules(self):
        """What is done otherwise with him; his to be written down where nothing is."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_credit_rule_action"
        )
        customer = self.commercial_partner_id
        return {
            **action,
            "domain": [("partner_id", "=", customer.id)],
            "context": {"default_partner_id": customer.id},
        }

    def _filter_credit_known(self):
        """Those of these customers whose open items the user sees."""
        if not self.env["crm.receivable"].has_access("read"):
            return self.browse()
        # sudo: whose they are, whoever may read them
        mine = self.sudo().filtered("id")
        # all other columns of a thousand partners take as long as their credit
        mine.fetch(["commercial_partner_id", "user_id"])
        mine = mine.filtered(lambda p: p == p.commercial_partner_id)
        if not self._sees_all_credit():
            mine = mine.filtered(lambda p: p.user_id == self.env.user)
        return self.browse(mine.ids)

    @api.model
    def _sees_all_credit(self):
        user = self.env.user
        return self.env.su or any(user.has_group(group) for group in SEE_ALL)

    # ------------------------------------------------------------
    # Searching
    # ------------------------------------------------------------

    @api.model
    def _search_credit_exposure(self, operator, value):
        return self._search_credit_figure("exposure", operator, value)

    @api.model
    def _search_credit_limit_amount(self, operator, value):
        return self._search_credit_figure("credit_limit", operator, value)

    @api.model
    def _search_credit_left(self, operator, value):
        return self._search_credit_figure("credit_left", operator, value)

    @api.model
    def _search_credit_overdue(self, operator, value):
        return self._search_credit_figure("overdue", operator, value)

    @api.model
    def _search_credit_days_overdue(self, operator, value):
        return self._search_credit_figure("days_overdue", operator, value)

    @api.model
    def _search_credit_figure(self, name, operator, value):
        column = SQL.identifier(name)
        if operator == "in":
            condition = SQL("%s = ANY(%s::numeric[])", column, list(value))
        elif operator in COMPARISONS:
            condition = SQL("%s %s %s", column, COMPARISONS[operator], value)
        else:
            return NotImplemented
        return self._get_credit_domain(condition)

    @api.model
    def _search_credit_verdict(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_credit_domain(
            SQL("verdict = ANY(%s)", [each for each in value if each])
        )

    @api.model
    def _search_credit_hold(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_credit_domain(SQL("verdict = 'hold'"))

    @api.model
    def _get_credit_domain(self, condition):
        """Customers whose credit the user may know, found by SQL."""
        if not self.env["crm.receivable"].has_access("read"):
            return Domain.FALSE
        found = self.env["crm.credit.exposure"].get_customers_sql(
            self.env.company, condition
        )
        domain = Domain("id", "any!", found)
        if self._sees_all_credit():
            return domain
        return domain & Domain("user_id", "=", self.env.uid)
