from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from .crm_commission_closed import MONTH
from .crm_commission_rates import Rates


class CrmCommissionStatement(models.Model):
    """How a month is made: from dated results, less what closed months have already.

    A result belongs to the month of its day. Where that is closed, it belongs to the
    first open month after it: so a late payment, a credit note, or the payment that was
    taken back (its result is gone, its closed line stays) makes a line there of the
    difference, and over all months the base is what the sales records say.

    The queries are those for results, closed lines, plans and targets, whoever many
    salespeople there are; rows are written in sets.
    """

    _inherit = "crm.commission.statement"

    @api.model
    def _make_month(self, company, month, users=None):
        """Make the open statements of a month; closed ones stay.

        :param users: of these salespeople alone
        :return: the statements that are open
        """
        month = month.replace(day=1)
        # sudo: a manager's work on documents that he need not read one by one; the
        # lines are made by nobody's hand
        model_sudo = self.sudo().with_company(company)
        model_sudo._lock_plans(company)
        closed = model_sudo._get_closed_months(company)
        plans = model_sudo._get_plans(company)
        first = model_sudo._get_first_month(closed, month)
        events = model_sudo._get_events(company, plans, first, month)
        rows = model_sudo._get_differences(company, plans, events, closed, first, month)
        if users is None:
            # who had something to state, and has nothing any more
            users = model_sudo.search(
                [("company_id", "=", company.id), ("month", "=", month)]
            ).user_id
            rows = {user_id: rows.get(user_id, []) for user_id in {*users.ids, *rows}}
        else:
            rows = {user_id: rows.get(user_id, []) for user_id in users.ids}
        rows = {
            user_id: lines
            for user_id, lines in rows.items()
            if month not in closed.get(user_id, ())
        }
        statements_sudo = model_sudo._get_statements(company, month, rows)
        rates = Rates(self.env, company, month, plans, rows)
        statements_sudo._write_lines(
            [
                rates.apply(
                    {**line, "statement_id": statement.id}, statement.user_id.id
                )
                for statement in statements_sudo
                for line in rows[statement.user_id.id]
            ]
        )
        return statements_sudo.with_env(self.env)

    @api.model
    def _lock_plans(self, company):
        """Of two transactions that make or close months of a company, one goes on.

        What the first has made is not in the snapshot of the second. Both write the
        plans' rows, so that the second fails there, and Odoo calls it again.
        """
        self.env.cr.execute(
            SQL(
                """UPDATE crm_commission_plan SET write_date = write_date
                    WHERE id IN (SELECT id FROM crm_commission_plan
                                  WHERE company_id = %s
                                  ORDER BY id FOR NO KEY UPDATE)""",
                company.id,
            )
        )

    @api.model
    def _get_statements(self, company, month, user_ids):
        """The statements of these salespeople, made where there is none."""
        domain = [("company_id", "=", company.id), ("month", "=", month)]
        there = self.search([*domain, ("user_id", "in", list(user_ids))])
        missing = [
            {"company_id": company.id, "month": month, "user_id": user_id}
            for user_id in user_ids
            if user_id not in there.user_id.ids
        ]
        return there | self.create(missing)

    def _write_lines(self, wanted):
        """Make the lines what is wanted; those that are the same stay untouched.

        :param wanted: values of all lines
        """
        there = {
            (line.statement_id.id, line.plan_id.id, line.key): line
            for line in self.line_ids
        }
        new = []
        for values in wanted:
            whose = (values["statement_id"], values["plan_id"], values["key"])
            line = there.pop(whose, None)
            if line is None:
                new.append(values)
                continue
            known = line._convert_to_write({name: line[name] for name in values})
            changed = {
                name: value
                for name, value in values.items()
                if (value or False) != (known[name] or False)
            }
            if changed:
                line.write(changed)
        self.line_ids.browse(line.id for line in there.values()).unlink()
        self.line_ids.create(new)

    @api.model
    def _get_first_month(self, closed, month):
        """The first month whose late documents may belong to this one."""
        return min(
            (self._get_reach(months, month) for months in closed.values()),
            default=month,
        )

    @api.model
    def _get_reach(self, closed, month):
        """The first of the closed months that lie without a gap before this one."""
        while month - MONTH in closed:
            month -= MONTH
        return month

    @api.model
    def _get_plans(self, company):
        """All plans, archived and ended ones too: what was paid by them may be paid
        back.
        """
        plans = self.env["crm.commission.plan"].with_context(active_test=False)
        return plans.search([("company_id", "=", company.id)])

    @api.model
    def _get_events(self, company, plans, first, month):
        """{(basis, user id, key): {"date", "amount", ...}}: one query."""
        bases = list({plan.basis for plan in plans})
        if not bases:
            return {}
        results = self.env["crm.sales.result"]
        query = results._search(
            [
                ("kind", "in", bases),
                ("company_id", "=", company.id),
                ("user_id", "!=", False),
                ("date", ">=", first),
                ("date", "<", month + MONTH),
            ]
        )
        rows = query.select(
            *(
                SQL.identifier(results._table, name)
                for name in (
                    "kind",
                    "user_id",
                    "order_line_id",
                    "invoice_line_id",
                    "partial_id",
                    "date",
                    "partner_id",
                    "amount",
                )
            )
        )
        found = self.env.execute_query(
            SQL(
                """SELECT result.*, line.move_id, line.move_name, template.categ_id
                     FROM (%s) AS result
                     JOIN account_move_line AS line ON line.id = result.invoice_line_id
                     JOIN sale_order_line AS sold ON sold.id = result.order_line_id
                     LEFT JOIN product_product AS product
                            ON product.id = sold.product_id
                     LEFT JOIN product_template AS template
                            ON template.id = product.product_tmpl_id
                    ORDER BY result.date, result.order_line_id, line.id""",
                rows,
            )
        )
        return {
            (basis, user_id, f"{order_line_id}-{line_id}-{partial_id or 0}"): {
                "order_line_id": order_line_id,
                "invoice_line_id": line_id,
                "date": date,
                "partner_id": partner_id,
                "base": float(amount),
                "move_id": move_id,
                "move_name": move_name,
                "categ_id": categ_id,
            }
            for (
                basis,
                user_id,
                order_line_id,
                line_id,
                partial_id,
                date,
                partner_id,
                amount,
                move_id,
                move_name,
                categ_id,
            ) in found
        }

    @api.model
    def _get_differences(self, company, plans, events, closed, first, month):
        """{user id: [line]}: what the month holds, by plan, less what is closed."""
        stated = self._get_closed_lines(company, closed, first, month)
        payers = self._get_payers(events)
        rows, currency = defaultdict(list), company.currency_id
        for plan in plans:
            users = plan._get_domain_of_users()
            people = None if users.is_true() else set(users.value)
            for (basis, user_id, key), event in events.items():
                done = stated.pop((plan.id, user_id, key), None)
                paid_by = event["base"] < 0 and payers.get(
                    (basis, user_id, event["order_line_id"])
                )
                is_of_plan = done or (
                    plan.id in paid_by
                    if paid_by
                    else plan.active
                    and (people is None or user_id in people)
                    and plan.date_from <= event["date"]
                    and (not plan.date_to or event["date"] <= plan.date_to)
                )
                if basis != plan.basis or not is_of_plan:
                    continue
                if not self._belongs(event["date"], closed.get(user_id, ()), month):
                    continue
                base = currency.round(event["base"] - (done["base"] if done else 0))
                if base:
                    line = {**event, "base": base, "key": key}
                    rows[user_id].append({**line, "plan_id": plan.id, "basis": basis})
        # what is closed, and whose result is gone
        for (_plan_id, user_id, _key), done in stated.items():
            if done["base"] and self._belongs(
                done["date"], closed.get(user_id, ()), month
            ):
                rows[user_id].append({**done, "base": -done["base"]})
        for lines in rows.values():
            for line in lines:
                line["is_late"] = line["date"] < month
        return rows

    @api.model
    def _belongs(self, day, closed, month):
        """Whether a day's results belong to this month."""
        return self._get_reach(closed, month) <= day < month + MONTH
