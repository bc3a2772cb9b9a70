from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date


class ResPartnerSpecialDay(models.Model):
    _inherit = "res.partner.special.day"

    noted_date = fields.Date(
        string="Noted",
        copy=False,
        help="The last time for which somebody has sent wishes, or ticked it off.",
    )


class CrmMyDaySpecialDay(models.AbstractModel):
    """Birthdays and anniversaries ahead, from their notice on, until ticked off.

    What comes after this week and is to be told of already stands under its last day.
    """

    _name = "crm.my.day.special.day"
    _inherit = "crm.my.day.source"
    _description = "My day: special days"

    _my_day_model = "res.partner.special.day"
    _my_day_sequence = 50
    _my_day_icon = "fa-birthday-cake"
    _my_day_actions = ("noted", "write", "log")

    @api.model
    def _get_title(self):
        return self.env._("Special days")

    @api.model
    def _get_domain(self, work_day):
        return work_day.owned_by("partner_id.commercial_partner_id.user_id")

    @api.model
    def _get_day(self, query, work_day):
        days = self.env["res.partner.special.day"]
        next_date = days._get_next_date_sql(work_day.today, query.table)
        days.flush_model(["date", "recurrence", "notice_days", "noted_date"])
        query.add_where(
            SQL(
                "%s IS DISTINCT FROM %s",
                SQL.identifier(query.table, "noted_date"),
                next_date,
            )
        )
        if work_day.week_end <= work_day.tomorrow:
            return next_date
        return SQL(
            """(CASE WHEN %(day)s > %(end)s AND %(day)s - %(notice)s <= %(today)s
                     THEN %(end)s ELSE %(day)s END)""",
            day=next_date,
            end=work_day.week_end,
            notice=SQL.identifier(query.table, "notice_days"),
            today=work_day.today,
        )

    @api.model
    def _prepare_rows(self, records, work_day):
        return {
            day.id: {
                "partner": day.partner_id,
                "text": self.env._(
                    "%(occasion)s on %(date)s",
                    occasion=day.name,
                    date=format_date(self.env, day.next_date),
                ),
                # sudo: whose customer he is, of a contact that the user may read
                "user": day.partner_id.sudo().commercial_partner_id.user_id.sudo(False),
            }
            for day in records
        }

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    @api.model
    def _get_action_labels(self):
        return {
            **super()._get_action_labels(),
            "noted": self.env._("Done"),
            "write": self.env._("Write an e-mail"),
        }

    @api.model
    def _do_noted(self, record):
        record.noted_date = record.next_date

    @api.model
    def _do_log(self, record):
        return record.partner_id.action_log_interaction()

    @api.model
    def _do_write(self, record):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write an e-mail"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": "res.partner",
                "default_res_ids": record.partner_id.ids,
                "default_partner_ids": record.partner_id.ids,
                "default_subject": record.name,
                "default_composition_mode": "comment",
            },
        }
