from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import html2plaintext


class CrmFeedback(models.Model):
    """What is known already is offered; what helped is kept for the next time."""

    _inherit = "crm.feedback"

    solution_use_ids = fields.One2many(
        "crm.feedback.solution.use", "feedback_id", string="Solutions tried"
    )
    offered_solution_ids = fields.Many2many(
        "crm.feedback.solution",
        string="Solutions that may help",
        compute="_compute_offered_solution_ids",
        help="Reviewed solutions of like words, of these products and of this type.",
    )

    @api.depends(
        "subject", "type_id", "line_ids.product_id", "company_id", "solution_use_ids"
    )
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_offered_solution_ids(self):
        for case in self:
            case.offered_solution_ids = (
                self.env["crm.feedback.solution"]._find_for(
                    case.subject,
                    case.line_ids.product_id._origin,
                    case.type_id._origin,
                    case.company_id,
                )
                - case.solution_use_ids.solution_id._origin
            )

    def action_write_solution(self):
        """The solution that this case taught, made of what stands in it."""
        self.ensure_one()
        if not self.is_solved:
            raise UserError(
                self.env._("Write a solution when the case is solved: then it is one.")
            )
        solutions = self.env["crm.feedback.solution"]
        solution = solutions.search([("feedback_id", "=", self.id)], limit=1)
        if not solution:
            solution = solutions.create(self._prepare_solution_vals())
            # no write right is asked for: whoever reads a solved case may learn from it
            if self.has_access("write"):
                self._try_solution(solution, "solved")
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.feedback.solution",
            "res_id": solution.id,
            "view_mode": "form",
        }

    def _prepare_solution_vals(self):
        return {
            "name": self.subject,
            "symptom": html2plaintext(
                self.description or "", include_references=False
            ).strip(),
            "cause_id": self.cause_id.id,
            "instructions": self.result,
            "product_ids": [Command.set(self.line_ids.product_id.ids)],
            "type_ids": [Command.set(self.type_id.ids)],
            "company_id": self.company_id.id,
            "feedback_id": self.id,
        }

    def _try_solution(self, solution, outcome):
        """Note that this solution was tried in this case."""
        use = self.solution_use_ids.filtered(lambda u: u.solution_id == solution)
        if use:
            use.outcome = outcome
        else:
            self.env["crm.feedback.solution.use"].create(
                {
                    "feedback_id": self.id,
                    "solution_id": solution.id,
                    "outcome": outcome,
                }
            )

    def _solve_with(self, solution):
        """This solved it: what was done and why go into the case where it says
        nothing, and it moves to the stage of solved cases.
        """
        self._try_solution(solution, "solved")
        vals = {}
        if not html2plaintext(self.result or "").strip():
            vals["result"] = solution.instructions
        if not self.cause_id:
            vals["cause_id"] = solution.cause_id.id
        if not (self.is_solved or self.is_closed):
            stages = self.env["crm.feedback.stage"].search([("is_solved", "=", True)])
            vals["stage_id"] = (
                stages._filter_of_team(self.team_id)[:1].id or self.stage_id.id
            )
        self.write(vals)
