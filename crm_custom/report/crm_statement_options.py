"""What a statement is asked for, read from what a browser sent."""

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import UserError

OPEN, ACTIVITY = "open", "activity"
KINDS = [(OPEN, "Open items"), (ACTIVITY, "Activity with running balance")]


class StatementOptions:
    """Checked options.

    ``kind``: one of `KINDS`; ``date``: the day whose end the statement tells of;
    ``date_from``: the first day of the activity.
    """

    def __init__(self, env, values):
        try:
            self.kind = values.get("kind") or OPEN
            self.date = fields.Date.to_date(values.get("date") or None)
            self.date_from = fields.Date.to_date(values.get("date_from") or None)
            if self.kind not in dict(KINDS):
                raise ValueError(self.kind)
        except (AttributeError, TypeError, ValueError) as error:
            message = env._("These options are none of a statement.")
            raise UserError(message) from error
        self.date = self.date or fields.Date.context_today(env.user.with_env(env))
        self.date_from = self.date_from or default_date_from(self.date)
        if self.is_activity and self.date_from > self.date:
            raise UserError(env._("The activity ends before it begins."))

    @property
    def is_activity(self):
        return self.kind == ACTIVITY


def default_date_from(date):
    """The first day of the month before, so that the last month is whole."""
    return date.replace(day=1) - relativedelta(months=1)
