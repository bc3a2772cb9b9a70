from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command

from odoo.addons.crm_custom.models import crm_feedback_escalating

from .concurrency_common import ConcurrencyCase
from .job_concurrency_common import COUNT, NAME, JobConcurrencyMixin


class TestFeedbackConcurrency(JobConcurrencyMixin, ConcurrencyCase):
    """The escalation on real connections: killed half-way, and two at once."""

    _job = ("crm.feedback", "_cron_escalate")
    _tell = ("crm.feedback", "_escalate")
    _list = ("crm.feedback", "_get_due_for_escalation")

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(crm_feedback_escalating, "BATCH", 1))
        now = fields.Datetime.now()
        with self._transaction() as env:
            user = self._make_salespeople(env)
            # nobody is told of what is due in this database already
            env.cr.execute(
                """UPDATE crm_feedback SET date_escalation = NULL
                    WHERE date_escalation IS NOT NULL
                RETURNING id"""
            )
            self.other_ids = [id_ for (id_,) in env.cr.fetchall()]
            kind = env["crm.feedback.type"].create({"name": NAME})
            calendar = env["resource.calendar"].create(
                {
                    "name": NAME,
                    "tz": "UTC",
                    "attendance_ids": [
                        Command.clear(),
                        *(
                            Command.create(
                                {
                                    "name": "Always",
                                    "dayofweek": str(day),
                                    "hour_from": 0,
                                    "hour_to": 24,
                                }
                            )
                            for day in range(7)
                        ),
                    ],
                }
            )
            policy = env["crm.feedback.policy"].create(
                {
                    "name": NAME,
                    "sequence": -1,
                    "type_ids": [Command.set(kind.ids)],
                    "calendar_id": calendar.id,
                    "company_id": env.company.id,
                    "hours_solution": 1,
                    "date_from": now - timedelta(days=1),
                    "step_ids": [
                        Command.create(
                            {
                                "trigger": "after",
                                "recipient": "owner",
                                "date_from": now - timedelta(days=1),
                            }
                        )
                    ],
                }
            )
            cases = env["crm.feedback"].create(
                [
                    {
                        "subject": f"{NAME} {number}",
                        "type_id": kind.id,
                        "user_id": user.id,
                        "date_received": now - timedelta(hours=2),
                    }
                    for number in range(COUNT)
                ]
            )
            self.case_ids, self.user_id = cases.ids, user.id
            self.kind, self.calendar, self.policy = kind.id, calendar.id, policy.id

    def _clean_up(self):
        with self._transaction() as env:
            env["crm.feedback"].browse(self.case_ids).unlink()
            env["crm.feedback.policy"].browse(self.policy).unlink()
            env["resource.calendar"].browse(self.calendar).unlink()
            env["crm.feedback.type"].browse(self.kind).unlink()
            env["crm.feedback"].browse(self.other_ids)._update_deadlines()
        super()._clean_up()

    def _count_told(self):
        """Activities and e-mails to the owner, of which there is one each."""
        with self._transaction() as env:
            activities = env["mail.activity"].search(
                [("res_model", "=", "crm.feedback"), ("user_id", "=", self.user_id)]
            )
            told = env["mail.message"].search(
                [
                    ("model", "=", "crm.feedback"),
                    ("res_id", "in", self.case_ids),
                    ("message_type", "=", "user_notification"),
                    ("subject", "like", ": Solution"),
                ]
            )
            records = env["crm.feedback.escalation"].search(
                [("feedback_id", "in", self.case_ids)]
            )
            told_of = told.mapped("res_id")
            counts = [activities.mapped("res_id").count(id_) for id_ in self.case_ids]
            self.assertEqual(counts, [told_of.count(id_) for id_ in self.case_ids])
            recorded = records.mapped("feedback_id.id")
            self.assertEqual(sorted(recorded), sorted(told_of))
            return counts

    def test_who_solves_it_meanwhile_is_not_overrun(self):
        """A case that somebody solves while the job looks is not told of."""
        case_id = self.case_ids[0]
        find = self.registry["crm.feedback"]._get_due_for_escalation

        def solved_meanwhile(model):
            found = find(model)
            self._in_thread(
                lambda env: (
                    env["crm.feedback"]
                    .browse(case_id)
                    .write(
                        {"stage_id": env.ref("crm_custom.crm_feedback_stage_solved").id}
                    )
                )
            ).result()
            return found

        with self._patch(self._list, solved_meanwhile):
            try:
                with self._transaction() as env:
                    self._run(env)
            except Exception as error:
                self.assertIn("concurrent update", str(error))
        with self._transaction() as env:
            self._run(env)
        self.assertEqual(self._count_told(), [0] + [1] * (COUNT - 1))
