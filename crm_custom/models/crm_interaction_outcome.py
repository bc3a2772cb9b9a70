from odoo import fields, models


class CrmInteractionOutcome(models.Model):
    _name = "crm.interaction.outcome"
    _description = "Contact outcome"
    _inherit = ["crm.interaction.choice"]

    _chosen_in = "outcome_id"

    is_contact = fields.Boolean(
        string="Counts as contact",
        default=True,
        help="Untick it for an attempt: nobody was reached, so the customer's last"
        " contact stays what it was.",
    )

    def write(self, vals):
        changed = self.filtered(
            lambda outcome: (
                "is_contact" in vals and outcome.is_contact != vals["is_contact"]
            )
        )
        result = super().write(vals)
        if changed:
            # sudo: the dates of customers whom the user does not see follow, too
            interactions = self.env["crm.interaction"].sudo()
            customers = interactions.search(
                [("outcome_id", "in", changed.ids)]
            ).partner_id
            self.env["crm.contact.schedule"]._refresh(customers.ids)
        return result
