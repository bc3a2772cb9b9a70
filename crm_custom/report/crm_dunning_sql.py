"""The SQL of dunning levels: which level an item has, now and on a past day."""

from odoo.tools import SQL


def dunned(day=None):
    """SELECT of (move_line_id, level_id, date_sent): the last level of each item, by
    letters that were not taken back.

    :param date day: at the end of that day; None is now
    """
    return SQL(
        """SELECT DISTINCT ON (line.move_line_id)
                  line.move_line_id, line.level_id, line.date_sent
             FROM crm_dunning_line AS line
            WHERE line.is_counted IS TRUE AND %s
            ORDER BY line.move_line_id, line.date_sent DESC, line.id DESC""",
        SQL("line.date_sent <= %s", day) if day else SQL("TRUE"),
    )
