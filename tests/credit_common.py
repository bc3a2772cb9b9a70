"""The world of the credit tests: orders, invoices and payments of one customer."""

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

from .sales_common import SalesCase


class CreditCase(SalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_credit = new_test_user(
            cls.env,
            "user_credit",
            "base.group_user,crm_custom.group_crm_custom_credit",
            context=DISABLED_MAIL_CONTEXT,
            password="user_credit",
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )
        cls.customer.user_id = cls.user_sales_own
        cls.service = cls._product("Service", type="service", invoice_policy="order")

    @classmethod
    def _limit(cls, amount, customer=None):
        (customer or cls.customer).credit_limit = amount
        cls.env.company.credit_limit_action = "hold"

    @classmethod
    def _quote(cls, amount, user=None, **vals):
        """A quotation of one service, as its salesperson sees it."""
        order = cls._order(
            (cls.service, 1, {"price_unit": amount}), confirm=False, **vals
        )
        cls.env.flush_all()
        cls.env.invalidate_all()
        return order.with_user(user or cls.user_sales_own)

    @classmethod
    def _owe(cls, amount, due="2026-02-01", customer=None, **vals):
        """A posted invoice that is open."""
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (customer or cls.customer).id,
                "invoice_date": min(due, "2026-02-20"),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Work",
                            "price_unit": amount,
                            "quantity": 1,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **vals,
            }
        )
        move.action_post()
        return move

    def _pay_on_account(self, amount):
        """A payment that nobody has matched yet."""
        self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.customer.id,
                "amount": amount,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        ).action_post()

    @classmethod
    def _user(cls, login, *groups):
        return cls.user_invoicing.copy(
            {
                "login": login,
                "group_ids": [
                    Command.set(
                        [cls.env.ref(g).id for g in ("base.group_user", *groups)]
                    )
                ],
            }
        )

    def _fresh(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def _credit_of(self, customer=None, user=None, company=None):
        customer = customer or self.customer
        return self.env["crm.credit.exposure"].get_credit(
            company or self.env.company, customer
        )[customer.id]

    def assertExposure(self, receivable, uninvoiced, customer=None):
        credit = self._credit_of(customer)
        self.assertEqual(
            (credit.receivable, credit.uninvoiced, credit.exposure),
            (receivable, uninvoiced, receivable + uninvoiced),
        )

    def _fields_of(self, customer, user):
        self.env.flush_all()
        self.env.invalidate_all()
        return customer.with_user(user)
