"""The SQL of dunning: which level an item has, now and on a past day; who is paused."""

from odoo.tools import SQL


def last_dunned(column, day=None):
    """SQL: of the last letter about ``item`` that was not taken back, a column.

    Looked up for each item by an index: a join would compare each with all letters
    where PostgreSQL takes the items for few.

    :param date day: at the end of that day; None is now
    """
    return SQL(
        """(SELECT %s FROM crm_dunning_line AS dunned
             WHERE dunned.move_line_id = item.id AND dunned.is_counted IS TRUE AND %s
             ORDER BY dunned.date_sent DESC, dunned.id DESC LIMIT 1)""",
        SQL.identifier("dunned", column),
        SQL("dunned.date_sent <= %s", day) if day else SQL("TRUE"),
    )


def paused(item, day):
    """Condition: the item is not reminded of on that day.

    An invoice is paused by itself, whoever it belongs to by now; all that a customer
    owes, also when he has come to belong to another one since.

    Each list of what is paused is read once, however many items there are.

    :param SQL item: a row with ``id``, ``move_id``, ``partner_id`` and ``company_id``
    """
    return SQL(
        """(%(item)s.move_id IN (
                SELECT pause.move_id FROM crm_dunning_pause AS pause
                 WHERE pause.move_id IS NOT NULL AND pause.date_until >= %(day)s
            ) OR (%(item)s.partner_id, %(item)s.company_id) IN (
                SELECT pause.partner_id, pause.company_id
                  FROM crm_dunning_pause AS pause
                 WHERE pause.move_id IS NULL AND pause.date_until >= %(day)s
            ) OR %(item)s.id IN (
                SELECT entry.id
                  FROM crm_dunning_pause AS pause
                  JOIN res_partner AS former ON former.id = pause.partner_id
                   AND former.commercial_partner_id <> former.id
                  JOIN account_move_line AS entry ON entry.partner_id = former.id
                   AND entry.company_id = pause.company_id
                 WHERE pause.move_id IS NULL AND pause.date_until >= %(day)s
            )) IS TRUE""",
        item=item,
        day=day,
    )
