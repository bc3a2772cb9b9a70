"""The buttons of orders, deliveries, invoices and products that lead to their cases."""

from odoo import api, fields, models
from odoo.fields import Command

FEEDBACK_GROUPS = (
    "crm_custom.group_crm_custom_feedback_agent,sales_team.group_sale_salesman"
)
# a document of more lines is about everything and nothing: its user chooses
MAX_LINES = 20


class CrmFeedbackDoor(models.AbstractModel):
    """A document or product that cases are about."""

    _name = "crm.feedback.door"
    _description = "What a feedback case may be about"

    #: the field of a case, and that of its lines, which lead here
    _feedback_field = ""
    _feedback_line_field = ""

    feedback_count = fields.Integer(
        string="Feedback", compute="_compute_feedback_count", groups=FEEDBACK_GROUPS
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_feedback_count(self):
        """Cases that the user may read, each once: two queries."""
        found = {}
        for model, name, case in (
            ("crm.feedback", self._feedback_field, "id"),
            ("crm.feedback.line", self._feedback_line_field, "feedback_id"),
        ):
            if not name:
                continue
            for document, cases in self.env[model]._read_group(
                [(name, "in", self.ids)], [name], [f"{case}:recordset"]
            ):
                found.setdefault(document.id, set()).update(cases.ids)
        for document in self:
            document.feedback_count = len(found.get(document._origin.id, ()))

    def _get_feedback_domain(self):
        domain = [(f"line_ids.{self._feedback_line_field}", "in", self.ids)]
        if self._feedback_field:
            domain = ["|", (self._feedback_field, "in", self.ids), *domain]
        return domain

    def action_view_feedback(self):
        """The cases about this; a new one, with what is known, where there is none."""
        self.ensure_one()
        return self.env["crm.feedback"]._get_action(
            self._get_feedback_domain(), self._get_feedback_defaults()
        )

    def _get_feedback_defaults(self):
        """What is known of a case that is opened from here."""
        return {}

    @api.model
    def _get_feedback_lines(self, lines, name, quantity):
        """Commands that make lines of a case of the lines of a document."""
        lines = lines.filtered("product_id")
        if len(lines) > MAX_LINES:
            return []
        return [
            Command.create(
                {
                    "product_id": line.product_id.id,
                    "quantity": line[quantity],
                    name: line.id,
                }
            )
            for line in lines
            if line[quantity] > 0
        ]


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "crm.feedback.door"]

    _feedback_field = _feedback_line_field = "order_id"

    def _get_feedback_defaults(self):
        lines = self.order_line.filtered(lambda line: not line.display_type)
        return {
            "default_partner_id": self.partner_id.id,
            "default_contact_id": self.contact_id.id,
            "default_company_id": self.company_id.id,
            "default_order_id": self.id,
            "default_line_ids": self._get_feedback_lines(
                lines, "order_line_id", "product_uom_qty"
            )
            if self.state == "sale"
            else [],
        }


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "crm.feedback.door"]

    _feedback_field = _feedback_line_field = "picking_id"

    def _get_feedback_defaults(self):
        # sudo: the order's customer and contact; who may read the delivery knows them
        order_sudo = self.sudo().sale_id
        moves = self.move_ids.filtered(lambda move: move.state == "done")
        return {
            "default_partner_id": (order_sudo.partner_id or self.partner_id).id,
            "default_contact_id": order_sudo.contact_id.id,
            "default_company_id": self.company_id.id,
            "default_picking_id": self.id,
            "default_line_ids": self._get_feedback_lines(moves, "move_id", "quantity"),
        }


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "crm.feedback.door"]

    _feedback_field = _feedback_line_field = "invoice_id"

    def _get_feedback_defaults(self):
        lines = self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        return {
            "default_partner_id": self.partner_id.id,
            "default_company_id": self.company_id.id,
            "default_invoice_id": self.id,
            "default_line_ids": self._get_feedback_lines(
                lines, "invoice_line_id", "quantity"
            )
            if self.state == "posted" and self.move_type == "out_invoice"
            else [],
        }


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "crm.feedback.door"]

    _feedback_line_field = "product_id"

    def _get_feedback_defaults(self):
        return {"default_line_ids": [Command.create({"product_id": self.id})]}


class ProductTemplate(models.Model):
    _inherit = "product.template"

    feedback_count = fields.Integer(
        string="Feedback", compute="_compute_feedback_count", groups=FEEDBACK_GROUPS
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_feedback_count(self):
        lines = self.env["crm.feedback.line"]
        found = {}
        for product, cases in lines._read_group(
            [("product_id.product_tmpl_id", "in", self.ids)],
            ["product_id"],
            ["feedback_id:recordset"],
        ):
            found.setdefault(product.product_tmpl_id.id, set()).update(cases.ids)
        for template in self:
            template.feedback_count = len(found.get(template._origin.id, ()))

    def action_view_feedback(self):
        """The cases about all variants."""
        self.ensure_one()
        variants = self.product_variant_ids
        defaults = variants._get_feedback_defaults() if len(variants) == 1 else {}
        return self.env["crm.feedback"]._get_action(
            [("line_ids.product_id.product_tmpl_id", "in", self.ids)], defaults
        )
