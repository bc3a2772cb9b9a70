from dataclasses import dataclass
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import get_lang

#: what is due, in the order of the page
BUCKETS = ("overdue", "today", "tomorrow", "week")


@dataclass(frozen=True)
class WorkDay:
    """Whose work is asked for, and what "today" means to who asks.

    ``user_ids`` are the salespeople; None is everybody, and what belongs to nobody.
    The week ends with the last day of the week in the reader's language.
    """

    today: date
    week_end: date
    tz: str
    user_ids: tuple | None

    @classmethod
    def of(cls, env, user_ids):
        today = fields.Date.context_today(env.user)
        first = int(get_lang(env).week_start)
        passed = (today.isoweekday() - first) % 7
        return cls(today, today + timedelta(days=6 - passed), env.tz.zone, user_ids)

    @property
    def tomorrow(self):
        return self.today + timedelta(days=1)

    def owned_by(self, path):
        """The condition that the user at the end of ``path`` is one of these."""
        if self.user_ids is None:
            return Domain.TRUE
        return Domain(path, "in", self.user_ids)

    def local_date(self, moment):
        """The day of a UTC timestamp where the reader is."""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, self.tz)

    def falls_into(self, bucket, day):
        """The condition that the SQL expression ``day`` falls into the bucket."""
        if bucket == "overdue":
            return SQL("%s < %s", day, self.today)
        if bucket == "today":
            return SQL("%s = %s", day, self.today)
        if bucket == "tomorrow":
            return SQL("%s = %s", day, self.tomorrow)
        if bucket == "week":
            return SQL("%s > %s AND %s <= %s", day, self.tomorrow, day, self.week_end)
        return SQL("%s > %s", day, max(self.tomorrow, self.week_end))


class CrmMyDaySource(models.AbstractModel):
    """One kind of work on *My day*: what a room gives to the page.

    A room adds its rows with one class in a file of its own; nothing is registered, no
    script is written::

        class CrmMyDayQuotation(models.AbstractModel):
            _name = "crm.my.day.quotation"
            _inherit = "crm.my.day.source"
            _my_day_model = "sale.order"
            _my_day_actions = ("open", "plan")

            def _get_domain(self, work_day):
                ...  # which records, under the rules of the user
            def _get_day(self, query, work_day):
                ...  # SQL: the day on which each is due
            def _prepare_rows(self, records, work_day):
                ...  # what each tells

    The rows are the records of ``_my_day_model`` that the user may read, fulfil the
    domain and have a day. They are counted by one query and read a page at a time, so
    a source costs the same at ten rows and at a million. An action settles a row: when
    it is done, the record no longer fulfils the domain, and the row is gone.
    """

    _name = "crm.my.day.source"
    _description = "Source of My day"

    #: the model of the records
    _my_day_model = ""
    #: its place on the page
    _my_day_sequence = 100
    #: a Font Awesome icon
    _my_day_icon = "fa-circle-o"
    #: what can be done with a row, the one that settles it first; each is a method
    #: ``_do_<name>(record)`` that returns an action to open in a dialog, or nothing
    _my_day_actions = ("open", "plan", "log")

    # ------------------------------------------------------------
    # What a source says
    # ------------------------------------------------------------

    @api.model
    def _get_title(self):
        """Over the rows, in the user's language."""
        raise NotImplementedError

    @api.model
    def _get_domain(self, work_day):
        raise NotImplementedError

    @api.model
    def _get_day(self, query, work_day):
        """The SQL expression of the day on which a record of ``query`` is due.

        Joins and conditions that no domain can say are added to the query here.
        """
        raise NotImplementedError

    @api.model
    def _prepare_rows(self, records, work_day):
        """What the rows tell, in a number of queries that does not grow with them.

        :return: {record id: {"partner": whom it is about, "text": what it is about,
            "user": whose work it is, "amount": optional text,
            "moment": optional datetime on the day, "name": optional, instead of the
            partner's}}
        """
        raise NotImplementedError

    @api.model
    def _get_action_labels(self):
        return {
            "log": self.env._("Log a contact"),
            "open": self.env._("View"),
            "plan": self.env._("Plan next step"),
        }

    # ------------------------------------------------------------
    # What lists ask
    # ------------------------------------------------------------

    @api.model
    def _get_bucket_sql(self, moment):
        """SQL of the bucket that a UTC timestamp falls into for the reader; "later"
        after his week.
        """
        work_day = WorkDay.of(self.env, None)
        day = work_day.local_date(moment)
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", work_day.falls_into(bucket, day), bucket)
            for bucket in BUCKETS
        )
        return SQL("CASE %s ELSE 'later' END", cases)

    @api.model
    def _get_days_since_sql(self, moment):
        """SQL of the days from a UTC timestamp to the reader's today."""
        work_day = WorkDay.of(self.env, None)
        return SQL("%s - %s", work_day.today, work_day.local_date(moment))

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    @api.model
    def _do_open(self, record):
        return {
            "type": "ir.actions.act_window",
            "name": record.display_name,
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _do_log(self, record):
        return record.action_log_interaction()

    @api.model
    def _do_plan(self, record):
        """What has a next step comes back with it, on its day."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan next step"),
            "res_model": "mail.activity.schedule",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": record._name,
                "active_ids": record.ids,
                "active_id": record.id,
            },
        }

    # ------------------------------------------------------------
    # What the page asks
    # ------------------------------------------------------------

    @api.model
    def _get_key(self):
        return self._name.removeprefix("crm.my.day.")

    @api.model
    def _is_available(self):
        return self.env[self._my_day_model].has_access("read")

    @api.model
    def _get_query(self, work_day):
        """:return: (query, day): the records under the user's rules, and their day"""
        query = self.env[self._my_day_model]._search(self._get_domain(work_day))
        query.order = None
        return query, self._get_day(query, work_day)

    @api.model
    def _leave_out_planned(self, query):
        """Leave out the records for which somebody has planned an activity."""
        query.add_where(
            SQL(
                """NOT EXISTS (
                    SELECT FROM mail_activity AS planned
                     WHERE planned.res_model = %s AND planned.res_id = %s
                       AND planned.active
                       AND planned.activity_type_id IS DISTINCT FROM %s
                )""",
                self._my_day_model,
                SQL.identifier(query.table, "id"),
                self._get_overdue_type_id(),
            )
        )
        self.env["mail.activity"].flush_model(
            ["res_model", "res_id", "active", "activity_type_id"]
        )

    @api.model
    def _leave_out_spoken_to(self, query, partner, since, work_day):
        """Leave out the records whose customer somebody has spoken to lately.

        :param SQL partner: the commercial partner of a record
        :param SQL since: the first day that counts, where the reader is
        """
        self.env["crm.interaction"].flush_model()
        query.add_where(
            SQL(
                """NOT EXISTS (
                    SELECT FROM crm_interaction AS contact
                      LEFT JOIN crm_interaction_outcome AS outcome
                        ON outcome.id = contact.outcome_id
                     WHERE contact.partner_id = %s AND contact.active
                       AND outcome.is_contact IS NOT FALSE AND %s >= %s
                )""",
                partner,
                work_day.local_date(SQL("contact.date_start")),
                since,
            )
        )

    @api.model
    def _get_overdue_type_id(self):
        """The type of the activities that tell of an overdue row: they are no plans."""
        return self.env["ir.model.data"]._xmlid_to_res_id(
            "crm_custom.mail_activity_type_overdue"
        )

    @api.model
    def _get_counts(self, work_day):
        """:return: ({bucket: number of rows}, the first day after them or None)"""
        query, day = self._get_query(work_day)
        columns = [
            SQL("count(*) FILTER (WHERE %s)", work_day.falls_into(bucket, day))
            for bucket in BUCKETS
        ]
        later = work_day.falls_into("later", day)
        columns.append(SQL("min(%s) FILTER (WHERE %s)", day, later))
        ((*counts, first_later),) = self.env.execute_query(query.select(*columns))
        return dict(zip(BUCKETS, counts, strict=True)), first_later

    @api.model
    def _get_rows(self, work_day, bucket, offset=0, limit=None):
        """A page of rows, those due first before others."""
        query, day = self._get_query(work_day)
        query.add_where(work_day.falls_into(bucket, day))
        record_id = SQL.identifier(query.table, "id")
        query.order = SQL("%s, %s", day, record_id)
        query.offset, query.limit = offset, limit
        days = dict(self.env.execute_query(query.select(record_id, day)))
        records = self.env[self._my_day_model].browse(days)
        told = self._prepare_rows(records, work_day)
        people = self._get_people(told)
        return [
            {
                "id": record.id,
                "day": fields.Date.to_string(days[record.id]),
                "moment": fields.Datetime.to_string(told[record.id].get("moment")),
                "text": told[record.id]["text"] or "",
                "amount": told[record.id].get("amount", ""),
                "owner": told[record.id]["user"].name or "",
                **people[record.id],
                **(
                    {"name": told[record.id]["name"]}
                    if "name" in told[record.id]
                    else {}
                ),
            }
            for record in records
        ]

    @api.model
    def _get_people(self, told):
        """Whom the rows are about, as far as the user may see them."""
        partners = self.env["res.partner"].union(*(t["partner"] for t in told.values()))
        # sudo: which customer a contact belongs to; what is told of it is checked
        customers = partners.sudo().commercial_partner_id.sudo(False)
        visible = (partners | customers)._filtered_access("read")
        people = {}
        for record_id, row in told.items():
            partner = row["partner"] & visible
            # sudo: as above
            customer = partner.sudo().commercial_partner_id.sudo(False) & visible
            phone = partner.phone or partner.mobile or customer.customer_call_number
            people[record_id] = {
                "partner_id": (customer or partner).id,
                "name": row.get("name") or (customer or partner).name or "",
                "contact": partner.name if customer and partner != customer else "",
                "phone": phone or "",
            }
        return people
