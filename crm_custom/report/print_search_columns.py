"""The columns of a sheet: read from the arch of a list view, they read records.

A column knows the kind of its values; a writer decides by the kind how they look.

=========  ==========================================================
kind       value that ``read`` gives for a record
=========  ==========================================================
text       str, maybe empty
integer    int
number     float
percent    float, 0.15 for 15 %
hours      float
monetary   (float, id of the currency or False)
date       date or False
datetime   naive datetime in the user's time zone, or False
=========  ==========================================================
"""

from lxml import etree

from odoo.tools.mail import html2plaintext
from odoo.tools.safe_eval import const_eval

from .ratio_field import Ratio

NUMERIC_KINDS = ("integer", "number", "percent", "hours", "monetary")
KIND_OF_TYPE = {
    "boolean": "text",
    "char": "text",
    "date": "date",
    "datetime": "datetime",
    "float": "number",
    "html": "text",
    "integer": "integer",
    "many2many": "text",
    "many2one": "text",
    "monetary": "monetary",
    "one2many": "text",
    "reference": "text",
    "selection": "text",
    "text": "text",
}
KIND_OF_WIDGET = {
    ("float", "float_time"): "hours",
    ("float", "monetary"): "monetary",
    ("float", "percentage"): "percent",
}
# name of the attribute that asks for a total -> its aggregate
ARCH_AGGREGATES = {"sum": "sum", "avg": "avg", "max": "max", "min": "min"}
# what stands for an empty column where the ORM's cache has None
NOTHING = {
    "boolean": False,
    "char": "",
    "date": False,
    "datetime": False,
    "float": 0.0,
    "html": "",
    "integer": 0,
    "many2one": False,
    "monetary": 0.0,
    "selection": False,
    "text": "",
}
NAME_CACHE_SIZE = 20_000


def get_columns(request, formatter):
    """Columns of the request's view that its user may see, in the view's order.

    ``get_view`` under the user strips what groups hide; the check of each field says
    the same again, for fields whose groups are narrower than the node's.
    """
    model = request.model
    arch = etree.fromstring(model.get_view(request.view_id, "list")["arch"])
    columns = []
    for node in arch.iterchildren("field"):
        field = model._fields.get(node.get("name"))
        if (
            field is not None
            and field.type in KIND_OF_TYPE
            and node.get("widget") != "handle"
            and node.get("optional") != "hide"
            and node.get("column_invisible") not in ("1", "True", "true")
            and model._has_field_access(field, "read")
        ):
            columns.append(Column(model, field, node, formatter))
    return columns


class Column:
    """One column. ``aggregate``: function of its totals in groups, or None;
    ``has_footer``: whether the arch asks for a total of the whole list too.
    """

    def __init__(self, model, field, node, formatter):
        self.env = model.env
        self.model = model
        self.field = field
        self.name = field.name
        self.label = node.get("string") or field._description_string(self.env)
        self.formatter = formatter
        options = self._parse_literal(node.get("options"))
        # how a view wants the names of its links, as {'show_address': 1}
        self._name_context = self._parse_literal(node.get("context"))
        self.kind = KIND_OF_WIDGET.get(
            (field.type, node.get("widget")), KIND_OF_TYPE[field.type]
        )
        if self.kind == "datetime" and options.get("show_time") is False:
            self.kind = "date"
        self.is_numeric = self.kind in NUMERIC_KINDS
        self.is_plain_integer = options.get("enable_formatting") is False
        self.digits = self._get_digits(node, options)
        self.currency_field = self._get_currency_field(options)
        self.currency_id = self.env.company.currency_id.id
        self.aggregate, self.has_footer = self._get_aggregate(node)
        self._names = {}
        self.read = self._get_reader()

    @staticmethod
    def _parse_literal(text):
        try:
            values = const_eval(text) if text else {}
        except ValueError:
            # depends on the record or the context: about the screen, not the paper
            return {}
        return values if isinstance(values, dict) else {}

    def _get_digits(self, node, options):
        if self.kind == "integer":
            return 0
        digits = options.get("digits") or const_eval(node.get("digits") or "None")
        if not digits and self.field.type == "float":
            digits = self.field.get_digits(self.env)
        return digits[1] if digits else 2

    def _get_currency_field(self, options):
        if self.kind != "monetary":
            return None
        name = options.get("currency_field")
        if not name and self.field.type == "monetary":
            name = self.field.get_currency_field(self.model)
        currency = self.model._fields.get(name or "currency_id")
        if currency is None or not self.model._has_field_access(currency, "read"):
            return None
        return currency.name

    # ------------------------------------------------------------------
    # Totals
    # ------------------------------------------------------------------

    def _get_aggregate(self, node):
        asked = next((f for name, f in ARCH_AGGREGATES.items() if node.get(name)), None)
        aggregator = asked or self.field.aggregator
        if (
            self.field.type not in ("float", "integer", "monetary")
            or aggregator not in (*ARCH_AGGREGATES.values(), "count", "count_distinct")
            or not self._is_summable(aggregator)
        ):
            return None, False
        return aggregator, bool(asked)

    def _is_summable(self, aggregator):
        query = self.model._as_query(ordered=False)
        try:
            for spec in self._get_specs(aggregator):
                self.model._read_group_select(spec, query)
        except ValueError:
            # not stored: the screen has no total of it either
            return False
        return True

    def _get_specs(self, aggregator):
        specs = [f"{self.name}:{aggregator}"]
        if self.kind == "monetary" and self.currency_field:
            specs.append(f"{self.currency_field}:array_agg_distinct")
            if self.field.type == "monetary" and aggregator == "sum":
                specs.append(f"{self.name}:sum_currency")
        return specs

    @property
    def specs(self):
        """What ``_read_group`` must be asked for the totals of this column."""
        return self._get_specs(self.aggregate) if self.aggregate else []

    def total(self, values):
        """Value of a total, like those of ``read``, from ``{spec: value}``.

        Amounts of several currencies are summed in the company's, as on the screen;
        other functions of them, what a model does not add up and an unknown ratio give
        None.
        """
        value = values[f"{self.name}:{self.aggregate}"]
        if self.kind != "monetary":
            return None if value is False else value or 0
        if not self.currency_field:
            return value or 0, False
        currencies = values[f"{self.currency_field}:array_agg_distinct"]
        known = [currency_id for currency_id in currencies if currency_id]
        if len(known) > 1:
            name = f"{self.name}:sum_currency"
            return (values[name] or 0, self.currency_id) if name in values else None
        if known and len(currencies) > 1 and (value is None or value is False):
            return None
        currency_id = known[0] if known else not currencies and self.currency_id
        return value or 0, currency_id

    # ------------------------------------------------------------------
    # Values
    # ------------------------------------------------------------------

    def _get_reader(self):
        if self.kind == "monetary":
            return self._read_monetary
        return getattr(self, f"_read_{self.field.type}", self._read_plain)

    @property
    def fetched(self):
        """Names of the fields that must be fetched before ``read``."""
        return [self.name, *([self.currency_field] if self.currency_field else [])]

    def _read_plain(self, records):
        return self._read_field(self.field, records)

    def _read_field(self, field, records):
        """The values of fetched records; links are ids.

        A stored field is read from the ORM's cache as a whole: ``record.name`` asks
        for the access to the field, and makes a record of each link, in each cell.
        """
        if (
            field.store
            and field.type in NOTHING
            and not callable(field.translate)
            and not isinstance(field, Ratio)
            # its target may be gone, which Odoo looks after record by record
            and not (field.type == "many2one" and field.company_dependent)
        ):
            cache, nothing = field._get_cache(self.env), NOTHING[field.type]
            return [cache[res_id] or nothing for res_id in records._ids]
        values = self._read_records(field, records)
        return [value.id for value in values] if field.type == "many2one" else values

    @staticmethod
    def _read_records(field, records):
        get = field.__get__
        return [get(record) for record in records]

    def _read_char(self, records):
        return [value or "" for value in self._read_plain(records)]

    _read_text = _read_char

    def _read_html(self, records):
        values = self._read_plain(records)
        return [html2plaintext(value) if value else "" for value in values]

    def _read_boolean(self, records):
        words = self.env._("No"), self.env._("Yes")
        return [words[bool(value)] for value in self._read_plain(records)]

    def _read_selection(self, records):
        labels = dict(self.field._description_selection(self.env))
        values = self._read_plain(records)
        return [labels.get(value, value or "") for value in values]

    def _read_datetime(self, records):
        local = self.formatter.local
        values = [value and local(value) for value in self._read_plain(records)]
        if self.kind == "date":
            return [value and value.date() for value in values]
        return values

    def _read_monetary(self, records):
        values = self._read_plain(records)
        if not self.currency_field:
            return [(value, False) for value in values]
        currency = self.model._fields[self.currency_field]
        return list(zip(values, self._read_field(currency, records), strict=True))

    def _read_many2one(self, records):
        ids = self._read_plain(records)
        if len(self._names) > NAME_CACHE_SIZE:
            self._names.clear()
        names = self._names
        if missing := {res_id for res_id in ids if res_id and res_id not in names}:
            # sudo: as everywhere in Odoo, who may read the record may read the name
            # of what it points to
            comodel_sudo = self.env[self.field.comodel_name].sudo()
            targets_sudo = comodel_sudo.browse(missing).exists()
            for target_sudo in targets_sudo.with_context(**self._name_context):
                names[target_sudo.id] = target_sudo.display_name or ""
        return [names.get(res_id, "") for res_id in ids]

    def _read_many2many(self, records):
        values = self._read_records(self.field, records)
        # one prefetch for the tags of the whole batch
        targets = self.env[self.field.comodel_name].union(*values)
        names = {target.id: target.display_name or "" for target in targets}
        return [", ".join(names[res_id] for res_id in value._ids) for value in values]

    _read_one2many = _read_many2many

    def _read_reference(self, records):
        values = self._read_records(self.field, records)
        names = {}
        for model_name in {value._name for value in values if value}:
            ids = [value.id for value in values if value and value._name == model_name]
            # sudo: as for a many2one
            targets_sudo = self.env[model_name].sudo().browse(ids).exists()
            names.update(((model_name, t.id), t.display_name) for t in targets_sudo)
        keys = [value and (value._name, value.id) for value in values]
        return [names.get(key) or "" for key in keys]
