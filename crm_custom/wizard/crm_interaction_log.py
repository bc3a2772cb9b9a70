from odoo import fields, models


class CrmInteractionLog(models.TransientModel):
    """The same contact with several customers: a letter, a fair, a round of calls."""

    _name = "crm.interaction.log"
    _description = "Log a contact with several customers"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    channel_id = fields.Many2one(
        "crm.interaction.channel",
        required=True,
        default=lambda self: self.env["crm.interaction.channel"].search([], limit=1),
    )
    direction = fields.Selection(
        lambda self: self.env["crm.interaction"]._fields["direction"].selection,
        required=True,
        default="out",
    )
    date_start = fields.Datetime(
        string="Date", required=True, default=fields.Datetime.now
    )
    outcome_id = fields.Many2one("crm.interaction.outcome")
    subject = fields.Char()
    note = fields.Html()
    next_step = fields.Char()
    next_date = fields.Date(string="Next step on")

    def action_log(self):
        """One entry a customer or contact chosen; all or, when one is refused, none."""
        self.ensure_one()
        values = self._convert_to_write(
            {
                name: self[name]
                for name in (
                    "channel_id",
                    "direction",
                    "date_start",
                    "outcome_id",
                    "subject",
                    "note",
                    "next_step",
                    "next_date",
                )
            }
        )
        interactions = self.env["crm.interaction"].create(
            [{**values, "partner_id": partner.id} for partner in self.partner_ids]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_interaction_action"
        )
        action["domain"] = [("id", "in", interactions.ids)]
        action["context"] = {
            "crm_print_view": "crm_custom.crm_interaction_view_list_print"
        }
        return action
