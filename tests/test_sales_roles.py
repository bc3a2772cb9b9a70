from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.models import BaseModel
from odoo.tests import Form, new_test_user

from .sales_common import SalesCase


@freeze_time("2026-03-01 10:00:00")
class TestSalesRoles(SalesCase):
    """Who sees which sales, where they lead, and the contract on the order."""

    def test_who_sees_what(self):
        own = self._order((self.prepaid, 1))
        others = self._order((self.prepaid, 1), user_id=self.user_sales_all.id)
        nobody = self._order((self.prepaid, 1), user_id=False)
        nobody.user_id = False
        orders = own + others + nobody
        for user, seen in {
            self.user_sales_own: own + nobody,
            self.user_sales_all: orders,
            self.user_sales_manager: orders,
            self.user_invoicing: orders,
            self.user_accountant: orders,
        }.items():
            with self.subTest(user.login):
                records = self._records([("order_id", "in", orders.ids)], user=user)
                self.assertEqual(records.sudo().order_id, seen)
                self.assertEqual(records.mapped("price_subtotal"), [50] * len(seen))
        for user in (self.user_portal, new_test_user(self.env, "clerk")):
            with self.assertRaises(AccessError):
                self._records(user=user)
        with self.assertRaises(AccessError):
            self._of(others).with_user(self.user_sales_own).read(["stage"])
        with self.assertRaises(AccessError):
            self._of(own).write({"name": "x"})

    def test_another_company(self):
        order = self._order((self.prepaid, 1))
        other = self.env["res.company"].create({"name": "Other Company"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "sales_team.group_sale_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        model = self.env["crm.sales.record"].with_user(stranger)
        self.assertFalse(model.search([("order_id", "=", order.id)]))
        groups = model._read_group([], ["stage"], ["amount_open:sum"])
        self.assertEqual(groups, [])

    def test_sums_over_companies_with_currencies_of_their_own(self):
        """What a list asks of each group, as Odoo itself works it out."""
        euro = self.setup_other_currency("EUR", rates=[("2025-01-01", 0.8)])
        other = self.env["res.company"].create(
            {"name": "Other Company", "currency_id": euro.id}
        )
        self._order((self.prepaid, 3))
        self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "order_line": [
                    Command.create({"product_id": self.prepaid.id, "price_unit": 8})
                ],
            }
        )
        companies = self.env.company + other
        user = self.user_sales_manager
        user.company_ids = [Command.link(other.id)]
        records = (
            self.env["crm.sales.record"]
            .with_user(user)
            .with_context(allowed_company_ids=companies.ids)
        )
        question = (
            [("partner_id", "=", self.customer.id)],
            ["partner_id"],
            [
                "__count",
                "price_subtotal:sum",
                "price_subtotal:sum_currency",
                "margin:sum_currency",
                "company_currency_id:array_agg_distinct",
            ],
        )
        found = records._read_group(*question)
        with patch.object(
            type(records), "_read_group_select", BaseModel._read_group_select
        ):
            self.assertEqual(found, records._read_group(*question))
        (_partner, count, _sum, in_currency, _margin, currencies) = found[0]
        self.assertEqual((count, in_currency), (2, 150 + 8 / 0.8))
        self.assertEqual(currencies, sorted((companies.currency_id).ids))
        nothing = records._read_group([("id", "=", 0)], [], question[2][1:])
        self.assertFalse(any(nothing[0]))

    def test_figures_of_a_salesperson_without_accounting_rights(self):
        order = self._order((self.prepaid, 2), user_id=self.user_sales_own.id)
        invoice = self._invoice_order(order, invoice_user_id=self.user_sales_all.id)
        self._pay(invoice, 30)
        record = self._of(order, user=self.user_sales_own)
        self.assertRecord(record, amount_open=70, amount_collected=30, stage="overdue")
        steps = {step["key"]: step for step in record.chain}
        self.assertEqual(
            {key: step["state"] for key, step in steps.items()},
            {
                "quotation": "done",
                "order": "done",
                "delivery": "current",
                "invoice": "done",
                "payment": "late",
            },
        )
        self.assertIn("70.00", steps["payment"]["text"])
        self.assertFalse(steps["payment"]["action"], "no way into the payments")
        self.assertFalse(record.action_open_invoices(), "a colleague's invoice")
        payments = self._of(order, user=self.user_accountant).action_open_payments()
        self.assertEqual(
            self.env["crm.cash.report"]
            .with_user(self.user_accountant)
            .search(payments["domain"])
            .amount_received,
            30,
        )

    def test_each_step_leads_to_its_documents(self):
        order = self._order((self.goods, 10))
        picking = self._deliver(order, 4)
        invoice = self._invoice_order(order)
        record = self._of(order)
        self.assertEqual(record.action_open_order()["res_id"], order.id)
        deliveries = record.action_open_deliveries()
        self.assertEqual(
            self.env["stock.picking"].search(deliveries["domain"]),
            order.picking_ids,
        )
        self.assertIn(picking, order.picking_ids)
        self.assertEqual(record.action_open_invoices()["res_id"], invoice.id)
        for source, seen in (
            (self.customer, record),
            (self.goods, record),
            (self.goods.product_tmpl_id, record),
            (order, record),
            (self.contact, record.browse()),
        ):
            domain = source.action_view_sales_records()["domain"]
            self.assertEqual(self._records(domain), seen, source)
        order.contact_id = self.contact
        domain = self.contact.action_view_sales_records()["domain"]
        self.assertEqual(self._records(domain).contact_id, self.contact)

    # ------------------------------------------------------------------
    # Contract and contact
    # ------------------------------------------------------------------

    def test_a_contact_belongs_to_the_customer(self):
        stranger = self._create_contact(self._create_customer(name="Other"))
        order = self._order((self.prepaid, 1), contact_id=self.contact.id)
        with self.assertRaises(ValidationError) as refusal:
            order.contact_id = stranger
        self.assertIn("no contact of Buying Customer", str(refusal.exception))
        with self.assertRaises(ValidationError):
            order.copy({"partner_id": stranger.parent_id.id})
        order.contact_id = self.customer
        self.assertEqual(self._of(order).contact_id, self.customer)
        order.contact_id = False
        self.assertFalse(self._of(order).contact_id)
        personal = self._order((self.prepaid, 1), partner_id=self.contact.id)
        record = self._of(personal)
        self.assertEqual(record.contact_id, self.contact)
        self.assertEqual(record.commercial_partner_id, self.customer)

    def test_the_form_proposes_whom_to_call(self):
        self.customer.primary_contact_id = self.contact
        form = Form(self.env["sale.order"].with_user(self.user_sales_own))
        form.partner_id = self.customer
        self.assertEqual(form.contact_id, self.contact)
        form.partner_id = self._create_customer(name="Nobody there")
        self.assertNotEqual(form.contact_id, self.contact)

    def test_contract_number(self):
        order = self._order((self.prepaid, 1), contract_number=" HT-2026/7 ")
        self.assertEqual(order.contract_number, "HT-2026/7")
        second = self._order((self.prepaid, 1), contract_number="HT-2026/7")
        for domain in (
            [("contract_number", "=", "HT-2026/7")],
            [("contract_number", "ilike", "2026/7")],
        ):
            self.assertEqual(self._records(domain).order_id, order + second)
        second.contract_number = False
        self.env.company.crm_contract_number_unique = True
        with self.assertRaises(ValidationError) as refusal:
            second.contract_number = "HT-2026/7"
        self.assertIn("contract HT-2026/7 already", str(refusal.exception))
        with self.assertRaises(ValidationError):
            self._order(
                (self.prepaid, 1),
                partner_id=self.contact.id,
                contract_number="HT-2026/7",
            )
        elsewhere = self._create_customer(name="Other")
        self._order(
            (self.prepaid, 1), partner_id=elsewhere.id, contract_number="HT-2026/7"
        )
        self.assertFalse(order.copy().contract_number)
        order._action_cancel()
        second.contract_number = "HT-2026/7"
        with self.assertRaises(ValidationError):
            order.action_draft()

    def test_the_setting_is_the_crm_administrators(self):
        settings = self.env["crm.custom.settings"].with_user(self.user_crm_admin)
        settings.create({"crm_contract_number_unique": True}).execute()
        self.assertTrue(self.env.company.crm_contract_number_unique)

    # ------------------------------------------------------------------
    # What it costs
    # ------------------------------------------------------------------

    def test_queries_do_not_grow(self):
        specification = {
            "date": {},
            "order_name": {},
            "commercial_partner_id": {"fields": {"display_name": {}}},
            "contact_id": {"fields": {"display_name": {}}},
            "product_id": {"fields": {"display_name": {}}},
            "price_subtotal": {},
            "qty_to_deliver": {},
            "amount_collected": {},
            "amount_open": {},
            "stage": {},
        }
        counts = []
        for size in (10, 1000):
            order = self._order(
                *((self.prepaid, 1, {"price_unit": n + 1}) for n in range(size))
            )
            self._pay(self._invoice_order(order), 5)
            self.env.flush_all()
            model = self.env["crm.sales.record"].with_user(self.user_sales_manager)
            # the first read fills caches that the making of the rows may have emptied
            for _read in ("first", "counted"):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                found = model.web_search_read(
                    [("order_id", "=", order.id)], specification, limit=2000
                )
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(found["length"], size)
            self.assertEqual(
                round(sum(row["amount_collected"] for row in found["records"]), 2), 5
            )
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 12)
