"""The world of the receivable tests: one company, dated invoices and payments."""

from odoo.fields import Command

from .common import CrmCustomAccountCase


class ReceivableCase(CrmCustomAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receivable = cls.company_data["default_account_receivable"]
        cls.payable = cls.company_data["default_account_payable"]
        cls.customer = cls._create_customer(
            name="Owing Customer", user_id=cls.user_sales_own.id
        )
        cls.terms_two_halves = cls.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (10, 40)
                ],
            }
        )

    @classmethod
    def _invoice(cls, date, amount=100.0, customer=None, **vals):
        """A posted invoice, due at once unless ``vals`` say otherwise."""
        line = {
            "name": "Work",
            "price_unit": amount,
            "quantity": 1,
            "tax_ids": [Command.clear()],
        }
        if "invoice_payment_term_id" not in vals:
            vals = {"invoice_date_due": date, "invoice_payment_term_id": False, **vals}
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (customer or cls.customer).id,
                "invoice_date": date,
                "date": date,
                "invoice_line_ids": [Command.create(line)],
                **vals,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _entry(cls, date, lines, **vals):
        """A posted entry; ``lines``: (account, balance, values of the line)."""
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "date": date,
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "balance": balance, **values}
                    )
                    for account, balance, values in lines
                ],
                **vals,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _make_many_owe(cls, count):
        """So many new customers, each with one open item of 10."""
        customers = cls.env["res.partner"].create(
            [{"name": f"Debtor {n}", "customer_rank": 1} for n in range(count)]
        )
        lines = [(cls.receivable, 10, {"partner_id": c.id}) for c in customers]
        income = cls.company_data["default_account_revenue"]
        cls._entry("2026-01-01", [*lines, (income, -10 * count, {})])

    @classmethod
    def _payment(cls, date, amount, customer=None, **vals):
        """A posted payment of a customer that nothing is matched with."""
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (customer or cls.customer).id,
                "amount": amount,
                "date": date,
                "journal_id": cls.company_data["default_journal_bank"].id,
                **vals,
            }
        )
        payment.action_post()
        return payment.move_id

    @classmethod
    def _open_lines(cls, *moves):
        """The receivable and payable lines of moves that are not paid."""
        lines = cls.env["account.move.line"]
        for move in moves:
            lines |= move.line_ids.filtered(
                lambda line: (
                    line.account_id in cls.receivable + cls.payable
                    and not line.reconciled
                )
            )
        return lines

    @classmethod
    def _match(cls, *moves):
        cls._open_lines(*moves).reconcile()

    @classmethod
    def _items(cls, domain=(), date=None, user=None, **context):
        """Open items of the company, as a user and on a day."""
        # rows of a view stay in the cache, and the books have changed since
        cls.env.flush_all()
        cls.env.invalidate_all()
        model = cls.env["crm.receivable"].with_user(user or cls.user_accountant)
        model = model.with_context(crm_receivable_date=date, **context)
        return model.search([("company_id", "=", cls.env.company.id), *domain])

    def _as_of(self, date, domain=()):
        """{(number, due date): open amount} at the end of a day."""
        return {
            (item.move_name, str(item.date_maturity)): item.amount_residual
            for item in self._items(domain, date=date)
        }
