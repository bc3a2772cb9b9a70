"""The SQL of promises: what they cover, and what was received for them."""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from .crm_receivable_sql import IS_PAYMENT, open_items

#: nowhere is it later than so much after UTC
EAST = timedelta(hours=14)


def promised(day=None, item_ids=None):
    """SELECT of a jsonb object, {id of an item: [last day, amount]}: what is promised.

    The amount is what of the open amount is promised, in the currency of the item: a
    promise covers its items, or those of its customer, from the oldest on, by what of
    it was not received yet when the job looked last; on a past day by all of it. The
    last day is that of the promises that cover the item. After its day a promise covers
    nothing, whether or not it was found out yet what became of it.

    An object, and no rows to be joined: PostgreSQL takes the promised items for a
    single one, and would compare each of them with each open item.

    :param date day: at the end of that day; None is now, where the company is
    :param item_ids: of journal items, when no others are asked for: what other
        customers have promised is then not looked at
    """
    standing = _is_standing(day, item_ids)
    customers = SQL(
        "SELECT promise.partner_id FROM crm_promise AS promise WHERE %s", standing
    )
    rest = SQL("promise.amount - COALESCE(promise.amount_kept, 0)")
    return SQL(
        """SELECT jsonb_object_agg(id, jsonb_build_array(date_promised, amount))
             FROM (
           SELECT id, MAX(date_promised) AS date_promised,
                  SUM(LEAST(residual, promised - before)) AS amount
             FROM (
                SELECT item.id, promise.date_promised, %(rest)s AS promised,
                       item.amount_residual_currency AS residual,
                       SUM(item.amount_residual_currency) OVER (
                           PARTITION BY promise.id
                           ORDER BY COALESCE(item.date_maturity, item.date), item.id
                       ) - item.amount_residual_currency AS before
                  FROM (%(items)s) AS item
                  JOIN account_account AS account ON account.id = item.account_id
                   AND account.account_type = 'asset_receivable'
                  JOIN res_partner AS contact ON contact.id = item.partner_id
                  JOIN crm_promise AS promise
                    ON promise.partner_id = contact.commercial_partner_id
                   AND promise.company_id = item.company_id
                   AND promise.currency_id = item.currency_id AND %(standing)s
                  LEFT JOIN crm_promise_item AS named
                    ON named.promise_id = promise.id AND named.move_line_id = item.id
                 WHERE item.amount_residual_currency > 0
                   AND (promise.has_items IS NOT TRUE OR named.id IS NOT NULL)
             ) AS covered
            WHERE promised > before
            GROUP BY id
             ) AS found""",
        items=open_items(day, customers),
        rest=SQL("promise.amount") if day else rest,
        standing=standing,
    )


def _is_standing(day, item_ids):
    """The condition on ``promise`` that it counts, see `promised`."""
    if day:
        standing = SQL(
            "promise.date_made <= %(day)s AND promise.date_promised >= %(day)s"
            " AND (promise.date_settled IS NULL OR promise.date_settled > %(day)s)",
            day=day,
        )
    else:
        # the company is asked about few: it is that day, or earlier, everywhere
        now = fields.Datetime.now()
        standing = SQL(
            """promise.state = 'open' AND (
                   promise.date_promised >= %s OR promise.date_promised >= (
                SELECT (%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(home.tz, 'UTC')
                       )::date
                  FROM res_company AS here
                  JOIN res_partner AS home ON home.id = here.partner_id
                 WHERE here.id = promise.company_id))""",
            (now + EAST).date(),
            now,
        )
    if item_ids is None:
        return standing
    # an array, so that it is looked up first, and once
    return SQL(
        """%s AND promise.partner_id = ANY(ARRAY(
               SELECT asked.commercial_partner_id
                 FROM account_move_line AS line
                 JOIN res_partner AS asked ON asked.id = line.partner_id
                WHERE line.id = ANY(%s)))""",
        standing,
        list(item_ids),
    )


def received(promises):
    """SELECT of (promise_id, item_id, received, otherwise), in the currency of the
    promise.

    With items: what was matched with them, payments and bank lines until the promised
    day, and all else whenever. Without: what was received from the customer between
    the two days; of a foreign currency what came in that currency. Both count from
    the beginning, so that what had been there before must be taken off.

    :param SQL promises: condition on ``promise``
    """
    return SQL(
        """SELECT promise.id AS promise_id, named.id AS item_id,
                  SUM(part.debit_amount_currency) FILTER (
                      WHERE %(is_payment)s AND line.date <= promise.date_promised
                  ) AS received,
                  SUM(part.debit_amount_currency) FILTER (
                      WHERE NOT %(is_payment)s
                  ) AS otherwise
             FROM crm_promise AS promise
             JOIN crm_promise_item AS named ON named.promise_id = promise.id
             JOIN account_partial_reconcile AS part
               ON part.debit_move_id = named.move_line_id
             JOIN account_move_line AS line ON line.id = part.credit_move_id
              AND line.parent_state = 'posted'
             JOIN account_journal AS journal ON journal.id = line.journal_id
            WHERE %(promises)s
            GROUP BY promise.id, named.id
            UNION ALL
           SELECT promise.id, NULL, SUM(CASE
                      WHEN promise.currency_id = line.company_currency_id
                      THEN -line.balance
                      WHEN promise.currency_id = line.currency_id
                      THEN -line.amount_currency END), 0
             FROM crm_promise AS promise
             JOIN res_partner AS contact
               ON contact.commercial_partner_id = promise.partner_id
             JOIN account_move_line AS line ON line.partner_id = contact.id
              AND line.company_id = promise.company_id
              AND line.parent_state = 'posted'
              AND line.date BETWEEN promise.date_made AND promise.date_promised
             JOIN account_account AS account ON account.id = line.account_id
              AND account.account_type = 'asset_receivable'
             JOIN account_journal AS journal ON journal.id = line.journal_id
            WHERE promise.has_items IS NOT TRUE AND %(is_payment)s AND %(promises)s
            GROUP BY promise.id""",
        is_payment=IS_PAYMENT,
        promises=promises,
    )
