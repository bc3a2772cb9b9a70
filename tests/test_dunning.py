"""Dunning runs: who is proposed with what, who is left out and why."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import mute_logger

from .dunning_common import TODAY, DunningCase


class TestDunning(DunningCase):
    # ------------------------------------------------------------------
    # Levels
    # ------------------------------------------------------------------

    def test_a_company_has_levels_from_the_start(self):
        self.assertEqual(
            self.levels.mapped("name"), ["Reminder", "Second reminder", "Final notice"]
        )
        self.assertEqual(self.levels.mapped("days"), [7, 21, 35])
        self.assertEqual(self.levels.company_id, self.env.company)

    def test_levels_follow_one_another(self):
        with self.assertRaisesRegex(ValidationError, "follow one another"):
            self.second.days = 5
        with self.assertRaisesRegex(UserError, "stays with its company"):
            self.first.company_id = self.env.ref("base.main_company")

    def test_without_levels(self):
        self._invoice("2026-04-01", 100)
        self.levels.active = False
        with self.assertRaisesRegex(UserError, "has no dunning levels"):
            self._run()
        # one that was used is kept
        self.levels.active = True
        self._run()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.first.unlink()

    def test_a_level_that_is_over(self):
        """What had it goes on with the next one that is in use."""
        invoice = self._invoice("2026-03-01", 100)
        self._remind("2026-04-01")
        (self.first + self.second).active = False
        self._later("2026-04-20")
        line = self._lines(self._run())[invoice.name, "2026-03-01"]
        self.assertEqual(line[3:], ("Reminder", "Final notice"))

    def test_text_is_a_template_and_safe(self):
        # no Python from who is no template editor
        manager = self.user_accountant
        manager.group_ids -= self.env.ref("mail.group_mail_template_editor")
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", 1)
        self.env.ref("base.group_user").write(
            {
                "implied_ids": [
                    Command.unlink(self.env.ref("mail.group_mail_template_editor").id)
                ]
            }
        )
        level = self.first.with_user(manager)
        with self.assertRaises(AccessError):
            level.body = '<p><t t-out="object.env.cr.dbname"/></p>'
        level.body = '<p><t t-out="object.customer_name"/></p>'
        self.customer.name = "<script>alert(1)</script>"
        self._invoice("2026-04-01", 100)
        letter = self._run().letter_ids
        self.assertIn("&lt;script&gt;", letter.text)
        self.assertNotIn("<script>", letter.text)

    # ------------------------------------------------------------------
    # The proposal
    # ------------------------------------------------------------------

    def test_all_instalments_in_one_letter_one_level_further(self):
        """19 March in halves due 29 March (22 days) and 28 April; 1 April in one."""
        halves = self._invoice("2026-03-19", 300, **self.halves)
        single = self._invoice("2026-04-01", 80)
        fresh = self._invoice("2026-04-18", 50)
        run = self._run()
        (letter,) = run.letter_ids
        self.assertEqual(letter.partner_id, self.customer)
        # 22 days late, and yet the first level: nobody was reminded before
        self.assertEqual(letter.level_id, self.first)
        self.assertEqual(
            self._lines(run),
            {
                (halves.name, "2026-03-29"): ("item", "", 150, "", "Reminder"),
                (single.name, "2026-04-01"): ("item", "", 80, "", "Reminder"),
                (fresh.name, "2026-04-18"): ("shown", "early", 50, "", ""),
            },
        )
        self.assertEqual((letter.amount, letter.days_overdue), (280, 22))
        self.assertEqual((run.line_count, run.pending_count, run.amount), (1, 1, 280))

    def test_due_today_is_not_overdue(self):
        self._invoice("2026-04-20", 100)
        self.assertFalse(self._run().letter_ids)
        self._invoice("2026-04-13", 100)
        self.assertEqual(self._run().letter_ids.days_overdue, 7)

    def test_credits_are_shown_and_counted(self):
        invoice = self._invoice("2026-04-01", 100)
        refund = self._invoice("2026-04-02", 30, move_type="out_refund")
        payment = self._payment("2026-04-10", 20)
        run = self._run()
        self.assertEqual(run.letter_ids.amount, 50)
        self.assertEqual(
            {key[0]: value[:3] for key, value in self._lines(run).items()},
            {
                invoice.name: ("item", "", 100),
                refund.name: ("credit", "", -30),
                payment.name: ("credit", "", -20),
            },
        )
        self._payment("2026-04-11", 60)
        run = self._run()
        self.assertFalse(run.letter_ids)
        self.assertEqual(
            self._lines(run),
            {
                (invoice.name, "2026-04-01"): (
                    "excluded",
                    "covered",
                    100,
                    "",
                    "Reminder",
                )
            },
        )

    def test_minimum_amount(self):
        invoice = self._invoice("2026-04-01", 100)
        self.first.amount_min = 100
        self.assertEqual(len(self._run().letter_ids), 1)
        self.first.amount_min = 100.01
        run = self._run()
        self.assertFalse(run.letter_ids)
        self.assertEqual(
            self._lines(run)[invoice.name, "2026-04-01"][:2], ("excluded", "minimum")
        )

    def test_what_stays_out_is_listed_with_why(self):
        disputed = self._invoice("2026-04-01", 100)
        partly = self._invoice("2026-04-01", 100)
        promised = self._invoice("2026-04-01", 100)
        paused = self._invoice("2026-04-01", 100)
        flagged = self._invoice("2026-04-01", 100)
        entry = self._entry(
            "2026-04-01",
            [
                (self.receivable, 100, {"partner_id": self.customer.id}),
                (self.company_data["default_account_revenue"], -100, {}),
            ],
        )
        plain = self._invoice("2026-04-01", 100)
        self._dispute(self._instalments(disputed))
        self._dispute(self._instalments(partly), 60)
        self._promise("2026-04-30", self._instalments(promised))
        pauses = self.env["crm.dunning.pause"].with_user(self.user_invoicing)
        pause = pauses.create(
            {
                "partner_id": self.customer.id,
                "move_id": paused.id,
                "date_until": TODAY,
                "reason": "Waits for our answer",
            }
        )
        flagged.no_followup = True
        run = self._run()
        self.assertEqual(
            {key[0]: value[:3] for key, value in self._lines(run).items()},
            {
                disputed.name: ("excluded", "disputed", 0),
                partly.name: ("item", "", 40),
                promised.name: ("excluded", "promised", 100),
                paused.name: ("excluded", "paused", 100),
                flagged.name: ("excluded", "no_followup", 100),
                entry.name: ("excluded", "no_followup", 100),
                plain.name: ("item", "", 100),
            },
        )
        self.assertEqual(run.letter_ids.amount, 140)
        self.assertEqual(run.excluded_count, 5)
        # the pause is over tomorrow, and at once when it is ended
        self.assertIn("paused", str(self._lines(run)))
        pause.action_end()
        self.assertNotIn("paused", str(self._lines(self._run())))
        pauses.create(
            {
                "partner_id": self.customer.id,
                "date_until": "2026-05-01",
                "reason": "Insolvency",
            }
        )
        run = self._run()
        self.assertFalse(run.letter_ids)
        self.assertEqual(self._lines(run)[plain.name, "2026-04-01"][1], "paused")

    def test_next_level_after_days(self):
        invoice = self._invoice("2026-03-01", 100)
        self._remind("2026-04-01")
        self.assertEqual(
            self._levels_of(invoice), {"2026-03-01": ("Reminder", "2026-04-01")}
        )
        # 14 days between the levels
        self._later("2026-04-14")
        run = self._run()
        self.assertFalse(run.letter_ids)
        self.assertEqual(
            self._lines(run)[invoice.name, "2026-03-01"],
            ("excluded", "waiting", 100, "Reminder", ""),
        )
        self._remind("2026-04-15")
        self.assertEqual(
            self._levels_of(invoice), {"2026-03-01": ("Second reminder", "2026-04-15")}
        )
        self._remind("2026-05-01")
        self.assertEqual(
            self._levels_of(invoice), {"2026-03-01": ("Final notice", "2026-05-01")}
        )
        self._later("2026-07-01")
        run = self._run()
        self.assertEqual(
            self._lines(run)[invoice.name, "2026-03-01"][:2], ("excluded", "last")
        )
        # the level of a past day
        self.assertEqual(
            self._items(
                [("move_id", "=", invoice.id)], date="2026-04-20"
            ).dunning_level_id,
            self.second,
        )
        self.assertFalse(
            self._items(
                [("move_id", "=", invoice.id)], date="2026-03-20"
            ).dunning_level_id
        )

    def test_each_item_has_its_own_level(self):
        old = self._invoice("2026-03-01", 100)
        self._remind("2026-03-15")
        new = self._invoice("2026-03-20", 40)
        self._later("2026-04-02")
        run = self._run()
        self.assertEqual(run.letter_ids.level_id, self.second)
        self.assertEqual(
            {key[0]: value[3:] for key, value in self._lines(run).items()},
            {old.name: ("Reminder", "Second reminder"), new.name: ("", "Reminder")},
        )

    def test_several_currencies(self):
        euro = self.setup_other_currency("EUR", rates=[("2025-01-01", 2.0)])
        self._invoice("2026-04-01", 80, currency_id=euro.id)
        self._invoice("2026-04-01", 10)
        letter = self._run().letter_ids
        self.assertEqual(letter.amount, 50)
        self.assertEqual(
            [(part[0].name, part[2]) for part in letter._get_sections()],
            [("USD", 10), ("EUR", 80)],
        )

    def test_filters(self):
        other = self._create_customer(name="Other", user_id=self.user_sales_all.id)
        self._invoice("2026-04-01", 100)
        self._invoice("2026-04-01", 100, other)
        for vals, names in (
            ({}, {"Owing Customer", "Other"}),
            ({"user_ids": self.user_sales_all.ids}, {"Other"}),
            ({"partner_ids": self.customer.ids}, {"Owing Customer"}),
            ({"date": "2026-04-05"}, set()),
        ):
            run = self._run(**vals)
            self.assertEqual(set(run.letter_ids.mapped("partner_id.name")), names)

    def test_the_proposal_goes_with_its_filter(self):
        self._invoice("2026-04-01", 100)
        run = self._run()
        run.date = "2026-04-03"
        self.assertFalse(run.letter_ids or run.is_proposed)
        run.date = TODAY
        run.action_propose()
        run.action_propose()
        self.assertEqual(len(run.letter_ids), 1)

    def test_leave_out(self):
        small = self._invoice("2026-04-01", 10)
        large = self._invoice("2026-04-02", 100)
        run = self._run()
        letter = run.letter_ids
        line = letter.line_ids.filtered(lambda line: line.number == large.name)
        line.action_leave_out()
        self.assertEqual(
            self._lines(run)[large.name, "2026-04-02"][:2], ("excluded", "left_out")
        )
        self.assertEqual((letter.amount, letter.state), (10, "pending"))
        line.action_take_in()
        self.assertEqual(letter.amount, 110)
        letter.line_ids.action_leave_out()
        self.assertEqual(letter.state, "left_out")
        with self.assertRaisesRegex(UserError, "nobody to remind"):
            run.action_confirm()
        letter.line_ids.action_take_in()
        self.assertEqual((letter.state, letter.amount), ("pending", 110))
        letter.action_leave_out()
        self.assertEqual(run.line_count, 0)
        letter.action_take_in()
        self.env.invalidate_all()
        self.assertEqual(run.line_count, 1)
        letter.channel = "call"
        self.assertEqual(letter.state, "pending")
        self.assertTrue(small)

    def test_queries_do_not_grow(self):
        counts = []
        for count in (10, 10, 1_000):
            self._make_many_owe(count)
            self.env["account.move.line"].search(
                [("account_id", "=", self.receivable.id)]
            ).no_followup = False
            run = self._run(propose=False)
            self.env.flush_all()
            self.env.invalidate_all()
            # who asks, and his time zone, are no part of it
            self.env["res.users"].search([]).partner_id.mapped("tz")
            before = self.env.cr.sql_log_count
            run.action_propose()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(run.line_count, 1_020)
        self.assertEqual(counts[2], counts[1])
        self.assertLess(counts[2], 30)
