from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, groupby

from .crm_ageing import Ageing
from .crm_receivable_ledger import Rows
from .crm_receivable_sql import CORE_NAMES, aged_amounts
from .crm_statement_options import StatementOptions


class OpenItem(NamedTuple):
    """An instalment that is open, in its currency."""

    number: str
    reference: str
    kind: str
    date: date
    due: date
    days_overdue: int
    original: float
    amount: float
    bucket: str
    aged: float
    mark: str
    #: the part of the open amount that the mark is about
    marked: float
    move_id: int


class Movement(NamedTuple):
    """A document of the period: all that it moved on the customer's account."""

    date: date
    number: str
    reference: str
    kind: str
    amount: float
    balance: float


@dataclass
class Section:
    """What a customer owes in one currency."""

    currency: models.BaseModel
    items: list = field(default_factory=list)
    movements: list = field(default_factory=list)
    opening: float = 0.0
    #: all that was posted until the day: of an activity the sum of the ledger
    closing: float = 0.0
    #: {bucket: amount} of the open items, in the order of the buckets
    ageing: dict = field(default_factory=dict)

    def round(self, amount):
        """A sum of amounts of the currency, without the noise of adding up."""
        return round(amount, self.currency.decimal_places)

    @property
    def open_amount(self):
        return self.round(sum(item.amount for item in self.items))

    @property
    def overdue(self):
        late = sum(item.amount for item in self.items if item.days_overdue > 0)
        return self.round(late)

    @property
    def marked(self):
        """{mark: what of the open amount bears it}"""
        amounts = {}
        for item in self.items:
            if item.mark:
                amounts[item.mark] = amounts.get(item.mark, 0.0) + item.marked
        return {mark: self.round(sum_) for mark, sum_ in amounts.items()}

    @property
    def elsewhere(self):
        """What the ledger has and no open item: settled in another currency."""
        return self.round(self.closing - self.open_amount)


@dataclass
class Statement:
    """The account of one customer with one company, a section a currency."""

    partner: models.BaseModel
    #: his invoice address, or he himself
    address: models.BaseModel
    company: models.BaseModel
    options: StatementOptions
    sections: list = field(default_factory=list)


class CrmStatement(models.AbstractModel):
    """The figures of statements, for the PDF, the workbook, the e-mail, the portal.

    Open items are those of `crm.receivable` on the day, movements are its rows of the
    ledger: the user's rights hold, and what a statement says is what the lists say.
    Of the user's current company, whose limits make the ageing; its week is that of
    the company's language, so that a customer is told the same by whoever sends it.
    """

    _name = "crm.statement"
    _description = "Statement of account"

    @api.model
    def _get_statements(self, partners, options):
        """The statements of customers: a query for the addresses, one for the open
        items, one for the activity.

        :param partners: customers or their contacts
        :param StatementOptions options:
        :return: [Statement] in the order of the customers, one each, also of those
            who owe nothing
        """
        company = self.env.company
        # of many customers no other column is needed, and there are many
        partners.fetch(["commercial_partner_id"])
        partners = partners.commercial_partner_id
        statements = {
            partner.id: Statement(partner, address, company, options)
            for partner, address in self._get_addresses(partners).items()
        }
        sections = {}

        def section(partner_id, currency_id):
            key = (partner_id, currency_id)
            if key not in sections:
                currency = self.env["res.currency"].browse(currency_id)
                sections[key] = Section(currency)
                statements[partner_id].sections.append(sections[key])
            return sections[key]

        for key, rows in self._get_open_items(partners, options):
            found = section(*key)
            found.items = rows
            found.closing = found.open_amount
            ageing = defaultdict(float)
            for item in rows:
                ageing[item.bucket] += item.aged
            for bucket in sorted(ageing):
                if amount := found.round(ageing[bucket]):
                    found.ageing[bucket] = amount
        if options.is_activity:
            for key, rows in self._get_ledger_rows(partners, options):
                self._add_movements(section(*key), rows)
        own = company.currency_id.id
        for statement in statements.values():
            statement.sections.sort(
                key=lambda part: (part.currency.id != own, part.currency.id)
            )
        return list(statements.values())

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    @api.model
    def _check_may_print(self, partners):
        """Refuse a statement of whose items the user reads none, instead of telling
        that nothing is open.
        """
        items = self.env["crm.receivable"]
        items.check_access("read")
        partners.check_access("read")
        if not partners:
            raise UserError(self.env._("Choose the customers to make a statement of."))
        user = self.env.user
        if items._may_read_entries() or user.has_group(
            "sales_team.group_sale_salesman_all_leads"
        ):
            return
        others = partners.commercial_partner_id.filtered(
            lambda partner: partner.user_id != user
        )
        if others:
            raise AccessError(
                self.env._(
                    "You make statements of your own customers. These are not yours:"
                    " %(names)s",
                    names=", ".join(others[:5].mapped("display_name")),
                )
            )

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------

    @api.model
    def _get_items(self, partners, options, **context):
        """`crm.receivable` of the customers at the end of the day, and the domain."""
        company = self.env.company
        model = self.env["crm.receivable"].with_context(
            # the week begins as in the company's language; sudo: the language alone
            lang=company.sudo().partner_id.lang or self.env.lang,
            crm_receivable_date=options.date.isoformat(),
            crm_receivable_partner_ids=partners.ids,
            active_test=False,
            **context,
        )
        return model, Domain("is_payable", "=", False) & Domain(
            "company_id", "=", company.id
        )

    @api.model
    def _get_open_items(self, partners, options):
        """:return: pairs of (customer id, currency id), [OpenItem] by due date"""
        model, domain = self._get_items(partners, options)
        query = model._search(domain)

        def column(name):
            return model._field_to_sql(query.table, name, query)

        amount = column("amount_residual_currency")
        aged = amount
        if model._nets_credits():
            items = SQL(
                "SELECT %s, amount_residual_currency AS amount_residual FROM (%s) AS i",
                CORE_NAMES,
                model._items(),
            )
            netted = SQL("(%s)", aged_amounts(items, options.date))
            query.add_join(
                "LEFT JOIN",
                "netted",
                netted,
                SQL("netted.id = %s", SQL.identifier(query.table, "id")),
            )
            aged = SQL("netted.amount_aged")
        query.add_where(SQL("%s <> 0", amount))
        query.order = SQL("1, 2, %s, %s", column("date_maturity"), column("id"))
        rows = self.env.execute_query(
            query.select(
                column("partner_id"),
                column("currency_id"),
                *map(column, ("move_name", "ref", "kind", "date", "date_maturity")),
                column("days_overdue"),
                SQL("%s::float8", column("amount_original_currency")),
                SQL("%s::float8", amount),
                column("bucket"),
                SQL("%s::float8", aged),
                self._get_mark_sql(model, query),
                SQL("(%s)::float8", self._get_marked_sql(model, query)),
                column("move_id"),
            )
        )
        for key, found in groupby(rows, itemgetter(0, 1)):
            yield key, [OpenItem._make(row[2:]) for row in found]

    @api.model
    def _get_mark_sql(self, model, query):
        """SQL of the mark of an item: one of `_get_marks`, or NULL. A later room marks
        what is disputed.
        """
        return SQL("NULL")

    @api.model
    def _get_marked_sql(self, model, query):
        """SQL of the part of the open amount that the mark of an item is about."""
        return SQL("0")

    @api.model
    def _get_marks(self):
        """{mark: what the customer reads}, in the language of the environment."""
        return {}

    @api.model
    def _get_ledger_rows(self, partners, options):
        """The ledger in two parts: what was before the period as one row without a
        document, and a row a document of the period.

        :return: pairs of (customer id, currency id), [(move id or None, date, number,
            reference, kind, amount)] in the order of their dates
        """
        model, domain = self._get_items(
            partners, options, crm_receivable_rows=Rows.LEDGER
        )
        query = model._search(domain)

        def column(name):
            return model._field_to_sql(query.table, name, query)

        within = SQL("%s >= %s", column("date"), options.date_from)
        amount = column("amount_residual_currency")
        texts = [
            SQL("MIN(%s) FILTER (WHERE %s)", column(name), within)
            for name in ("date", "move_name", "ref", "kind")
        ]
        query.groupby = SQL("1, 2, 3")
        # an exchange difference moves nothing in the currency
        query.having = SQL("SUM(%s) <> 0", amount)
        query.order = SQL("1, 2, 4 NULLS FIRST, 3 NULLS FIRST")
        rows = self.env.execute_query(
            query.select(
                column("partner_id"),
                column("currency_id"),
                SQL("CASE WHEN %s THEN %s END", within, column("move_id")),
                *texts,
                SQL("SUM(%s)::float8", amount),
            )
        )
        for key, found in groupby(rows, itemgetter(0, 1)):
            yield key, [row[2:] for row in found]

    @api.model
    def _add_movements(self, section, rows):
        digits = section.currency.decimal_places
        balance = section.opening = 0.0
        for move_id, day, number, reference, kind, amount in rows:
            balance = round(balance + amount, digits)
            if move_id is None:
                section.opening = balance
            else:
                section.movements.append(
                    Movement(day, number, reference, kind, amount, balance)
                )
        section.closing = balance

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    @api.model
    def _get_labels(self):
        """{kind of item or bucket: label} in the language of the environment."""
        kinds = self.env["crm.receivable"]._fields["kind"]
        return {
            **dict(kinds._description_selection(self.env)),
            **dict(Ageing(self.env).labels()),
        }
