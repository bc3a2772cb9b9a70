"""Accounting works dunning, salespeople see their customers', others nothing."""

from odoo.exceptions import AccessError

from .dunning_common import DunningCase


class TestDunningRoles(DunningCase):
    def setUp(self):
        super().setUp()
        self.other = self._create_customer(name="Other", user_id=self.user_sales_all.id)
        self.invoice = self._invoice("2026-04-01", 100)
        self._invoice("2026-04-01", 100, self.other)
        self.run_ = self._run()

    def _see(self, user, model="crm.dunning.letter"):
        self.env.invalidate_all()
        found = self.env[model].with_user(user).search([])
        return set(found.mapped("partner_id.name"))

    def test_salespeople_see_what_was_made(self):
        both = {"Owing Customer", "Other"}
        self.assertEqual(self._see(self.user_sales_all), set())
        self._send(self.run_)
        for user, names in (
            (self.user_sales_own, {"Owing Customer"}),
            (self.user_sales_all, both),
            (self.user_sales_manager, both),
            (self.user_invoicing, both),
            (self.user_accountant, both),
        ):
            for model in ("crm.dunning.letter", "crm.dunning.line"):
                self.assertEqual(self._see(user, model), names, (user.login, model))
        items = self._items(user=self.user_sales_own)
        self.assertEqual(items.dunning_level_id, self.first)
        self.assertEqual(items.dunning_level_id.name, "Reminder")
        mine = self.customer.with_user(self.user_sales_own)
        self.assertEqual(mine.crm_dunning_count, 1)
        others = self.other.with_user(self.user_sales_own)
        self.assertEqual(others.crm_dunning_count, 0)
        letter = self.run_.letter_ids.filtered(
            lambda one: one.partner_id == self.customer
        ).with_user(self.user_sales_own)
        self.assertTrue(letter.text)
        self.assertTrue(letter.amount_text)
        with self.assertRaises(AccessError):
            letter.read(["items_html"])
        self.assertEqual(letter.pdf_id.with_user(self.user_sales_own).raw[:4], b"%PDF")
        self.assertEqual(letter.item_ids.action_open_item()["res_model"], "res.partner")

    def test_salespeople_change_nothing(self):
        self._send(self.run_)
        letters = self.run_.letter_ids
        for user in (self.user_sales_own, self.user_sales_manager):
            letter = letters[:1].with_user(user)
            for action in (
                lambda letter=letter: letter.write({"channel": "call"}),
                letter.action_leave_out,
                letter.line_ids.action_leave_out,
                lambda user=user: self._run(user=user),
                lambda user=user: self.first.with_user(user).write({"days": 3}),
                lambda user=user: (
                    self.env["crm.dunning.pause"]
                    .with_user(user)
                    .create(
                        {
                            "partner_id": self.customer.id,
                            "date_until": "2026-05-01",
                            "reason": "Mine",
                        }
                    )
                ),
                lambda user=user: (
                    self.env["crm.dunning.take.back"]
                    .with_user(user)
                    .create({"letter_ids": letters.ids, "note": "No"})
                ),
            ):
                with self.assertRaises(AccessError):
                    action()

    def test_portal_and_employees_see_nothing(self):
        employee = self.env["res.users"].create(
            {
                "login": "dunning_employee",
                "name": "Employee",
                "group_ids": [(6, 0, self.env.ref("base.group_user").ids)],
            }
        )
        self._send(self.run_)
        for user in (self.user_portal, employee):
            for model in (
                "crm.dunning.level",
                "crm.dunning.run",
                "crm.dunning.letter",
                "crm.dunning.line",
                "crm.dunning.pause",
            ):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
            with self.assertRaises(AccessError):
                self.run_.letter_ids[:1].pdf_id.with_user(user).read(["raw"])

    def test_accounting_only_by_buttons(self):
        run = self.run_
        for values in ({"state": "done"}, {"user_id": self.user_accountant.id}):
            with self.assertRaises(AccessError):
                run.write(values)
        letter = run.letter_ids[:1]
        for values in ({"state": "done"}, {"amount": 1}, {"partner_id": 1}):
            with self.assertRaises(AccessError):
                letter.write(values)
        with self.assertRaises(AccessError):
            letter.line_ids.write({"amount": 1})
        with self.assertRaises(AccessError):
            self.first.with_user(self.user_invoicing).write({"days": 3})
        self.first.with_user(self.user_accountant).write({"days": 8})
        self.first.with_user(self.user_crm_admin).write({"days": 7})

    def test_what_is_written(self):
        pause = (
            self.env["crm.dunning.pause"]
            .with_user(self.user_invoicing)
            .create(
                {
                    "partner_id": self.customer.id,
                    "date_until": "2026-05-01",
                    "reason": "Their credit note is on its way",
                }
            )
        )
        letter = self.run_.letter_ids[:1]
        for user in (self.user_invoicing, self.user_accountant):
            self.assertWritten(letter, user, {"channel"})
            self.assertWritten(letter.line_ids[:1], user, ())
            self.assertWritten(pause, user, {"date_until", "reason"})
            # who was not reminded, and why, is history
            with self.assertRaises(AccessError):
                pause.with_user(user).unlink()
        self._send(self.run_)
        for user in (self.user_sales_own, self.user_invoicing, self.user_accountant):
            self.assertWritten(letter, user, ())
            self.assertWritten(letter.line_ids[:1], user, ())
        self.assertWritten(self.run_, self.user_accountant, {"name"})

    def test_of_another_company(self):
        other = self.setup_other_company()["company"]
        user = self.user_accountant
        user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        run = self.run_.with_user(user).with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            run.action_confirm()
        self.assertFalse(run.search([("id", "=", run.id)]))
        # a company has levels of its own, and its runs its own items
        levels = self.env["crm.dunning.level"]._get_all(other)
        self.assertEqual(len(levels), 3)
        self.assertFalse(levels & self.levels)
        theirs = self.env["crm.dunning.run"].with_user(user).create({})
        theirs.action_propose()
        self.assertFalse(theirs.letter_ids)
