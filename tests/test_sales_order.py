from freezegun import freeze_time

from odoo.tests import Form

from .sales_common import SalesCase


@freeze_time("2026-03-01 10:00:00")
class TestSalesOrder(SalesCase):
    """What a quotation tells of its customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.user_id = cls.user_sales_own
        order = cls._order((cls.prepaid, 10), date_order="2026-01-05")
        cls._invoice_order(order, "2026-01-10")
        later = cls._order((cls.prepaid, 2), date_order="2026-02-05")
        cls._invoice_order(later, "2026-02-20", invoice_date_due="2026-03-20")

    def _quotation(self, user, **vals):
        order = self._order(
            (self.prepaid, 1), (self.goods, 1), confirm=False, user_id=user.id, **vals
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return order.with_user(user)

    def test_what_the_customer_owes(self):
        for user in (self.user_sales_own, self.user_sales_all):
            order = self._quotation(user)
            self.assertTrue(order.customer_receivable_known)
            self.assertEqual(order.customer_amount_open, 600)
            self.assertEqual(order.customer_amount_overdue, 500)
            items = self.env["crm.receivable"].with_user(user)
            domain = order.action_view_customer_receivable()["domain"]
            self.assertEqual(sum(items.search(domain).mapped("amount_residual")), 600)

    def test_a_colleagues_customer_is_not_told(self):
        self.customer.user_id = self.user_sales_all
        order = self._quotation(self.user_sales_own)
        self.assertFalse(order.customer_receivable_known)
        self.assertEqual(order.customer_amount_open, 0)

    def test_while_a_quotation_is_typed(self):
        form = Form(self.env["sale.order"].with_user(self.user_sales_own))
        form.partner_id = self.contact
        self.assertEqual(form.customer_amount_open, 600)
        with form.order_line.new() as line:
            line.product_id = self.prepaid
            self.assertIn("02/05/2026", line.last_sale)
            self.assertIn("50.00", line.last_sale)

    def test_last_sale(self):
        self._order(
            (self.prepaid, 1, {"price_unit": 44, "discount": 5}),
            date_order="2026-02-10",
        )
        self._order((self.prepaid, 1, {"price_unit": 1}), confirm=False)
        colleagues = self._order(
            (self.goods, 1),
            date_order="2026-02-11",
        )
        colleagues.user_id = self.user_sales_all
        other = self._create_customer(name="Other")
        self._order((self.prepaid, 1), partner_id=other.id, date_order="2026-02-20")
        lines = self._quotation(self.user_sales_own).order_line
        self.assertIn("44.00", lines[0].last_sale)
        self.assertIn("5.00 %", lines[0].last_sale)
        self.assertFalse(lines[1].last_sale, "an order that he may not see")
        lines = self._quotation(self.user_sales_all).order_line
        self.assertIn("02/11/2026", lines[1].last_sale)

    def test_usual_discount(self):
        """The median of what he got on the product, else on its category."""
        products = self.prepaid + self.goods
        products.categ_id = self.env["product.category"].create({"name": "Wares"})
        for discount in (0, 12, 10):
            self._order(
                (self.prepaid, 1, {"discount": discount}), date_order="2026-02-01"
            )
        old = [(self.prepaid, 1, {"discount": 90})] * 5
        self._order(*old, date_order="2024-02-28")
        self._order((self.prepaid, 1, {"discount": 90}), confirm=False)
        self._order((self.prepaid, -1, {"discount": 90}), date_order="2026-02-01")
        colleagues = self._order(
            *([(self.goods, 1, {"discount": 40})] * 9), date_order="2026-02-11"
        )
        colleagues.user_id = self.user_sales_all
        # of 0, 0, 0, 10, 12 with the two orders of the set-up
        lines = self._quotation(self.user_sales_own).order_line
        self.assertEqual(lines[0].usual_discount, "0.00 % (5)")
        self.assertEqual(lines[1].usual_discount, "0.00 % (5) in Wares")
        self._order(
            *([(self.prepaid, 1, {"discount": 12})] * 3), date_order="2026-02-01"
        )
        lines = self._quotation(self.user_sales_own).order_line
        self.assertEqual(lines[0].usual_discount, "11.00 % (8)")
        self.assertIn("11.00 % (8) in", lines[1].usual_discount)
        lines = self._quotation(self.user_sales_all).order_line
        self.assertEqual(lines[1].usual_discount, "40.00 % (9)")
        products.categ_id = False
        self.env.invalidate_all()
        self.assertEqual(lines[0].usual_discount, "11.00 % (8)")
        other = self._create_customer(name="Other")
        lines = self._quotation(self.user_sales_all, partner_id=other.id).order_line
        self.assertEqual(lines.mapped("usual_discount"), [False, False])

    def test_queries_do_not_grow(self):
        counts = []
        for size in (2, 40):
            order = self._order(
                *((self._product(f"Product {n}"), 1) for n in range(size)),
                confirm=False,
            )
            counted = []
            for _read in ("first", "counted"):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                lines = order.with_user(self.user_sales_own).order_line
                lines.mapped("last_sale")
                lines.mapped("usual_discount")
                counted.append(self.env.cr.sql_log_count - before)
            counts.append(counted[1])
        self.assertEqual(*counts)
