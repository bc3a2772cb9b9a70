"""The technician's time in his calendar, which goes along with the repair."""

from datetime import timedelta

from odoo import models
from odoo.fields import Domain

PLAN_FIELDS = {"schedule_date", "state", "user_id"}


class RepairOrder(models.Model):
    _inherit = "repair.order"

    def write(self, vals):
        result = super().write(vals)
        if not PLAN_FIELDS.isdisjoint(vals):
            self._move_bookings()
        return result

    def unlink(self):
        bookings_sudo = self._get_bookings()
        result = super().unlink()
        bookings_sudo.unlink()
        return result

    def _get_bookings(self):
        """Meetings in which these are repaired, with sudo."""
        # sudo: a booking follows its repair, whosever calendar it stands in
        events_sudo = self.env["calendar.event"].sudo().with_context(active_test=False)
        return events_sudo.search(
            Domain("res_model", "=", "repair.order") & Domain("res_id", "in", self.ids)
        )

    def _book_technician(self, hours):
        """Put the repair into the calendar of who does it.

        :param float hours: how long; 0: nobody is booked
        """
        self.ensure_one()
        if not hours:
            return self.env["calendar.event"]
        technician = self.user_id
        return self.env["calendar.event"].create(
            {
                "name": self.env._(
                    "Repair %(repair)s: %(product)s, %(customer)s",
                    repair=self.name,
                    product=self.product_id.display_name,
                    customer=self.partner_id.name,
                ),
                "start": self.schedule_date,
                "stop": self.schedule_date + timedelta(hours=hours),
                "user_id": technician.id,
                "partner_ids": technician.partner_id.ids,
                "location": self.partner_id.contact_address_inline,
                "res_model_id": self.env["ir.model"]._get_id("repair.order"),
                "res_id": self.id,
            }
        )

    def _move_bookings(self):
        for repair, bookings_sudo in self._get_bookings().grouped("res_id").items():
            repair = self.browse(repair)
            for booking_sudo in bookings_sudo:
                values = {"active": repair.state != "cancel"}
                if booking_sudo.start != repair.schedule_date:
                    length = booking_sudo.stop - booking_sudo.start
                    values["start"] = repair.schedule_date
                    values["stop"] = repair.schedule_date + length
                if booking_sudo.user_id != repair.user_id:
                    values["user_id"] = repair.user_id.id
                    values["partner_ids"] = repair.user_id.partner_id.ids
                if len(values) > 1 or booking_sudo.active != values["active"]:
                    booking_sudo.write(values)


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def write(self, vals):
        result = super().write(vals)
        if "start" in vals:
            self._move_repairs()
        return result

    def _move_repairs(self):
        """Who moves a booking moves the repair, if he may."""
        for event in self.filtered(lambda event: event.res_model == "repair.order"):
            repair = self.env["repair.order"].browse(event.res_id).exists()
            if repair.has_access("write") and repair.schedule_date != event.start:
                repair.schedule_date = event.start
