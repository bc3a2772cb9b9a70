from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from .feedback_recipients import Recipients

BATCH = 50


class CrmFeedback(models.Model):
    """Upwards: what happens to a case that nears its deadline, or has passed it.

    A job takes the steps that are due. It asks one partial index for the next step of
    each running case; what is closed, solved or waits for the customer is not in it.
    """

    _inherit = "crm.feedback"

    date_escalation = fields.Datetime(
        string="Next escalation",
        readonly=True,
        copy=False,
        help="When the next step of the policy is due.",
    )
    date_escalated = fields.Datetime(
        string="Escalated on",
        readonly=True,
        copy=False,
        help="When the last step was taken.",
    )
    escalation_ids = fields.One2many(
        "crm.feedback.escalation",
        "feedback_id",
        string="Escalations",
        readonly=True,
        copy=False,
    )

    _escalation_index = models.Index(
        "(date_escalation, id) WHERE date_escalation IS NOT NULL"
    )

    def write(self, vals):
        result = super().write(vals)
        if not {"stage_id", "date_first_answer", "active"}.isdisjoint(vals):
            self._take_back_escalations()
        return result

    def _take_back_escalations(self):
        """Remove the activities that nobody has to settle any more."""
        over = self.filtered(
            lambda case: case.is_solved or case.is_closed or not case.active
        )
        answered = self.filtered("date_first_answer")
        # sudo: they are the managers', and go when somebody else has settled the case
        escalations_sudo = self.env["crm.feedback.escalation"].sudo()
        settled_sudo = escalations_sudo.search(
            [
                ("activity_ids", "!=", False),
                "|",
                ("feedback_id", "in", over.ids),
                "&",
                ("deadline", "=", "answer"),
                ("feedback_id", "in", answered.ids),
            ]
        )
        settled_sudo.activity_ids.unlink()

    # ------------------------------------------------------------
    # The job
    # ------------------------------------------------------------

    @api.model
    def _cron_escalate(self):
        """Take the steps that are due, each once.

        In batches that are committed one by one, each with its records: killed
        half-way, the next run goes on. A second run at the same time leaves the work to
        the first.
        """
        cron = self.env["ir.cron"]
        # sudo: the job's own, for all companies
        cases_sudo = self.sudo()
        if cron._crm_run_in_batches(
            cases_sudo._get_due_for_escalation(),
            BATCH,
            cases_sudo._escalate,
            lock="feedback escalation",
        ):
            cron._commit_progress(remaining=0)

    @api.model
    def _get_due_for_escalation(self):
        """Ids of the cases with a step that is due, the longest due first."""
        self.flush_model(["date_escalation"])
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM crm_feedback WHERE date_escalation <= %s
                    ORDER BY date_escalation, id""",
                fields.Datetime.now(),
            )
        )
        return [id_ for (id_,) in rows]

    @api.model
    def _escalate(self, ids):
        """Take all steps of these cases that are due, in the order of their time."""
        cases = self.browse(ids).exists()
        now = fields.Datetime.now()
        due = [
            (moment, clock.case, step.id)
            for clock in cases._get_clocks()
            for moment, step in clock.get_steps()
            if moment <= now
        ]
        claimed = self.env["crm.feedback.escalation"]._claim(
            [(case.id, step_id, moment) for moment, case, step_id in due]
        )
        due.sort(key=lambda item: item[0])
        keys = [(case.id, step_id) for _moment, case, step_id in due]
        taken = self.env["crm.feedback.escalation"].concat(
            *(claimed[key] for key in keys if key in claimed)
        )
        if taken:
            self._take_steps(taken)
        cases.invalidate_recordset(["escalation_ids"])
        cases._update_deadlines()

    @api.model
    def _take_steps(self, escalations):
        """Hand over and tell, in the order of the steps."""
        cases = escalations.feedback_id
        recipients = Recipients(cases)
        for escalation in escalations:
            case, step = escalation.feedback_id, escalation.step_id
            users = recipients.find(case, step)
            lang = case.company_id.partner_id.lang
            escalation.write(
                {
                    "name": step.with_context(lang=lang).display_name,
                    "user_ids": [Command.set(users.ids)],
                }
            )
            if step.action == "reassign" and users:
                case.write({"user_id": users.id})
        escalations._tell_by_mail()
        escalations._plan_activities()
        cases.write({"date_escalated": fields.Datetime.now()})
        cases._message_log_batch(
            bodies={
                case.id: Markup("<br/>").join(some.mapped(lambda e: e._describe()))
                for case, some in escalations.grouped("feedback_id").items()
            }
        )
