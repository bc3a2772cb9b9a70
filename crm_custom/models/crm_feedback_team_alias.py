from ast import literal_eval

from odoo import fields, models


class CrmFeedbackTeam(models.Model):
    """A team's own address: what is written to it becomes a case of the team."""

    _name = "crm.feedback.team"
    _inherit = ["crm.feedback.team", "mail.alias.mixin"]

    send_acknowledgement = fields.Boolean(
        default=True,
        help="Who opens a case by e-mail, in the portal or on the public page is told"
        " its number at once, in his language.",
    )

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        # sudo: the names of models are the administrator's
        model_sudo = self.env["ir.model"].sudo()._get("crm.feedback")
        values["alias_model_id"] = model_sudo.id
        if self.id:
            defaults = literal_eval(self.alias_defaults or "{}")
            values["alias_defaults"] = {**defaults, "team_id": self.id}
        return values
