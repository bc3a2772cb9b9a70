from odoo import api, fields, models
from odoo.fields import Domain

from .crm_feedback_doors import FEEDBACK_GROUPS

OPEN_COMPLAINT = Domain("is_closed", "=", False) & Domain(
    "type_id.is_complaint", "=", True
)


class CrmFeedback(models.Model):
    _inherit = "crm.feedback"

    @api.model
    def _get_complaint_action(self, customer):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_feedback_action"
        )
        action["domain"] = [*OPEN_COMPLAINT, ("partner_id", "=", customer.id)]
        action["context"] = {
            "crm_print_view": "crm_custom.crm_feedback_view_list_print"
        }
        return action


class SaleOrder(models.Model):
    """What the customer complains about, before somebody quotes to him anew.

    The cases are asked under the user's own rights.
    """

    _inherit = "sale.order"

    customer_complaint_count = fields.Integer(
        string="Open complaints of the customer",
        compute="_compute_customer_complaint_count",
        groups=FEEDBACK_GROUPS,
        help="Complaints of the customer in this company that are not closed, as far as"
        " you may read them.",
    )

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_customer_complaint_count(self):
        counts = {
            (customer.id, company.id): count
            for customer, company, count in self.env["crm.feedback"]._read_group(
                OPEN_COMPLAINT
                & Domain("partner_id", "in", self.partner_id.commercial_partner_id.ids)
                & Domain("company_id", "in", self.company_id.ids),
                ["partner_id", "company_id"],
                ["__count"],
            )
        }
        for order in self:
            customer = order.partner_id.commercial_partner_id
            order.customer_complaint_count = counts.get(
                (customer.id, order.company_id.id), 0
            )

    def action_view_customer_complaints(self):
        self.ensure_one()
        return self.env["crm.feedback"]._get_complaint_action(
            self.partner_id.commercial_partner_id
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    complaint_count = fields.Integer(
        string="Open complaints",
        compute="_compute_complaint_count",
        groups=FEEDBACK_GROUPS,
        help="Complaints of this customer about this product that are not closed, as"
        " far as you may read them.",
    )

    @api.depends("product_id", "order_id.partner_id", "order_id.company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_complaint_count(self):
        """One query for the products, one for their cases, for any number of lines."""
        customers = self.order_id.partner_id.commercial_partner_id
        cases = {
            product.id: found
            for product, found in self.env["crm.feedback.line"]._read_group(
                Domain("feedback_id", "any", OPEN_COMPLAINT)
                & Domain("feedback_id.partner_id", "in", customers.ids)
                & Domain("product_id", "in", self.product_id.ids),
                ["product_id"],
                ["feedback_id:recordset"],
            )
        }
        for line in self:
            order = line.order_id
            customer = order.partner_id.commercial_partner_id
            found = cases.get(line.product_id.id, self.env["crm.feedback"])
            line.complaint_count = len(
                found.filtered(
                    lambda case, customer=customer, company=order.company_id: (
                        case.partner_id == customer and case.company_id == company
                    )
                )
            )
