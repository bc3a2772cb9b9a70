from odoo import api, models

PLAN_FIELDS = {"active", "allday", "partner_ids", "start", "start_date", "stop"}


class CalendarEvent(models.Model):
    """A meeting with a customer: his next contact, and when it is over, one made."""

    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._refresh_contact_schedule()
        return events

    def write(self, vals):
        if PLAN_FIELDS.isdisjoint(vals):
            return super().write(vals)
        before = self._get_people_invited()
        result = super().write(vals)
        (before | self._get_people_invited())._refresh_contact_schedule()
        return result

    def unlink(self):
        people = self._get_people_invited()
        result = super().unlink()
        people._refresh_contact_schedule()
        return result

    def _refresh_contact_schedule(self):
        self._get_people_invited()._refresh_contact_schedule()

    def _get_people_invited(self):
        # sudo: the dates of whoever is invited follow, seen by the user or not
        return self.sudo().partner_ids.filtered("partner_share")

    def _get_people_met(self):
        """Those invited to this meeting who did not decline."""
        self.ensure_one()
        declined = self.attendee_ids.filtered(
            lambda attendee: attendee.state == "declined"
        )
        return self.partner_ids - declined.partner_id
