from dataclasses import dataclass
from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

#: five years of forty hours a week
MAX_HOURS = 9999
#: what changes a deadline, or whose policy it is
DECIDING = {
    "active",
    "sequence",
    "company_id",
    "type_ids",
    "severity_ids",
    "customer_type_ids",
    "calendar_id",
    "hours_first_answer",
    "hours_solution",
    "date_from",
    "step_ids",
}


@dataclass(frozen=True)
class Rule:
    """A policy as the deadlines need it; ids, and hours as seconds."""

    id: int
    company_id: int | None
    calendar_id: int | None
    date_from: datetime
    type_ids: frozenset
    severity_ids: frozenset
    customer_type_ids: frozenset
    answer: float
    solution: float
    steps: tuple

    def holds_for(self, case):
        """Whether it is this policy's case; whoever asks may read all of it."""
        kind = case.type_id
        types = {int(id_) for id_ in (kind.parent_path or "").split("/") if id_}
        customer_type = case.partner_id.customer_type_id.id
        return (
            self.date_from <= case.date_received
            and self.company_id in (None, case.company_id.id)
            and (not self.type_ids or not self.type_ids.isdisjoint(types))
            and (not self.severity_ids or case.severity_id.id in self.severity_ids)
            and (not self.customer_type_ids or customer_type in self.customer_type_ids)
        )


class CrmFeedbackPolicy(models.Model):
    """In how many working hours a case is answered and solved, and who is told when it
    takes longer. Of several, the first that fits a case holds.
    """

    _name = "crm.feedback.policy"
    _description = "Feedback policy"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="Of the policies that fit a case, the first one holds."
    )
    active = fields.Boolean(string="In use", default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: in all companies."
    )
    type_ids = fields.Many2many(
        "crm.feedback.type",
        "crm_feedback_policy_type_rel",
        "policy_id",
        "type_id",
        string="Types",
        help="With all types below them. Empty: any type.",
    )
    severity_ids = fields.Many2many(
        "crm.feedback.severity",
        "crm_feedback_policy_severity_rel",
        "policy_id",
        "severity_id",
        string="Severities",
        help="Empty: any severity.",
    )
    customer_type_ids = fields.Many2many(
        "crm.customer.type",
        "crm_feedback_policy_customer_type_rel",
        "policy_id",
        "customer_type_id",
        string="Customer types",
        help="Empty: any customer, and people whom we do not know.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working hours",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The hours that count, in its time zone, without the company's holidays."
        " Empty: the working hours of the company.",
    )
    hours_first_answer = fields.Float(
        string="First answer within",
        help="Working hours until the customer has an answer. 0: no deadline.",
    )
    hours_solution = fields.Float(
        string="Solution within",
        help="Working hours until what the customer asked for is done. The clock stands"
        " still while we wait for the customer. 0: no deadline.",
    )
    date_from = fields.Datetime(
        string="For cases received from",
        required=True,
        default=fields.Datetime.now,
        copy=False,
        help="Older cases are left alone.",
    )
    step_ids = fields.One2many(
        "crm.feedback.policy.step", "policy_id", string="Escalation", copy=True
    )

    _hours_in_range = models.Constraint(
        f"CHECK(hours_first_answer BETWEEN 0 AND {MAX_HOURS}"
        f" AND hours_solution BETWEEN 0 AND {MAX_HOURS})",
        f"The working hours must be between 0 and {MAX_HOURS}.",
    )

    @api.constrains("hours_first_answer", "hours_solution")
    def _check_hours(self):
        for policy in self:
            if 0 < policy.hours_solution < policy.hours_first_answer:
                raise ValidationError(
                    self.env._(
                        "%(policy)s: a case cannot be due for its solution before its"
                        " first answer.",
                        policy=policy.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        quiet = self.with_context(crm_feedback_policy_saving=True)
        policies = super(CrmFeedbackPolicy, quiet).create(vals_list)
        policies = policies.with_env(self.env)
        policies._refresh_cases()
        return policies

    def write(self, vals):
        quiet = self.with_context(crm_feedback_policy_saving=True)
        result = super(CrmFeedbackPolicy, quiet).write(vals)
        if not DECIDING.isdisjoint(vals):
            self._refresh_cases()
        return result

    def unlink(self):
        result = super().unlink()
        self._refresh_cases()
        return result

    @api.model
    def _refresh_cases(self):
        """The deadlines of all cases that are worked on follow the policies."""
        self.env.registry.clear_cache()
        if not self.env.context.get("crm_feedback_policy_saving"):
            self.env["crm.feedback"]._refresh_deadlines(Domain.TRUE)

    @api.model
    def _get_rules(self):
        """The policies in use, in their order; no query once they are known."""
        self.env["crm.feedback.policy.step"].flush_model()
        self.flush_model()
        return self._read_rules()

    @api.model
    @ormcache()
    def _read_rules(self):
        # sudo: policies hold for all cases of a company, whoever takes one in
        policies_sudo = self.sudo().with_context(active_test=True).search(Domain.TRUE)
        return tuple(
            Rule(
                id=policy.id,
                company_id=policy.company_id.id or None,
                calendar_id=policy.calendar_id.id or None,
                date_from=policy.date_from,
                type_ids=frozenset(policy.type_ids.ids),
                severity_ids=frozenset(policy.severity_ids.ids),
                customer_type_ids=frozenset(policy.customer_type_ids.ids),
                answer=policy.hours_first_answer * 3600,
                solution=policy.hours_solution * 3600,
                steps=tuple(step._as_plain() for step in policy.step_ids),
            )
            for policy in policies_sudo
        )

    def action_view_feedback(self):
        """The cases that this policy holds for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_feedback_action"
        )
        action["domain"] = [("policy_id", "=", self.id)]
        return action


class CrmFeedbackSeverity(models.Model):
    _inherit = "crm.feedback.severity"

    policy_ids = fields.Many2many(
        "crm.feedback.policy",
        "crm_feedback_policy_severity_rel",
        "severity_id",
        "policy_id",
        string="Policies",
        help="The deadlines of this grade, and who is told.",
    )


class CrmFeedbackType(models.Model):
    _inherit = "crm.feedback.type"

    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals:
            # a policy for the type above holds for those below it
            self.env["crm.feedback.policy"]._refresh_cases()
        return result
