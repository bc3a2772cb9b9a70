"""Where a sale is stuck: the one definition of the stages.

A stage is a condition on the columns of the record and on facts, which documents tell
(`crm_sales_record_facts`), and the first one that holds is the record's. Search and
column are made of the same conditions, so they never disagree; they ask the same facts
in two ways. A later room puts its stage into ``CrmSalesRecord._get_stage_conditions``.
"""

from odoo.tools import SQL

#: in the order of a sale's life, as groups and filters are shown
STAGES = [
    ("quotation", "Quotation"),
    ("ordered", "Ordered"),
    ("to_deliver", "To deliver"),
    ("late", "Late"),
    ("to_invoice", "To invoice"),
    ("to_collect", "To collect"),
    ("overdue", "Overdue"),
    ("settled", "Settled"),
    ("cancelled", "Cancelled"),
]


class Stages:
    """The stages of rows.

    :param conditions: {stage: alternatives} in the order in which they are asked. A
        stage holds where one of its alternatives does: a pair of SQL, true, false or
        null, and the name of a fact; one of the two may be None
    :param otherwise: the stage of what none of them holds for
    :param holds: SQL of the condition that a fact, given its name, is true
    :param lacks: SQL of the condition that it is not; to search by stage
    """

    def __init__(self, conditions, otherwise, holds, lacks=None):
        self.conditions = conditions
        self.otherwise = otherwise
        self.holds = holds
        self.lacks = lacks

    def column(self):
        """SQL of the stage."""
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", self._holds(alternatives), stage)
            for stage, alternatives in self.conditions.items()
        )
        return SQL("CASE %s ELSE %s END", cases, self.otherwise)

    def among(self, stages):
        """SQL of the condition that the stage is one of these.

        Without a CASE: PostgreSQL can start from the rows that fulfil a condition.
        """
        found, before = [], []
        for stage, alternatives in self.conditions.items():
            if stage in stages:
                found.append(_and([self._holds(alternatives), *before]))
            else:
                before += map(self._fails, alternatives)
        if self.otherwise in stages:
            found.append(_and(before))
        if not found:
            return SQL("FALSE")
        return SQL("(%s)", SQL(" OR ").join(found))

    def _holds(self, alternatives):
        return SQL("(%s)", SQL(" OR ").join(map(self._holds_alone, alternatives)))

    def _holds_alone(self, alternative):
        condition, fact = alternative
        parts = [] if condition is None else [SQL("(%s)", condition)]
        if fact is not None:
            parts.append(self.holds(fact))
        return _and(parts)

    def _fails(self, alternative):
        condition, fact = alternative
        if condition is None:
            # never null, and what PostgreSQL can make an anti join of
            return self.lacks(fact)
        return SQL("%s IS NOT TRUE", self._holds_alone(alternative))


def _and(conditions):
    return SQL("(%s)", SQL(" AND ").join(conditions))
