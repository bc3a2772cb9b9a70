from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmMyDayFeedback(models.AbstractModel):
    """Cases that are due for their first answer or their solution.

    What waits for the customer, or has no deadline, is no work of a day.
    """

    _name = "crm.my.day.feedback"
    _inherit = "crm.my.day.source"
    _description = "My day: feedback"

    _my_day_model = "crm.feedback"
    _my_day_sequence = 12
    _my_day_icon = "fa-comments-o"
    _my_day_actions = ("open",)

    @api.model
    def _get_title(self):
        return self.env._("Feedback")

    @api.model
    def _get_domain(self, work_day):
        return Domain("date_due", "!=", False) & work_day.owned_by("user_id")

    @api.model
    def _get_day(self, query, work_day):
        self.env["crm.feedback"].flush_model()
        return work_day.local_date(SQL.identifier(query.table, "date_due"))

    @api.model
    def _prepare_rows(self, records, work_day):
        answer, solve = self.env._("First answer"), self.env._("Solution")
        rows = {}
        for case in records:
            what = solve if case.date_due == case.date_deadline else answer
            row = {
                "partner": case.contact_id or case.partner_id,
                "text": f"{what}: {case.display_name}",
                "moment": case.date_due,
                "user": case.user_id,
            }
            if not row["partner"]:
                row["name"] = case.email_from or case.name
            rows[case.id] = row
        return rows


class CrmMyDayActivity(models.AbstractModel):
    _inherit = "crm.my.day.activity"

    @api.model
    def _get_day(self, query, work_day):
        """An escalation that tells the owner of his own case is that case's row."""
        self.env["crm.feedback"].flush_model(["user_id", "date_due"])
        query.add_where(
            SQL(
                """NOT EXISTS (
                    SELECT FROM crm_feedback AS case_
                     WHERE %(model)s = 'crm.feedback' AND case_.id = %(record)s
                       AND case_.user_id = %(user)s AND case_.date_due IS NOT NULL
                       AND %(type)s = %(escalation)s
                )""",
                model=SQL.identifier(query.table, "res_model"),
                record=SQL.identifier(query.table, "res_id"),
                user=SQL.identifier(query.table, "user_id"),
                type=SQL.identifier(query.table, "activity_type_id"),
                escalation=self.env["ir.model.data"]._xmlid_to_res_id(
                    "crm_custom.mail_activity_type_feedback_escalation"
                ),
            )
        )
        return super()._get_day(query, work_day)


class CrmMyDay(models.AbstractModel):
    _inherit = "crm.my.day"

    @api.model
    def _check_user(self):
        """Whoever answers customers has a day of his own, as salespeople have."""
        if not self.env.user.has_group("crm_custom.group_crm_custom_feedback_agent"):
            super()._check_user()
