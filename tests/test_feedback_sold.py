"""The products of a case are those that its customer was really sold."""

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command

from .feedback_common import FeedbackCase


class TestFeedbackSold(FeedbackCase):
    def test_the_documents_of_a_product_are_found(self):
        order = self._order((self.goods, 5), (self.prepaid, 2))
        picking = self._deliver(order)
        invoice = self._invoice_order(order)
        case = self._case(
            line_ids=[self._line(self.goods), self._line(self.prepaid, quantity=2)]
        )
        for line, order_line in zip(case.line_ids, order.order_line, strict=True):
            line_sudo = line.sudo()
            self.assertEqual(line_sudo.order_line_id, order_line)
            self.assertEqual(line_sudo.order_id, order)
            self.assertEqual(line_sudo.picking_id, picking)
            self.assertEqual(line_sudo.move_id.sale_line_id, order_line)
            self.assertEqual(line_sudo.invoice_id, invoice)

    def test_the_latest_sale_unless_one_is_named(self):
        old = self._order((self.goods, 1), date_order="2026-01-01")
        new = self._order((self.goods, 1), date_order="2026-02-01")
        line = self._case(line_ids=[self._line(self.goods)]).line_ids.sudo()
        self.assertEqual(line.order_id, new)
        named = self._line(self.goods, order_line_id=old.order_line.id)
        self.assertEqual(self._case(line_ids=[named]).line_ids.sudo().order_id, old)

    def test_what_was_invoiced_or_delivered_without_an_order(self):
        invoice = self._create_invoice_of(self.customer, post=True)
        line = self._case(line_ids=[self._line(self.crm_product)]).line_ids.sudo()
        self.assertEqual(line.invoice_id, invoice)
        self.assertFalse(line.order_id)
        picking = self.env["stock.picking"].create(
            {
                "partner_id": self.contact.id,
                "picking_type_id": self.warehouse.out_type_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.goods.id,
                            "product_uom_qty": 1,
                            "location_id": self.warehouse.lot_stock_id.id,
                            "location_dest_id": self.env.ref(
                                "stock.stock_location_customers"
                            ).id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking.button_validate()
        line = self._case(line_ids=[self._line(self.goods)]).line_ids.sudo()
        self.assertEqual(line.picking_id, picking)

    def test_a_product_never_sold_to_him_is_refused(self):
        self._order((self.goods, 1), partner_id=self.stranger.id)
        self._order((self.goods, 1), confirm=False)
        with self.assertRaisesRegex(ValidationError, "was never sold to"):
            self._case(line_ids=[self._line(self.goods)])
        with self.assertRaisesRegex(ValidationError, "Choose the customer first"):
            self._case(
                partner_id=False,
                email_from="a@b.example.com",
                line_ids=[self._line(self.goods)],
            )
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaisesRegex(ValidationError, "was never sold to"):
            self.env["crm.feedback"].create(
                {
                    "subject": "x",
                    "company_id": other.id,
                    "partner_id": self.stranger.id,
                    "line_ids": [self._line(self.goods)],
                }
            )

    def test_a_manager_takes_it_and_says_why(self):
        reason = "Bought from a dealer"
        taken = self._line(self.goods, unsold_reason=reason)
        with self.assertRaisesRegex(AccessError, "Only a feedback manager"):
            self._case(line_ids=[taken])
        case = self._case(user=self.manager, line_ids=[taken])
        self.assertEqual(case.line_ids.unsold_user_id, self.manager)
        self.assertIn(reason, "".join(case.message_ids.mapped("body")))
        forged = self._line(
            self.goods, unsold_reason=reason, unsold_user_id=self.agent.id
        )
        case = self._case(user=self.manager, line_ids=[forged])
        self.assertEqual(case.line_ids.unsold_user_id, self.manager)

    def test_documents_of_others_are_refused_and_told_to_nobody(self):
        """By id: an order line, a move, an invoice line of another customer."""
        self._order((self.goods, 1))
        theirs = self._order((self.goods, 3), partner_id=self.stranger.id)
        picking = self._deliver(theirs)
        invoice = self._invoice_order(theirs)
        for name, document in (
            ("order_line_id", theirs.order_line),
            ("move_id", picking.move_ids),
            ("invoice_line_id", invoice.invoice_line_ids[0]),
        ):
            line = self._line(self.goods, **{name: document.id})
            with self.assertRaises(ValidationError) as caught:
                self._case(line_ids=[line])
            self.assertNotIn("Another", str(caught.exception))
            self.assertNotIn(theirs.name, str(caught.exception))
        # what follows is not to be written
        line = self._line(self.goods, order_id=theirs.id, invoice_id=invoice.id)
        written = self._case(line_ids=[line]).line_ids
        self.assertNotEqual(written.sudo().order_id, theirs)
        self.assertFalse(written.sudo().invoice_id)
        written.write({"picking_id": picking.id})
        self.assertFalse(written.sudo().picking_id)

    def test_lots(self):
        serial = self._product("Machine", tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": serial.id} for name in ("L-1", "L-2")]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(
                serial, self.warehouse.lot_stock_id, 1, lot_id=lot
            )
        orders = self._order((serial, 1)), self._order((serial, 1))
        for order in orders:
            order.picking_ids.action_assign()
            order.picking_ids.move_ids.picked = True
            order.picking_ids.button_validate()
        sold = orders[0].picking_ids.move_line_ids.lot_id
        case = self._case(line_ids=[self._line(serial, lot_name=f" {sold.name} ")])
        self.assertEqual(case.line_ids.sudo().lot_id, sold)
        self.assertEqual(case.line_ids.sudo().order_id, orders[0])
        with self.assertRaisesRegex(ValidationError, "never delivered"):
            case.line_ids.lot_name = "L-9"

    def test_another_customer_another_check(self):
        self._order((self.goods, 1))
        case = self._case(line_ids=[self._line(self.goods)])
        with self.assertRaisesRegex(ValidationError, "none by which|never sold"):
            case.write({"partner_id": self.stranger.id})

    def test_what_he_was_sold_is_found_by_whoever_takes_the_case(self):
        self._order((self.goods, 1))
        self._create_invoice_of(self.customer, post=True)
        products = self.env["product.product"].with_user(self.agent)

        def sold_to(partner):
            return products.search([("crm_sold_to_id", "=", partner.id)])

        self.assertEqual(sold_to(self.customer), self.goods | self.crm_product)
        self.assertEqual(sold_to(self.contact), self.goods | self.crm_product)
        self.assertFalse(sold_to(self.stranger))
        self.assertNotIn(
            "crm_sold_to_id", self.goods.with_user(self.user_portal).fields_get()
        )
