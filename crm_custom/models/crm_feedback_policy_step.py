from dataclasses import dataclass
from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .crm_feedback_policy import MAX_HOURS


@dataclass(frozen=True)
class Step:
    """A step as the deadlines need it: ``part`` of the time, or ``after`` seconds."""

    id: int
    of_answer: bool
    part: float
    after: float
    date_from: datetime


class CrmFeedbackPolicyStep(models.Model):
    """What happens when a case nears its deadline, or has passed it."""

    _name = "crm.feedback.policy.step"
    _description = "Escalation step"
    _order = "policy_id, deadline, trigger desc, percent, hours, id"

    policy_id = fields.Many2one(
        "crm.feedback.policy", required=True, index=True, ondelete="cascade"
    )
    deadline = fields.Selection(
        [("answer", "First answer"), ("solution", "Solution")],
        required=True,
        default="solution",
    )
    trigger = fields.Selection(
        [("percent", "% of the time used"), ("after", "Working hours late")],
        string="When",
        required=True,
        default="percent",
    )
    percent = fields.Integer(string="%", default=80)
    hours = fields.Float(
        help="Working hours past the deadline. 0: when it has passed.",
    )
    action = fields.Selection(
        [("tell", "Tell"), ("reassign", "Reassign to")],
        required=True,
        default="tell",
        help="Reassigned to a role, a case goes to the one who has the fewest open"
        " cases.",
    )
    recipient = fields.Selection(
        [
            ("owner", "Owner"),
            ("manager", "Owner's manager"),
            ("leader", "Team leader"),
            ("role", "Role"),
            ("user", "Person"),
        ],
        string="Whom",
        required=True,
        default="leader",
        help="The owner's manager is the leader of his sales team. Who is not there is"
        " stood in for: the owner by his manager, the manager by the leader of the"
        " case's team, the leader by the feedback managers.",
    )
    group_id = fields.Many2one("res.groups", string="Role", ondelete="restrict")
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        ondelete="restrict",
        domain="[('share', '=', False)]",
    )
    by_activity = fields.Boolean(string="Activity", default=True)
    by_mail = fields.Boolean(
        string="E-mail", default=True, help="Or in his inbox, as he prefers."
    )
    date_from = fields.Datetime(
        default=fields.Datetime.now,
        required=True,
        readonly=True,
        copy=False,
        help="What was due before the step was added is not told.",
    )

    _percent_in_range = models.Constraint(
        "CHECK(trigger != 'percent' OR percent BETWEEN 1 AND 100)",
        "The percentage must be between 1 and 100.",
    )
    _hours_in_range = models.Constraint(
        f"CHECK(hours BETWEEN 0 AND {MAX_HOURS})",
        f"The working hours must be between 0 and {MAX_HOURS}.",
    )

    @api.constrains("action", "recipient", "group_id", "user_id")
    def _check_recipient(self):
        for step in self:
            if step.recipient == "role" and not step.group_id:
                raise ValidationError(self.env._("Choose the role of the step."))
            if step.recipient == "user" and not step.user_id:
                raise ValidationError(self.env._("Choose the person of the step."))
            if step.action == "reassign" and step.recipient == "owner":
                raise ValidationError(
                    self.env._("A case is its owner's already: reassign it to another.")
                )

    @api.constrains("action", "by_activity", "by_mail")
    def _check_ways(self):
        for step in self:
            if step.action == "tell" and not (step.by_activity or step.by_mail):
                raise ValidationError(
                    self.env._("Tell somebody by an activity, an e-mail or both.")
                )

    @api.depends("deadline", "trigger", "percent", "hours")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """First answer: 80 % of the time used; Solution: 4 working hours late."""
        deadlines = dict(self._fields["deadline"]._description_selection(self.env))
        for step in self:
            if step.trigger == "percent":
                when = self.env._(
                    "%(percent)s%% of the time used", percent=step.percent
                )
            elif step.hours:
                when = self.env._("%(hours)g working hours late", hours=step.hours)
            else:
                when = self.env._("late")
            step.display_name = f"{deadlines.get(step.deadline, '')}: {when}"

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.policy_id._refresh_cases()
        return steps

    def write(self, vals):
        result = super().write(vals)
        self.policy_id._refresh_cases()
        return result

    def unlink(self):
        policies = self.policy_id
        result = super().unlink()
        policies._refresh_cases()
        return result

    def _as_plain(self):
        self.ensure_one()
        by_part = self.trigger == "percent"
        return Step(
            id=self.id,
            of_answer=self.deadline == "answer",
            part=self.percent / 100 if by_part else 1.0,
            after=0.0 if by_part else self.hours * 3600,
            date_from=self.date_from,
        )
