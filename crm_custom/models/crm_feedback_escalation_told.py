from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_datetime

ACTIVITY = "crm_custom.mail_activity_type_feedback_escalation"


class CrmFeedbackEscalation(models.Model):
    """How people are told: each in his language and time zone."""

    _inherit = "crm.feedback.escalation"

    def _tell_by_mail(self):
        """One notification for those who speak the same language at the same hour."""
        self.ensure_one()
        for (lang, tz), users in self.user_ids.grouped(
            lambda user: (user.lang, user.tz)
        ).items():
            told = self.with_context(lang=lang, tz=tz)
            case, env = told.feedback_id, told.env
            values = {
                "case": case.display_name,
                "step": told.step_id.display_name,
                "customer": case.partner_id.display_name or case.email_from or "–",
                "owner": case.user_id.name or env._("nobody"),
                "due": format_datetime(env, self.date_due, tz=tz),
            }
            case.message_notify(
                partner_ids=users.partner_id.ids,
                subject=env._("%(case)s: %(step)s", **values),
                body=Markup("<p>%s</p>")
                % env._(
                    "The case %(case)s of %(customer)s has come to this step on"
                    " %(due)s: %(step)s. Owner: %(owner)s.",
                    **values,
                ),
            )

    def _plan_activities(self):
        """An activity for each who was told; no e-mail for it."""
        kind = self.env.ref(ACTIVITY)
        model_id = self.env["ir.model"]._get_id("crm.feedback")
        vals_list, owners = [], []
        for escalation in self:
            for user in escalation.user_ids:
                told = escalation.with_context(lang=user.lang, tz=user.tz)
                owners.append(escalation)
                vals_list.append(
                    {
                        "res_model_id": model_id,
                        "res_id": escalation.feedback_id.id,
                        "activity_type_id": kind.id,
                        "summary": told.step_id.display_name,
                        "date_deadline": fields.Date.context_today(told),
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
        for escalation, activity in zip(owners, activities, strict=True):
            planned.setdefault(escalation, []).append(activity.id)
        for escalation, ids in planned.items():
            escalation.activity_ids = [fields.Command.set(ids)]

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
