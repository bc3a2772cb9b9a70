from odoo import models


class CrmFeedbackMerge(models.TransientModel):
    _inherit = "crm.feedback.merge"

    def _move_history(self, source_sudo, target_sudo):
        """What was told of one of them is not told again of the one that goes on."""
        super()._move_history(source_sudo, target_sudo)
        known = target_sudo.escalation_ids.step_id
        moved = source_sudo.escalation_ids.filtered(
            lambda escalation: escalation.step_id not in known
        )
        moved.feedback_id = target_sudo

    def _prepare_target_vals(self, target_sudo, sources_sudo):
        """A day that was agreed upon goes along; a policy's follows from the case."""
        vals = super()._prepare_target_vals(target_sudo, sources_sudo)
        vals.pop("date_deadline", None)
        agreed = sources_sudo.filtered("is_deadline_manual")
        if agreed and not target_sudo.is_deadline_manual:
            vals["date_deadline"] = min(agreed.mapped("date_deadline"))
        return vals
