"""Orders that stock cannot meet in time are told, once for each promise."""

from freezegun import freeze_time

from odoo.fields import Command

from odoo.addons.mail.tests.common import MailCase

from .test_stock_promise import NOW, StockCase, day


@freeze_time(NOW)
class TestLateStock(MailCase, StockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.customer.write({"email": "buyer@example.com", "lang": "zh_CN"})
        cls.kind = cls.env.ref("crm_custom.mail_activity_type_late_stock")
        # what demo data has waiting is no matter of these tests
        cls.env["sale.order"].search([("state", "=", "sale")]).write(
            {"user_id": False, "team_id": False}
        )

    def _run(self):
        self.env.flush_all()
        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref("crm_custom.ir_cron_crm_late_stock").method_direct_trigger()
        self.env.invalidate_all()

    def _late(self, promised=4, **vals):
        return self._promised(day(promised), (self.scarce, 5), **vals)

    def _told(self, orders):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "in", orders.ids),
                ("activity_type_id", "=", self.kind.id),
            ]
        )

    def _mails_of(self, order):
        return self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "=", order.id)]
        )

    def test_the_salesperson_is_told_once(self):
        self._expect(self.scarce, 5, day(6))
        order = self._late()
        for _time in range(2):
            self._run()
            activity = self._told(order)
            self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.user_sales_own)
        self.assertEqual(
            activity.summary,
            "Promised for 03/08/2026, stock can deliver on 03/10/2026",
        )
        self.assertIn("Scarce", activity.note)
        self.assertFalse(self._mails_of(order), "the setting is off by default")

    def test_in_his_language_and_the_companys_days(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        self.user_sales_own.lang = "zh_CN"
        self._expect(self.scarce, 5, day(6).replace(hour=20))
        order = self._late()
        self._run()
        self.assertIn("2026/03/11", self._told(order).summary)

    def test_not_told(self):
        self._expect(self.scarce, 5, day(3))
        in_time = self._late()
        later = self._late(promised=15)
        ready = self._promised(day(-3))
        quotation = self._order((self.scarce, 5), confirm=False, commitment_date=day(2))
        cancelled = self._late()
        cancelled._action_cancel()
        nobody = self._late(user_id=False)
        nobody.write({"user_id": False, "team_id": False})
        self._run()
        orders = in_time + later + ready + quotation + cancelled + nobody
        self.assertFalse(self._told(orders))
        nobody.user_id = self.user_sales_all
        with freeze_time(day(2)):
            self._run()
        told = self._told(orders).mapped("res_id")
        self.assertCountEqual(told, (nobody + later).ids)

    def test_what_another_company_of_the_database_waits_for(self):
        self.env.user.sudo().group_ids += self.env.ref("base.group_multi_company")
        sister = self.env["res.company"].create({"name": "Sister Company"})
        order = self._late(partner_id=sister.partner_id.id)
        self._run()
        self.assertEqual(len(self._told(order)), 1)

    def test_settled_by_goods(self):
        order = self._late()
        self._run()
        self.assertIn("not enough is on the way", self._told(order).summary)
        receipt = self._expect(self.scarce, 5, day(3))
        self._run()
        self.assertFalse(self._told(order))
        receipt.scheduled_date = day(8)
        self._run()
        self.assertFalse(self._told(order), "told once for a promise")

    def test_settled_by_a_new_promise_that_is_told_anew(self):
        receipt = self._expect(self.scarce, 5, day(6))
        order = self._late()
        self._run()
        order.with_user(self.user_sales_own).action_promise_stock_date()
        self._run()
        self.assertFalse(self._told(order))
        receipt.scheduled_date = day(9)
        self._run()
        self.assertEqual(len(self._told(order)), 1)
        self.assertIn("03/13/2026", self._told(order).summary)

    def test_settled_by_delivery_and_cancel(self):
        orders = self._late() + self._late()
        self._run()
        self.assertEqual(len(self._told(orders)), 2)
        self._put_in_stock(self.scarce, 5)
        self._deliver(orders[0])
        orders[1]._action_cancel()
        self._run()
        self.assertFalse(self._told(orders))

    def test_a_part_that_waits(self):
        self._put_in_stock(self.scarce, 3)
        order = self._late()
        self._deliver(order, 3)
        self._run()
        self.assertEqual(len(self._told(order)), 1, "the backorder waits")

    def test_the_customer_is_told_the_new_day_in_his_language(self):
        self.company.crm_late_stock_mail = True
        order = self._late(contact_id=self.contact.id)
        self._run()
        self.assertFalse(self._mails_of(order), "no new day is known yet")
        self._expect(self.scarce, 5, day(6))
        for _time in range(2):
            self._run()
            mail = self._mails_of(order)
            self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.customer, "the contact has none")
        self.assertIn("2026/03/10", mail.body_html)
        self.assertIn(order.name, mail.subject)
        self.assertNotIn("Dear", mail.body_html)
        self.assertEqual(len(self._told(order)), 1)

    def test_by_company(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        other.crm_late_stock_mail = True
        self.user_sales_own.company_ids += other
        order = self._late()
        theirs = (
            self.env["sale.order"]
            .with_company(other)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": other.id,
                    "user_id": self.user_sales_own.id,
                    "commitment_date": day(2),
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.scarce.id,
                                "product_uom_qty": 5,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        theirs.action_confirm()
        warehouse = theirs.warehouse_id
        self._expect(self.scarce, 5, day(6))
        self.assertNotEqual(warehouse, order.warehouse_id)
        self._run()
        self.assertIn("03/10/2026", self._told(order).summary)
        self.assertIn("not enough", self._told(theirs).summary)

    def _late_orders(self, count):
        products = [
            self._product(f"Scarce {number}", sale_delay=0) for number in range(5)
        ]
        for product in products:
            self._expect(product, count, day(6))
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "user_id": (self.user_sales_own, self.user_sales_all)[
                        number % 2
                    ].id,
                    "commitment_date": day(4),
                    "order_line": [
                        Command.create(
                            {
                                "product_id": products[number % 5].id,
                                "product_uom_qty": 5,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
                for number in range(count)
            ]
        )
        orders.action_confirm()
        return orders

    def _queries_of(self, work, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work(*args)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries(self):
        """Fifty orders cost what five do: Odoo makes so many e-mails at once."""
        model = (
            self.env["sale.order"]
            .with_company(self.company)
            .with_context(allowed_company_ids=self.company.ids)
        )
        self.company.crm_late_stock_mail = True
        costs = []
        # the first one fills caches
        for count in (5, 5, 50):
            orders = self._late_orders(count)
            found = self._queries_of(model._get_untold_late_stock)
            told = self._queries_of(model._tell_late_stock, orders.ids)
            self.assertEqual(len(self._told(orders)), count)
            orders.commitment_date = day(7)
            back = self._queries_of(model._take_back_late_stock, orders.ids)
            self.assertFalse(self._told(orders))
            costs.append((found, told, back))
        self.assertEqual(costs[1], costs[2])
