"""Dunning: proposing a run among all customers, and making its letters."""

import time
from dataclasses import dataclass

from benchmarks import ledger
from benchmarks.figures import Aim
from benchmarks.work import Work

#: what is due of each customer with something overdue for so many days, less credits
DUE = f"""
    SELECT p.commercial_partner_id, sum(l.amount_residual)
      FROM account_move_line l
      JOIN res_partner p ON p.id = l.partner_id
     WHERE l.reconciled IS NOT TRUE AND {ledger.LINES}
       AND (l.amount_residual_currency < 0
            OR l.amount_residual_currency > 0 AND l.no_followup IS NOT TRUE
               AND COALESCE(l.date_maturity, l.date) < %(day)s)
     GROUP BY p.commercial_partner_id
    HAVING sum(l.amount_residual) > 0
       AND min(COALESCE(l.date_maturity, l.date)) FILTER (
               WHERE l.amount_residual_currency > 0) <= %(day)s::date - %(days)s
"""


#: letters of a commit, as the job makes them
BATCH = 20


def _propose(door, **values):
    run = door.env["crm.dunning.run"].create(values)
    run.action_propose()
    return run


@dataclass
class DunningProposal(Work):
    name = "dunning/propose"
    title = "a dunning run of all customers: letters, items, and who is left out"
    user = "accountant"
    scale = "account_move_line"
    aims = (Aim("queries", 40), Aim("seconds", 10))
    apart = True
    runs = 3

    def prepare(self, door):
        levels = door.superuser()["crm.dunning.level"]
        levels._provide_for(door.env.company)
        first = levels._get_all(door.env.company)[:1]
        # the run is of the company's day, which is not the user's around midnight
        day = door.env.company._crm_today()
        self.values = {**ledger.values_of(door), "day": day, "days": first.days}

    def addon(self, door):
        return _propose(door)

    def floor(self, door):
        return door.sql(DUE, self.values)

    def rows(self, door, way, result):
        if way == "addon":
            result = door.sql(
                "SELECT partner_id, amount FROM crm_dunning_letter WHERE run_id = %s",
                [result.id],
            )
        return sorted((partner, round(float(due), 2)) for partner, due in result)


@dataclass
class DunningLetters(Work):
    name = "dunning/make"
    title = "e-mails with their PDFs, levels and notes of a confirmed dunning run"
    user = "accountant"
    # linear: a letter of the second half takes no longer than one of the first
    aims = (Aim("memory", 200), Aim("second half over first", 1.25))
    same = ()
    apart = True
    runs = 1
    count: int = 0

    @classmethod
    def pieces(cls, door):
        return [cls(count) for count in (30, 100, 300)]

    def label(self):
        return f"{self.name} {self.count:,}"

    def prepare(self, door):
        self.scale = self.count

    def warm(self, door):
        """A server that made letters before has its templates and styles ready."""
        run = _propose(door, partner_ids=ledger.some_customers(door, 20)).sudo()
        run._make_lines(run.letter_ids[:1])

    def addon(self, door):
        run = _propose(door).sudo()
        letters = run.letter_ids[: self.count]
        half = len(letters) // 2
        halves = [self._make(door, run, letters[:half])]
        halves.append(self._make(door, run, letters[half:]))
        door.note("ms a letter", sum(halves) * 500)
        door.note("second half over first", halves[1] / halves[0])
        return letters.ids

    def _make(self, door, run, letters):
        """Seconds a letter."""
        began = time.perf_counter()
        for start in range(0, len(letters), BATCH):
            run._make_lines(letters[start : start + BATCH])
            door.env.flush_all()
        return (time.perf_counter() - began) / len(letters)

    def rows(self, door, way, result):
        return [(letter_id,) for letter_id in result]
