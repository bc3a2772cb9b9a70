from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ..models.crm_feedback_compensation_approval import MAKE
from ..report.crm_feedback_cost import KINDS

#: who makes such documents, for the list of those who can be asked
MAKERS = {
    "credit": "account.group_account_invoice",
    "reduction": "account.group_account_invoice",
    "return": "stock.group_stock_user",
    "replacement": "sales_team.group_sale_salesman_all_leads",
    "repair": "stock.group_stock_user",
}


class CrmFeedbackCompensate(models.TransientModel):
    """What does the customer get, for which products, and how much of each?"""

    _name = "crm.feedback.compensate"
    _description = "Compensate a customer"

    feedback_id = fields.Many2one(
        "crm.feedback", string="Case", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="feedback_id.company_id")
    kind = fields.Selection(
        KINDS, string="What the customer gets", required=True, default="credit"
    )
    line_ids = fields.One2many("crm.feedback.compensate.line", "wizard_id")
    note = fields.Text(string="Why")
    technician_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who repairs it. His time is booked in his calendar.",
    )
    date_planned = fields.Datetime(string="Planned for")
    duration = fields.Float(
        string="Hours", default=1.0, help="How long. 0: nobody's time is booked."
    )
    may_make = fields.Boolean(
        compute="_compute_may_make", export_string_translation=False
    )
    maker_ids = fields.Many2many(
        "res.users",
        compute="_compute_may_make",
        export_string_translation=False,
    )
    asked_id = fields.Many2one(
        "res.users",
        string="Ask",
        domain="[('id', 'in', maker_ids)]",
        help="Who makes the document: he gets an activity with what you propose.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        case = self.env["crm.feedback"].browse(values.get("feedback_id"))
        if case and "line_ids" in fields:
            case.check_access("write")
            values["line_ids"] = [
                Command.create({"feedback_line_id": line.id}) for line in case.line_ids
            ]
        return values

    @api.depends("kind", "feedback_id")
    def _compute_may_make(self):
        for wizard in self:
            wizard.may_make = bool(wizard.kind) and self.env[
                "crm.feedback.compensation"
            ]._may_make(wizard.kind)
            wizard.maker_ids = (
                wizard.kind and not wizard.may_make and wizard._get_makers()
            )

    def _get_makers(self):
        # sudo: who may make such documents, by name
        users_sudo = self.env["res.users"].sudo()
        return users_sudo.search(
            Domain("all_group_ids", "in", self.env.ref(MAKERS[self.kind]).ids)
            & Domain("company_ids", "in", self.feedback_id.company_id.ids)
            & Domain("share", "=", False)
            & Domain("id", "!=", self.env.uid)
        ).sudo(False)

    @api.onchange("kind")
    def _onchange_kind(self):
        self.asked_id = False

    def action_propose(self):
        """Propose it; go on to Odoo's own form where the user may make it."""
        self.ensure_one()
        compensations = self._propose()
        if self.may_make and len(compensations) == 1:
            if compensations.state == "proposed":
                return compensations.action_make()
        return {"type": "ir.actions.act_window_close"}

    def _propose(self):
        case = self.feedback_id
        if not self.may_make and self.asked_id not in self.maker_ids:
            raise UserError(self.env._("Choose who makes the document."))
        if self.kind == "repair" and not self.date_planned:
            raise UserError(self.env._("Say when it is repaired."))
        is_repair = self.kind == "repair"
        compensations = case._propose_compensation(
            self.kind,
            [
                (line.feedback_line_id, line.quantity, line.reduction)
                for line in self.line_ids
            ],
            note=self.note,
            technician_id=is_repair and self._get_technician().id,
            date_planned=is_repair and self.date_planned,
            duration=self.duration if is_repair else 0.0,
        )
        if not self.may_make:
            # sudo: nobody writes these records; an activity is planned on them
            for compensation_sudo in compensations.sudo():
                compensation_sudo._ask(MAKE, self.asked_id)
        return compensations

    def _get_technician(self):
        technician = self.technician_id
        # sudo: where he works, whoever may read users
        companies_sudo = technician.sudo().company_ids
        if technician and (
            technician.share or self.feedback_id.company_id not in companies_sudo
        ):
            raise AccessError(
                self.env._(
                    "%s does not work in the company of this case.", technician.name
                )
            )
        return technician


class CrmFeedbackCompensateLine(models.TransientModel):
    """A product of the case. What it says is checked again on proposing."""

    _name = "crm.feedback.compensate.line"
    _description = "Product to compensate"

    wizard_id = fields.Many2one(
        "crm.feedback.compensate",
        required=True,
        ondelete="cascade",
        export_string_translation=False,
    )
    kind = fields.Selection(related="wizard_id.kind")
    feedback_line_id = fields.Many2one(
        "crm.feedback.line", required=True, ondelete="cascade"
    )
    # without sudo: of a product of a case that the user may read
    product_id = fields.Many2one(
        related="feedback_line_id.product_id", related_sudo=False
    )
    uom_id = fields.Many2one(related="feedback_line_id.uom_id", related_sudo=False)
    quantity_left = fields.Float(
        string="Possible",
        digits="Product Unit",
        compute="_compute_quantity_left",
        help="What the customer complains of, less what is compensated already, and no"
        " more than was invoiced or delivered.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        help="0: not this product.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_quantity_left")
    price = fields.Monetary(
        string="Invoiced at",
        compute="_compute_quantity_left",
        help="One piece, as the invoice states prices.",
    )
    reduction = fields.Monetary(
        help="In all for this quantity, as the invoice states prices: with tax where"
        " they include it.",
    )

    @api.depends("feedback_line_id", "wizard_id.kind")
    def _compute_quantity_left(self):
        for line in self:
            product = line.feedback_line_id._origin
            if not product or not product.has_access("write"):
                product = product.browse()
            # sudo: what was paid for it, for who works on the case and may read no
            # invoices
            item_sudo = product.sudo().invoice_line_id
            kind = line.wizard_id.kind
            line.quantity_left = (
                product._get_quantity_left(kind) if product and kind else 0.0
            )
            line.currency_id = item_sudo.currency_id
            line.price = product._get_price() if item_sudo else 0.0

    @api.depends("quantity_left")
    def _compute_quantity(self):
        for line in self:
            line.quantity = line.quantity_left
