from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

JOB_BATCH = 200
MEETINGS_UNTIL = "crm_custom.meetings_logged_until"
# What changed while the last run was reading is looked at again.
OVERLAP = timedelta(days=1)


class CrmInteraction(models.Model):
    """The jobs that take contacts in, in batches that are committed one by one.

    Each asks what is not in the log yet, so a job that was killed goes on where it was.
    A second one that runs at the same time finds the lock taken and leaves.
    """

    _inherit = "crm.interaction"

    # ------------------------------------------------------------
    # Activities that were done before the install
    # ------------------------------------------------------------

    @api.model
    def _cron_log_done_activities(self):
        """After the install, once: puts itself out when nothing is left."""
        cron, failed = self.env["ir.cron"], []
        if cron._crm_run_in_batches(
            self._get_unlogged_message_ids(),
            JOB_BATCH,
            self._log_messages,
            lock="done activities",
            failed=failed,
        ):
            cron._commit_progress(remaining=0, deactivate=not failed)

    @api.model
    def _log_done_on(self, documents):
        """What was done on documents that had no customer until now."""
        if ids := self._get_unlogged_message_ids(documents):
            self._log_messages(ids)

    @api.model
    def _get_unlogged_message_ids(self, documents=None):
        """Odoo's notes that an activity is done: older versions kept nothing else.

        :param documents: on these alone
        """
        models = list(self.env["mail.activity"]._get_contact_documents())
        on_these = SQL("TRUE")
        if documents is not None:
            models = [documents._name]
            on_these = SQL("message.res_id = ANY(%s)", documents.ids)
        self.flush_model(["message_id"])
        self.env["mail.message"].flush_model(
            ["model", "res_id", "mail_activity_type_id"]
        )
        query = SQL(
            """
            SELECT message.id
              FROM mail_message AS message
              JOIN mail_activity_type AS kind
                ON kind.id = message.mail_activity_type_id
             WHERE kind.interaction_channel_id IS NOT NULL
               AND message.model = ANY(%s) AND %s
               AND NOT EXISTS (
                    SELECT 1 FROM crm_interaction WHERE message_id = message.id
                   )
          ORDER BY message.id
            """,
            models,
            on_these,
        )
        return [row[0] for row in self.env.execute_query(query)]

    @api.model
    def _log_messages(self, message_ids):
        # sudo: a job's own
        messages = self.env["mail.message"].sudo().browse(message_ids)
        activity_of = self._pair_with_activities(messages)
        parties = self.env["mail.activity"]._get_parties_of_documents(
            {message.id: (message.model, message.res_id) for message in messages}
        )
        vals_list = []
        for message in messages:
            party = parties.get(message.id)
            if not party:
                continue
            activity = activity_of.get(message.id)
            user = message.author_id.user_ids.filtered(lambda user: not user.share)[:1]
            if activity:
                vals = self._prepare_activity_vals(activity, party)
                if not vals.get("event_id"):
                    vals["date_start"] = message.date
            else:
                kind = message.mail_activity_type_id
                vals = {
                    **party,
                    "channel_id": kind.interaction_channel_id.id,
                    "direction": "out",
                    "date_start": message.date,
                    "subject": kind.name,
                    "note": message.body,
                    "company_id": self._get_company_id(party, user),
                    "origin": "activity",
                }
            vals["user_id"] = user.id or vals.get("user_id")
            vals["message_id"] = message.id
            vals.setdefault("source_key", f"mail.message:{message.id}")
            vals_list.append(vals)
        self._take_in(vals_list)

    @api.model
    def _pair_with_activities(self, messages):
        """Which archived activity a note is about: nothing links the two.

        Both name the document, the kind and the day; where several do, they are paired
        in the order in which they came.

        :return: {message id: activity}
        """
        documents = Domain.OR(
            Domain("model", "=", model)
            & Domain("res_id", "in", of_model.mapped("res_id"))
            for model, of_model in messages.grouped("model").items()
        )
        notes = messages.search(
            documents & Domain("mail_activity_type_id", "!=", False), order="id"
        )
        # sudo: a job's own
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        done = activities.search(
            documents.map_conditions(
                lambda condition: Domain(
                    "res_model" if condition.field_expr == "model" else "res_id",
                    condition.operator,
                    condition.value,
                )
            )
            & Domain("active", "=", False)
            & Domain("date_done", "!=", False),
            order="id",
        )
        waiting = defaultdict(list)
        for activity in done:
            waiting[
                activity.res_model,
                activity.res_id,
                activity.activity_type_id,
                activity.date_done,
            ].append(activity)
        pairs = {}
        for note in notes:
            queue = waiting[
                note.model, note.res_id, note.mail_activity_type_id, note.date.date()
            ]
            if queue:
                pairs[note.id] = queue.pop(0)
        return pairs

    # ------------------------------------------------------------
    # Meetings that have taken place
    # ------------------------------------------------------------

    @api.model
    def _cron_log_meetings(self):
        """Every quarter of an hour: meetings that are over, with a customer in them."""
        # sudo: a job's own
        parameters = self.env["ir.config_parameter"].sudo()
        until = fields.Datetime.to_datetime(parameters.get_param(MEETINGS_UNTIL))
        now = fields.Datetime.now()
        cron, failed = self.env["ir.cron"], []
        if cron._crm_run_in_batches(
            self._get_unlogged_meeting_ids(until and until - OVERLAP, now),
            JOB_BATCH,
            self._log_meetings,
            lock="meetings",
            failed=failed,
        ):
            if not failed:
                parameters.set_param(MEETINGS_UNTIL, fields.Datetime.to_string(now))
            cron._commit_progress(remaining=0)

    @api.model
    def _get_unlogged_meeting_ids(self, since, now):
        """Past meetings with somebody from outside who is not in the log with them.

        :param since: only what ended or changed after it; None for all
        """
        self.env["calendar.event"].flush_model()
        self.flush_model(["event_id", "partner_id"])
        query = SQL(
            """
            SELECT DISTINCT event.id
              FROM calendar_event AS event
              JOIN calendar_event_res_partner_rel AS invited
                ON invited.calendar_event_id = event.id
              JOIN res_partner AS person ON person.id = invited.res_partner_id
             WHERE event.active IS TRUE AND event.stop <= %(now)s
               AND (event.stop > %(since)s OR event.write_date > %(since)s)
               AND person.partner_share IS TRUE
               AND NOT EXISTS (
                    SELECT 1
                      FROM crm_interaction
                     WHERE event_id = event.id
                       AND partner_id = person.commercial_partner_id
                   )
          ORDER BY event.id
            """,
            now=now,
            since=since or fields.Datetime.to_datetime("1900-01-01"),
        )
        return [row[0] for row in self.env.execute_query(query)]

    @api.model
    def _log_meetings(self, event_ids):
        # sudo: a job's own
        events = self.env["calendar.event"].sudo().browse(event_ids).exists()
        people_of_event = {event: event._get_people_met() for event in events}
        people = self.env["res.partner"].union(*people_of_event.values())
        external = people._filter_contacts_to_log()
        vals_list = []
        for event, met in people_of_event.items():
            customers = (met & external).grouped("commercial_partner_id")
            for customer, persons in customers.items():
                vals_list.append(
                    self._prepare_meeting_vals(event, customer, persons - customer)
                )
        self._link_logged_by_hand(vals_list)
        self._take_in(vals_list)

    @api.model
    def _prepare_meeting_vals(self, event, customer, persons):
        lead = event.opportunity_id
        if lead.partner_id.commercial_partner_id != customer:
            lead = lead.browse()
        party = {
            "partner_id": customer.id,
            "contact_id": persons[:1].id,
            "lead_id": lead.id,
            "company_id": (lead or customer).company_id.id,
        }
        # what the organiser shows to nobody, the log shows to nobody
        hidden = event.effective_privacy == "private"
        user = event.user_id
        return {
            **party,
            "channel_id": self.env.ref("crm_custom.crm_interaction_channel_visit").id,
            "direction": "out",
            "date_start": event.start,
            "duration": 0 if event.allday else event.duration,
            "subject": False if hidden else event.name,
            "note": False if hidden else event.notes,
            "user_id": user.id,
            "company_id": self._get_company_id(party, user),
            "origin": "meeting",
            "event_id": event.id,
            "source_key": self._get_meeting_key(event.id, customer.id),
        }

    @api.model
    def _link_logged_by_hand(self, vals_list):
        """A visit that its organiser logged himself is the meeting in his calendar."""
        if not vals_list:
            return
        margin = timedelta(hours=1)
        starts = [vals["date_start"] for vals in vals_list]
        longest = max(timedelta(hours=vals["duration"]) for vals in vals_list)
        # sudo: a job's own
        entries = self.sudo().search(
            Domain("partner_id", "in", [vals["partner_id"] for vals in vals_list])
            & Domain("origin", "=", "manual")
            & Domain("event_id", "=", False)
            & Domain("activity_id", "=", False)
            & Domain("channel_id", "in", [vals["channel_id"] for vals in vals_list])
            & Domain("date_start", ">=", min(starts) - margin)
            & Domain("date_start", "<=", max(starts) + longest + margin),
            order="date_start, id",
        )
        for vals in vals_list:
            first = vals["date_start"] - margin
            last = vals["date_start"] + timedelta(hours=vals["duration"]) + margin
            same = entries.filtered(
                lambda entry, vals=vals, first=first, last=last: (
                    not entry.event_id
                    and entry.partner_id.id == vals["partner_id"]
                    and entry.user_id.id == vals["user_id"]
                    and first <= entry.date_start <= last
                )
            )[:1]
            if same:
                same._learn_source(vals)
