from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from .crm_feedback_clock import CaseClock
from .working_time import WorkingTimes

RESULTS = [("in_time", "In time"), ("late", "Late")]
BATCH = 1000
#: what moves a deadline, or the hours that a case took
MOVING = {
    "active",
    "type_id",
    "severity_id",
    "partner_id",
    "contact_id",
    "company_id",
    "team_id",
    "stage_id",
    "date_received",
    "date_first_answer",
    "date_solved",
    "date_closed",
    "date_deadline",
}
#: what follows from all that, and is nobody's to write
FOLLOWING = {
    "policy_id",
    "date_answer_deadline",
    "date_due",
    "date_escalation",
    "hours_first_answer",
    "hours_solution",
    "first_answer_result",
    "solution_result",
}


class CrmFeedback(models.Model):
    """Until when a case is to be answered and solved, and how long it took.

    All of this is stored: it follows from the policy, the calendar and the pauses, and
    is worked out anew, in sets, when one of them changes. What is solved or closed
    keeps what it was judged by.
    """

    _inherit = "crm.feedback"

    policy_id = fields.Many2one(
        "crm.feedback.policy",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        help="By type, severity and customer type: the first policy that fits.",
    )
    date_answer_deadline = fields.Datetime(
        string="Answer by",
        readonly=True,
        copy=False,
        help="When the first answer is due by the policy.",
    )
    date_deadline = fields.Datetime(
        help="By the policy; empty while we wait for the customer. A day that you agree"
        " upon with him stands instead of it until you clear it.",
    )
    is_deadline_manual = fields.Boolean(
        string="Deadline set by hand", readonly=True, copy=False
    )
    date_due = fields.Datetime(
        string="Next deadline",
        readonly=True,
        copy=False,
        help="Of the first answer or the solution, while it is our turn.",
    )
    hours_first_answer = fields.Float(
        string="Hours to first answer",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Working hours from the day on which the case was received, without those"
        " in which we waited for the customer.",
    )
    hours_solution = fields.Float(
        string="Hours to solution",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Working hours from the day on which the case was received, without those"
        " in which we waited for the customer.",
    )
    first_answer_result = fields.Selection(
        RESULTS,
        string="First answer in time",
        readonly=True,
        copy=False,
        help="Empty: not answered yet, or no deadline.",
    )
    solution_result = fields.Selection(
        RESULTS,
        string="Solved in time",
        readonly=True,
        copy=False,
        help="Empty: not solved yet, or no deadline.",
    )

    _due_index = models.Index("(user_id, date_due) WHERE date_due IS NOT NULL")

    # ------------------------------------------------------------
    # What moves them
    # ------------------------------------------------------------

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in FOLLOWING and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        cases.filtered("date_deadline")._mark_deadline(True)
        cases._update_deadlines(cases._stamp_pauses(are_new=True))
        return cases

    def write(self, vals):
        result = super().write(vals)
        if "date_deadline" in vals:
            self._mark_deadline(bool(vals["date_deadline"]))
        if not {"stage_id", "team_id"}.isdisjoint(vals):
            self._stamp_pauses()
        if not MOVING.isdisjoint(vals):
            self._update_deadlines()
        return result

    def _mark_deadline(self, is_manual):
        # sudo: it follows from the deadline, whoever sets that
        super(CrmFeedback, self.sudo()).write({"is_deadline_manual": is_manual})

    def _hand_over(self, customer, contact):
        super()._hand_over(customer, contact)
        self._update_deadlines()

    @api.model
    def _search_running(self, domain):
        """Cases that are neither solved nor closed, whoever may read them."""
        # sudo: deadlines follow, whoever changes what they follow from
        open_cases = Domain("is_closed", "=", False) & Domain("is_solved", "=", False)
        return self.sudo().search(Domain(domain) & open_cases)

    @api.model
    def _refresh_deadlines(self, domain):
        """Work out anew the deadlines of the running cases of this domain."""
        ids = self._search_running(domain).ids
        for batch in split_every(BATCH, ids):
            self.sudo().browse(batch)._update_deadlines()

    # ------------------------------------------------------------
    # In sets
    # ------------------------------------------------------------

    def _update_deadlines(self, first_pauses=None):
        """Store what follows from policy, calendar and pauses, where it has changed.

        The queries do not grow with the cases, but for one UPDATE a hundred of them.

        :param first_pauses: see `_get_clocks`
        """
        changed, vals_list = [], []
        for clock in self._get_clocks(first_pauses):
            case, vals = clock.case, clock.get_values()
            present = {name: case[name] or None for name in vals}
            present["policy_id"] = case.policy_id.id or None
            if present != {name: value or None for name, value in vals.items()}:
                changed.append(case.id)
                vals_list.append(vals)
        if not changed:
            return
        # sudo: these follow from others, whoever changes those
        cases_sudo = self.sudo().browse(changed)
        cases_sudo.flush_recordset()
        cases_sudo._write_multi(vals_list)
        cases_sudo.invalidate_recordset(list(vals_list[0]), flush=False)
        cases_sudo.modified(list(vals_list[0]))

    def _get_clocks(self, first_pauses=None):
        """The clock of each of these cases; their calendars are loaded once.

        :param first_pauses: of new cases, with which nothing else has happened yet:
            what their stage has begun
        """
        if not self:
            return []
        # sudo: policy, calendar and customer of a case, whoever may read them
        cases_sudo = self.sudo()
        rules = self.env["crm.feedback.policy"]._get_rules()
        calendars = self.env["resource.calendar"].sudo()
        lines = WorkingTimes(self.env, min(cases_sudo.mapped("date_received")))
        paused_sudo, taken = first_pauses, {}
        if paused_sudo is None:
            of_these = [("feedback_id", "in", self.ids)]
            paused_sudo = self.env["crm.feedback.pause"].sudo().search(of_these)
            taken = dict(
                self.env["crm.feedback.escalation"]
                .sudo()
                ._read_group(of_these, ["feedback_id"], ["step_id:array_agg"])
            )
        paused = paused_sudo.grouped("feedback_id")
        clocks = []
        for case in cases_sudo:
            rule = next((rule for rule in rules if rule.holds_for(case)), None)
            calendar = case.company_id.resource_calendar_id
            if rule and rule.calendar_id:
                calendar = calendars.browse(rule.calendar_id)
            line = lines.of(calendar, case.company_id)
            pauses, done = paused.get(case, ()), taken.get(case, ())
            clocks.append(CaseClock(case, rule, line, pauses, done))
        return clocks
