"""How much a customer owes and will owe, and what the rules say of it."""

from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from .crm_credit_sql import broken, uninvoiced

#: rule -> the field of the company, and of a customer's own rules, with its action
RULES = {
    "limit": "credit_limit_action",
    "overdue": "credit_overdue_action",
    "amount": "credit_overdue_amount_action",
    "promise": "credit_promise_action",
    "blacklist": "credit_blacklist_action",
}
#: action of the rule -> what it is compared with, taken along with the action
THRESHOLDS = {
    "credit_overdue_action": "credit_overdue_days",
    "credit_overdue_amount_action": "credit_overdue_amount",
    "credit_promise_action": "credit_promise_count",
}
#: broken promises count so long
PROMISE_MEMORY = relativedelta(years=1)
#: what the query reads beside open items, whose own model says what to flush
READS = {
    "account.move": ["company_id", "invoice_currency_rate", "move_type", "state"],
    "account.move.line": ["currency_id", "price_total", "product_uom_id", "quantity"],
    "crm.credit.rule": None,
    "crm.promise": ["company_id", "date_settled", "partner_id", "state"],
    "res.partner": ["commercial_partner_id"],
    "sale.order": ["company_id", "currency_rate", "partner_invoice_id", "state"],
    "sale.order.line": [
        "currency_id",
        "display_type",
        "invoice_lines",
        "is_downpayment",
        "order_id",
        "price_total",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "qty_delivered",
        "qty_invoiced",
        "state",
        "tax_ids",
        "untaxed_amount_to_invoice",
    ],
    "stock.move": ["location_id", "sale_line_id", "state"],
}


class Credit(NamedTuple):
    """The credit of one customer in one company, in the company's currency."""

    customer_id: int
    #: open items, less unallocated payments and credit notes
    receivable: float
    #: confirmed and not invoiced yet
    uninvoiced: float
    #: the sum of both
    exposure: float
    #: 0 where there is none
    limit: float
    #: open instalments whose due date has passed
    overdue: float
    days_overdue: int
    #: id of the item that is overdue for longest; 0 where none is
    worst_item_id: int
    #: promises to pay that were broken within a year
    broken: int
    is_blacklisted: bool
    #: action of the limit rule, whether it is over the limit or not
    limit_action: str
    days_allowed: int
    overdue_allowed: float
    promises_allowed: int
    #: what the other rules say as things stand: "none", "warn" or "hold"
    overdue_says: str
    amount_says: str
    promise_says: str
    blacklist_says: str

    @property
    def left(self):
        """What is left of the limit, below 0 when it is exceeded; 0 without limit."""
        return self.limit - self.exposure if self.limit else 0.0

    def said(self, added=0.0, decimals=2):
        """{rule: "warn" or "hold"} of the rules that object.

        :param added: an amount that is not in the exposure yet
        """
        total = round(self.exposure + added, decimals)
        over = self.limit and total > round(self.limit, decimals)
        said = {
            "limit": self.limit_action if over else "none",
            "overdue": self.overdue_says,
            "amount": self.amount_says,
            "promise": self.promise_says,
            "blacklist": self.blacklist_says,
        }
        return {rule: action for rule, action in said.items() if action != "none"}

    def verdict(self, added=0.0, decimals=2):
        """ "none", "warn" or "hold": the gravest that a rule says."""
        said = self.said(added, decimals).values()
        return "hold" if "hold" in said else "warn" if said else "none"


class CrmCreditExposure(models.AbstractModel):
    """The one definition of exposure and of what the rules say: one query, in sets.

    It reads as superuser: whoever calls it has asked what the user may see.
    """

    _name = "crm.credit.exposure"
    _description = "Credit exposure"

    @api.model
    @api.private
    def get_credit(self, company, customers):
        """{id: `Credit`} of commercial entities in a company; one query."""
        ids = customers.ids
        if not ids:
            return {}
        rows = self._execute(
            SQL("SELECT %s FROM (%s) AS credit", _COLUMNS, self._rows(company, ids))
        )
        return {row[0]: Credit(*row) for row in rows}

    @api.model
    @api.private
    def get_customers_sql(self, company, condition):
        """SELECT of the ids of customers.

        :param SQL condition: on ``credit``, whose columns are those of `Credit`, with
            "exposure", "credit_left" and "verdict"
        """
        self._flush()
        return SQL(
            """SELECT credit.customer_id FROM (%s) AS credit
                WHERE CASE WHEN %s THEN TRUE ELSE FALSE END""",
            self._rows(company),
            condition,
        )

    def _execute(self, query):
        self._flush()
        return self.env.execute_query(query)

    def _flush(self):
        for name, field_names in READS.items():
            self.env[name].flush_model(field_names)

    def _rows(self, company, ids=None):
        """SELECT of the columns of `Credit` and ``verdict``, a row a customer.

        Who has paid is not held because nobody has matched it: of what is overdue no
        more counts than is owed, unallocated payments and credit notes taken off.
        """
        figures = self._figures(company, ids)
        says = SQL(", ").join(
            SQL("CASE WHEN %s THEN %s ELSE 'none' END AS %s", test, action, name)
            for test, action, name in (
                (
                    SQL("receivable > 0 AND days_overdue > days_allowed"),
                    SQL("overdue_action"),
                    SQL("overdue_says"),
                ),
                (
                    SQL("LEAST(overdue, receivable) > overdue_allowed"),
                    SQL("amount_action"),
                    SQL("amount_says"),
                ),
                (
                    SQL("broken >= promises_allowed"),
                    SQL("promise_action"),
                    SQL("promise_says"),
                ),
                (
                    SQL("is_blacklisted"),
                    SQL("blacklist_action"),
                    SQL("blacklist_says"),
                ),
                (
                    SQL("credit_limit > 0 AND exposure > credit_limit"),
                    SQL("limit_action"),
                    SQL("limit_says"),
                ),
            )
        )
        words = SQL(
            "(limit_says, overdue_says, amount_says, promise_says, blacklist_says)"
        )
        return SQL(
            """SELECT *, CASE WHEN 'hold' IN %(words)s THEN 'hold'
                              WHEN 'warn' IN %(words)s THEN 'warn'
                              ELSE 'none' END AS verdict
                 FROM (SELECT *, CASE WHEN credit_limit > 0 THEN credit_limit - exposure
                                      ELSE 0 END AS credit_left, %(says)s
                         FROM (%(figures)s) AS figures) AS judged""",
            words=words,
            says=says,
            figures=figures,
        )

    def _figures(self, company, ids):
        """SELECT of the figures and of the rules that hold for each customer.

        Conditions that compare columns are asked by a CASE, here and in
        `get_customers_sql`: PostgreSQL takes such a comparison for one row of two
        hundred, and then goes through all that was found again for each row there is.
        """
        # sudo: limits are for accountants, and settings for who keeps companies
        company = company.sudo()
        partners = self.env["res.partner"].sudo().with_company(company)
        today = company._crm_today()
        limit = SQL("0")
        if company.account_use_credit_limit:
            limit = SQL(
                "COALESCE(%s, 0)::numeric",
                partners._field_to_sql("customer", "credit_limit"),
            )
        rules = SQL(", ").join(self._rule_columns(company))
        exposure = SQL(
            "ROUND(COALESCE(owed.amount, 0) + COALESCE(ordered.amount, 0), %s)",
            company.currency_id.decimal_places,
        )
        return SQL(
            """SELECT customer.id AS customer_id,
                      COALESCE(owed.amount, 0) AS receivable,
                      %(exposure)s - COALESCE(owed.amount, 0) AS uninvoiced,
                      %(exposure)s AS exposure,
                      %(limit)s AS credit_limit,
                      COALESCE(owed.overdue, 0) AS overdue,
                      COALESCE(%(today)s - owed.oldest, 0) AS days_overdue,
                      owed.worst_item_id,
                      COALESCE(broken.number, 0) AS broken,
                      COALESCE(%(status)s = 'blacklist', FALSE) AS is_blacklisted,
                      %(rules)s
                 FROM res_partner AS customer
                 LEFT JOIN (%(owed)s) AS owed ON owed.partner_id = customer.id
                 LEFT JOIN (%(ordered)s) AS ordered ON ordered.partner_id = customer.id
                 LEFT JOIN (%(broken)s) AS broken ON broken.partner_id = customer.id
                 LEFT JOIN crm_credit_rule AS own ON own.partner_id = customer.id
                       AND own.company_id = %(company)s
                WHERE CASE WHEN customer.commercial_partner_id = customer.id THEN TRUE
                           ELSE FALSE END
                  AND %(only)s""",
            exposure=exposure,
            limit=limit,
            today=today,
            status=partners._field_to_sql("customer", "customer_status"),
            rules=rules,
            owed=self._owed(company, ids, today),
            ordered=uninvoiced(company, ids),
            broken=broken(company, today - PROMISE_MEMORY),
            company=company.id,
            only=SQL("TRUE") if ids is None else SQL("customer.id = ANY(%s)", ids),
        )

    @api.model
    def _rule_columns(self, company):
        """The action of each rule and what it compares with, the customer's own first.

        A threshold of his own goes with an action of his own.
        """
        for rule, action in RULES.items():
            yield SQL(
                "COALESCE(own.%s, %s) AS %s",
                SQL.identifier(action),
                company[action],
                SQL.identifier(f"{rule}_action"),
            )
        for (action, threshold), name in zip(
            THRESHOLDS.items(),
            ("days_allowed", "overdue_allowed", "promises_allowed"),
            strict=True,
        ):
            yield SQL(
                "CASE WHEN own.%s IS NULL THEN %s ELSE own.%s END AS %s",
                SQL.identifier(action),
                company[threshold],
                SQL.identifier(threshold),
                SQL.identifier(name),
            )

    def _owed(self, company, ids, today):
        """SELECT of (partner_id, amount, overdue, oldest, worst_item_id).

        The open items of receivables, without what is disputed where the company does
        not count that.
        """
        # sudo: the class says so
        items = (
            self.env["crm.receivable"]
            .sudo()
            .with_context(crm_receivable_date=False, crm_receivable_partner_ids=ids)
        )
        query = items._search(
            [
                ("is_payable", "=", False),
                ("company_id", "=", company.id),
                ("partner_id", "!=", False),
            ]
        )

        def column(name):
            return items._field_to_sql(query.table, name, query)

        amount = column(
            "amount_residual" if company.credit_disputed_counts else "amount_undisputed"
        )
        partner, due = column("partner_id"), column("date_maturity")
        query.groupby = partner
        late = SQL("%s > 0 AND %s < %s", amount, due, today)
        return query.select(
            SQL("%s AS partner_id", partner),
            SQL("SUM(%s) AS amount", amount),
            SQL("SUM(%s) FILTER (WHERE %s) AS overdue", amount, late),
            SQL("MIN(%s) FILTER (WHERE %s) AS oldest", due, late),
            SQL(
                "(ARRAY_AGG(%(id)s ORDER BY %(due)s, %(id)s)"
                " FILTER (WHERE %(late)s))[1] AS worst_item_id",
                id=column("id"),
                due=due,
                late=late,
            ),
        )


_COLUMNS = SQL(
    """customer_id, receivable::float, uninvoiced::float, exposure::float,
       credit_limit::float, overdue::float, days_overdue, COALESCE(worst_item_id, 0),
       broken, is_blacklisted, limit_action, days_allowed, overdue_allowed::float,
       promises_allowed, overdue_says, amount_says, promise_says, blacklist_says"""
)
