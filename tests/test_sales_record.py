import json
import re

from freezegun import freeze_time

from odoo.fields import Domain
from odoo.tools import SQL

from .sales_common import SalesCase


@freeze_time("2026-03-01 10:00:00")
class TestSalesRecord(SalesCase):
    """Stages and deliveries, along Odoo's own documents."""

    def test_from_quotation_to_settled(self):
        order = self._order((self.goods, 10), confirm=False, date_order="2026-02-20")
        self.assertRecord(
            self._of(order),
            stage="quotation",
            delivery_state="nothing",
            product_uom_qty=10,
            price_subtotal=1000,
            cost=600,
            margin=400,
            commercial_partner_id=self.customer,
            qty_to_deliver=0,
            amount_invoiced=0,
        )
        order.action_confirm()
        order.date_order = "2026-02-28 10:00:00"
        self.assertRecord(
            self._of(order), stage="to_deliver", delivery_state="ready", days_late=0
        )
        with freeze_time("2026-03-06 10:00:00"):
            self.assertRecord(
                self._of(order), stage="late", delivery_state="late", days_late=1
            )
        self._deliver(order, 4)
        self.assertRecord(
            self._of(order),
            stage="to_deliver",
            delivery_state="partly",
            qty_delivered=4,
            qty_to_deliver=6,
            qty_to_invoice=4,
            amount_to_invoice=400,
        )
        self._deliver(order)
        self.assertRecord(self._of(order), stage="to_invoice", delivery_state="done")
        invoice = self._invoice_order(order, "2026-03-01", post=False)
        self.assertRecord(self._of(order), stage="to_invoice", amount_invoiced=0)
        invoice.invoice_date_due = "2026-03-11"
        invoice.action_post()
        self.assertRecord(
            self._of(order),
            stage="to_collect",
            amount_invoiced=1000,
            amount_open=1000,
            amount_overdue=0,
            amount_collected=0,
        )
        self._pay(invoice, 400, "2026-03-01")
        with freeze_time("2026-03-12 10:00:00"):
            self.assertRecord(
                self._of(order),
                stage="overdue",
                amount_open=600,
                amount_overdue=600,
                amount_collected=400,
            )
        self._pay(invoice, date="2026-03-05")
        record = self._of(order)
        self.assertRecord(
            record,
            stage="settled",
            amount_invoiced=1000,
            amount_collected=1000,
            amount_open=0,
            amount_overdue=0,
            untaxed_invoiced=1000,
        )
        self.assertEqual(str(record.date_first_payment), "2026-03-01")
        self.assertEqual(str(record.date_last_payment), "2026-03-05")

    def test_the_stage_searched_is_the_stage_shown(self):
        """Each stage by its filter: the column and the condition never disagree."""
        late = self._order((self.goods, 1), date_order="2026-01-01")
        overdue = self._order((self.prepaid, 2), date_order="2026-01-01")
        self._invoice_order(overdue, "2026-01-10")
        settled = self._order((self.crm_product, 1))
        self._pay(self._invoice_order(settled, "2026-02-01"))
        cancelled = self._order((self.goods, 1))
        cancelled.with_context(disable_cancel_warning=True).action_cancel()
        self._order((self.goods, 1), confirm=False)
        self._order((self.goods, 1), date_order="2026-02-28")
        self._order((self.crm_product, 1))
        work = self._product("Work", type="service")
        self._order((work, 3))
        owed = self._order((self.crm_product, 1))
        self._invoice_order(owed, "2026-02-28", invoice_date_due="2026-03-20")
        disputed = self._order((self.crm_product, 1))
        reason = self.env.ref("crm_custom.crm_dispute_reason_price")
        # sudo: the test's user has no right but to keep the books
        self._invoice_order(disputed).sudo()._crm_dispute(reason)
        records = self._records()
        self.assertEqual(
            sorted(records.mapped("stage")),
            sorted(dict(records._fields["stage"].selection)),
        )
        self.assertEqual(self._of(late).stage, "late")
        self.assertEqual(self._of(overdue).stage, "overdue", "before it is late")
        self.assertEqual(self._of(disputed).stage, "disputed", "before it is overdue")
        shown = records.grouped("stage")
        for stage, expected in shown.items():
            only = [("stage", "=", stage)]
            self.assertEqual(self._records(only), expected, stage)
            self.assertEqual(records.search_count(only, limit=80), len(expected), stage)
            self.assertEqual(records.search(only, limit=80), expected, stage)
            self.assertEqual(
                self._records([("stage", "!=", stage)]), records - expected, stage
            )
        stuck = ["late", "to_invoice", "overdue", "disputed"]
        self.assertEqual(
            self._records([("stage", "in", stuck)]),
            records.filtered(lambda record: record.stage in stuck),
        )
        groups = records._read_group([], ["stage"], ["__count"])
        self.assertEqual(
            dict(groups), {stage: len(found) for stage, found in shown.items()}
        )

    def test_a_cell_of_the_pivot_opens_its_rows(self):
        for month in ("2026-01-05", "2026-02-05"):
            self._order((self.goods, 1), (self.prepaid, 2), date_order=month)
        own = [("commercial_partner_id", "=", self.customer.id)]
        records = self._records(own)
        months, cells = records.formatted_read_grouping_sets(
            own, [["date:month"], ["date:month", "product_id"]], ["__count"]
        )
        self.assertEqual([len(months), len(cells)], [2, 4])
        for cell in months + cells:
            json.dumps(cell["__extra_domain"])
            found = records.search_count(Domain(own) & Domain(cell["__extra_domain"]))
            self.assertEqual(found, cell["__count"], cell)

    def test_groups_of_a_pivot_stand_in_the_order_of_their_records(self):
        for month in ("2026-02-05", "2026-01-05"):
            self._order((self.prepaid, 2), (self.goods, 1), date_order=month)
        work = self._product("Work", type="service", default_code="A")
        order = self._order((work, 3), date_order="2026-01-10")
        order.partner_id = self._create_customer(name="Another")
        model = self.env["crm.sales.record"]
        by = ["date:month", "product_id", "commercial_partner_id"]
        sets = [[], by[:1], by[:2], by, by[1:2]]
        for specs in (by, by[1:], [by[1], by[0]], by[:2]):
            order = ", ".join(specs)
            here = [each for each in sets if {*each} <= {*specs}]
            found = model._read_grouping_sets([], here, ["__count"], order)
            for groupby, groups in zip(here, found, strict=True):
                own = ", ".join(spec for spec in specs if spec in groupby)
                self.assertEqual(
                    groups, model._read_group([], groupby, ["__count"], order=own)
                )

    def test_a_return_that_is_replaced_is_not_refunded(self):
        order = self._order((self.goods, 10))
        picking = self._deliver(order)
        self._return(picking, 3, refund=False)
        self.assertRecord(
            self._of(order), qty_delivered=10, qty_returned=3, stage="to_invoice"
        )

    def test_cancelled_transfers_bring_nothing(self):
        order = self._order((self.goods, 10))
        self._deliver(order, 6, backorder=False)
        self.assertRecord(
            self._of(order), qty_to_deliver=0, delivery_state="done", stage="to_invoice"
        )
        other = self._order((self.goods, 10))
        other.picking_ids.action_cancel()
        self.assertRecord(
            self._of(other), qty_to_deliver=0, delivery_state="nothing", stage="ordered"
        )

    def test_waiting_for_stock(self):
        scarce = self._product("Scarce", list_price=1)
        order = self._order((scarce, 1))
        self.assertRecord(
            self._of(order),
            delivery_state="waiting",
            cost=0,
            margin=0,
        )
        self.assertIsNone(
            self.env.execute_query(self._sql_of(order, "margin"))[0][0],
            "unknown is empty",
        )

    def test_documents_that_nobody_asks_for_are_not_read(self):
        """PostgreSQL leaves out a join of which it sees that it adds no rows."""
        query = self.env["crm.sales.record"]._search([])
        plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        tables = {
            table
            for (row,) in plan
            # an index that is read as a bitmap is told like a table
            for table in re.findall(r"(?<!Index Scan) on (\w+)", row)
        }
        self.assertEqual(tables, {"sale_order", "sale_order_line"})

    def test_ids_of_no_line(self):
        records = self._records([("state", "=", "sale")])
        for ids in ([False], [2**40], [False, 2**40]):
            for domain in ([("id", "in", ids)], [("id", "=", ids[-1])]):
                self.assertFalse(records.search(domain, order="amount_open"), domain)
                groups = records.formatted_read_group(domain, ["stage"], ["__count"])
                self.assertFalse(groups, domain)

    def test_sorted_and_counted_by_what_documents_say(self):
        orders = [self._order((self.prepaid, quantity)) for quantity in (2, 3, 1)]
        for order in orders:
            self._invoice_order(order, "2026-02-01")
        small, large, least = (self._of(order) for order in orders)
        own = [("order_id", "in", [order.id for order in orders])]
        by_amount = least.search(own, order="amount_open desc")
        self.assertEqual(by_amount, large + small + least)
        owed = [*own, ("amount_open", ">", least.amount_open)]
        self.assertEqual(least.search(owed, order="id"), small + large)
        self.assertEqual(least.search_count(owed), 2)

    def _sql_of(self, order, name):
        model = self.env["crm.sales.record"]
        query = model._search([("order_id", "=", order.id)])
        return query.select(model._field_to_sql(model._table, name, query))
