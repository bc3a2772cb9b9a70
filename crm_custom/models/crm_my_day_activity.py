from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmMyDayActivity(models.AbstractModel):
    """Next steps: the open activities of a salesperson, on whatever they are."""

    _name = "crm.my.day.activity"
    _inherit = "crm.my.day.source"
    _description = "My day: next steps"

    _my_day_model = "mail.activity"
    _my_day_sequence = 20
    _my_day_icon = "fa-clock-o"
    _my_day_actions = ("done", "log", "tomorrow", "next_week", "document")

    @api.model
    def _get_title(self):
        return self.env._("Next steps")

    @api.model
    def _get_domain(self, work_day):
        return (
            Domain("user_id", "!=", False)
            & Domain("activity_type_id", "!=", self._get_overdue_type_id())
            & work_day.owned_by("user_id")
        )

    @api.model
    def _get_day(self, query, work_day):
        return self.env["mail.activity"]._field_to_sql(query.table, "date_deadline")

    @api.model
    def _prepare_rows(self, records, work_day):
        partners = self._get_customers(records)
        rows = {}
        for activity in records:
            kind = activity.activity_type_id.name
            row = {
                "partner": partners[activity.id],
                "text": ": ".join(filter(None, (kind, activity.summary))),
                "user": activity.user_id,
            }
            if not row["partner"]:
                row["name"] = activity.res_name or ""
            elif activity.res_model != "res.partner":
                row["text"] += f" ({activity.res_name})"
            rows[activity.id] = row
        return rows

    @api.model
    def _get_customers(self, activities):
        """:return: {activity id: the partner of its document, if that is readable}"""
        nobody = self.env["res.partner"]
        customers = dict.fromkeys(activities.ids, nobody)
        for model_name, some in activities.grouped("res_model").items():
            if not model_name or model_name not in self.env:
                continue
            documents = self.env[model_name].browse(set(some.mapped("res_id"))).exists()
            if "message_partner_ids" not in documents:
                continue
            documents = documents._filtered_access("read")
            partners = documents._mail_get_partners()
            for activity in some:
                customers[activity.id] = partners.get(activity.res_id, nobody)[:1]
        return customers

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    @api.model
    def _get_action_labels(self):
        return {
            **super()._get_action_labels(),
            "done": self.env._("Done"),
            "tomorrow": self.env._("Move to tomorrow"),
            "next_week": self.env._("Move by a week"),
            "document": self.env._("View"),
        }

    @api.model
    def _do_done(self, record):
        record.action_done()

    @api.model
    def _do_log(self, record):
        """What was said, and with it the activity is done."""
        party = record._get_contact_parties().get(record.id, {})
        if not party:
            raise UserError(self.env._("This is no activity with a customer."))
        partner_id = party.get("contact_id") or party["partner_id"]
        return self.env["res.partner"]._get_log_interaction_action(
            default_partner_id=partner_id, default_activity_id=record.id
        )

    @api.model
    def _do_tomorrow(self, record):
        self._move(record, 1)

    @api.model
    def _do_next_week(self, record):
        self._move(record, 7)

    @api.model
    def _move(self, activity, days):
        today = fields.Date.context_today(self)
        activity.date_deadline = today + timedelta(days=days)

    @api.model
    def _do_document(self, record):
        document = record
        if record.res_model:
            document = self.env[record.res_model].browse(record.res_id)
        return self._do_open(document)
