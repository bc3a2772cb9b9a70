"""What making letters costs, and looking at them: the same for ten and a thousand."""

from odoo.fields import Command

from benchmarks.views import form_specification, load_view

from .dunning_common import DunningCase
from .query_common import FEW, MANY, ListQueriesMixin


class TestDunningQueries(ListQueriesMixin, DunningCase):
    def _make_customers_owe(self, count, items=1):
        customers = self.env["res.partner"].create(
            [
                {"name": f"Debtor {n}", "email": f"debtor{n}@example.com"}
                for n in range(count)
            ]
        )
        for _number in range(items):
            moves = self.env["account.move"].create(
                [
                    {
                        "move_type": "out_invoice",
                        "partner_id": customer.id,
                        "invoice_date": "2026-04-01",
                        "date": "2026-04-01",
                        "invoice_date_due": "2026-04-01",
                        "invoice_payment_term_id": False,
                        "invoice_line_ids": [
                            Command.create(
                                {
                                    "name": "Work",
                                    "price_unit": 10,
                                    "tax_ids": [Command.clear()],
                                }
                            )
                        ],
                    }
                    for customer in customers
                ]
            )
            moves.action_post()
        return customers

    def _cost(self, count, channel, items=1):
        """Queries of making so many letters at once."""
        customers = self._make_customers_owe(count, items)
        self.first.channel = channel
        run = self._run(partner_ids=customers.ids)
        letters = run.letter_ids.sudo()
        self.assertEqual(len(letters), count)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        run.sudo()._make_lines(letters)
        self.env.flush_all()
        cost = self.env.cr.sql_log_count - before
        self.assertNotIn("pending", letters.mapped("state"))
        return cost

    def test_making_costs_the_same_for_each_letter(self):
        for channel, most in (("email", 18), ("letter", 7), ("call", 9)):
            with self.subTest(channel):
                # once, so that what Odoo caches for all is there
                self._cost(2, channel)
                few, more, most_of_all = (
                    self._cost(count, channel) for count in (5, 10, 20)
                )
                each = (more - few) / 5
                self.assertEqual((most_of_all - more) / 10, each)
                self.assertLessEqual(each, most)

    def test_making_costs_the_same_for_each_item(self):
        self._cost(2, "email")
        one, three, five = (self._cost(3, "email", items) for items in (1, 3, 5))
        self.assertEqual(five - three, three - one)

    def test_looking_at_a_run(self):
        runs = []
        for count in (FEW, MANY):
            self._make_many_owe(count)
            self.env["account.move.line"].search(
                [("account_id", "=", self.receivable.id)]
            ).no_followup = False
            runs.append(self._run())
        few, many = runs
        self.assertEqual((few.line_count, many.line_count), (FEW, FEW + MANY))
        self._check_list(
            many.letter_ids,
            "crm_dunning_letter_action",
            self.user_invoicing,
            ("level_id", "channel", "state", "partner_id", "date_sent:month"),
        )
        arch = load_view(few.env, few._name, "form")
        specification = form_specification(few.env, few._name, arch)

        def look(run):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            (values,) = run.web_read(specification)
            self.assertTrue(values["letter_ids"])
            return self.env.cr.sql_log_count - before

        look(few)
        self.assertEqual(look(few), look(many))
        self.assertLess(look(many), 40)
