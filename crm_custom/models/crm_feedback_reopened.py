from odoo import fields, models


class CrmFeedback(models.Model):
    """How often a case came back that was solved or closed."""

    _inherit = "crm.feedback"

    reopen_count = fields.Integer(
        string="Reopened",
        readonly=True,
        copy=False,
        help="How often it was opened again after it had been solved or closed.",
    )

    def write(self, vals):
        over = self.browse()
        if "stage_id" in vals or "team_id" in vals:
            over = self.filtered(lambda case: case.is_solved or case.is_closed)
        result = super().write(vals)
        back = over.filtered(lambda case: not (case.is_solved or case.is_closed))
        for count, cases in back.grouped("reopen_count").items():
            # sudo: it follows from the stage, whoever may still change the case
            super(CrmFeedback, cases.sudo()).write({"reopen_count": count + 1})
        return result
