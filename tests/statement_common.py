"""The world of the statement tests: a year of one customer, worked out by hand."""

from odoo import fields

from odoo.addons.crm_custom.report.crm_statement_options import StatementOptions
from odoo.addons.mail.tests.common import MockEmail

from .receivable_common import ReceivableCase

RUN_DAY = "2026-04-20"


class StatementCase(ReceivableCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.setup_other_currency("EUR", rates=[("2025-01-01", 2.0)])
        cls.customer.write({"ref": "C-1", "email": "owing@example.com"})

    @classmethod
    def _write_year(cls, customer=None):
        """Documents of a customer, in the order of their dates:

        2026-01-10 invoice of 300 in two halves, due 01-20 and 02-19
        2026-02-05 payment of 100 against the first half
        2026-02-20 invoice of 80 EUR, due at once
        2026-03-01 credit note of 30, matched with the second half
        2026-03-15 payment of 40 that nobody has matched
        2026-04-10 invoice of 50, due 2026-05-10
        """
        terms = {"invoice_payment_term_id": cls.terms_two_halves.id}
        halves = cls._invoice("2026-01-10", 300, customer, ref="PO 1", **terms)
        payment = cls._payment("2026-02-05", 100, customer)
        first, second = halves.line_ids.filtered(
            lambda line: line.account_id == cls.receivable
        ).sorted("date_maturity")
        (first + cls._open_lines(payment)).reconcile()
        euro = cls._invoice("2026-02-20", 80, customer, currency_id=cls.foreign.id)
        refund = cls._invoice("2026-03-01", 30, customer, move_type="out_refund")
        (second + cls._open_lines(refund)).reconcile()
        unmatched = cls._payment("2026-03-15", 40, customer)
        last = cls._invoice(
            "2026-04-10",
            50,
            customer,
            invoice_date_due=fields.Date.to_date("2026-05-10"),
        )
        return halves, payment, euro, refund, unmatched, last

    @classmethod
    def _statements(cls, partners=None, user=None, **values):
        cls.env.flush_all()
        cls.env.invalidate_all()
        model = cls.env["crm.statement"].with_user(user or cls.user_accountant)
        model = model.with_context(allowed_company_ids=cls.env.company.ids)
        partners = (partners or cls.customer).with_env(model.env)
        return model._get_statements(partners, StatementOptions(model.env, values))

    @classmethod
    def _statement(cls, partner=None, user=None, **values):
        (statement,) = cls._statements(partner, user, **values)
        return statement


class StatementRunCase(StatementCase, MockEmail):
    """Three who owe, one of them without an e-mail address; and a creditor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._write_year()
        cls.rich = cls._create_customer(
            name="Rich", email="rich@example.com", country_id=cls.env.ref("base.fr").id
        )
        cls._invoice("2026-04-01", 900, cls.rich, invoice_date_due="2026-05-01")
        cls.no_mail = cls._create_customer(name="No Mail")
        cls._invoice("2026-02-01", 70, cls.no_mail)
        creditor = cls._create_customer(name="Creditor", email="credit@example.com")
        cls._payment("2026-02-01", 10, creditor)
        cls.job = cls.env.ref("crm_custom.ir_cron_crm_statement_run")

    def _run(self, user=None, preview=True, **vals):
        self.env.flush_all()
        model = self.env["crm.statement.run"].with_user(user or self.user_invoicing)
        run = model.with_context(allowed_company_ids=self.env.company.ids).create(
            {"date": RUN_DAY, **vals}
        )
        if preview:
            run.action_preview()
        return run

    def _names(self, run):
        return run.line_ids.mapped("partner_id.name")

    def _work(self):
        """What the job does, up to the outbox."""
        with self.enter_registry_test_mode():
            self.job.method_direct_trigger()
        self.env.invalidate_all()

    def _states(self, run):
        return {line.partner_id.name: line.state for line in run.line_ids}
