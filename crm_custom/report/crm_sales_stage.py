"""Where a sale is stuck: the one definition of the stages.

A stage is a condition on the columns of the record, and the first one that holds is the
record's. Search and column are made of the same conditions, so they never disagree. A
later room puts its stage into ``CrmSalesRecord._get_stage_conditions``.
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
    """The stages of the rows that ``alias`` names.

    :param conditions: {stage: SQL of a condition}, in the order in which they are
        asked; each is true, false or null
    """

    def __init__(self, conditions, otherwise):
        self.conditions = conditions
        self.otherwise = otherwise

    def column(self):
        """SQL of the stage."""
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", condition, stage)
            for stage, condition in self.conditions.items()
        )
        return SQL("CASE %s ELSE %s END", cases, self.otherwise)

    def among(self, stages):
        """SQL of the condition that the stage is one of these.

        Without a CASE: PostgreSQL can start from the rows that fulfil a condition.
        """
        found, before = [], []
        for stage, condition in self.conditions.items():
            if stage in stages:
                found.append(_and([condition, *before]))
            else:
                before.append(SQL("(%s) IS NOT TRUE", condition))
        if self.otherwise in stages:
            found.append(_and(before))
        if not found:
            return SQL("FALSE")
        return SQL("(%s)", SQL(" OR ").join(found))


def _and(conditions):
    return SQL("(%s)", SQL(" AND ").join(SQL("(%s)", each) for each in conditions))
