from freezegun import freeze_time

from .sales_common import SalesCase


@freeze_time("2026-03-16 10:00:00")
class TestSalesTarget(SalesCase):
    """What is attained, against figures worked out by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls.user_sales_all
        cls.team = cls.env["crm.team"].create(
            {"name": "North", "company_id": cls.env.company.id}
        )

    def _target(self, **vals):
        values = {"date": "2026-03-10", "amount": 1000, **vals}
        if "team_id" not in values:
            values.setdefault("user_id", self.user_sales_own.id)
        return self.env["crm.sales.target"].create(values)

    def assertAttained(self, target, expected, name="attained"):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(target.with_user(self.user_sales_manager)[name], expected)

    def test_ordered_and_margin_by_the_order_date(self):
        ordered, margin = self._target(), self._target(measure="margin")
        self._order((self.goods, 2), (self.prepaid, 4), date_order="2026-03-02")
        self._order((self.goods, 1), date_order="2026-02-28 12:00:00")
        self._order((self.goods, 8), date_order="2026-03-02", confirm=False)
        self._order((self.goods, 3), date_order="2026-03-02", user_id=self.colleague.id)
        self.assertAttained(ordered, 400)
        self.assertAttained(margin, 80)
        self.assertAttained(ordered, 100, "attained_previous")
        self.assertAttained(ordered, 40, "attained_percent")

    def test_a_day_is_the_companys(self):
        target = self._target()
        self.env.company.partner_id.tz = "Asia/Shanghai"
        self._order((self.goods, 1), date_order="2026-02-28 15:59:00")
        self._order((self.goods, 2), date_order="2026-02-28 16:01:00")
        self.assertAttained(target, 200)
        self.assertAttained(target, 100, "attained_previous")

    def test_invoiced_less_credit_notes_by_the_invoice_date(self):
        target = self._target(measure="invoiced")
        order = self._order((self.prepaid, 10, {"tax_ids": self.tax_21.ids}))
        invoice = self._invoice_order(order, "2026-02-28")
        self._credit(invoice, 150, date="2026-03-05")
        self.assertAttained(target, 0 - 150)
        self.assertAttained(target, 500, "attained_previous")

    def test_collected_by_the_payment_date_with_tax(self):
        target = self._target(measure="collected")
        order = self._order((self.prepaid, 10, {"tax_ids": self.tax_21.ids}))
        invoice = self._invoice_order(order, "2026-02-01")
        self._pay(invoice, 105, "2026-02-10")
        self._pay(invoice, 200, "2026-03-10")
        self._pay(invoice, 300, "2026-04-10")
        self.assertAttained(target, 200)
        self.assertAttained(target, 105, "attained_previous")

    def test_new_customers_and_contacts(self):
        customers = self._target(measure="new_customers", amount=5)
        contacts = self._target(measure="contacts", amount=5)
        old, new, invoiced = (
            self._create_customer(name=name) for name in ("Old", "New", "Invoiced")
        )
        self._order((self.goods, 1), partner_id=old.id, date_order="2026-01-02")
        self._order((self.goods, 1), partner_id=old.id, date_order="2026-03-02")
        self._order((self.goods, 1), partner_id=new.id, date_order="2026-03-02")
        self._order((self.goods, 1), partner_id=new.id, date_order="2026-03-03")
        self._create_invoice_of(
            invoiced,
            invoice_date="2026-03-04",
            invoice_user_id=self.user_sales_own.id,
            post=True,
        )
        for outcome in (
            False,
            self.env["crm.interaction.outcome"].create(
                {"name": "Nobody there", "is_contact": False}
            ),
        ):
            self.env["crm.interaction"].create(
                {
                    "partner_id": new.id,
                    "user_id": self.user_sales_own.id,
                    "date_start": "2026-03-05 09:00:00",
                    "outcome_id": outcome and outcome.id,
                }
            )
        self.assertAttained(customers, 2)
        self.assertAttained(contacts, 1)
