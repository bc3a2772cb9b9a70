"""The world of the promise tests."""

from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import Form

from .receivable_common import ReceivableCase


class PromiseCase(ReceivableCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.halves = {"invoice_payment_term_id": cls.terms_two_halves.id}
        cls.payer = cls._create_contact(cls.customer, name="Paying Person")

    @classmethod
    def _instalments(cls, move):
        return move.line_ids.filtered(
            lambda line: line.account_id == cls.receivable
        ).sorted("date_maturity")

    @classmethod
    def _promise(cls, day, *lines, user=None, **vals):
        """A promise for the day, of items or, without any, of an amount."""
        if lines:
            vals["item_ids"] = [
                Command.create({"move_line_id": line.id}) for line in lines
            ]
        else:
            vals.setdefault("partner_id", cls.customer.id)
        return (
            cls.env["crm.promise"]
            .with_user(user or cls.user_accountant)
            .create({"date_promised": date.fromisoformat(day), **vals})
        )

    def _run_job(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_custom.ir_cron_crm_promise").method_direct_trigger()
        self.env.invalidate_all()

    def _settled(self, promise, day="2026-03-11"):
        with freeze_time(day):
            self._run_job()
        return promise.state, promise.amount_kept, round(promise.share_kept, 2)

    def _fill_in(self, action, user):
        """The form that an action opens, as the user sees it."""
        return Form.from_action(self.env(user=user), action)

    def _promised(self, domain=(), day=None, user=None):
        """{(number, due date): (promised for, promised amount)} of promised items."""
        items = self._items(
            [("date_promised", "!=", False), *domain], date=day, user=user
        )
        return {
            (item.move_name, str(item.date_maturity)): (
                str(item.date_promised),
                item.amount_promised,
            )
            for item in items
        }
