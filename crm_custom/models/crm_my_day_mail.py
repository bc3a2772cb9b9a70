from odoo import api, fields, models
from odoo.fields import Domain

from .crm_my_day_source import WorkDay

#: the hours of the user's clock in which the morning's e-mail goes out; who was missed
#: until then needs none any more
MORNING = range(7, 12)
#: rows of each source in the e-mail
ROWS = 10


class ResUsers(models.Model):
    _inherit = "res.users"

    crm_my_day_mail = fields.Boolean(
        string="My day by e-mail",
        help="Each morning, what is overdue and what is due today, if there is any.",
    )
    crm_my_day_mail_date = fields.Date(
        string="Last sent for", readonly=True, copy=False, groups=fields.NO_ACCESS
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "crm_my_day_mail"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "crm_my_day_mail"]

    def _get_my_day_tz(self):
        """The user's time zone, or where his company is."""
        self.ensure_one()
        return self.tz or self.company_id.partner_id.tz or "UTC"


class CrmMyDay(models.AbstractModel):
    _inherit = "crm.my.day"

    @api.model
    def _cron_send_morning_mail(self):
        """Send each user's day, once on each morning of his.

        The e-mail and the note that it was sent are committed together, user by user.
        Whose day cannot be told is logged, and tried again as long as it is morning.
        """
        cron = self.env["ir.cron"]
        if cron._crm_run_in_batches(
            self._get_morning_users().ids, 1, self._send_morning_mails
        ):
            cron._commit_progress(remaining=0)

    @api.model
    def _send_morning_mails(self, user_ids):
        # sudo: the job's own
        users = self.env["res.users"].sudo().browse(user_ids)
        # another job may be at the user, or have been since this one looked
        users = users.try_lock_for_update(allow_referencing=True)
        for user in users:
            if self._is_morning_mail_due(user):
                self._send_morning_mail(user)

    @api.model
    def _get_morning_users(self):
        """Those who want the e-mail, whose morning it is, and who have none yet."""
        salespeople = self.env.ref("sales_team.group_sale_salesman")
        # sudo: the job's own; each user has chosen it for himself
        users = (
            self.env["res.users"]
            .sudo()
            .search(
                Domain("crm_my_day_mail", "=", True)
                & Domain("all_group_ids", "in", salespeople.ids)
                & Domain("email", "!=", False),
                order="id",
            )
        )
        return users.filtered(self._is_morning_mail_due)

    @api.model
    def _is_morning_mail_due(self, user):
        local = self._get_local_time(user)
        return local.hour in MORNING and user.crm_my_day_mail_date != local.date()

    @api.model
    def _get_local_time(self, user):
        in_his_zone = self.with_context(tz=user._get_my_day_tz())
        return fields.Datetime.context_timestamp(in_his_zone, fields.Datetime.now())

    @api.model
    def _send_morning_mail(self, user):
        user.crm_my_day_mail_date = self._get_local_time(user).date()
        # as the user himself: his language, his day, his rights in his main company
        my_day = self.with_user(user).with_context(
            lang=user.lang,
            tz=user._get_my_day_tz(),
            allowed_company_ids=user.company_id.ids,
        )
        work_day = WorkDay.of(my_day.env, (user.id,))
        parts = my_day._get_mail_parts(work_day)
        if not parts:
            return
        count = sum(part["count"] for part in parts)
        body = my_day.env["ir.qweb"]._render(
            "crm_custom.crm_my_day_mail",
            {
                "user": user,
                "parts": parts,
                "url": f"{self.get_base_url()}/odoo/my-day",
                "company": user.company_id,
            },
            minimal_qcontext=True,
        )
        # sudo: a salesperson may not write outgoing mail; it goes to himself alone
        self.env["mail.mail"].sudo().create(
            {
                "subject": my_day.env._("My day: %(count)s due", count=count),
                "body_html": body,
                "email_from": user.company_id.email_formatted or user.email_formatted,
                "email_to": user.email_formatted,
                "auto_delete": True,
            }
        )

    @api.model
    def _get_mail_parts(self, work_day):
        """:return: [{"title", "late": bool, "count", "when", "rows", "more"}]"""
        parts = []
        for source in self._get_sources():
            counts, _later = source._get_counts(work_day)
            for bucket in ("overdue", "today"):
                count = counts[bucket]
                if not count:
                    continue
                late = bucket == "overdue"
                more = count - ROWS
                parts.append(
                    {
                        "title": source._get_title(),
                        "late": late,
                        "count": count,
                        "when": self.env._("overdue: %s", count)
                        if late
                        else self.env._("today: %s", count),
                        "rows": source._get_rows(work_day, bucket, limit=ROWS),
                        "more": self.env._("and %s more", more) if more > 0 else "",
                    }
                )
        parts.sort(key=lambda part: not part["late"])
        return parts
