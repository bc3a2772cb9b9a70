"""The SQL of disputes: what is disputed of which items, now and on a past day."""

from odoo.tools import SQL


def disputed(day=None):
    """SELECT of (move_line_id, amount): in the currency of the item.

    What was disputed when the disputes were opened; how much of that is open is for
    whoever knows the open amount.

    :param date day: at the end of that day; None is now
    """
    if day:
        condition = SQL(
            "dispute.date_opened <= %(day)s"
            " AND (dispute.date_ended IS NULL OR dispute.date_ended > %(day)s)",
            day=day,
        )
    else:
        condition = SQL("dispute.state = 'open'")
    return SQL(
        """SELECT dispute.move_line_id, SUM(dispute.amount) AS amount
             FROM crm_dispute AS dispute
            WHERE %s
            GROUP BY dispute.move_line_id""",
        condition,
    )
