"""The world of the dunning tests: three levels, customers who owe, one day."""

import io
from datetime import date

from freezegun import freeze_time
from pypdf import PdfReader

from odoo.addons.mail.tests.common import MockEmail

from .dispute_common import DisputeCase

TODAY = "2026-04-20"


class DunningCase(DisputeCase, MockEmail):
    """Levels: 7 days by e-mail, 21 days by letter, 35 days by call."""

    #: None: the real clock
    _day = TODAY

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls._day:
            clock = freeze_time(cls._day)
            clock.start()
            cls.addClassCleanup(clock.stop)
        cls.customer.write({"email": "owing@example.com", "ref": "C-1"})
        levels = cls.env["crm.dunning.level"]
        cls.levels = levels._get_all(cls.env.company).sorted("sequence")
        cls.first, cls.second, cls.third = cls.levels
        cls.second.channel = "letter"
        cls.third.channel = "call"
        cls.job = cls.env.ref("crm_custom.ir_cron_crm_dunning_run")

    def _run(self, user=None, propose=True, **vals):
        self.env.flush_all()
        model = self.env["crm.dunning.run"].with_user(user or self.user_invoicing)
        run = model.with_context(allowed_company_ids=self.env.company.ids).create(vals)
        if propose:
            run.action_propose()
        return run

    def _later(self, day):
        """It is another day from now on, until the test ends."""
        clock = freeze_time(day)
        clock.start()
        self.addCleanup(clock.stop)

    def _work(self):
        """What the job does, up to the outbox."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.job.method_direct_trigger()
        self.env.invalidate_all()

    def _send(self, run):
        run.action_confirm()
        self._work()
        return run

    def _remind(self, *days, **vals):
        """Runs on days that are confirmed and made."""
        for day in days:
            self._later(day)
            run = self._send(self._run(**vals))
        return run

    def _lines(self, run, customer=None):
        """{number and due date: (kind, reason, amount, level before, level)}"""
        self.env.invalidate_all()
        lines = self.env["crm.dunning.line"].search(
            [
                ("run_id", "=", run.id),
                ("partner_id", "=", (customer or self.customer).id),
            ]
        )
        return {
            (line.number, str(line.date_maturity)): (
                line.kind,
                line.reason or "",
                line.amount,
                line.level_before_id.name or "",
                line.level_id.name or "",
            )
            for line in lines
        }

    def _levels_of(self, move):
        """{due date: (level, date)} of the open items of an invoice"""
        return {
            str(item.date_maturity): (
                item.dunning_level_id.name or "",
                str(item.dunning_date or ""),
            )
            for item in self._items([("move_id", "=", move.id)])
        }

    def _promise(self, day, *lines):
        return (
            self.env["crm.promise"]
            .with_user(self.user_accountant)
            .create(
                {
                    "date_promised": date.fromisoformat(day),
                    "item_ids": [(0, 0, {"move_line_id": line.id}) for line in lines],
                }
            )
        )


class DunningSendingCase(DunningCase):
    """With a customer who has an e-mail address and a salesperson of his own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.by_mail = cls._create_customer(
            name="By Mail",
            ref="M-1",
            email="mail@example.com",
            user_id=cls.user_sales_all.id,
        )

    def _outbox(self, run):
        return run.letter_ids.sudo().mail_mail_id

    def _deliver(self, run):
        with self.mock_mail_gateway():
            self._outbox(run).send()
        self.env.invalidate_all()
        return self._mails

    def _text(self, letter):
        pages = PdfReader(io.BytesIO(letter.sudo().pdf_id.raw)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    def _state(self, letter):
        self.env.invalidate_all()
        return letter.state, letter.channel, letter.reason or ""
