"""The world of the dispute tests: one invoice in two halves, disputed as users do."""

from datetime import date

from odoo.tests import Form

from .receivable_common import ReceivableCase


class DisputeCase(ReceivableCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("crm_custom.crm_dispute_reason_price")
        cls.halves = {"invoice_payment_term_id": cls.terms_two_halves.id}

    @classmethod
    def _instalments(cls, move):
        """The receivable lines of an invoice, by due date."""
        return move.line_ids.filtered(
            lambda line: line.account_id == cls.receivable
        ).sorted("date_maturity")

    @classmethod
    def _dispute(cls, line, amount=None, user=None, **vals):
        values = {"move_line_id": line.id, "reason_id": cls.reason.id, **vals}
        if amount is not None:
            values["amount"] = amount
        return (
            cls.env["crm.dispute"].with_user(user or cls.user_accountant).create(values)
        )

    def _run_job(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_custom.ir_cron_crm_dispute").method_direct_trigger()
        self.env.invalidate_all()

    def _fill_in(self, action, user):
        """The wizard that an action opens, as the user sees it."""
        return Form.from_action(self.env(user=user), action)

    def _amounts(self, move, day=None, user=None):
        """{due date: (open, disputed, undisputed)}"""
        return {
            str(item.date_maturity): (
                item.amount_residual,
                item.amount_disputed,
                item.amount_undisputed,
            )
            for item in self._items(
                [("move_id", "=", move.id)],
                date=day and date.fromisoformat(day),
                user=user,
            )
        }
