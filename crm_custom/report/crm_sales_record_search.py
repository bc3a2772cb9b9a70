from functools import cache

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_sales_record_rows import NO_DOCUMENTS

NUMBERS = ("float", "monetary")


class CrmSalesRecord(models.Model):
    """How the rows are searched: which they are first, then what documents say."""

    _inherit = "crm.sales.record"

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        # first which rows, then what their documents say: of these alone
        records = super().search_fetch(domain, [], offset, limit, order)
        if field_names is None or field_names:
            records.fetch(field_names)
        return records

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        domain = Domain(domain).optimize(self)
        model = self
        if self._get_within() is None:
            within = self._find_within(domain)
            if within is not None:
                model = self.with_context(crm_sales_record_within=within)
        domain = domain.map_conditions(model._by_stage)
        return super(CrmSalesRecord, model)._search(
            domain, offset, limit, order, **options
        )

    @api.model
    def _by_stage(self, term):
        if term.field_expr != "stage" or term.operator not in ("in", "not in"):
            return term
        stages = self._get_stages(SQL.identifier(self._table)).among(set(term.value))
        if term.operator == "not in":
            stages = SQL("(%s) IS NOT TRUE", stages)
        return Domain.custom(to_sql=lambda model, alias, query: stages)

    @api.model
    def _find_within(self, domain):
        """SELECT of the order lines that fulfil what can be read by index alone.

        The documents of no other lines have to be looked at. The companies are left
        out: mostly they are all there are.
        """
        if not self.env.su:
            domain &= self.env["ir.rule"]._compute_domain(self._name, "read")
        is_all_of = getattr(domain, "OPERATOR", None) == "&"
        terms = [
            known
            for term in (domain.children if is_all_of else (domain,))
            if (known := self._known_of_line(term)) is not None
        ]
        if not terms:
            return None
        lines = self.with_context(crm_sales_record_within=NO_DOCUMENTS)
        query = super(CrmSalesRecord, lines)._search(
            Domain.AND(terms), bypass_access=True
        )
        return query.subselect()

    @api.model
    def _known_of_line(self, domain):
        """What can be said of the order line where the domain holds, or None."""
        terms = list(domain.iter_conditions())
        names = {term.field_expr.split(".")[0].split(":")[0] for term in terms}
        if names and names <= self._columns().keys() - {"company_id"}:
            return domain
        if names == {"stage"} and len(terms) == 1 and terms[0].operator == "in":
            candidates = self._get_stage_candidates()
            stages = set(terms[0].value)
            if stages <= candidates.keys():
                lines = SQL(" UNION ALL ").join(candidates[each] for each in stages)
                return Domain.custom(
                    to_sql=lambda model, alias, query: SQL(
                        "%s IN (%s)", SQL.identifier(alias, "id"), lines
                    )
                )
        return None

    @api.model
    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        # a pivot has each month once for each product, and its name takes long to make
        return cache(super()._web_read_group_groupby_formatter(groupby_spec, values))

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        field = self._fields.get(field_name)
        if field is None or field.type not in NUMBERS:
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        # nothing is shown as 0 and sorted like it
        column = SQL("COALESCE(%s, 0)", self._field_to_sql(alias, field_name, query))
        query._order_groupby.append(column)
        return SQL("%s %s %s", column, direction, nulls)
