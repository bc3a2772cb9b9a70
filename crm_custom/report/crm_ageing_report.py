"""The ageing of a day: the same figures for the screen, the PDF and the workbook."""

from odoo import api, fields, models
from odoo.tools import SQL

from .crm_ageing import BUCKETS, LATE, Ageing
from .crm_ageing_options import AgeingOptions

#: rows of a page on the screen
PAGE = 80
#: up to so many customers are named to the SQL one by one, which spares the others
FEW = 2_000


class CrmAgeingReport(models.AbstractModel):
    _name = "crm.ageing.report"
    _description = "Ageing"

    @api.readonly
    @api.model
    def get_report(self, options):
        """What the screen shows, as JSON.

        :param dict options: see `AgeingOptions`
        :return: {columns: [{name, label}], rows: [...], total: {...}, hidden: {...},
            more: [{name, label}], count, currency_id, date, large_share (percent),
            ledger: [...]}; a row is
            {id, name, amounts (one a column), total, share, oldest, limit, over_limit,
            days_to_pay, domain}; ``currency_note`` is empty when all companies have
            the same currency
        """
        options = AgeingOptions(self.env, options)
        columns = Ageing(self.env, options.date).labels()
        found = self._get_figures(options, limit=PAGE, offset=options.offset)
        used = [i for i, _bucket in enumerate(columns) if found["total"]["amounts"][i]]
        for row in (*found["rows"], found["total"], found["hidden"]):
            row["amounts"] = [row["amounts"][index] for index in used]
        for row in found["rows"]:
            row["oldest"] = fields.Date.to_string(row["oldest"])
        return {
            **found,
            "more": self._get_used_more_columns(options, found),
            "columns": [
                {"name": columns[index][0], "label": columns[index][1]}
                for index in used
            ],
            "page": PAGE,
            "large_share": self.env.company.crm_large_share,
            "currency_id": self.env.company.currency_id.id,
            "currency_note": self._get_currency_note(options),
            "has_limits": self._has_limits(options),
            "may_read_entries": self.env["crm.receivable"]._may_read_entries(),
            "ledger": self._get_ledger(options) if options.with_ledger else [],
        }

    @api.model
    def _get_more_columns(self, options):
        """[(name, label)] of further amounts of the rows and the total, which are part
        of the total. A later room adds its own, and puts them into `_get_figures`.
        """
        return []

    @api.model
    def _get_used_more_columns(self, options, figures):
        return [
            {"name": name, "label": label}
            for name, label in self._get_more_columns(options)
            if figures["total"][name]
        ]

    @api.model
    def _get_items(self, options):
        """`crm.receivable` as of the day, and the domain of the options."""
        env, partner_domain = self.env, options.partner_domain()
        few = None
        if not partner_domain.is_true():
            # sudo: only ids, and the rules of the items say which are shown
            partners = env["res.partner"].sudo().with_context(active_test=False)
            ids = partners._search(partner_domain, limit=FEW + 1).get_result_ids()
            few = list(ids) if len(ids) <= FEW else None
        model = env["crm.receivable"].with_context(
            crm_receivable_date=options.date and fields.Date.to_string(options.date),
            crm_receivable_partner_ids=few,
            active_test=False,
        )
        return model, options.item_domain()

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------

    @api.model
    def _get_figures(self, options, limit=None, offset=0):
        """Rows by the field of ``options.groupby``, the largest first; 3 queries.

        :return: {rows, count, total, hidden}; ``hidden`` are the credit balances that
            the options leave out, part of the total
        """
        model, domain = self._get_items(options)
        query = model._search(domain)
        aged = model._field_to_sql(query.table, "amount_aged", query)
        bucket = model._field_to_sql(query.table, "bucket", query)
        rate = self._get_rate(model._field_to_sql(query.table, "company_id", query))
        amounts = [
            SQL(
                "COALESCE(SUM(%s * %s) FILTER (WHERE %s = %s), 0) AS %s",
                aged,
                rate,
                bucket,
                name,
                SQL.identifier(f"b{name}"),
            )
            for name in BUCKETS
        ]
        columns = [
            SQL(
                "%s AS key",
                model._field_to_sql(query.table, options.groupby, query),
            ),
            *amounts,
            SQL("SUM(%s * %s) AS total", aged, rate),
            SQL(
                "MIN(%s) FILTER (WHERE %s > 0) AS oldest",
                model._field_to_sql(query.table, "date_maturity", query),
                model._field_to_sql(query.table, "amount_residual", query),
            ),
            SQL("COUNT(*) AS items"),
        ]
        query.groupby = SQL("1")
        names = [SQL.identifier(f"b{name}") for name in BUCKETS]
        sums = SQL(", ").join(SQL("SUM(%s)", name) for name in (*names, SQL("total")))
        shown = self._get_shown(options)
        page = SQL("LIMIT %s OFFSET %s", limit, offset) if limit else SQL("")
        rows = self.env.execute_query(
            SQL(
                """WITH found AS MATERIALIZED (%(found)s)
                (SELECT 0 AS kind, key, %(names)s, total, oldest, items
                   FROM found WHERE %(shown)s
                  ORDER BY total DESC, key %(page)s)
                UNION ALL
                SELECT 1, NULL, %(sums)s, MIN(oldest), COUNT(*) FROM found
                UNION ALL
                SELECT 2, NULL, %(sums)s, MIN(oldest), COUNT(*)
                  FROM found WHERE NOT (%(shown)s)""",
                found=query.select(*columns),
                names=SQL(", ").join(names),
                sums=sums,
                shown=shown,
                page=page,
            )
        )
        return self._read_figures(options, rows)

    @api.model
    def _get_shown(self, options):
        """The condition on a row of ``found``, never NULL."""
        shown = SQL("TRUE") if options.with_credit else SQL("total >= 0")
        if options.only == "share":
            large = SQL(
                "total * 100 >= %s * (SELECT SUM(total) FROM found)",
                self.env.company.crm_large_share,
            )
        elif options.only == "aged":
            large = SQL("%s > 0", SQL.identifier(f"b{LATE[-1]}"))
        elif options.only == "limit" and self._has_limits(options):
            limit = self.env["res.partner"]._field_to_sql("debtor", "credit_limit")
            large = SQL(
                """EXISTS (SELECT FROM res_partner AS debtor
                            WHERE debtor.id = key AND %s > 0 AND total > %s)""",
                limit,
                limit,
            )
        else:
            return shown
        return SQL("(%s AND %s)", shown, large)

    @api.model
    def _read_figures(self, options, found):
        rows, summary = [], {}
        for kind, key, *amounts, total, oldest, items in found:
            row = {
                "id": key,
                "amounts": [float(amount or 0) for amount in amounts],
                "total": float(total or 0),
                "oldest": oldest,
                "items": items,
            }
            if kind:
                summary[kind] = row
            else:
                rows.append(row)
        total, hidden = summary[1], summary[2]
        for row in rows:
            row["share"] = row["total"] / total["total"] if total["total"] else 0.0
        if options.groupby == "partner_id":
            self._add_customers(options, rows)
        else:
            self._add_names(options, rows)
        count = total["items"] - hidden["items"]
        return {"rows": rows, "count": count, "total": total, "hidden": hidden}

    @api.model
    def _has_limits(self, options):
        """A limit is one company's, and says something of the debts to that alone."""
        company = self.env.company
        return (
            options.groupby == "partner_id"
            and not options.payable
            and options.companies() == company
            and company.account_use_credit_limit
        )

    @api.model
    def _get_currency_note(self, options):
        """In which currency the amounts are, when not all companies have it."""
        currency = self.env.company.currency_id
        others = options.companies().currency_id - currency
        if not others:
            return ""
        return self.env._(
            "In %(currency)s; books kept in %(others)s at the rate of today",
            currency=currency.name,
            others=", ".join(others.mapped("name")),
        )

    @api.model
    def _get_rate(self, company_id):
        """SQL that turns a company's currency into that of the user's company, by the
        rates of the latter, as Odoo's own reports do.
        """
        currency = self.env.company.currency_id
        others = self.env.companies.filtered(lambda c: c.currency_id != currency)
        if not others:
            return SQL("1")
        day = fields.Date.context_today(self)
        cases = SQL(" ").join(
            SQL(
                "WHEN %s THEN %s",
                company.id,
                currency._get_conversion_rate(
                    company.currency_id, currency, self.env.company, day
                ),
            )
            for company in others
        )
        return SQL("(CASE %s %s ELSE 1 END)::numeric", company_id, cases)

    @api.model
    def _add_names(self, options, rows):
        comodel = self.env["crm.receivable"]._fields[options.groupby].comodel_name
        # sudo: names of what the items, whose rules have been asked, point to
        records = (
            self.env[comodel].sudo().browse(row["id"] for row in rows if row["id"])
        )
        names = dict(zip(records.ids, records.mapped("display_name"), strict=True))
        for row in rows:
            row["name"] = names.get(row["id"]) or self.env._("None")

    # ------------------------------------------------------------------
    # Customers
    # ------------------------------------------------------------------

    @api.model
    def _add_customers(self, options, rows):
        """Name, code, limit and habits of the customers; 2 queries."""
        ids = [row["id"] for row in rows if row["id"]]
        # sudo: a salesperson may know the limit of a customer whose items he reads
        partners = self.env["res.partner"].sudo()
        query = partners.with_context(active_test=False)._search([("id", "in", ids)])
        limit = SQL("0")
        if self._has_limits(options):
            limit = partners._field_to_sql(query.table, "credit_limit", query)
        found = self.env.execute_query(
            query.select(
                SQL.identifier(query.table, "id"),
                SQL.identifier(query.table, "complete_name"),
                SQL.identifier(query.table, "ref"),
                limit,
            )
        )
        customers = {partner_id: values for partner_id, *values in found}
        days = self._get_days_to_pay(options, ids)
        for row in rows:
            name, code, limit = customers.get(row["id"], (None, None, 0))
            limit = float(limit or 0)
            row.update(
                name=name or self.env._("Without partner"),
                code=code or "",
                limit=limit,
                over_limit=max(row["total"] - limit, 0.0) if limit > 0 else 0.0,
                days_to_pay=days.get(row["id"]),
            )

    @api.model
    def _get_days_to_pay(self, options, partner_ids):
        """{commercial partner: days from invoice to payment}, by amount, of a year.

        Of what was paid by payments and bank lines; a credit note pays nothing.
        """
        day = options.date or fields.Date.context_today(self)
        invoice, payment = "debit_move_id", "credit_move_id"
        if options.payable:
            invoice, payment = payment, invoice
        found = self.env.execute_query(
            SQL(
                """SELECT partner.commercial_partner_id,
                          SUM(part.amount * %(rate)s
                              * (payment.date - invoice.invoice_date))
                             / SUM(part.amount * %(rate)s)
                     FROM account_partial_reconcile AS part
                     JOIN account_move_line AS invoice ON invoice.id = part.%(invoice)s
                     JOIN account_move_line AS payment ON payment.id = part.%(payment)s
                     JOIN res_partner AS partner ON partner.id = invoice.partner_id
                     JOIN account_account AS account ON account.id = invoice.account_id
                    WHERE part.max_date > %(day)s - 365 AND part.max_date <= %(day)s
                      AND (payment.payment_id IS NOT NULL
                           OR payment.statement_line_id IS NOT NULL)
                      AND account.account_type = %(type)s
                      AND invoice.invoice_date IS NOT NULL AND part.amount > 0
                      AND invoice.company_id IN %(companies)s
                      AND partner.commercial_partner_id = ANY(%(partners)s)
                    GROUP BY 1""",
                rate=self._get_rate(SQL("invoice.company_id")),
                invoice=SQL.identifier(invoice),
                payment=SQL.identifier(payment),
                day=day,
                type="liability_payable" if options.payable else "asset_receivable",
                companies=tuple(self.env.companies.ids),
                partners=partner_ids,
            )
        )
        return {partner: round(float(days)) for partner, days in found}

    # ------------------------------------------------------------------
    # The ledger
    # ------------------------------------------------------------------

    @api.model
    def _get_ledger(self, options):
        """The tie-out as JSON, one row an account and currency."""
        model, domain = self._get_items(options)
        by_partner = not options.partner_domain().is_true()
        rows = []
        for row in model._get_tie_out(domain, by_partner=by_partner):
            # sudo: names of the account, company and currency
            account, company = row["account"].sudo(), row["company"].sudo()
            rows.append(
                {
                    **row,
                    "account": " ".join(
                        filter(None, (account.with_company(company).code, account.name))
                    ),
                    "company": company.name,
                    "company_currency": company.currency_id.name,
                    "company_currency_id": company.currency_id.id,
                    "currency": row["currency"].name,
                    "currency_id": row["currency"].id,
                }
            )
        return rows
