"""Calendars whose hours are counted by hand, and a policy."""

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command

from .feedback_common import FeedbackCase

#: 8:00 in Berlin
MONDAY = "2026-03-09 07:00:00"
WEEK = "01234"
OFFICE = ((8, 12), (13, 17))


class FeedbackPolicyCase(FeedbackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.berlin = cls._calendar("Europe/Berlin")
        cls.env.company.resource_calendar_id = cls.berlin
        cls.team.user_id = cls.manager

    @classmethod
    def _calendar(cls, tz, hours=OFFICE, days=WEEK, company=None):
        return cls.env["resource.calendar"].create(
            {
                "name": tz,
                "tz": tz,
                "company_id": (company or cls.env.company).id,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": "Work",
                                "dayofweek": day,
                                "hour_from": start,
                                "hour_to": stop,
                                "day_period": "morning" if start < 12 else "afternoon",
                            }
                        )
                        for day in days
                        for start, stop in hours
                    ),
                ],
            }
        )

    @classmethod
    def _policy(cls, answer=0, solution=0, steps=(), **vals):
        """A policy for complaints, before all others.

        :param steps: dicts of the fields of its steps
        """
        return cls.env["crm.feedback.policy"].create(
            {
                "name": "By hand",
                "sequence": -1,
                "company_id": cls.env.company.id,
                "type_ids": [Command.set(cls.complaint.ids)],
                "hours_first_answer": answer,
                "hours_solution": solution,
                "date_from": "2026-01-01",
                "step_ids": [
                    Command.create({"date_from": "2026-01-01", **step})
                    for step in steps
                ],
                **vals,
            }
        )

    def _holiday(self, start, stop, company=None, **vals):
        leaves = self.env["resource.calendar.leaves"]
        return leaves.with_company(company or self.env.company).create(
            {"name": "Holiday", "date_from": start, "date_to": stop, **vals}
        )

    def _at(self, moment):
        """From now on it is this moment, in UTC."""
        freezer = freeze_time(moment)
        freezer.start()
        self.addCleanup(freezer.stop)

    def _received(self, moment, **vals):
        """A case that comes in at this moment."""
        self._at(moment)
        return self._case(**vals)

    def _assert_at(self, value, moment):
        self.assertEqual(fields.Datetime.to_string(value) or False, moment)
