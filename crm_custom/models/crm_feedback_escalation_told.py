from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_datetime

ACTIVITY = "crm_custom.mail_activity_type_feedback_escalation"


class CrmFeedbackEscalation(models.Model):
    """How people are told: each in his language and time zone."""

    _inherit = "crm.feedback.escalation"

    def _tell_by_mail(self):
        """One notification a case and person, however many steps are taken at once;
        people who speak the same language at the same hour share it.
        """
        for steps in self.filtered("step_id.by_mail").grouped("feedback_id").values():
            people = {}
            for user in steps.user_ids:
                his = steps.filtered(lambda step, user=user: user in step.user_ids)
                key = (user.lang, user.tz, his)
                people[key] = people.get(key, user) | user
            for (lang, tz, his), users in people.items():
                his.with_context(lang=lang, tz=tz)._notify(users)

    def _notify(self, users):
        """Tell these users of the steps of one case, in the language of the context."""
        case, env = self.feedback_id, self.env
        values = {
            "case": case.display_name,
            "customer": case.partner_id.display_name or case.email_from or "–",
            "owner": case.user_id.name or env._("nobody"),
        }
        lines = [
            Markup("<p>%s</p>")
            % env._(
                "The case %(case)s of %(customer)s has come to this step on"
                " %(due)s: %(step)s. Owner: %(owner)s.",
                due=format_datetime(env, step.date_due, tz=env.context["tz"]),
                step=step.step_id.display_name,
                **values,
            )
            for step in self
        ]
        case.message_notify(
            partner_ids=users.partner_id.ids,
            subject=env._(
                "%(case)s: %(step)s",
                case=case.display_name,
                step=self[-1:].step_id.display_name,
            ),
            body=Markup().join(lines),
        )

    def _plan_activities(self):
        """An activity for each who is told of a case; no e-mail for it."""
        kind = self.env.ref(ACTIVITY)
        model_id = self.env["ir.model"]._get_id("crm.feedback")
        told = {}
        for step in self.filtered("step_id.by_activity"):
            for user in step.user_ids:
                key = (step.feedback_id, user, step.deadline)
                told[key] = told.get(key, step) | step
        vals_list = []
        for (case, user, _deadline), steps in told.items():
            last = steps[-1:].with_context(lang=user.lang, tz=user.tz)
            vals_list.append(
                {
                    "res_model_id": model_id,
                    "res_id": case.id,
                    "activity_type_id": kind.id,
                    "summary": last.step_id.display_name,
                    "date_deadline": fields.Date.context_today(last),
                    "user_id": user.id,
                    "automated": True,
                }
            )
        activities = (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create(vals_list)
        )
        planned = {}
        for steps, activity in zip(told.values(), activities, strict=True):
            for step in steps:
                planned.setdefault(step, []).append(activity.id)
        for step, ids in planned.items():
            step.activity_ids = [fields.Command.set(ids)]

    def _describe(self):
        """What the history of the case says of it."""
        self.ensure_one()
        names = ", ".join(self.user_ids.mapped("name"))
        if not names:
            return self.env._("%(step)s: nobody was there to be told.", step=self.name)
        if self.action == "reassign":
            return self.env._(
                "%(step)s: reassigned to %(names)s.", step=self.name, names=names
            )
        return self.env._("%(step)s: told %(names)s.", step=self.name, names=names)
