from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user

from .receivable_common import ReceivableCase


class TestReceivableItems(ReceivableCase):
    @freeze_time("2026-03-01")
    def test_one_row_an_instalment(self):
        invoice = self._invoice(
            "2026-01-10", invoice_payment_term_id=self.terms_two_halves.id
        )
        items = self._items([("move_id", "=", invoice.id)])
        self.assertEqual(
            [(str(i.date_maturity), i.days_overdue, i.amount_residual) for i in items],
            [("2026-01-20", 40, 50.0), ("2026-02-19", 10, 50.0)],
        )
        self.assertEqual(items.mapped("bucket"), ["4_late_2", "3_late_1"])
        self.assertEqual(items.mapped("kind"), ["invoice", "invoice"])
        self.assertEqual(items.user_id, self.user_sales_own)
        self.assertEqual(items.partner_id, self.customer)

    @freeze_time("2026-03-01")
    def test_two_equal_instalments_of_an_entry_count_twice(self):
        due = {"partner_id": self.customer.id, "date_maturity": "2026-02-01"}
        income = self.company_data["default_account_revenue"]
        entry = self._entry(
            "2026-01-01",
            [
                (self.receivable, 100, due),
                (self.receivable, 100, due),
                (income, -200, {}),
            ],
        )
        items = self._items([("move_id", "=", entry.id)])
        self.assertEqual(len(items), 2)
        self.assertEqual(sum(items.mapped("amount_residual")), 200.0)
        grouped = items._read_group(
            [("id", "in", items.ids)], ["bucket"], ["amount_aged:sum"]
        )
        self.assertEqual(grouped, [("3_late_1", 200.0)])

    def test_each_day_has_its_bucket(self):
        # 2026-03-04 is a Wednesday; the week of en_US begins on Sunday
        today = date(2026, 3, 4)
        expected = {
            -60: "0_later",
            -4: "0_later",
            -3: "1_week",
            -1: "1_week",
            0: "2_today",
            1: "3_late_1",
            30: "3_late_1",
            31: "4_late_2",
            60: "4_late_2",
            61: "5_late_3",
            90: "5_late_3",
            91: "6_late_4",
            180: "6_late_4",
            181: "7_late_5",
            900: "7_late_5",
        }
        for days in expected:
            due = today - timedelta(days=days)
            self._invoice(
                "2023-01-01",
                ref=str(days),
                invoice_date_due=due,
            )
        with freeze_time(today):
            items = self._items([("ref", "!=", False)])
            self.assertEqual({int(i.ref): i.bucket for i in items}, expected)
            overdue = {int(i.ref): i.days_overdue for i in items}
            self.assertEqual(overdue, {days: max(days, 0) for days in expected})
        # the same, looked at from later
        items = self._items([("ref", "!=", False)], date=today)
        self.assertEqual({int(i.ref): i.bucket for i in items}, expected)

    @freeze_time("2026-03-01")
    def test_limits_are_the_companys(self):
        self._set(crm_ageing_days_1=7, crm_ageing_days_2=14)
        self._invoice("2026-02-22", ref="7")
        self._invoice("2026-02-21", ref="8")
        items = self._items([("ref", "in", ["7", "8"])])
        self.assertEqual(
            {i.ref: i.bucket for i in items}, {"7": "3_late_1", "8": "4_late_2"}
        )
        labels = dict(items.fields_get(["bucket"])["bucket"]["selection"])
        self.assertEqual(labels["3_late_1"], "1-7 days")
        self.assertEqual(labels["4_late_2"], "8-14 days")
        self.assertEqual(labels["7_late_5"], "Over 180 days")

    def test_limits_must_increase(self):
        with self.assertRaisesRegex(Exception, "must be positive and increase"):
            self._set(crm_ageing_days_1=60)

    def _set(self, **values):
        """As the CRM administrator does."""
        settings = self.env["crm.custom.settings"].with_user(self.user_crm_admin)
        form = Form(settings)
        for name, value in values.items():
            form[name] = value
        form.save().execute()
        self.env.invalidate_all()

    def test_today_is_the_users_day(self):
        self._invoice("2026-03-01", ref="due")
        with freeze_time("2026-03-01 23:30:00"):
            for tz, bucket in (("UTC", "2_today"), ("Asia/Shanghai", "3_late_1")):
                items = self._items([("ref", "=", "due")], tz=tz)
                self.assertEqual(items.bucket, bucket, tz)

    @freeze_time("2026-03-01")
    def test_payments_and_credit_notes_are_told_apart(self):
        invoice = self._invoice("2026-01-01", 300.0)
        refund = self._invoice("2026-02-01", 50.0, move_type="out_refund")
        payment = self._payment("2026-02-10", 80.0)
        items = self._items([("partner_id", "=", self.customer.id)])
        found = {i.move_id: (i.kind, i.bucket, i.amount_residual) for i in items}
        self.assertEqual(
            found,
            {
                invoice: ("invoice", "4_late_2", 300.0),
                refund: ("refund", "8_credit", -50.0),
                payment: ("payment", "8_credit", -80.0),
            },
        )
        self.assertEqual(items.mapped("amount_aged"), items.mapped("amount_residual"))

    @freeze_time("2026-03-01")
    def test_credits_against_the_oldest(self):
        self._set(crm_ageing_credits="oldest")
        old = self._invoice("2025-01-01", 100.0)
        middle = self._invoice("2026-01-01", 100.0)
        new = self._invoice("2026-02-20", 100.0)
        payment = self._payment("2026-02-25", 130.0)
        mine = [("partner_id", "=", self.customer.id)]
        items = self._items(mine)
        self.assertEqual(
            {i.move_id: i.amount_aged for i in items},
            {old: 0.0, middle: 70.0, new: 100.0, payment: 0.0},
        )
        self.assertEqual(sum(items.mapped("amount_residual")), 170.0)
        # another customer's credit pays nothing here, and what is left over stays
        self._payment("2026-02-25", 500.0)
        self._payment("2026-02-25", 40.0, customer=self._create_customer(name="Other"))
        groups = dict(
            items._read_group(
                [("company_id", "=", self.env.company.id)],
                ["bucket"],
                ["amount_aged:sum"],
            )
        )
        self.assertEqual({k: v for k, v in groups.items() if v}, {"8_credit": -370.0})

    @freeze_time("2026-03-01")
    def test_entries_of_general_journals_are_paused_unless_the_setting_says_no(self):
        income = self.company_data["default_account_revenue"]
        vals = {"partner_id": self.customer.id}
        entry = self._entry(
            "2026-01-01", [(self.receivable, 10, vals), (income, -10, {})]
        )
        invoice = self._invoice("2026-01-01")
        invoice.no_followup = True
        moves = [("move_id", "in", (entry + invoice).ids)]
        paused = [*moves, ("is_paused", "=", True)]
        self.assertEqual(self._items(paused).move_id, entry + invoice)
        self._set(crm_ageing_pause_entries=False)
        self.assertEqual(self._items(paused).move_id, invoice)
        self.assertEqual(self._items(moves).move_id, entry + invoice)

    @freeze_time("2026-03-01")
    def test_payables_are_the_same_model(self):
        self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner_b.id,
                "invoice_date": "2026-02-10",
                "invoice_date_due": "2026-02-10",
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 70, "tax_ids": []})
                ],
            }
        ).action_post()
        item = self._items([("is_payable", "=", True)])
        self.assertEqual(
            (item.partner_id, item.amount_residual, item.bucket, item.days_overdue),
            (self.partner_b, 70.0, "3_late_1", 19),
        )

    @freeze_time("2026-03-01")
    def test_a_contact_s_entry_is_the_customers(self):
        contact = self._create_contact(self.customer)
        income = self.company_data["default_account_revenue"]
        entry = self._entry(
            "2026-01-01",
            [(self.receivable, 10, {"partner_id": contact.id}), (income, -10, {})],
        )
        entry.line_ids.filtered("partner_id").partner_id = contact
        self.assertEqual(
            self._items([("move_id", "=", entry.id)]).partner_id, self.customer
        )

    @freeze_time("2026-03-01")
    def test_entries_without_partner_are_shown(self):
        income = self.company_data["default_account_revenue"]
        entry = self._entry(
            "2026-01-01", [(self.receivable, 10, {}), (income, -10, {})]
        )
        item = self._items([("partner_id", "=", False)])
        self.assertEqual((item.move_id, item.bucket), (entry, "4_late_2"))

    @freeze_time("2026-03-01")
    def test_payment_from_the_list(self):
        invoice = self._invoice(
            "2026-01-10", invoice_payment_term_id=self.terms_two_halves.id
        )
        first = self._items([("move_id", "=", invoice.id)])[0]
        action = first.with_user(self.user_invoicing).action_register_payment()
        wizard = Form.from_action(self.env(user=self.user_invoicing), action)
        self.assertEqual(wizard.amount, 50.0)
        wizard.save().action_create_payments()
        left = self._items([("move_id", "=", invoice.id)])
        self.assertEqual(str(left.date_maturity), "2026-02-19")

    # ------------------------------------------------------------------
    # Who sees what
    # ------------------------------------------------------------------

    @freeze_time("2026-03-01")
    def test_roles(self):
        others = self._create_customer(name="Colleague's Customer")
        own = self._invoice("2026-01-01")
        other = self._invoice("2026-01-01", customer=others)
        bill = self._invoice(
            "2026-01-01", customer=self.customer, move_type="in_invoice"
        )
        moves = own + other + bill
        expected = {
            self.user_sales_own: own,
            self.user_sales_all: own + other,
            self.user_sales_manager: own + other,
            self.user_invoicing: moves,
            self.user_accountant: moves,
        }
        for user, seen in expected.items():
            with self.subTest(user.login):
                items = self._items(user=user)
                mine = items.filtered(lambda item: item.sudo().move_id in moves)
                self.assertEqual(mine.sudo().move_id, seen)
                self.assertEqual(sum(mine.mapped("amount_residual")), 100 * len(seen))
        employee = new_test_user(self.env, "employee", "base.group_user")
        for user in (self.user_portal, employee):
            with self.assertRaises(AccessError):
                self._items(user=user)

    @freeze_time("2026-03-01")
    def test_a_salesperson_has_no_way_into_the_entries(self):
        self._invoice("2026-01-01", invoice_user_id=self.user_sales_all.id)
        item = self._items(user=self.user_sales_own)
        self.assertEqual(len(item), 1)
        self.assertEqual(item.action_open()["res_model"], "res.partner")
        self.assertEqual(
            item.with_user(self.user_invoicing).action_open()["res_model"],
            "account.move",
        )
        with self.assertRaises(AccessError):
            item.move_line_id.read(["balance"])
        with self.assertRaises(AccessError):
            Form.from_action(
                self.env(user=self.user_sales_own), item.action_register_payment()
            )
        with self.assertRaises(AccessError):
            item.write({"ref": "x"})

    @freeze_time("2026-03-01")
    def test_other_companies(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self._invoice("2026-01-01")
        stranger = new_test_user(
            self.env,
            "stranger",
            "account.group_account_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self._items(user=stranger))

    @freeze_time("2026-03-01")
    def test_queries_do_not_grow(self):
        counts = []
        for more in (10, 990):
            self._make_many_owe(more)
            self.env.flush_all()
            model = self.env["crm.receivable"].with_user(self.user_accountant)
            specification = {
                "move_name": {},
                "partner_id": {"fields": {"display_name": {}}},
                "user_id": {"fields": {"display_name": {}}},
                "bucket": {},
                "days_overdue": {},
                "is_paused": {},
                "amount_residual": {},
            }
            # the first read fills caches that the making of the rows may have emptied
            for _read in ("first", "counted"):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                page = model.web_search_read(
                    [], specification, limit=2000, count_limit=10001
                )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(page["length"], 1000)
        self.assertEqual(*counts)
