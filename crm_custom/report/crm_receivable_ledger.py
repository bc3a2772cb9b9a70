"""The tie-out: open items against the balance of their accounts in the ledger.

Balance = open + matched elsewhere + matched with drafts, to the cent; what is left is
the difference, which is 0.00. The balance is summed from the journal items alone, so
that a residual amount that is wrong shows.
"""

import enum
from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_receivable_sql import CORE, lines, lines_within, with_lines

_EXPLAINED = ("open", "elsewhere", "drafts")
_AMOUNTS = [
    f"{name}{suffix}"
    for name in (*_EXPLAINED, "balance", "difference")
    for suffix in ("", "_currency")
]


class Rows(enum.Enum):
    """What the model's rows are. No client can name one: JSON knows no such value."""

    LEDGER = "each journal item, with its balance"
    ELSEWHERE = "what was matched with an item of another currency, company, partner"
    DRAFTS = "what was matched with an entry that has been reset to draft"


class CrmReceivable(models.Model):
    _inherit = "crm.receivable"

    @api.model
    def _lines(self):
        rows = self.env.context.get("crm_receivable_rows")
        if not isinstance(rows, Rows):
            return super()._lines()
        within = lines_within(self._get_partner_ids())
        day = self._get_day()
        if rows is Rows.LEDGER:
            if day:
                within = SQL("%s AND line.date <= %s", within, day)
            return lines(SQL("line.balance"), SQL("line.amount_currency"), within)
        if rows is Rows.ELSEWHERE:
            condition = SQL(
                "%s AND other.parent_state = 'posted' AND (%s)",
                within,
                SQL(" OR ").join(self._elsewhere()),
            )
        else:
            condition = SQL(
                """%s AND other.parent_state = 'draft'
                   AND other.matching_number IS NOT NULL""",
                within,
            )
        if day:
            condition = SQL("%s AND part.max_date <= %s", condition, day)
        return with_lines(matched(condition))

    @api.model
    def _elsewhere(self):
        """What tells an item from another that its matching does not cancel out."""
        conditions = [SQL("part.debit_currency_id <> part.credit_currency_id")]
        if self.env.companies.child_ids or self.env.companies.parent_id:
            conditions.append(SQL("line.company_id <> other.company_id"))
        if self.env.context.get("crm_receivable_by_partner"):
            conditions.append(SQL("line.partner_id IS DISTINCT FROM other.partner_id"))
        return conditions

    @api.model
    def _get_tie_out(self, domain, by_partner=True):
        """The tie-out of the open items of a domain; 4 queries.

        :param domain: on the customer, the account or the company, so that the ledger
            can be asked for the same
        :param by_partner: whether the domain, or a rule, is about partners
        :return: [{company, account, currency (records), open, elsewhere, drafts,
            balance, difference, open_currency, elsewhere_currency, drafts_currency,
            balance_currency, difference_currency}], in the order of the account codes
        """
        sources = {
            "open": None,
            "elsewhere": Rows.ELSEWHERE,
            "drafts": Rows.DRAFTS,
            "balance": Rows.LEDGER,
        }
        rows = defaultdict(lambda: dict.fromkeys(_AMOUNTS, 0.0))
        for name, source in sources.items():
            model = self.with_context(
                crm_receivable_rows=source, crm_receivable_by_partner=by_partner
            )
            for *key, amount, amount_currency in model._read_group(
                Domain(domain),
                ["company_id", "account_id", "currency_id"],
                ["amount_residual:sum", "amount_residual_currency:sum"],
            ):
                row = rows[tuple(record.with_env(self.env) for record in key)]
                row[name] = amount
                row[f"{name}_currency"] = amount_currency
        result = []
        for (company, account, currency), row in rows.items():
            for suffix, rounding in (
                ("", company.sudo().currency_id),  # sudo: the currency alone
                ("_currency", currency),
            ):
                explained = sum(row[f"{name}{suffix}"] for name in _EXPLAINED)
                row[f"difference{suffix}"] = rounding.round(
                    row[f"balance{suffix}"] - explained
                )
            result.append(
                {"company": company, "account": account, "currency": currency, **row}
            )
        result.sort(
            key=lambda row: (
                row["company"].id,
                row["account"].sudo().code or "",  # sudo: the code alone
                row["currency"].name,
            )
        )
        return result


def matched(condition):
    """SELECT of what each of two matched lines got from the other, as items."""
    return SQL(
        """SELECT %(core)s, part.amount AS amount_residual,
                  part.debit_amount_currency AS amount_residual_currency
             FROM account_partial_reconcile AS part
             JOIN account_move_line AS line ON line.id = part.debit_move_id
             JOIN account_move_line AS other ON other.id = part.credit_move_id
            WHERE %(condition)s
            UNION ALL
           SELECT %(core)s, -part.amount, -part.credit_amount_currency
             FROM account_partial_reconcile AS part
             JOIN account_move_line AS line ON line.id = part.credit_move_id
             JOIN account_move_line AS other ON other.id = part.debit_move_id
            WHERE %(condition)s""",
        core=CORE,
        condition=condition,
    )
