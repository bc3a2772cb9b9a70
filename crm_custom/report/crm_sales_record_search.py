import re
from collections.abc import Collection
from functools import partial

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_sales_record_rows import NO_DOCUMENTS

NUMBERS = ("float", "monetary")
IN = ("in", "not in")


def _name_of(path):
    """The field that a path or a term of an order begins with."""
    return re.match(r"\w*", path.strip())[0]


class CrmSalesRecord(models.Model):
    """How the rows are searched: which they are first, then what documents say."""

    _inherit = "crm.sales.record"

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        # first which rows, then what their documents say: of these alone
        model = self._without_documents(domain, order or self._order)
        found = super(CrmSalesRecord, model).search_fetch(
            domain, [], offset, limit, order
        )
        records = found.with_env(self.env)
        if field_names is None or field_names:
            records.fetch(field_names)
        return records

    @api.model
    @api.readonly
    def search_count(self, domain, limit=None):
        model = self._without_documents(domain)
        return super(CrmSalesRecord, model).search_count(domain, limit)

    @api.model
    def _without_documents(self, domain, order=""):
        """The model without the columns of documents, where the question which rows
        there are needs none: PostgreSQL has less to plan, and plans it better.
        """
        asked = Domain(domain).optimize(self).map_conditions(self._look_up)
        if not self.env.su:
            asked &= self.env["ir.rule"]._compute_domain(self._name, "read")
        names = {_name_of(term.field_expr) for term in asked.iter_conditions()}
        names.update(_name_of(term) for term in order.split(","))
        if names - {""} <= self._columns().keys():
            return self.with_context(crm_sales_record_within=NO_DOCUMENTS)
        return self

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        domain = Domain(domain).optimize(self)
        model = self
        if self._get_within() is None:
            within = self._find_within(domain)
            if within is not None:
                model = self.with_context(crm_sales_record_within=within)
        domain = Domain.AND(map(self._from_few, self._all_of(domain)))
        look_up = partial(self._look_up, one_by_one=bool(limit))
        domain = domain.map_conditions(look_up)
        return super(CrmSalesRecord, model)._search(
            domain, offset, limit, order, **options
        )

    @api.model
    def _all_of(self, domain):
        """The parts of a domain, each of which must hold."""
        is_all_of = getattr(domain, "OPERATOR", None) == "&"
        return domain.children if is_all_of else (domain,)

    @api.model
    def _from_few(self, term):
        """A term that must hold, so that PostgreSQL starts from the few lines for which
        it can. They have to fulfil the rest of it alone.
        """
        few = self._imply_few(term)
        if few is None:
            return term
        known = [self._get_few()[term.field_expr][each][0] for each in term.value]
        return few & self._look_up(term, known=set.intersection(*map(set, known)))

    @api.model
    def _look_up(self, term, known=(), one_by_one=False):
        """Conditions in the place of a term, which ask facts and no documents' columns.

        :param known: names of facts that hold
        :param one_by_one: whether few rows are wanted, so that facts that must not hold
            are better looked up in the documents of each
        """
        if term.field_expr not in self._get_few() or term.operator not in IN:
            return term
        facts = self._get_facts()

        def to_sql(model, alias, query):
            record = SQL.identifier(alias)

            def holds(name):
                return SQL("TRUE") if name in known else facts[name].holds(record)

            def lacks(name):
                return SQL("NOT %s", facts[name].holds(record, one_by_one))

            stages = self._get_stages(record, holds, lacks)[term.field_expr]
            condition = stages.among(set(term.value))
            if term.operator == "not in":
                return SQL("(%s) IS NOT TRUE", condition)
            return condition

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _imply_few(self, term):
        """What must hold of the order line where the term does: that it is one of few,
        which PostgreSQL then reads first. None where they may be many.
        """
        if getattr(term, "operator", None) != "in":
            return None
        few = self._get_few().get(term.field_expr, {})
        values = set(term.value)
        if not values <= few.keys():
            return None
        lines = SQL(" UNION ALL ").join({few[value][1] for value in values})
        # an array, for which PostgreSQL assumes that they are few; to compare with it
        # is slow, so it must not stand where another condition may come first
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = ANY(ARRAY(%s))", SQL.identifier(alias, "id"), lines
            )
        )

    @api.model
    def _get_few(self):
        """{field: {value: (names, lines)}} of values that few lines have.

        ``lines`` is the SELECT of those that alone can have it; the facts of these
        names hold for all of them.
        """
        facts = self._get_facts()
        waiting = (("waiting",), facts["waiting"].few)
        to_invoice = SQL(
            "SELECT id FROM sale_order_line WHERE qty_to_invoice <> 0 UNION ALL %s",
            facts["in_draft"].few,
        )
        return {
            "stage": {
                "late": waiting,
                "to_deliver": waiting,
                "to_invoice": ((), to_invoice),
                "to_collect": (("to_come",), facts["to_come"].few),
            },
            "delivery_state": {
                **dict.fromkeys(("waiting", "partly", "late"), waiting),
                "ready": (("ready", "waiting"), facts["ready"].few),
            },
        }

    @api.model
    def _find_within(self, domain):
        """SELECT of the order lines that fulfil what can be read by index alone.

        The documents of no other lines have to be looked at. The companies are left
        out: mostly they are all there are.
        """
        if getattr(domain, "field_expr", None) == "id" and domain.operator == "in":
            # as they are: a page is read like this, and planned in half the time
            if isinstance(domain.value, Collection):
                # a client may ask for anything, of which no line is the rest
                ids = [
                    each
                    for each in domain.value
                    if isinstance(each, int) and 0 < each < 2**31
                ]
                return SQL("SELECT unnest(%s::int[])", ids)
        if not self.env.su:
            domain &= self.env["ir.rule"]._compute_domain(self._name, "read")
        terms = [
            known
            for term in self._all_of(domain)
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
        names = {_name_of(term.field_expr) for term in terms}
        if names and names <= self._columns().keys() - {"company_id"}:
            return domain
        if len(terms) == 1:
            return self._imply_few(terms[0])
        return None

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
