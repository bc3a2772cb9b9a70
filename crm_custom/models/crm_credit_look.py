"""Orders that wait are looked at again when something has changed for the better."""

from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain

from .sale_order_credit_gate import CreditCheck

BATCH = 200
CRON = "crm_custom.ir_cron_crm_credit"
#: of a customer, by which an order of his may come free
PARTNER_FIELDS = {"credit_limit", "customer_status", "use_partner_credit_limit"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _cron_look_at_credit_again(self):
        """Find the orders on credit hold to which nothing objects any more.

        In batches that are committed one by one: killed half-way, the next run goes on
        with what is left. A second run at the same time leaves the work to the first.
        """
        cron = self.env["ir.cron"]
        held = self.search([("credit_state", "=", "held")], order="id").ids
        if cron._crm_run_in_batches(held, BATCH, self._look_again, lock="credit"):
            cron._commit_progress(remaining=0)

    @api.model
    def _look_again(self, order_ids):
        """Free these orders where no rule holds them: two queries a company."""
        # sudo: a job, for all who wait
        orders = self.browse(order_ids).sudo()
        orders = orders.filtered(lambda o: o.credit_state == "held")
        waiting = orders.filtered(lambda o: o.state != "cancel")
        checks = waiting._check_credit(together=False)
        freed = waiting.filtered(lambda o: o not in checks or not checks[o].is_hold)
        (orders - waiting).credit_state = False
        if not freed:
            return
        freed.credit_state = "freed"
        freed._record_freed(checks)
        for order in freed:
            order._get_credit_requests().unlink()
            # in his language
            order = order.with_user(SUPERUSER_ID).with_context(lang=order.user_id.lang)
            text = order.env._("It can be confirmed now.")
            if order.state == "sale":
                text = order.env._("It can be delivered now.")
            order._tell_salesperson(
                order.env._("No credit hold any more"), text, without=self.env.user
            )

    def _record_freed(self, checks):
        """:param checks: of those of which the rules warn still"""
        checks = dict(checks)
        for order, credit in self._get_credit_of_debtors().items():
            amount = order._get_credit_amount()
            checks.setdefault(order, CreditCheck(credit, amount, amount, {}))
        self._record_credit(checks, "freed", "look")

    @api.model
    @api.private
    def crm_look_at_credit_soon(self, domain):
        """Have the job run when one of these orders is on hold: one query.

        :param domain: on orders
        """
        # sudo: whoever waits, whoever pays
        held = self.sudo().search_count(
            Domain("credit_state", "=", "held") & Domain(domain), limit=1
        )
        if held:
            # sudo: jobs are for administrators; this one takes nothing from the user
            self.env.ref(CRON).sudo()._trigger()


def _of_customers(customers):
    return Domain("partner_invoice_id.commercial_partner_id", "in", customers.ids) | (
        Domain("partner_id.commercial_partner_id", "in", customers.ids)
    )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        # payments, credit notes, entries: whatever takes something off
        customers = posted.filtered(
            lambda move: move.move_type in ("entry", "out_refund")
        ).line_ids.partner_id.commercial_partner_id
        if customers:
            self.env["sale.order"].crm_look_at_credit_soon(_of_customers(customers))
        return posted


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """A bank line that was matched with an invoice is a payment, too."""
        partials = super().create(vals_list)
        # sudo: whose items they are
        items_sudo = partials.sudo().debit_move_id
        customers = items_sudo.partner_id.commercial_partner_id
        if customers:
            self.env["sale.order"].crm_look_at_credit_soon(_of_customers(customers))
        return partials


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if not PARTNER_FIELDS.isdisjoint(vals):
            customers = self.commercial_partner_id
            self.env["sale.order"].crm_look_at_credit_soon(_of_customers(customers))
        return result


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if any(name.startswith(("credit_", "account_use_credit")) for name in vals):
            self.env["sale.order"].crm_look_at_credit_soon(
                Domain("company_id", "in", self.ids)
            )
        return result


class CrmCreditRule(models.Model):
    _inherit = "crm.credit.rule"

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._look_soon()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self._look_soon()
        return result

    def unlink(self):
        customers = self.partner_id
        result = super().unlink()
        self.env["sale.order"].crm_look_at_credit_soon(_of_customers(customers))
        return result

    def _look_soon(self):
        customers = self.partner_id
        self.env["sale.order"].crm_look_at_credit_soon(_of_customers(customers))


class CrmDispute(models.Model):
    _inherit = "crm.dispute"

    @api.model_create_multi
    def create(self, vals_list):
        """Where disputed amounts do not count, a dispute may let an order go."""
        disputes = super().create(vals_list)
        customers = disputes.partner_id.commercial_partner_id
        self.env["sale.order"].crm_look_at_credit_soon(_of_customers(customers))
        return disputes
