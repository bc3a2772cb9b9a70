"""What the clock of a case says: by its policy, its calendar and its pauses."""


class CaseClock:
    """The deadlines of one case. It asks the database nothing.

    :param case: a case that may be read, its fields loaded
    :param Rule rule: its policy, or None
    :param WorkingTime line: the hours that count
    :param pauses: its pauses, in order
    :param done: ids of the escalation steps that were taken
    """

    def __init__(self, case, rule, line, pauses, done):
        self.case, self.rule = case, rule
        self._line, self._done = line, done
        self._start = case.date_received
        # of a case that is solved the present pause tells nothing: nobody waits
        self._pauses = [
            (pause.date_start, pause.date_end or None)
            for pause in pauses
            if pause.date_end or pause.reason == "waiting"
        ]

    def get_values(self):
        """The fields that follow, as columns of the database have them."""
        case, rule = self.case, self.rule
        answered, solved = case.date_first_answer, case.date_solved
        answer_by = solve_by = None
        if rule and rule.answer:
            answer_by = self._get_due(rule.answer, answered)
        if case.is_deadline_manual:
            solve_by = case.date_deadline or None
        elif rule and rule.solution:
            solve_by = self._get_due(rule.solution, solved or case.date_closed)
        return {
            "policy_id": rule.id if rule else None,
            "date_answer_deadline": answer_by,
            "date_deadline": solve_by,
            "date_due": self._get_next_due(answer_by, solve_by),
            "date_escalation": next((moment for moment, _ in self.get_steps()), None),
            "hours_first_answer": self._get_hours(answered),
            "hours_solution": self._get_hours(solved),
            "first_answer_result": _judge(answered, answer_by),
            "solution_result": _judge(solved, solve_by),
        }

    def get_steps(self):
        """Pairs (moment, step) of what is still to be done with a case, in order."""
        if not self.rule or not self.is_running():
            return []
        found = []
        for step in self.rule.steps:
            moment = step.id not in self._done and self._get_step_moment(step)
            if moment and moment >= step.date_from:
                found.append((moment, step))
        return sorted(found, key=lambda pair: pair[0])

    def is_running(self):
        """Whether it is our turn."""
        case = self.case
        return case.active and not (
            case.is_closed or case.is_solved or case.stage_id.is_waiting
        )

    def _get_step_moment(self, step):
        if step.of_answer:
            if self.case.date_first_answer or not self.rule.answer:
                return None
            return self._get_due(self.rule.answer * step.part + step.after, None)
        if self.case.is_deadline_manual:
            # a day that was agreed upon does not move
            seconds = self._line.worked(self._start, self.case.date_deadline)
            return self._line.due(self._start, seconds * step.part + step.after)
        if not self.rule.solution:
            return None
        return self._get_due(self.rule.solution * step.part + step.after, None)

    def _get_due(self, seconds, until):
        return self._line.due(self._start, seconds, self._pauses, until or None)

    def _get_next_due(self, answer_by, solve_by):
        if not self.is_running():
            return None
        if self.case.date_first_answer:
            answer_by = None
        return min(filter(None, (answer_by, solve_by)), default=None)

    def _get_hours(self, until):
        if not until:
            return 0.0
        return self._line.worked(self._start, until, self._pauses) / 3600


def _judge(done, deadline):
    if not done or not deadline:
        return None
    return "in_time" if done <= deadline else "late"
