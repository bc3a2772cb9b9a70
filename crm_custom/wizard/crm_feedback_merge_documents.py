from odoo import models
from odoo.fields import Domain


class CrmFeedbackMerge(models.TransientModel):
    """What a case has set going goes on with the case that stays."""

    _inherit = "crm.feedback.merge"

    def _move_history(self, source_sudo, target_sudo):
        result = super()._move_history(source_sudo, target_sudo)
        # sudo: what is disputed, whoever may read it
        disputes_sudo = self.env["crm.dispute"].sudo()
        # before the case is closed, which ends what it disputes
        disputes_sudo.search(
            Domain("feedback_id", "=", source_sudo.id)
        ).origin = target_sudo.sudo(False)
        # sudo: all that compensates, whoever may read it
        source_sudo.compensation_ids.feedback_id = target_sudo
        return result
