from odoo import models


class CrmFeedbackMerge(models.TransientModel):
    _inherit = "crm.feedback.merge"

    def _move_history(self, source_sudo, target_sudo):
        """What was tried goes along, unless the case that goes on has it itself."""
        super()._move_history(source_sudo, target_sudo)
        tried = target_sudo.solution_use_ids.solution_id
        source_sudo.solution_use_ids.filtered(
            lambda use: use.solution_id not in tried
        ).feedback_id = target_sudo
