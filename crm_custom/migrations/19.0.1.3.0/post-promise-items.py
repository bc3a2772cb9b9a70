from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

from odoo.addons.crm_custom.report.crm_receivable_sql import IS_PAYMENT


def migrate(cr, version):
    """What had been settled before a promise is known of each of its items.

    It was kept for all of them together: what was matched before the promise tells.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.cr.execute(
        SQL(
            """UPDATE crm_promise_item AS item
                  SET received_before = COALESCE(before.received, 0),
                      otherwise_before = COALESCE(before.otherwise, 0)
                 FROM (
                    SELECT named.id,
                           SUM(part.debit_amount_currency) FILTER (
                               WHERE %(is_payment)s
                                 AND line.date <= promise.date_promised) AS received,
                           SUM(part.debit_amount_currency) FILTER (
                               WHERE NOT %(is_payment)s) AS otherwise
                      FROM crm_promise_item AS named
                      JOIN crm_promise AS promise ON promise.id = named.promise_id
                      JOIN account_partial_reconcile AS part
                        ON part.debit_move_id = named.move_line_id
                       AND part.create_date <= promise.create_date
                      JOIN account_move_line AS line ON line.id = part.credit_move_id
                       AND line.parent_state = 'posted'
                      JOIN account_journal AS journal ON journal.id = line.journal_id
                     GROUP BY named.id) AS before
                WHERE before.id = item.id""",
            is_payment=IS_PAYMENT,
        )
    )
