from ast import literal_eval

from odoo import fields, models


class CrmFeedbackTeam(models.Model):
    """A team's own address: what is written to it becomes a case of the team."""

    _name = "crm.feedback.team"
    _inherit = ["crm.feedback.team", "mail.alias.mixin"]

    send_acknowledgement = fields.Boolean(
        default=True,
        help="Who opens a case by e-mail is told its number at once, in his language.",
    )
    reopen_days = fields.Integer(
        string="Reopen within (days)",
        default=14,
        help="For so many days a customer's reply opens a closed case again; later, it"
        " makes a new case that is linked to it. A mere word of thanks does neither.",
    )

    _reopen_days_positive = models.Constraint(
        "CHECK(reopen_days >= 0)", "The days cannot be negative."
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
