from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmInteractionOutcome(models.Model):
    _name = "crm.interaction.outcome"
    _description = "Contact outcome"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(string="In use", default=True)
    color = fields.Integer()
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

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: a contact that the user does not see keeps its outcome, too
        used = (
            self.env["crm.interaction"]
            .sudo()
            .with_context(active_test=False)
            .search([("outcome_id", "in", self.ids)], limit=1)
            .outcome_id
        )
        if used:
            raise UserError(
                self.env._(
                    "Contacts ended with %(name)s: archive it instead.",
                    name=used.name,
                )
            )
