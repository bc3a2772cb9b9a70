from odoo import models
from odoo.exceptions import UserError


class CrmFeedbackSolution(models.Model):
    """The buttons beside a solution that is offered in a case."""

    _inherit = "crm.feedback.solution"

    def _get_case(self):
        """The case that is open, named by the context; who may change it is asked."""
        case = self.env["crm.feedback"].browse(
            self.env.context.get("crm_feedback_id") or ()
        )
        case = case.exists()
        if len(case) != 1:
            raise UserError(
                self.env._("Open a case, and choose the solution on its page there.")
            )
        case.check_access("write")
        self.check_access("read")
        return case

    def action_solved_it(self):
        self.ensure_one()
        self._get_case()._solve_with(self)

    def action_not_solved(self):
        self.ensure_one()
        self._get_case()._try_solution(self, "not_solved")

    def action_open(self):
        """To read it, beside the case."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "large"},
        }
