"""Promises to pay: which items they cover, until when, in which currency."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import Form

from .promise_common import PromiseCase


@freeze_time("2026-03-01")
class TestPromiseCover(PromiseCase):
    def test_an_amount_covers_the_oldest_items(self):
        old = self._invoice("2025-12-01", 40)
        middle = self._invoice("2026-01-01", 40)
        new = self._invoice("2026-02-01", 40)
        self._invoice("2026-01-01", 40, customer=self._create_customer(name="O"))
        self._invoice("2025-01-01", 15, move_type="out_refund")
        self._promise("2026-03-10", amount=60)
        day = "2026-03-10"
        covered = {
            (old.name, "2025-12-01"): (day, 40),
            (middle.name, "2026-01-01"): (day, 20),
        }
        self.assertEqual(self._promised(), covered)
        items = self._items([], user=self.user_sales_own)
        self.assertEqual(
            items._crm_promised_items([("partner_id", "=", self.customer.id)]),
            {self._instalments(move).id: date(2026, 3, 10) for move in (old, middle)},
        )
        self._promise("2026-03-20", *self._instalments(new))
        self.assertEqual(
            self._promised(), {**covered, (new.name, "2026-02-01"): ("2026-03-20", 40)}
        )

    def test_what_was_received_is_not_promised_any_more(self):
        old, new = self._invoice("2025-12-01", 60), self._invoice("2026-02-01", 60)
        promise = self._promise("2026-03-10", amount=80)
        day = "2026-03-10"
        paid = self._payment("2026-03-02", 60)
        self._match(old, paid)
        self._run_job()
        self.assertEqual((promise.state, promise.amount_kept), ("open", 60))
        self.assertEqual(self._promised(), {(new.name, "2026-02-01"): (day, 20)})
        paid.button_draft()
        paid.button_cancel()
        self._run_job()
        self.assertEqual(promise.amount_kept, 0)
        covered = {(old.name, "2025-12-01"): (day, 60)}
        covered[new.name, "2026-02-01"] = (day, 20)
        self.assertEqual(self._promised(), covered)

    def test_it_covers_nothing_after_its_day_where_the_company_is(self):
        """Whether the job has run or not."""
        invoice = self._invoice("2026-01-10")
        self._promise("2026-03-10", self._instalments(invoice))
        self.env.company.partner_id.tz = "America/Los_Angeles"
        covered = {(invoice.name, "2026-01-10"): ("2026-03-10", 100)}
        for moment, day, expected in (
            ("2026-03-11 06:30:00", None, covered),
            ("2026-03-11 07:30:00", None, {}),
            ("2026-03-20 07:30:00", "2026-03-10", covered),
            ("2026-03-20 07:30:00", "2026-03-11", {}),
        ):
            with freeze_time(moment):
                self.assertEqual(self._promised(day=day), expected, (moment, day))

    def test_of_items_that_are_asked_for_the_same_is_promised(self):
        other = self._create_customer(name="Other", user_id=self.user_sales_own.id)
        for day in ("2025-12-01", "2026-01-01", "2026-02-01"):
            self._invoice(day, 40)
            self._invoice(day, 30, customer=other)
        self._promise("2026-03-10", amount=60)
        self._promise("2026-03-20", amount=50, partner_id=other.id)
        names = ["move_name", "date_promised", "amount_promised"]
        for day in (None, "2026-03-01"):
            items = self._items([], date=day)
            among_all = items.search_read([], names, load=None)
            self.assertEqual(
                sorted(row["amount_promised"] for row in among_all),
                [0, 0, 20, 20, 30, 40],
            )
            for row in among_all:
                # a client's own idea of what is asked for hides nothing
                model = items.with_context(crm_receivable_asked=[0])
                for domain in (
                    [("id", "=", row["id"])],
                    [("id", "in", [row["id"], 0, 2**40])],
                    [("id", "=", row["id"]), ("amount_residual", ">", 0)],
                ):
                    self.env.invalidate_all()
                    self.assertEqual(model.search_read(domain, names), [row])
                self.env.invalidate_all()
                self.assertEqual(model.browse(row["id"]).read(names), [row])
            self.env.invalidate_all()
            page = items.search_read([], names, limit=3, order="id desc")
            among_all.sort(key=lambda row: -row["id"])
            self.assertEqual(page, among_all[:3])

    def test_what_is_in_draft_is_not_promised_anew(self):
        one, other = self._invoice("2026-01-10", 100), self._invoice("2026-01-10", 50)
        promise = self._promise(
            "2026-03-10", self._instalments(one), self._instalments(other)
        )
        other.button_draft()
        form = self._fill_in(
            promise.with_user(self.user_invoicing).action_renew(), self.user_invoicing
        )
        form.date_promised = date(2026, 3, 20)
        self.assertEqual(form.save().item_ids.move_line_id, self._instalments(one))
        self.assertEqual(promise.state, "cancelled")

    def test_an_amount_is_of_the_currency_of_its_company(self):
        foreign = self.setup_other_currency("EUR", rates=[("2025-01-01", 2.0)])
        other = self.setup_other_company(currency_id=foreign.id)["company"]
        self.user_sales_own.company_ids += other
        env = self.env(
            user=self.user_sales_own,
            context={"allowed_company_ids": (self.env.company + other).ids},
        )
        call = env["crm.interaction"].create(
            {"partner_id": self.payer.id, "company_id": other.id}
        )
        form = Form.from_action(env, call.action_crm_promise())
        self.assertEqual(form.currency_id, foreign)
        form.amount = 30
        form.date_promised = date(2026, 3, 10)
        self.assertEqual(form.save().company_id, other)
        promise = env["crm.promise"].create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "amount": 5,
                "date_promised": "2026-03-10",
                "currency_id": self.env.company.currency_id.id,
            }
        )
        self.assertEqual(promise.currency_id, self.env.company.currency_id)

    def test_past_days_know_what_was_promised_then(self):
        invoice = self._invoice("2026-01-10")
        with freeze_time("2026-02-01"):
            promise = self._promise("2026-02-10", self._instalments(invoice))
        self._settled(promise, "2026-02-11")
        key = (invoice.name, "2026-01-10")
        for day, expected in (
            ("2026-01-31", {}),
            ("2026-02-01", {key: ("2026-02-10", 100)}),
            ("2026-02-10", {key: ("2026-02-10", 100)}),
            ("2026-02-11", {}),
            (None, {}),
        ):
            self.assertEqual(self._promised(day=day), expected, day)
