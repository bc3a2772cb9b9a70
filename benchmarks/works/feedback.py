"""Feedback in time: what the job finds among all cases, the deadlines, the board."""

from dataclasses import dataclass

from odoo import fields

from odoo.addons.crm_custom.report.crm_feedback_board import COUNTS

from benchmarks.figures import Aim
from benchmarks.work import Work

#: which running case has a step that is due and was not taken, from the moments stored
DUE = """
SELECT id FROM crm_feedback WHERE date_escalation <= %s ORDER BY date_escalation, id
"""
BOARD = """
SELECT c.team_id, c.user_id, count(*), count(*) FILTER (WHERE c.user_id IS NULL),
       count(*) FILTER (WHERE c.date_due >= %(now)s AND c.date_due < %(midnight)s),
       count(*) FILTER (WHERE c.date_due < %(now)s),
       count(*) FILTER (WHERE c.date_escalated IS NOT NULL),
       count(*) FILTER (WHERE s.is_waiting)
  FROM crm_feedback c
  LEFT JOIN crm_feedback_stage s ON s.id = c.stage_id
 WHERE c.is_closed IS NOT TRUE AND c.is_solved IS NOT TRUE AND c.active
 GROUP BY c.company_id, c.team_id, c.user_id
"""


@dataclass
class EscalationFound(Work):
    name = "job/escalation/find"
    title = "the open cases with an escalation step that is due, among all cases"
    scale = "crm_feedback"
    aims = (Aim("floor", 2), Aim("queries", 1))

    def addon(self, door):
        return door.superuser()["crm.feedback"]._get_due_for_escalation()

    def floor(self, door):
        now = fields.Datetime.now()
        return [id_ for (id_,) in door.sql(DUE, [now])]


@dataclass
class EscalationTaken(Work):
    """All that is due in one run, as after a long standstill."""

    name = "job/escalation/take"
    title = "the escalation steps that are due: people told, steps written down"
    scale = "crm_feedback"
    apart = True
    spends = ("data",)
    same = ()
    runs = 1

    def addon(self, door):
        cases = door.superuser()["crm.feedback"]
        ids = cases._get_due_for_escalation()
        cases._escalate(ids)
        cases.env.flush_all()
        door.note("cases", len(ids))
        return ids

    def rows(self, door, way, result):
        return door.sql(
            "SELECT feedback_id, step_id FROM crm_feedback_escalation ORDER BY 1, 2"
        )


@dataclass
class DeadlinesMoved(Work):
    """A policy changes: the deadlines of all open cases are worked out anew."""

    name = "job/escalation/deadlines"
    title = "the deadlines of all open cases, when a policy changes"
    scale = "crm_feedback"
    same = ()

    def addon(self, door):
        policies = door.superuser()["crm.feedback.policy"].search([])
        for policy in policies[:1]:
            policy.hours_solution += 1
        policies.env.flush_all()

    def rows(self, door, way, result):
        return door.sql(
            "SELECT id FROM crm_feedback WHERE date_due IS NOT NULL ORDER BY id"
        )


@dataclass
class FeedbackBoard(Work):
    name = "board/feedback"
    title = "the board: what is open, late, escalated..., by team and owner"
    scale = "crm_feedback"
    user = "sales_manager"
    aims = (Aim("floor", 2),)

    def prepare(self, door):
        """A board is a service agent's; the sales manager of the bench becomes one."""
        agents = door.env.ref("crm_custom.group_crm_custom_feedback_agent")
        door.superuser()["res.users"].browse(door.env.uid).group_ids += agents
        door.env.cr.commit()

    def addon(self, door):
        names = [f"{name}_count" for name in COUNTS]
        return door.rpc(
            "crm.feedback.board",
            "search_read",
            [],
            ["team_id", "user_id", *names],
        )

    def floor(self, door):
        today = fields.Date.context_today(door.env["crm.feedback"])
        (midnight,) = door.sql(
            "SELECT ((%s::date + 1)::timestamp AT TIME ZONE %s) AT TIME ZONE 'UTC'",
            [today, door.env.tz.zone],
        )[0]
        return door.sql(BOARD, {"now": fields.Datetime.now(), "midnight": midnight})

    def rows(self, door, way, result):
        if way == "floor":
            return sorted([team or 0, user or 0, *n] for team, user, *n in result)
        return sorted(
            [
                (row["team_id"] or [0])[0],
                (row["user_id"] or [0])[0],
                *(row[f"{name}_count"] for name in COUNTS),
            ]
            for row in result
        )
