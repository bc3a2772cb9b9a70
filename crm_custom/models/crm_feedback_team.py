from odoo import api, fields, models


class CrmFeedbackTeam(models.Model):
    """Who answers the customers of one company about one kind of thing."""

    _name = "crm.feedback.team"
    _description = "Feedback team"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(string="In use", default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Leader",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('share', '=', False)]",
    )
    member_ids = fields.Many2many(
        "res.users",
        "crm_feedback_team_member_rel",
        "team_id",
        "user_id",
        string="Members",
        check_company=True,
        domain="[('share', '=', False)]",
        help="They see the cases of the team, and take those that nobody has.",
    )
    open_count = fields.Integer(string="Open cases", compute="_compute_counts")
    unassigned_count = fields.Integer(
        string="Unassigned cases", compute="_compute_counts"
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_counts(self):
        counts = {}
        for team, user, count in self.env["crm.feedback"]._read_group(
            [("team_id", "in", self.ids), ("is_closed", "=", False)],
            ["team_id", "user_id"],
            ["__count"],
        ):
            counts.setdefault(team.id, []).append((user, count))
        for team in self:
            by_user = counts.get(team.id, [])
            team.open_count = sum(count for _user, count in by_user)
            team.unassigned_count = sum(count for user, count in by_user if not user)

    def action_view_feedback(self):
        """The cases of this team, by stage."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_feedback_action"
        )
        action["domain"] = [("team_id", "=", self.id)]
        action["context"] = {
            "default_team_id": self.id,
            "search_default_open": 1,
            "crm_print_view": "crm_custom.crm_feedback_view_list_print",
        }
        return action

    @api.model
    def _get_default_teams(self, companies):
        """The team that new cases of each company go to: the user's own, or the first.

        :return: dict of company -> team
        """
        # sudo: whoever opens a case may read no teams
        teams_sudo = self.sudo().search([("company_id", "in", companies.ids)])
        found = {}
        for team_sudo in teams_sudo.sorted(
            lambda team: self.env.user not in team.member_ids
        ):
            found.setdefault(team_sudo.company_id.sudo(False), team_sudo.sudo(False))
        return found
