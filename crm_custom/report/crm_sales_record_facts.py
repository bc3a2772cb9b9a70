"""What documents say of order lines, yes or no: which are overdue, in draft, waiting.

A fact is asked in three ways. Of some lines it is looked up in the documents of each;
where few lines can have it, a search begins with these; to be asked of all lines at
once, it is a column of `crm_sales_record_sql`.
"""

from dataclasses import dataclass

from odoo.tools import SQL

from . import crm_sales_record_moves as moves
from .crm_receivable_sql import open_items
from .crm_sales_record_sql import DRAFTS, PRODUCT_LINES, is_overdue, of_open_items


@dataclass(frozen=True)
class Fact:
    """Two SELECTs of ``order_line_id``, a line maybe more than once.

    ``lines`` can be looked up for a line; ``few`` is read as a whole, None where that
    may be much.
    """

    lines: SQL
    few: SQL | None = None

    def holds(self, record, one_by_one=False):
        """SQL of the condition that it is true of a row.

        An EXISTS, of whose NOT PostgreSQL makes an anti join, which it does not of IN.

        :param SQL record: the alias of the rows
        :param one_by_one: look it up for each row, and never read it for all of them
        """
        return SQL(
            "EXISTS (SELECT FROM (%s) AS fact WHERE fact.order_line_id = %s.id%s)",
            self.lines,
            record,
            SQL(" OFFSET 0" if one_by_one else ""),
        )


def overdue(today):
    """An instalment of an invoice of the line was due before a day, and is open."""
    return Fact(
        SQL(
            "SELECT rel.order_line_id FROM %s WHERE %s",
            of_open_items(),
            is_overdue(today),
        )
    )


def to_come(today):
    """Of an invoice of the line something else is open: due later, or a credit."""
    condition = SQL("NOT %s", is_overdue(today))
    return Fact(
        SQL("SELECT rel.order_line_id FROM %s WHERE %s", of_open_items(), condition),
        # an array, since PostgreSQL takes these items for many
        few=SQL(
            """SELECT rel.order_line_id
                 FROM account_move_line AS line
                 JOIN sale_order_line_invoice_rel AS rel
                   ON rel.invoice_line_id = line.id
                WHERE %s AND line.price_total <> 0
                  AND line.move_id = ANY(ARRAY(
                      SELECT item.move_id FROM (%s) AS item WHERE %s))""",
            PRODUCT_LINES,
            open_items(),
            condition,
        ),
    )


def in_draft():
    """There is an invoice that is not posted yet."""
    lines = SQL(
        """SELECT rel.order_line_id
             FROM account_move AS move
             JOIN account_move_line AS line ON line.move_id = move.id
             JOIN sale_order_line_invoice_rel AS rel ON rel.invoice_line_id = line.id
            WHERE %s""",
        DRAFTS,
    )
    return Fact(lines, few=lines)


def waiting():
    """There are deliveries that are to be done."""
    lines = SQL(
        """SELECT move.sale_line_id AS order_line_id
             FROM stock_move AS move
             JOIN stock_location AS source ON source.id = move.location_id
            WHERE %s""",
        moves.TO_BE_DONE,
    )
    return Fact(lines, few=lines)


def ready():
    """There are deliveries that are to be done, and nothing has to come before."""
    lines = SQL(
        "SELECT order_line_id FROM (%s) AS waiting WHERE is_ready", moves.waiting()
    )
    return Fact(lines, few=lines)
