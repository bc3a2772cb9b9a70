from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..report.crm_credit_exposure import Credit

GATE_FIELDS = ("credit_state", "credit_release_id")


class CreditCheck(NamedTuple):
    """An order to which credit rules object."""

    credit: Credit
    #: what this order adds, and those before it in the same call
    added: float
    #: what this order alone adds
    amount: float
    #: {rule: "warn" or "hold"}
    said: dict

    @property
    def exposure(self):
        return self.credit.exposure + self.added

    @property
    def is_hold(self):
        return "hold" in self.said.values()

    def get_snapshot(self):
        """See the field of `crm.credit.decision`."""
        more = {"added": self.added, "total": self.exposure, "said": self.said}
        return self.credit._asdict() | more


class SaleOrder(models.Model):
    """An order of a customer who owes too much waits for the credit controller.

    Looked at when it is confirmed, changed and delivered. What was decided stays on the
    order, with the figures of that moment. A release covers the order and its
    deliveries as long as the exposure is not larger than what was released.
    """

    _inherit = "sale.order"

    credit_state = fields.Selection(
        [
            ("held", "On credit hold"),
            ("freed", "Free again"),
            ("released", "Released"),
        ],
        string="Credit hold",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="On credit hold: the order, or its delivery, waits because of the"
        " customer's credit. Free again: nothing objects any more. Released: by the"
        " credit controller, as long as the exposure does not grow.",
    )
    credit_release_id = fields.Many2one(
        "crm.credit.decision",
        string="Credit release",
        copy=False,
        readonly=True,
        groups="base.group_user",
        index="btree_not_null",
    )
    credit_decision_ids = fields.One2many(
        "crm.credit.decision",
        "order_id",
        string="Credit decisions",
        groups="sales_team.group_sale_salesman,account.group_account_invoice"
        ",account.group_account_readonly",
    )

    # few of all orders: the list of those that wait, and who is to be looked at again
    _crm_credit_held_index = models.Index(
        "(company_id, partner_invoice_id) WHERE credit_state = 'held'"
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # neither by value nor by a default of the context
            vals_list = [vals | dict.fromkeys(GATE_FIELDS, False) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and not vals.keys().isdisjoint(GATE_FIELDS):
            vals = {key: vals[key] for key in vals if key not in GATE_FIELDS}
        return super().write(vals)

    # ------------------------------------------------------------
    # The gate
    # ------------------------------------------------------------

    def _pass_gates(self, state, asking=False):
        passed = super()._pass_gates(state, asking)
        if state != "sale":
            return passed
        return passed._pass_credit_gate("confirm")

    def _get_gated_companies(self):
        checking = self.company_id.filtered(lambda c: c.crm_checks_credit())
        return super()._get_gated_companies() | checking

    def _before_change(self):
        before = super()._before_change()
        for order, credit in self._get_checked_credit().items():
            before[order]["credit"] = (order.company_id, credit)
        return before

    def _pass_changes(self, before):
        passed = super()._pass_changes(before)
        grown = self.browse()
        for order, credit in passed._get_checked_credit().items():
            company, last = before.get(order, {}).get("credit", (None, None))
            if (
                company != order.company_id
                or credit.customer_id != last.customer_id
                or company.currency_id.compare_amounts(credit.exposure, last.exposure)
                > 0
            ):
                grown |= order
        return passed - grown | grown._pass_credit_gate("change")

    def _get_checked_credit(self):
        """{order: `Credit` of who pays} where the company has rules."""
        delivered = self._get_known("crm_credit_delivered")
        checked = self.filtered(
            lambda o: o.id not in delivered and o.company_id.crm_checks_credit()
        )
        return checked._get_credit_of_debtors()

    def _pass_credit_gate(self, door, pickings=None):
        """Let through what the rules do not hold, and record what they said.

        :param pickings: {order: delivery that is to leave}
        :return: these orders without the held ones
        """
        checks = self._check_credit(together=True, delivering=door == "delivery")
        held = self.browse()
        for order, check in checks.items():
            if check.is_hold:
                held |= order
        passed = self - held
        warned = self.browse().union(*(o for o in checks if o not in held))
        warned._record_credit(checks, "warned", door, pickings)
        # sudo: no user writes these, see create() and write()
        passed.sudo().filtered(
            lambda o: o.credit_state in ("held", "freed")
        ).credit_state = False
        if held:
            held.sudo().credit_state = "held"
            told = held._record_credit(checks, "held", door, pickings)
            told.order_id.sudo(False)._tell_credit_hold()
        return passed

    def _get_debtor(self):
        """The commercial entity that will owe what is ordered."""
        self.ensure_one()
        # sudo: who that is, whoever may read him
        return self.sudo().partner_invoice_id.commercial_partner_id.sudo(False)

    def _check_credit(self, together=True, delivering=False):
        """{order: `CreditCheck`} of those to which rules object and that no release
        covers, in the order in which they are asked; one query a company.

        :param together: an order that goes counts for those of the same customer that
            come after it, here and in whatever other transaction
        :param delivering: what was ordered is in the exposure and uses no more of a
            limit, only what goes beyond
        """
        checks = {}
        limited = set()
        for company, orders in self.grouped("company_id").items():
            if not company.crm_checks_credit():
                continue
            # sudo: customers and orders are judged whoever may read them
            orders_sudo = orders.sudo()
            partners = orders_sudo.partner_id | orders_sudo.partner_invoice_id
            found = self.env["crm.credit.exposure"].get_credit(
                company, partners.commercial_partner_id
            )
            going = dict.fromkeys(found, 0.0)
            for order, order_sudo in zip(orders, orders_sudo, strict=True):
                check = order_sudo._check_with(found, going)
                if check.said and not order_sudo.credit_release_id._covers(check):
                    checks[order] = check
                uses = max(check.amount, 0.0) if delivering else check.amount
                if not together or (delivering and not uses):
                    continue
                if not (order in checks and check.is_hold):
                    going[check.credit.customer_id] += uses
                    if check.credit.limit and check.credit.limit_action != "none":
                        limited.add(check.credit.customer_id)
        self._use_limits(limited)
        return checks

    @api.model
    def _use_limits(self, customer_ids):
        """Of two transactions that use the limit of one customer, one goes on.

        What the first has confirmed is not in the snapshot of the second. Both write
        the customer's row, so that the second fails there, and Odoo calls it again.
        """
        if customer_ids:
            self.env.cr.execute(
                SQL(
                    """UPDATE res_partner SET write_date = write_date
                        WHERE id IN (SELECT id FROM res_partner WHERE id = ANY(%s)
                                      ORDER BY id FOR NO KEY UPDATE)""",
                    list(customer_ids),
                )
            )

    def _check_with(self, found, going):
        """:param found: {customer id: `Credit`}
        :param going: {customer id: amount of the orders that go before this one}
        """
        decimals = self.company_id.currency_id.decimal_places
        debtor = self._get_debtor()
        amount = self._get_credit_amount()
        added = going[debtor.id] + amount
        said = found[debtor.id].said(added, decimals)
        customer = self.partner_id.commercial_partner_id
        if customer != debtor:
            # whoever orders at another's expense is looked at, too
            for rule, action in found[customer.id].said(0.0, decimals).items():
                said[rule] = "hold" if "hold" in (action, said.get(rule)) else action
        return CreditCheck(found[debtor.id], added, amount, said)

    def _get_credit_of_debtors(self):
        """{order: `Credit` of who pays}; one query a company."""
        found = {}
        for company, orders in self.grouped("company_id").items():
            # sudo: who is asked has been told by `_filter_credit_known`
            debtors = orders.sudo().partner_invoice_id.commercial_partner_id
            credit = self.env["crm.credit.exposure"].get_credit(company, debtors)
            for order in orders:
                found[order] = credit.get(order._get_debtor().id)
        return found

    # ------------------------------------------------------------
    # What was decided
    # ------------------------------------------------------------

    def _record_credit(self, checks, decision, door, pickings=None, **vals):
        """Keep what was decided of these orders with its figures.

        The same is recorded once, however often somebody tries.
        """
        if not self:
            return self.env["crm.credit.decision"]
        vals_list = []
        no_picking = self.env["stock.picking"]
        last = self._get_last_decisions()
        for order in self:
            values = {
                **order._get_credit_snapshot(checks[order]),
                "decision": decision,
                "door": door,
                "picking_id": (pickings or {}).get(order, no_picking).id,
                **vals,
            }
            if vals or order.id not in last or not last[order.id]._is_same(values):
                vals_list.append(values)
        # sudo: decisions are recorded by this alone
        return self.env["crm.credit.decision"].sudo().create(vals_list)

    def _get_last_decisions(self, decision=None):
        """{order id: the last decision, of this kind if one is given}; one query.

        As superuser: whoever passes them on asks who sees their figures.
        """
        domain = Domain("order_id", "in", self.ids)
        if decision:
            domain &= Domain("decision", "=", decision)
        # sudo: the docstring says so; and not by the order's own field, whose cache
        # would tell whoever comes next
        found = self.env["crm.credit.decision"].sudo().search(domain, order="id")
        return {each.order_id.id: each for each in found}

    def _get_credit_snapshot(self, check):
        self.ensure_one()
        credit = check.credit
        return {
            "order_id": self.id,
            "partner_id": credit.customer_id,
            "user_id": self.env.uid,
            "amount_order": check.amount,
            "receivable": credit.receivable,
            "uninvoiced": credit.uninvoiced,
            "overdue": credit.overdue,
            "exposure": check.exposure,
            "credit_limit": credit.limit,
            "snapshot": check.get_snapshot(),
        }
