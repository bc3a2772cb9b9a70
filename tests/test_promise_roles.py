"""Promises to pay: who may, My day, the rate of a customer, sets and merges."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command

from .promise_common import PromiseCase


@freeze_time("2026-03-11 12:00:00")
class TestPromiseRoles(PromiseCase):
    def _broken(self, user=None, **vals):
        """A promise of yesterday that nobody has kept."""
        with freeze_time("2026-03-01"):
            promise = self._promise("2026-03-10", user=user, amount=80, **vals)
        self._run_job()
        self.assertEqual(promise.state, "broken")
        return promise

    # ------------------------------------------------------------------
    # My day
    # ------------------------------------------------------------------

    def _my_day(self, user):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["crm.my.day"].with_user(user).with_context(tz="UTC")

    def _rows(self, user):
        found = self._my_day(user).get_rows("today", sources=["promise"])
        return found.get("promise", [])

    def test_a_broken_promise_waits_for_taker_and_salesperson(self):
        promise = self._broken(user=self.user_sales_all, contact_id=self.payer.id)
        for user in (self.user_sales_all, self.user_sales_own):
            (row,) = self._rows(user)
            self.assertEqual(row["id"], promise.id)
            self.assertEqual(row["contact"], "Paying Person")
            self.assertIn("received", row["text"])
        self.assertFalse(self._rows(self.user_sales_manager))

    def test_a_call_settles_it(self):
        promise = self._broken()
        day = self._my_day(self.user_sales_own)
        action = day.run_action("promise", promise.id, "log")
        form = self._fill_in(action, self.user_sales_own)
        self.assertEqual(form.partner_id, self.customer)
        missed = (
            self.env["crm.interaction.outcome"]
            .sudo()
            .create({"name": "Nobody there", "is_contact": False})
        )
        contacts = self.env["crm.interaction"].with_user(self.user_sales_own)
        contacts.create({"partner_id": self.customer.id, "outcome_id": missed.id})
        contacts.create(
            {"partner_id": self.customer.id, "date_start": "2026-03-10 10:00:00"}
        )
        self.assertTrue(self._rows(self.user_sales_own))
        form.save()
        self.assertFalse(self._rows(self.user_sales_own))

    def test_a_new_promise_settles_it(self):
        promise = self._broken()
        action = self._my_day(self.user_sales_own).run_action(
            "promise", promise.id, "renew"
        )
        form = self._fill_in(action, self.user_sales_own)
        self.assertEqual(form.amount, 80)
        form.date_promised = date(2026, 3, 20)
        newer = form.save()
        self.assertEqual(newer.replaces_id, promise)
        self.assertEqual(promise.state, "broken")
        self.assertFalse(self._rows(self.user_sales_own))

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------

    def test_a_salesperson_knows_those_of_his_own_customers(self):
        other = self._create_customer(name="Other", user_id=self.user_sales_all.id)
        (line,) = self._instalments(self._invoice("2026-01-10", customer=other))
        own = self._promise("2026-03-20", amount=5, user=self.user_sales_own)
        theirs = self._promise("2026-03-20", line)
        model = self.env["crm.promise"].with_user(self.user_sales_own)
        self.assertEqual(model.search([]), own)
        self.assertFalse(model.env["crm.promise.item"].search([]))
        for forbidden in (
            lambda: theirs.with_user(self.user_sales_own).read(["amount"]),
            lambda: theirs.with_user(self.user_sales_own).action_cancel(),
            lambda: self._promise(
                "2026-03-20", amount=5, partner_id=other.id, user=self.user_sales_own
            ),
            lambda: self._promise(
                "2026-03-20", amount=6, replaces_id=theirs.id, user=self.user_sales_own
            ),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                forbidden()
        with self.assertRaisesRegex(Exception, "Choose open items of your customers"):
            self._promise("2026-03-20", line, user=self.user_sales_own)
        self.assertEqual(theirs.state, "open")

    def test_roles(self):
        for user in (
            self.user_sales_own,
            self.user_sales_all,
            self.user_invoicing,
            self.user_accountant,
        ):
            promise = self._promise("2026-03-20", amount=5, user=user)
            promise.action_cancel()
        for user in (self.user_portal, self.env.ref("base.public_user")):
            model = self.env["crm.promise"].with_user(user)
            with self.assertRaises(AccessError):
                model.search([])
            with self.assertRaises(AccessError):
                self._promise("2026-03-20", amount=5, user=user)

    def test_what_is_written(self):
        """What follows from a promise and what became of it is nobody's to write."""
        first, second = self._instalments(self._invoice("2026-01-10", **self.halves))
        promise = self._promise("2026-03-20", first, user=self.user_sales_own)
        for user in (self.user_sales_own, self.user_accountant):
            self.assertWritten(promise, user, {"contact_id", "channel_id", "note"})
            self.assertWritten(promise.item_ids, user, ())
            # nobody else's item gets into a promise of one's own
            with self.assertRaises(AccessError):
                promise.item_ids.with_user(user).create(
                    {"promise_id": promise.id, "move_line_id": second.id}
                )

    def test_never_in_another_company(self):
        promise = self._promise("2026-03-20", amount=5)
        other = self.setup_other_company()["company"]
        self.user_accountant.company_ids += other
        model = (
            self.env["crm.promise"]
            .with_user(self.user_accountant)
            .with_context(allowed_company_ids=other.ids)
        )
        self.assertFalse(model.search([("id", "=", promise.id)]))
        # a customer has one open promise of an amount
        promise.action_cancel()
        with self.assertRaises(AccessError):
            model.create(
                {
                    "partner_id": self.customer.id,
                    "amount": 5,
                    "company_id": self.env.company.id,
                    "date_promised": "2026-03-20",
                }
            )

    # ------------------------------------------------------------------
    # The rate
    # ------------------------------------------------------------------

    def test_the_rate_of_a_customer(self):
        customer = self.customer.with_user(self.user_sales_own)
        self.assertEqual(
            (customer.crm_promise_count, customer.crm_promise_rate), (0, 0)
        )
        self._broken()
        for paid in (20, 100):
            invoice = self._invoice("2026-01-10")
            with freeze_time("2026-03-01"):
                self._promise("2026-03-10", self._instalments(invoice))
            self._match(invoice, self._payment("2026-03-05", paid))
        self._run_job()
        self._promise("2026-03-20", amount=5).action_cancel()
        self._promise("2026-03-20", amount=5)
        self.env.invalidate_all()
        self.assertEqual(customer.crm_promise_count, 4)
        # 0, 20 and 100 %
        self.assertAlmostEqual(customer.crm_promise_rate, 0.4)

    # ------------------------------------------------------------------
    # Merges and moves
    # ------------------------------------------------------------------

    def test_a_merge_loses_none(self):
        twin = self._create_customer(name="Twin", user_id=self.user_sales_own.id)
        invoice = self._invoice("2026-01-10", customer=twin)
        promises = self._promise("2026-03-20", amount=5)
        promises += self._promise("2026-03-20", amount=7, partner_id=twin.id)
        promises += self._promise("2026-03-20", self._instalments(invoice))
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge((self.customer + twin).ids, self.customer, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual(promises.partner_id, self.customer)
        self.assertEqual(set(promises.mapped("state")), {"open"})
        self.assertEqual(len(self._promised()), 1)

    def test_who_joins_a_company_brings_his_promises(self):
        person = self.env["res.partner"].create({"name": "On his own"})
        promise = self._promise("2026-03-20", amount=5, partner_id=person.id)
        self._promise("2026-03-20", amount=6)
        person.parent_id = self.customer
        self.assertEqual(promise.partner_id, self.customer)
        self.assertEqual(promise.contact_id, person)

    # ------------------------------------------------------------------
    # Sets
    # ------------------------------------------------------------------

    def test_a_thousand_cost_as_many_queries_as_ten(self):
        user = self.user_accountant
        items = self.env["crm.receivable"].with_user(user)
        promises = self.env["crm.promise"].with_user(user)
        partners = self.env["res.partner"].with_user(user)
        counts = []
        for count in (10, 990):
            self._make_many_owe(count)
            self.env.flush_all()
            with freeze_time("2026-03-01"):
                lines = items.search([("date_promised", "=", False)]).move_line_id
                promises.create(
                    [
                        {
                            "date_promised": date(2026, 3, 10),
                            "item_ids": [Command.create({"move_line_id": line.id})],
                        }
                        for line in lines
                    ]
                )
            taken = promises.search([]).ids
            read = []
            for action in (
                lambda: items.web_search_read(
                    [],
                    {"move_name": {}, "date_promised": {}, "amount_promised": {}},
                    limit=2000,
                ),
                lambda: promises.web_search_read(
                    [],
                    {"partner_id": {"fields": {"display_name": {}}}, "amount": {}},
                    limit=2000,
                ),
                lambda: (
                    promises.search([])
                    .partner_id.with_env(partners.env)
                    .mapped("crm_promise_rate")
                ),
                lambda taken=taken: promises.browse(taken)._get_received(),
            ):
                # the first read fills caches that the making of the rows has emptied
                for _read in ("first", "counted"):
                    self.env.invalidate_all()
                    before = self.env.cr.sql_log_count
                    action()
                read.append(self.env.cr.sql_log_count - before)
            counts.append(read)
        self.assertEqual(*counts)
        self._run_job()
        self.assertEqual(promises.search_count([("state", "=", "broken")]), 1000)
