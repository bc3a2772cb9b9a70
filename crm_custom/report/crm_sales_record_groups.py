from functools import cache
from itertools import chain
from operator import attrgetter

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

CURRENCY = "company_currency_id"


def _itself(value):
    return value


class CrmSalesRecord(models.Model):
    """How the rows are summed: by what a list or pivot asks of each group."""

    _inherit = "crm.sales.record"

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        """Groups by records are sorted here, in the order of their model.

        Odoo joins it to all rows, and groups by all that it sorts by, which takes a
        third of the time of a pivot.
        """
        specs = [spec.strip() for spec in (order or "").split(",")]
        others = [spec for spec in specs if not self._is_by_record(spec)]
        # values come in the order of PostgreSQL, which tells that of one of them
        if specs == others or len(others) > 1 or {*others} - {*chain(*grouping_sets)}:
            return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)
        found = super()._read_grouping_sets(
            domain, grouping_sets, aggregates, ",".join(others)
        )
        columns = []
        for spec in specs:
            value_of = attrgetter("id") if self._is_by_record(spec) else _itself
            having = [
                (groups, groupby.index(spec))
                for groupby, groups in zip(grouping_sets, found, strict=True)
                if spec in groupby
            ]
            values = dict.fromkeys(
                value_of(group[index]) for groups, index in having for group in groups
            )
            columns.append((having, value_of, self._get_places(spec, values)))
        for having, value_of, at in reversed(columns):
            for groups, index in having:
                groups.sort(
                    key=lambda group, i=index, of=value_of, at=at: at[of(group[i])]
                )
        return found

    @api.model
    def _is_by_record(self, spec):
        return spec in self._fields and self._fields[spec].type == "many2one"

    @api.model
    def _get_places(self, spec, values):
        """{value: its place}; records without a value come last, as in PostgreSQL."""
        if self._is_by_record(spec):
            # sudo: their order alone, as a join has it
            records = self.env[self._fields[spec].comodel_name].sudo()
            found = records.with_context(active_test=False).search(
                [("id", "in", [*values])]
            )
            values = [*found.ids, False]
        return {value: place for place, value in enumerate(values)}

    def _read_group_select(self, aggregate_spec, query):
        """The currencies of a group and its amounts in the reader's, which a list asks
        of every amount, as one sum for each currency that companies have.

        Odoo sorts all rows for the first and divides each amount of each row for the
        second, which takes longer than the rest of the question.
        """
        name, _colon, func = aggregate_spec.partition(":")
        field = self._fields.get(name)
        if field is None or func not in ("array_agg_distinct", "sum_currency"):
            return super()._read_group_select(aggregate_spec, query)
        if func == "array_agg_distinct" and name == CURRENCY:
            return self._currencies_to_sql(query)
        if func == "sum_currency" and field.get_currency_field(self) == CURRENCY:
            return self._sum_currency_to_sql(name, query)
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _currencies_to_sql(self, query):
        currency = self._field_to_sql(self._table, CURRENCY, query)
        found = SQL(", ").join(
            SQL("MAX(%s) FILTER (WHERE %s = %s)", currency, currency, currency_id)
            for currency_id in sorted(self._get_company_currencies().ids)
        )
        return SQL("NULLIF(ARRAY_REMOVE(ARRAY[%s], NULL), '{}')", found)

    @api.model
    def _sum_currency_to_sql(self, name, query):
        amount = self._field_to_sql(self._table, name, query)
        currency = self._field_to_sql(self._table, CURRENCY, query)
        parts = SQL(", ").join(
            SQL(
                "SUM(%s) FILTER (WHERE %s = %s) / %s",
                amount,
                currency,
                company_currency.id,
                self._rate_to_sql(company_currency),
            )
            for company_currency in self._get_company_currencies()
        )
        return SQL("(SELECT SUM(part) FROM unnest(ARRAY[%s]) AS part)", parts)

    @api.model
    def _rate_to_sql(self, currency):
        # sudo: rates of the reader's company, as Odoo's own sum reads them
        rates = self.env["res.currency.rate"].sudo()
        query = rates._search(
            [
                ("currency_id", "=", currency.id),
                ("company_id", "in", (False, self.env.company.root_id.id)),
                ("name", "<=", fields.Date.context_today(self)),
            ],
            order="company_id.id, name DESC",
            limit=1,
        )
        rate = rates._field_to_sql(rates._table, "rate", query)
        return SQL("COALESCE((%s), 1.0)", query.select(rate))

    @api.model
    def _get_company_currencies(self):
        """Those that rows may have: of the reader's companies, by the record rule."""
        if self.env.su:
            groups = self.env["res.company"]._read_group([], ["currency_id"])
            return self.env["res.currency"].union(*(group[0] for group in groups))
        # sudo: the currencies alone
        return self.env.companies.sudo().currency_id

    @api.model
    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        formatter = super()._web_read_group_groupby_formatter(groupby_spec, values)

        # a pivot has each month once for each product: to name it, and to make a Domain
        # of its condition, takes longer than the sums
        @cache
        def format_once(value):
            name, condition = formatter(value)
            return name, Domain(condition)

        return format_once
