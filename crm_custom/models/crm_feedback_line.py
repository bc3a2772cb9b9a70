from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from .crm_feedback_sold import Wanted, find_sold

# what somebody may name, and what follows from it
SOURCES = ("order_line_id", "move_id", "invoice_line_id")
FOUND = (*SOURCES, "order_id", "picking_id", "invoice_id", "lot_id")


class CrmFeedbackLine(models.Model):
    """A product that a case is about, and by which documents the customer got it.

    A product that was never sold to the customer of the case is refused, unless a
    feedback manager writes down why it is taken.
    """

    _name = "crm.feedback.line"
    _description = "Product of a feedback case"
    _order = "feedback_id, id"
    _rec_name = "product_id"
    _inherit = ["crm.feedback.part"]

    product_id = fields.Many2one(
        "product.product", required=True, index=True, ondelete="restrict"
    )
    quantity = fields.Float(default=1.0, required=True, digits="Product Unit")
    uom_id = fields.Many2one(related="product_id.uom_id")
    lot_name = fields.Char(
        string="Lot or serial number",
        help="As it was delivered to the customer: another one is refused.",
    )
    lot_id = fields.Many2one(
        "stock.lot", index="btree_not_null", readonly=True, ondelete="set null"
    )
    order_line_id = fields.Many2one(
        "sale.order.line", index="btree_not_null", ondelete="set null"
    )
    order_id = fields.Many2one(
        "sale.order", index="btree_not_null", readonly=True, ondelete="set null"
    )
    move_id = fields.Many2one("stock.move", index="btree_not_null", ondelete="set null")
    picking_id = fields.Many2one(
        "stock.picking",
        string="Delivery",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
    )
    invoice_line_id = fields.Many2one(
        "account.move.line", index="btree_not_null", ondelete="set null"
    )
    invoice_id = fields.Many2one(
        "account.move",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
    )
    unsold_reason = fields.Char(
        string="Taken though never sold",
        copy=False,
        help="Why a feedback manager takes a product that this customer was never sold,"
        " such as one that he bought from a dealer.",
    )
    unsold_user_id = fields.Many2one(
        "res.users",
        string="Taken by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "The quantity must be more than nothing."
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create([self._clean(vals) for vals in vals_list])
        unsold = lines.filtered("unsold_reason")
        if unsold:
            unsold._record_unsold()
        lines._link_to_sold()
        return lines

    def write(self, vals):
        vals = self._clean(vals)
        result = super().write(vals)
        if "unsold_reason" in vals:
            self._record_unsold()
        changed = {"feedback_id", "product_id", "lot_name", "unsold_reason", *SOURCES}
        if not changed.isdisjoint(vals):
            if "product_id" in vals or "lot_name" in vals:
                # named for the product that it was
                stale = set(FOUND) - vals.keys()
                super().write(dict.fromkeys(stale, False))
            self._link_to_sold()
        return result

    @api.model
    def _clean(self, vals):
        """What follows from other values is nobody's to write."""
        vals = {
            name: value
            for name, value in vals.items()
            if name in SOURCES or name not in (*FOUND, "unsold_user_id")
        }
        if isinstance(vals.get("lot_name"), str):
            vals["lot_name"] = vals["lot_name"].strip() or False
        return vals

    # ------------------------------------------------------------
    # What was sold
    # ------------------------------------------------------------

    def _link_to_sold(self):
        """Set the documents by which the customers got these products, or refuse."""
        if not self:
            return
        # sudo: the documents are those of this case's customer and product alone, and
        # whoever sees the case may know them; he may read no orders or deliveries
        lines_sudo = self.sudo()
        wanted = [
            Wanted(
                customer_id=line.feedback_id.partner_id.id or 0,
                company_id=line.feedback_id.company_id.id,
                product_id=line.product_id.id,
                lot_name=line.lot_name or None,
                **{name: line[name].id or None for name in SOURCES},
            )
            for line in lines_sudo
        ]
        groups = {}
        for line_sudo, one, sold in zip(
            lines_sudo, wanted, find_sold(self.env, wanted), strict=True
        ):
            line_sudo._check_sold(one, sold)
            values = tuple(getattr(sold, name) or False for name in FOUND)
            if values != tuple(line_sudo[name].id for name in FOUND):
                groups.setdefault(values, []).append(line_sudo.id)
        for values, ids in groups.items():
            super(CrmFeedbackLine, lines_sudo.browse(ids)).write(
                dict(zip(FOUND, values, strict=True))
            )

    def _check_sold(self, wanted, sold):
        """Nothing of another customer is told: neither that it is, nor its name."""
        customer = self.feedback_id.partner_id
        for name in SOURCES:
            named = getattr(wanted, name)
            if named and named != getattr(sold, name):
                raise ValidationError(
                    self.env._(
                        "%(product)s: the document that was named is none by which"
                        " %(customer)s got it.",
                        product=self.product_id.display_name,
                        customer=customer.name or self.env._("this customer"),
                    )
                )
        if sold and (not wanted.lot_name or sold.lot_id):
            return
        if self.unsold_reason:
            return
        if not customer:
            raise ValidationError(
                self.env._(
                    "Choose the customer first: the products of a case are those that"
                    " he was sold."
                )
            )
        if wanted.lot_name:
            raise ValidationError(
                self.env._(
                    "%(product)s with the lot or serial number %(lot)s was never"
                    " delivered to %(customer)s: correct the number. A feedback manager"
                    " may take it and write down why.",
                    product=self.product_id.display_name,
                    lot=wanted.lot_name,
                    customer=customer.name,
                )
            )
        raise ValidationError(
            self.env._(
                "%(product)s was never sold to %(customer)s: choose a product of his."
                " A feedback manager may take it and write down why.",
                product=self.product_id.display_name,
                customer=customer.name,
            )
        )

    def _record_unsold(self):
        """Who takes a product that was never sold, and why, stays in the history."""
        if not self.env.su and not self.env.user.has_group(
            "crm_custom.group_crm_custom_feedback_manager"
        ):
            raise AccessError(
                self.env._(
                    "Only a feedback manager takes products that the customer was"
                    " never sold."
                )
            )
        for with_reason in (True, False):
            lines = self.filtered(lambda ln, r=with_reason: bool(ln.unsold_reason) is r)
            if lines:
                super(CrmFeedbackLine, lines).write(
                    {"unsold_user_id": self.env.uid if with_reason else False}
                )
        taken = self.filtered("unsold_reason")
        if taken:
            taken.feedback_id._message_log_batch(
                bodies={
                    case.id: self.env._(
                        "Taken though never sold to this customer: %(products)s",
                        products="; ".join(
                            f"{line.product_id.display_name} ({line.unsold_reason})"
                            for line in lines
                        ),
                    )
                    for case, lines in taken.grouped("feedback_id").items()
                }
            )
