"""The world of the sales tests: orders, and what Odoo's own documents make of them."""

from odoo.fields import Command

from .common import CrmCustomAccountCase


class SalesCase(CrmCustomAccountCase):
    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.env.ref("sales_team.group_sale_manager")
            | cls.env.ref("stock.group_stock_manager")
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer(
            name="Buying Customer", property_payment_term_id=False
        )
        cls.contact = cls._create_contact(cls.customer, name="Buying Person")
        cls.goods = cls._product("Goods", list_price=100, standard_price=60)
        cls.prepaid = cls._product(
            "Prepaid goods", list_price=50, invoice_policy="order"
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        for product in (cls.goods, cls.prepaid):
            cls._put_in_stock(product, 1000)
        cls.tax_21 = cls.env["account.tax"].create(
            {"name": "21 %", "amount": 21, "type_tax_use": "sale"}
        )

    @classmethod
    def _product(cls, name, **vals):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": vals.get("type", "consu") == "consu",
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
                "sale_delay": 5,
                **vals,
            }
        )

    @classmethod
    def _put_in_stock(cls, product, quantity):
        cls.env["stock.quant"]._update_available_quantity(
            product, cls.warehouse.lot_stock_id, quantity
        )

    @classmethod
    def _order(cls, *lines, confirm=True, **vals):
        """An order; each line is a product, a quantity and maybe other values."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "user_id": cls.user_sales_own.id,
                "payment_term_id": False,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "tax_ids": [Command.clear()],
                            **(more[0] if more else {}),
                        }
                    )
                    for product, quantity, *more in lines
                ],
                **vals,
            }
        )
        if confirm:
            order.action_confirm()
            if "date_order" in vals:
                order.date_order = vals["date_order"]
        return order

    @classmethod
    def _deliver(cls, order, *quantities, backorder=True):
        """Deliver quantities, by move of the open transfer; all without any."""
        picking = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )[:1]
        picking.action_assign()
        for index, move in enumerate(picking.move_ids):
            quantity = quantities[index] if quantities else move.product_uom_qty
            move.write({"quantity": quantity, "picked": bool(quantity)})
        picking.with_context(
            skip_backorder=True,
            picking_ids_not_to_backorder=[] if backorder else picking.ids,
        ).button_validate()
        return picking

    @classmethod
    def _return(cls, picking, quantity, refund=True):
        """Take a quantity of the first move back by Odoo's wizard."""
        wizard = (
            cls.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves[1:].quantity = 0
        wizard.product_return_moves[0].write(
            {"quantity": quantity, "to_refund": refund}
        )
        action = wizard.action_create_returns()
        back = cls.env["stock.picking"].browse(action["res_id"])
        back.move_ids.filtered("product_uom_qty").write({"picked": True})
        for move in back.move_ids:
            move.quantity = move.product_uom_qty
        back.button_validate()
        return back

    @classmethod
    def _invoice_order(cls, orders, date="2026-01-10", post=True, **vals):
        """Invoice what there is to invoice; credit notes where it is negative."""
        moves = orders._create_invoices(final=True)
        moves.write({"invoice_date": date, "invoice_date_due": date, **vals})
        if post:
            moves.action_post()
        return moves

    @classmethod
    def _pay(cls, moves, amount=None, date="2026-02-10", **vals):
        """Register a payment by Odoo's wizard."""
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"payment_date": date, **vals})
        )
        if amount is not None:
            wizard.amount = amount
        return wizard._create_payments()

    @classmethod
    def _credit(cls, invoice, amount=None, date="2026-02-01", mode="refund_moves"):
        """Odoo's reversal wizard; with an amount, it is of one line and this price."""
        wizard = (
            cls.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"date": date, "journal_id": invoice.journal_id.id})
        )
        action = wizard.reverse_moves(is_modify=mode != "refund_moves")
        note = cls.env["account.move"].browse(action["res_id"])
        if amount is not None:
            line = max(note.invoice_line_ids, key=lambda line: line.price_total)
            (note.invoice_line_ids - line).unlink()
            line.write({"quantity": 1, "price_unit": amount, "discount": 0})
        if note.state == "draft":
            note.action_post()
        return note

    @classmethod
    def _records(cls, domain=(), user=None, **context):
        """Sales records of the company, as a user reads them."""
        # rows of a view stay in the cache, and the documents have changed since
        cls.env.flush_all()
        cls.env.invalidate_all()
        model = cls.env["crm.sales.record"].with_user(user or cls.user_sales_manager)
        return model.with_context(**context).search(
            [("company_id", "=", cls.env.company.id), *domain], order="id"
        )

    @classmethod
    def _of(cls, order, **options):
        return cls._records([("order_id", "=", order.id)], **options)

    def assertRecord(self, record, **expected):
        found = {name: record[name] for name in expected}
        self.assertEqual(found, expected)
