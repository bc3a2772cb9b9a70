from odoo import fields, models


class CrmCustomerType(models.Model):
    _inherit = "crm.customer.type"

    contact_cadence_days = fields.Integer(
        string="Contact every (days)",
        help="How many days may pass between two contacts with a customer of this type."
        " 0: no cadence. A customer may have one of his own.",
    )

    _contact_cadence_positive = models.Constraint(
        "CHECK(contact_cadence_days >= 0)", "The cadence cannot be negative."
    )

    def write(self, vals):
        result = super().write(vals)
        if "contact_cadence_days" in vals:
            # sudo: the dates of customers whom the user does not see follow, too
            customers = (
                self.env["res.partner"]
                .sudo()
                .with_context(active_test=False)
                .search([("customer_type_id", "in", self.ids)])
            )
            self.env["crm.contact.schedule"]._refresh(customers.ids)
        return result
