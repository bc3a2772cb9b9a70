from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Domain

from .sales_common import SalesCase


@freeze_time("2026-03-16 10:00:00")
class TestSalesResult(SalesCase):
    """The dated rows behind targets: the same id on each look, and what opens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for day in ("2026-01-10", "2026-03-05"):
            order = cls._order(
                (cls.prepaid, 10), (cls.prepaid, 3), (cls.goods, 1), date_order=day
            )
            invoice = cls._invoice_order(order, day)
            cls._pay(invoice, 105, "2026-03-10")
        cls.order, cls.invoice = order, invoice
        cls.contacts = cls.env["crm.interaction"].create(
            [
                {
                    "partner_id": cls.customer.id,
                    "user_id": cls.user_sales_own.id,
                    "date_start": "2026-03-05 09:00:00",
                }
                for _twice in range(2)
            ]
        )
        cls.env.flush_all()

    def _search(self, *domain, user=None):
        self.env.invalidate_all()
        model = self.env["crm.sales.result"].with_user(user or self.user_sales_manager)
        return model.search([("company_id", "=", self.env.company.id), *domain])

    def _told(self, results):
        return {
            each.id: (
                each.kind,
                each.date,
                each.order_line_id,
                each.invoice_line_id,
                each.partial_id,
                each.interaction_id,
                each.amount,
            )
            for each in results
        }

    def test_ids_are_the_same_on_each_look(self):
        everything = self._told(self._search())
        # ordered, invoiced, collected, margin of what has a cost, customer, contacts
        self.assertEqual(len(everything), 6 + 4 + 4 + 2 + 1 + 2)
        for kind in ("ordered", "invoiced", "collected", "new_customers", "contacts"):
            with self.subTest(kind):
                some = self._search(
                    ("kind", "=", kind),
                    ("date", ">=", "2026-03-01"),
                    ("date", "<=", "2026-03-31"),
                )
                # one record, one that was found, and all of them
                for found in (*some, some):
                    self.env.invalidate_all()
                    for row_id, values in self._told(found).items():
                        self.assertEqual(values, everything[row_id])
        self.assertTrue(all(0 < row_id < 2**53 for row_id in everything))

    def test_an_id_is_read_from_its_own_day(self):
        """Whoever opens one row does not read the documents of all years."""
        for result in self._search():
            scope = result._find_scope(Domain("id", "in", result.ids).optimize(result))
            self.assertEqual(scope, ((result.kind,), result.date, result.date))
        self.assertFalse(self.env["crm.sales.result"].browse(99).exists())

    def test_opens_what_is_behind_it(self):
        """As a manager who may read invoices."""
        self.user_sales_manager.group_ids += self.env.ref(
            "account.group_account_invoice"
        )
        march = ("date", ">=", "2026-03-01")
        for kind, document in {
            "ordered": self.order,
            "margin": self.order,
            "invoiced": self.invoice,
        }.items():
            for result in self._search(("kind", "=", kind), march):
                action = result.browse(result.id).action_open()
                self.assertEqual(action["res_model"], document._name, kind)
                self.assertEqual(action["res_id"], document.id, kind)
        opened = [
            each.action_open() for each in self._search(("kind", "=", "contacts"))
        ]
        self.assertEqual({each["res_model"] for each in opened}, {"crm.interaction"})
        self.assertEqual(
            {each["res_id"] for each in opened}, set(self.contacts.ids), "each its own"
        )

    def test_a_colleagues_row_is_not_read_by_its_id(self):
        other = self.user_sales_own.copy({"login": "colleague"})
        row = self._search(("kind", "=", "ordered"))[:1]
        self.assertFalse(self._search(("id", "in", row.ids), user=other))
        with self.assertRaises(AccessError):
            row.with_user(other).read(["amount"])
