from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import is_html_empty, plaintext2html


class CrmInteraction(models.Model):
    """What users do already: done activities and past meetings, each once.

    Where an entry comes from is its ``source_key``, unique whoever takes it in and how
    many do at once. An activity of a meeting has the meeting's key, so the two are one
    contact whichever comes first. A key names ids and is no link: the entry stays when
    its source is deleted, and a merge of customers meets no unique column.
    """

    _inherit = "crm.interaction"

    event_id = fields.Many2one(
        "calendar.event",
        string="Meeting",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
    )
    message_id = fields.Many2one(
        "mail.message",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        export_string_translation=False,
        # Odoo's note that the activity is done; nothing for users
        groups=fields.NO_ACCESS,
    )
    source_key = fields.Char(
        copy=False, export_string_translation=False, groups=fields.NO_ACCESS
    )

    _source_unique = models.UniqueIndex("(source_key) WHERE source_key IS NOT NULL")

    @api.model
    def _get_link_fields(self):
        return super()._get_link_fields() | {"event_id"}

    # ------------------------------------------------------------
    # Once
    # ------------------------------------------------------------

    @api.model
    def _get_meeting_key(self, event_id, customer_id):
        return f"calendar.event:{event_id}:{customer_id}"

    @api.model
    def _take_in(self, vals_list):
        """Make entries of these values, but for what the log has already.

        An entry that settled the activity, or that came from its meeting, is that
        contact: it learns its source, and no second one is made.

        :param vals_list: values with ``source_key``, and ``activity_id``,
            ``message_id``, ``event_id`` where they are known
        :return: the new entries
        """
        # sudo: an entry is made of what somebody did, whatever he may write himself
        log_sudo = self.sudo().with_context(active_test=False)
        known = log_sudo._find_known(vals_list)
        new = []
        for vals in vals_list:
            entry = (
                known.get(vals["source_key"])
                or known.get(("activity", vals.get("activity_id")))
                or known.get(("meeting", vals.get("event_id"), vals["partner_id"]))
            )
            if entry:
                entry._learn_source(vals)
            else:
                new.append(vals)
        return log_sudo._create_once(new)

    def _find_known(self, vals_list):
        """The entries that these values may be, by their key and by their links."""
        names = ("activity_id", "event_id")
        ids = {name: [v[name] for v in vals_list if v.get(name)] for name in names}
        entries = self.search(
            Domain("source_key", "in", [vals["source_key"] for vals in vals_list])
            | Domain("activity_id", "in", ids["activity_id"])
            | Domain("event_id", "in", ids["event_id"])
        )
        known = {}
        for entry in entries:
            if entry.source_key:
                known[entry.source_key] = entry
            if entry.activity_id:
                known["activity", entry.activity_id.id] = entry
            if entry.event_id:
                known["meeting", entry.event_id.id, entry.partner_id.id] = entry
        return known

    def _learn_source(self, vals):
        changes = {
            name: vals[name]
            for name in ("source_key", "activity_id", "message_id", "event_id")
            if vals.get(name) and not self[name]
        }
        if changes:
            self.write(changes)

    def _create_once(self, vals_list):
        """Create what nobody else creates at the same moment.

        Who comes second finds the key taken by a row that his snapshot does not show;
        he halves the set until that one row is left out.
        """
        if not vals_list:
            return self.browse()
        try:
            with self.env.cr.savepoint():
                entries = self.create(vals_list)
                self.env.flush_all()
                return entries
        except UniqueViolation:
            if len(vals_list) == 1:
                return self.browse()
            middle = len(vals_list) // 2
            return self._create_once(vals_list[:middle]) | self._create_once(
                vals_list[middle:]
            )

    @api.model
    def _crm_before_partner_merge(self, src_partners, dst_partner):
        """A meeting in which both took part is one contact with who stays.

        The other entry is kept in the archive, where it counts no more.
        """
        customer = dst_partner.commercial_partner_id
        # sudo: whoever merges, and whose entries they are
        entries_sudo = self.sudo().search(
            Domain("partner_id", "in", (src_partners | customer).ids)
            & Domain("event_id", "!=", False)
        )
        # what somebody wrote himself says more than what was taken in
        entries_sudo = entries_sudo.sorted(
            lambda entry: (
                entry.origin != "manual",
                entry.partner_id != customer,
                entry.id,
            )
        )
        again_sudo = entries_sudo.browse()
        for same_sudo in entries_sudo.grouped("event_id").values():
            again_sudo |= same_sudo[1:]
        again_sudo.active = False

    # ------------------------------------------------------------
    # Values
    # ------------------------------------------------------------

    @api.model
    def _prepare_activity_vals(self, activity, party, feedback=None):
        """The entry that a done activity is, but for its message; to be completed.

        :param party: as of ``mail.activity._get_contact_parties``
        """
        now = fields.Datetime.now()
        event = activity.calendar_event_id
        vals = {
            **party,
            "channel_id": activity.activity_type_id.interaction_channel_id.id,
            "direction": "out",
            "date_start": now,
            "subject": activity.summary or activity.activity_type_id.name,
            "note": self._join_notes(activity.note, feedback or activity.feedback),
            "user_id": self._get_doer(activity.user_id).id,
            "company_id": self._get_company_id(party, activity.user_id),
            "origin": "activity",
            "activity_id": activity.id,
        }
        if event:
            vals["event_id"] = event.id
            vals["source_key"] = self._get_meeting_key(event.id, party["partner_id"])
            if event.start <= now:
                vals["date_start"] = event.start
                vals["duration"] = 0 if event.allday else event.duration
        return vals

    @api.model
    def _join_notes(self, note, feedback):
        parts = [note] if not is_html_empty(note) else []
        if feedback:
            parts.append(plaintext2html(feedback))
        return "".join(parts) or False

    @api.model
    def _get_doer(self, assignee):
        """Who did it: who says so, or whose it was when a program says so."""
        user = self.env.user
        return user if user._is_internal() and not user._is_superuser() else assignee

    @api.model
    def _get_company_id(self, party, user):
        """The company of the document or customer, else that of the user."""
        # sudo: the company of a colleague
        company = user.sudo().company_id or self.env.company
        return party.get("company_id") or company.id
