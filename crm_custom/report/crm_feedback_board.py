from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

#: what the board counts among the open cases; each has its filter in the list of cases
COUNTS = {
    "open": Domain.TRUE,
    "unassigned": Domain("user_id", "=", False),
    "due_today": Domain("date_due", ">=", "now") & Domain("date_due", "<", "today +1d"),
    "late": Domain("date_due", "<", "now"),
    "escalated": Domain("date_escalated", "!=", False),
    "waiting": Domain("stage_id.is_waiting", "=", True),
}
OPEN = Domain("is_closed", "=", False) & Domain("is_solved", "=", False)


class CrmFeedbackBoard(models.Model):
    """How the work stands: the cases that are not solved, one row a team and owner.

    Read from the cases, nothing is stored; the id of a row is that of its oldest case.
    Today is the reader's own.
    """

    _name = "crm.feedback.board"
    _description = "Feedback board"
    _auto = False
    _order = "team_id, late_count desc, open_count desc, id"
    _rec_name = "user_id"
    _depends = {
        "crm.feedback": [
            "active",
            "company_id",
            "date_due",
            "date_escalated",
            "is_closed",
            "is_solved",
            "stage_id",
            "team_id",
            "user_id",
        ]
    }

    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one(
        "crm.feedback.team", readonly=True, group_expand="_read_group_team_id"
    )
    user_id = fields.Many2one("res.users", string="Owner", readonly=True)
    open_count = fields.Integer(string="Open cases", readonly=True)
    unassigned_count = fields.Integer(string="Unassigned cases", readonly=True)
    due_today_count = fields.Integer(string="Due today", readonly=True)
    late_count = fields.Integer(string="Late", readonly=True)
    escalated_count = fields.Integer(string="Escalated", readonly=True)
    waiting_count = fields.Integer(string="Waiting for the customer", readonly=True)

    @property
    def _table_query(self):
        # sudo: which cases there are; the rules of this model say who sees them
        cases_sudo = self.env["crm.feedback"].sudo()
        query = cases_sudo._search(OPEN, bypass_access=True)
        counts = [
            SQL(
                "count(*) FILTER (WHERE %s)::int AS %s",
                domain.optimize_full(cases_sudo)._to_sql(
                    cases_sudo, query.table, query
                ),
                SQL.identifier(f"{name}_count"),
            )
            for name, domain in COUNTS.items()
        ]
        return SQL(
            """SELECT min(crm_feedback.id) AS id, crm_feedback.company_id,
                      crm_feedback.team_id, crm_feedback.user_id, %s
                 FROM %s
                WHERE %s
                GROUP BY crm_feedback.company_id, crm_feedback.team_id,
                         crm_feedback.user_id""",
            SQL(", ").join(counts),
            query.from_clause,
            query.where_clause,
        )

    @api.model
    def _read_group_team_id(self, teams, domain):
        """All teams: one without a case has its column, and an empty board its help."""
        return teams.search(Domain.TRUE)

    def action_view_feedback(self):
        """The cases of this row; those that the context's ``crm_board_count`` names."""
        self.ensure_one()
        rows = Domain("team_id", "=", self.team_id.id)
        rows &= Domain("user_id", "=", self.user_id.id)
        return self._get_action(rows & Domain("company_id", "=", self.company_id.id))

    @api.model
    def _get_action(self, domain):
        name = self.env.context.get("crm_board_count", "open")
        if name not in COUNTS:
            raise UserError(self.env._("The board counts no such cases."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_feedback_action"
        )
        action["domain"] = list(domain)
        filters = {"unsolved"} if name == "open" else {"unsolved", name}
        action["context"] = {
            "crm_print_view": "crm_custom.crm_feedback_view_list_print",
            **{f"search_default_{each}": 1 for each in filters},
        }
        action["views"] = [
            (False, view) for view in ("list", "kanban", "form", "calendar", "activity")
        ]
        return action
