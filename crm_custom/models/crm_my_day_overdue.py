from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .crm_my_day_source import WorkDay

BATCH = 500
#: what was overdue for longer when the job first looked is no news
NEWS_DAYS = 7


class CrmMyDaySource(models.AbstractModel):
    _inherit = "crm.my.day.source"

    #: whether an activity tells of what has become overdue
    _my_day_tells_overdue = False

    @api.model
    def _get_overdue_query(self, work_day):
        """Query of what has become overdue lately, and the key of its notice."""
        query, day = self._get_query(work_day)
        query.add_where(work_day.falls_into("overdue", day))
        query.add_where(
            SQL("%s >= %s", day, work_day.today - timedelta(days=NEWS_DAYS))
        )
        return query, SQL("%s || (%s)::text", f"overdue/{self._get_key()}/", day)

    @api.model
    def _get_untold(self, work_day):
        """:return: pairs of (record id, key) of what is overdue and not told yet"""
        query, key = self._get_overdue_query(work_day)
        record_id = SQL.identifier(query.table, "id")
        query.add_where(
            SQL(
                """NOT EXISTS (
                    SELECT FROM crm_notice AS notice
                     WHERE notice.res_model = %s AND notice.res_id = %s
                       AND notice.key = %s
                )""",
                self._my_day_model,
                record_id,
                key,
            )
        )
        query.order = record_id
        return self.env.execute_query(query.select(record_id, key))

    @api.model
    def _get_settled_activities(self, work_day):
        """Open activities that told of what is not overdue any more."""
        query, day = self._get_query(work_day)
        query.add_where(work_day.falls_into("overdue", day))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT activity.id
                  FROM crm_notice AS notice
                  JOIN mail_activity AS activity ON activity.id = notice.activity_id
                 WHERE notice.key LIKE %s AND activity.active
                   AND activity.user_id = ANY(%s) AND notice.res_id NOT IN %s
              ORDER BY activity.id
                """,
                f"overdue/{self._get_key()}/%",
                list(work_day.user_ids),
                query.subselect(),
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _take_back_overdue(self, activity_ids):
        self.env["mail.activity"].browse(activity_ids).unlink()

    @api.model
    def _tell_overdue(self, claims):
        """Plan an activity on each of the records for whom it belongs to."""
        notices = self.env["crm.notice"]._claim(self._my_day_model, claims)
        records = self.env[self._my_day_model].browse(notices)
        rows = self._prepare_rows(records, None)
        model_id = self.env["ir.model"]._get_id(self._my_day_model)
        kind = self.env.ref("crm_custom.mail_activity_type_overdue")
        days = {record_id: key.rpartition("/")[2] for record_id, key in claims}
        vals_list = []
        for record in records:
            user = rows[record.id]["user"]
            source = self.with_context(lang=user.lang)
            vals_list.append(
                {
                    "res_model_id": model_id,
                    "res_id": record.id,
                    "activity_type_id": kind.id,
                    "summary": source._get_title(),
                    "date_deadline": days[record.id],
                    "user_id": user.id,
                    "automated": True,
                }
            )
        # no e-mail for each of them: the morning's tells of all
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        for record, activity in zip(records, activities.create(vals_list), strict=True):
            notices[record.id].activity_id = activity


class CrmMyDay(models.AbstractModel):
    _inherit = "crm.my.day"

    @api.model
    def _cron_tell_overdue(self):
        """Plan an activity for what has become overdue: once for each day it was due.

        Batches are committed one by one, each with its notices. Where it is killed, the
        next run goes on; a second one at the same time leaves the work to the first.
        """
        cron = self.env["ir.cron"]
        for source, work_day in self._get_overdue_work():
            for items, work in (
                (source._get_settled_activities(work_day), source._take_back_overdue),
                (source._get_untold(work_day), source._tell_overdue),
            ):
                if not cron._crm_run_in_batches(items, BATCH, work, lock="overdue"):
                    return
        cron._commit_progress(remaining=0)

    @api.model
    def _get_overdue_work(self):
        """Pairs of (source, work day): salespeople by their company and by what "today"
        is to them.
        """
        salespeople = self.env.ref("sales_team.group_sale_salesman")
        # sudo: the job's own, for all salespeople; what is planned is theirs
        job = self.sudo()
        users = job.env["res.users"].search(
            [("all_group_ids", "in", salespeople.ids), ("share", "=", False)]
        )
        for (company, tz), alike in users.grouped(
            lambda user: (user.company_id, user._get_my_day_tz())
        ).items():
            local = job.with_company(company).with_context(tz=tz)
            work_day = WorkDay.of(local.env, tuple(alike.ids))
            for source in local._get_sources():
                if source._my_day_tells_overdue:
                    yield source, work_day
