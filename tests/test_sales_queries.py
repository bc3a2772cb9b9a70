"""The lists of the sales room ask as often for a thousand rows as for ten."""

from freezegun import freeze_time

from odoo.fields import Command

from benchmarks.views import form_specification, load_view

from .query_common import FEW, MANY, ListQueriesMixin
from .sales_common import SalesCase


@freeze_time("2026-03-04 10:00:00")
class TestSalesQueries(ListQueriesMixin, SalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"Query {number}", "is_company": True, "ref": f"Q-{number}"}
                for number in range(MANY)
            ]
        )

    def _orders(self):
        return self.env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "user_id": self.user_sales_own.id,
                    "validity_date": "2026-03-05",
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.goods.id,
                                "product_uom_qty": 1,
                                "discount": 5,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
                for partner in self.partners
            ]
        )

    def test_quotations(self):
        orders = self._orders()
        orders.write({"state": "sent"})
        self.env.company.crm_discount_limited = True
        self._check_list(
            orders,
            "crm_quotation_action",
            self.user_sales_own,
            ("quotation_state", "user_id", "validity_date:week"),
        )
        rows = self.env["crm.quotation.analysis"].browse(orders.ids)
        self._check_list(
            rows,
            "crm_quotation_analysis_action",
            self.user_sales_own,
            ("quotation_state", "commercial_partner_id", "date_created:month"),
        )

    def test_deliveries(self):
        orders = self._orders()
        orders.action_confirm()
        pickings = orders.picking_ids
        self.assertEqual(len(pickings), MANY)
        self._check_list(
            self.env["crm.delivery"].browse(pickings.ids),
            "crm_delivery_action",
            self.user_sales_own,
            ("due_state", "commercial_partner_id", "user_id"),
        )
        self.assertEqual(
            *(
                self._count(
                    lambda n: len(
                        pickings[:n]
                        .with_user(self.user_sales_own)
                        .mapped("credit_state")
                    ),
                    rows,
                )
                for rows in (FEW, MANY)
            )
        )
        self._check_list(
            self.env["crm.sales.record"].browse(orders.order_line.ids),
            "crm_sales_record_action",
            self.user_sales_own,
            ("stage", "commercial_partner_id", "date:month"),
        )
        for picking in pickings:
            picking.move_ids.write({"quantity": 1, "picked": True})
        pickings._action_done()
        self._check_list(
            self.env["crm.delivery.performance"].browse(pickings.move_ids.ids),
            "crm_delivery_performance_action",
            self.user_sales_own,
            ("commercial_partner_id", "product_id", "date_delivered:month"),
        )

    def test_form_of_a_quotation(self):
        """Its page of forty lines costs what one of ten does."""
        self.env.company.crm_discount_limited = True
        model = self.env["sale.order"].with_user(self.user_sales_own)
        arch = load_view(model.env, model._name, "form")
        specification = form_specification(model.env, model._name, arch)
        orders = {
            count: self._order(
                *(
                    (self._product(f"Product {number}", list_price=10), 1)
                    for number in range(count)
                ),
                confirm=False,
            )
            for count in (FEW, 40)
        }

        def read(count):
            order = model.browse(orders[count].ids)
            (values,) = order.web_read(specification)
            return len(values["order_line"])

        # the first one fills caches that the making of the orders has emptied
        self._count(read, FEW)
        self.assertEqual(self._count(read, FEW), self._count(read, 40))
