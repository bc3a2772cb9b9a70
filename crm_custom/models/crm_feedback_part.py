from odoo import fields, models


class CrmFeedbackPart(models.AbstractModel):
    """What belongs to a case: who may change the case may change its parts."""

    _name = "crm.feedback.part"
    _description = "Part of a feedback case"

    feedback_id = fields.Many2one(
        "crm.feedback", string="Case", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="feedback_id.company_id")

    def _check_access(self, operation):
        """Who takes a case in brings its parts along, whosever the case is then."""
        result = super()._check_access(operation)
        if result or operation == "read" or self.env.su or not any(self._ids):
            return result
        # sudo: which cases; what may be done with them is what is asked
        parts_sudo = self.sudo()
        cases_sudo = parts_sudo.feedback_id
        if operation == "create":
            now, user = self.env.cr.now(), self.env.user
            cases_sudo = cases_sudo.filtered(
                lambda case: case.create_uid != user or case.create_date != now
            )
        refused = cases_sudo.sudo(False)._check_access("write")
        if not refused:
            return None
        cases, get_error = refused
        parts_sudo = parts_sudo.filtered(lambda part: part.feedback_id in cases)
        return parts_sudo.sudo(False), get_error

    def write(self, vals):
        """A part goes only to a case that one may change too."""
        result = super().write(vals)
        if "feedback_id" in vals:
            self.check_access("write")
        return result
