"""A calendar or a holiday changes: the deadlines of the cases that run follow."""

from datetime import timedelta

import pytz

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache

TICK = timedelta(microseconds=1)
#: what moves the working hours
HOURS = {
    "tz",
    "schedule_type",
    "flexible_hours",
    "hours_per_day",
    "full_time_required_hours",
    "two_weeks_calendar",
    "company_id",
}
LINES = {
    "attendance_ids",
    "attendance_ids_1st_week",
    "attendance_ids_2nd_week",
    "leave_ids",
    "global_leave_ids",
}


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        if (HOURS | LINES).isdisjoint(vals):
            return super().write(vals)
        # its lines are written one by one: once for all of them
        quiet = self.with_context(crm_feedback_calendar_saving=True)
        result = super(ResourceCalendar, quiet).write(vals)
        self._refresh_feedback()
        return result

    @ormcache("self.id", "company_id", "start", "end")
    def _get_feedback_hours(self, company_id, start, end):
        """Pairs (begin, end) of the hours that are worked between two moments, without
        the holidays of a company; moments are naive UTC.
        """
        holidays = [
            ("time_type", "=", "leave"),
            "|",
            ("calendar_id", "=", self.id),
            ("company_id", "in", [False, company_id]),
        ]
        intervals = self._work_intervals_batch(
            pytz.utc.localize(start), pytz.utc.localize(end), domain=holidays
        )[False]
        return tuple((_to_utc(begin), _to_utc(stop)) for begin, stop, _ in intervals)

    def _refresh_feedback(self):
        """Deadlines of cases by these calendars, in the policy or as the company's."""
        self.env.registry.clear_cache()
        if self.env.context.get("crm_feedback_calendar_saving") or not self:
            return
        self.env["crm.feedback"]._refresh_deadlines(
            Domain("policy_id.calendar_id", "in", self.ids)
            | Domain("company_id.resource_calendar_id", "in", self.ids)
        )


def _to_utc(moment):
    """Odoo's day ends a microsecond before the next one begins."""
    moment = moment.astimezone(pytz.utc).replace(tzinfo=None)
    return moment + TICK if moment.microsecond == 999999 else moment


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        attendances = super().create(vals_list)
        attendances.calendar_id._refresh_feedback()
        return attendances

    def write(self, vals):
        calendars = self.calendar_id
        result = super().write(vals)
        (calendars | self.calendar_id)._refresh_feedback()
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        calendars._refresh_feedback()
        return result


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._refresh_feedback(leaves._get_holidays())
        return leaves

    def write(self, vals):
        before = self._get_holidays()
        result = super().write(vals)
        self._refresh_feedback(before | self._get_holidays())
        return result

    def unlink(self):
        before = self._get_holidays()
        result = super().unlink()
        self._refresh_feedback(before)
        return result

    def _get_holidays(self):
        """Pairs (calendar, company) of the holidays among these: time off of nobody."""
        # sudo: whose they are, whoever may read them
        return {
            (leave.calendar_id, leave.company_id)
            for leave in self.sudo()
            if not leave.resource_id
        }

    @api.model
    def _refresh_feedback(self, holidays):
        if not holidays:
            return
        calendars = self.env["resource.calendar"]
        companies, everywhere = self.env["res.company"], False
        for calendar, company in holidays:
            calendars |= calendar
            if not calendar:
                companies |= company
                everywhere = everywhere or not company
        calendars._refresh_feedback()
        quiet = self.env.context.get("crm_feedback_calendar_saving")
        if (companies or everywhere) and not quiet:
            self.env["crm.feedback"]._refresh_deadlines(
                Domain.TRUE if everywhere else Domain("company_id", "in", companies.ids)
            )


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if "resource_calendar_id" in vals:
            self.env["crm.feedback"]._refresh_deadlines(
                [("company_id", "in", self.ids)]
            )
        return result


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if "customer_type_id" in vals:
            self.env["crm.feedback"]._refresh_deadlines(
                [("partner_id", "in", self.ids)]
            )
        return result
