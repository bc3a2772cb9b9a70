"""What the web client asks of the server for a view, worked out from the view itself.

A list or form that a later room adds is timed without a word here. The rules are those
of the client's ``getFieldsSpec`` and ``extractFieldsFromArchInfo``.
"""

import ast
import datetime
from dataclasses import dataclass, field

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo.fields import Date
from odoo.tools.safe_eval import safe_eval

LIMIT = 80
COUNT_LIMIT = 10_001
X2MANY_LIMIT = 40
ALWAYS = ("1", "True", "true")
#: fields that a widget reads beside its own
WIDGET_FIELDS = {
    "list_activity": [
        "activity_exception_decoration",
        "activity_exception_icon",
        "activity_state",
        "activity_summary",
        "activity_type_icon",
        "activity_type_id",
    ],
}
AGGREGATED = ("integer", "float", "monetary")


def load_view(env, model, view_type, view_id=None):
    """The arch as the user gets it: combined, without what his groups may not see."""
    return etree.fromstring(env[model].get_view(view_id, view_type)["arch"])


def list_specification(env, model, arch):
    return _specification(env, model, arch)


def form_specification(env, model, arch):
    return _specification(env, model, arch, load_sub_views=True)


def _field_nodes(arch):
    """The view's own fields, not those of views inside of its fields."""
    for node in arch.iter("field"):
        inside = any(parent.tag == "field" for parent in _ancestors(node, arch))
        if not inside and node.get("name"):
            yield node


def _ancestors(node, arch):
    while node is not arch and (node := node.getparent()) is not None:
        if node is not arch:
            yield node


def _hidden(node):
    return any(
        node.get(attribute) in ALWAYS for attribute in ("invisible", "column_invisible")
    )


def _specification(env, model, arch, load_sub_views=False):
    fields = env[model].fields_get()
    spec, hidden = {}, {}
    for node in _field_nodes(arch):
        name = node.get("name")
        if name not in fields:
            continue
        is_hidden = _hidden(node) and hidden.get(name, True)
        hidden[name] = is_hidden
        new = _of_field(env, fields[name], node, is_hidden, load_sub_views)
        _merge(spec.setdefault(name, {}), new)
        for extra in WIDGET_FIELDS.get(node.get("widget"), ()):
            if extra in fields:
                related = {"fields": {}} if fields[extra]["type"] == "many2one" else {}
                spec.setdefault(extra, related)
    return spec


def _merge(spec, new):
    for key, value in new.items():
        if key == "fields" and "fields" in spec:
            for name, sub in value.items():
                _merge(spec["fields"].setdefault(name, {}), sub)
        else:
            spec[key] = value


def _of_field(env, description, node, is_hidden, load_sub_views):
    kind = description["type"]
    if kind in ("many2one", "reference"):
        return {"fields": {} if is_hidden else {"display_name": {}}}
    if kind not in ("one2many", "many2many") or is_hidden:
        return {}
    widget = node.get("widget") or ""
    if "tags" in widget or "avatar" in widget:
        options = ast.literal_eval(node.get("options") or "{}")
        extra = [options["color_field"]] if options.get("color_field") else []
        return {"fields": {name: {} for name in ("display_name", *extra)}}
    sub = next((child for child in node if child.tag in ("list", "kanban")), None)
    if sub is None and load_sub_views and not widget:
        mode = (node.get("mode") or "list").split(",")[0]
        sub = load_view(env, description["relation"], mode)
    if sub is None:
        return {}
    found = {
        "fields": _specification(env, description["relation"], sub),
        "limit": int(sub.get("limit") or X2MANY_LIMIT),
    }
    if sub.get("default_order"):
        found["order"] = sub.get("default_order")
    return found


def aggregates(env, model, specification):
    """The sums that a grouped list asks for."""
    fields = env[model].fields_get(specification)
    summed = [
        f"{name}:{fields[name]['aggregator']}"
        for name in specification
        if fields.get(name, {}).get("aggregator") and fields[name]["type"] in AGGREGATED
    ]
    currencies = []
    for name in specification:
        description = fields.get(name, {})
        if description.get("aggregator") and description.get("currency_field"):
            currencies.append(f"{description['currency_field']}:array_agg_distinct")
            currencies.append(f"{name}:sum_currency")
    return [*summed, *dict.fromkeys(currencies)]


@dataclass
class ListView:
    """A list that a menu opens, as one user gets it."""

    key: str
    model: str
    view_id: int | None
    domain: list
    context: dict
    #: {name: domain} and {name: groupby} of the search view
    filters: dict = field(default_factory=dict)
    groupings: dict = field(default_factory=dict)

    @property
    def opened(self):
        """(condition, groupby) with which the menu opens it, beside its domain."""
        domain, groupby = [], []
        for name, value in self.context.items():
            name = name.removeprefix("search_default_")
            if value and name in self.filters:
                domain += self.filters[name]
            elif value and name in self.groupings:
                groupby.append(self.groupings[name])
        return domain, groupby


def lists_below(env, menu_xmlid):
    """The ListViews of all menus below one, each once."""
    root = env.ref(menu_xmlid)
    # sudo: a salesperson may not read all menus and actions, only use them
    menus = env["ir.ui.menu"].sudo().search([("id", "child_of", root.id)])
    found = {}
    for menu in menus:
        action = menu.action
        if (
            action
            and action._name == "ir.actions.act_window"
            and "list" in action.view_mode.split(",")
            and env[action.res_model].has_access("read")
        ):
            found.setdefault(action.id, _list_of(env, action))
    return list(found.values())


def _list_of(env, action):
    values = {
        "uid": env.uid,
        "context": {},
        "active_id": False,
        "active_ids": [],
        "context_today": lambda: Date.context_today(env.user),
        "relativedelta": relativedelta,
    }
    view_id = {kind: view_id for view_id, kind in action.views}.get("list") or None
    found = ListView(
        key=(action.path or action.get_external_id()[action.id]).removeprefix("crm-"),
        model=action.res_model,
        view_id=view_id,
        domain=safe_eval(action.domain or "[]", values),
        context=safe_eval(action.context or "{}", values),
    )
    search = load_view(env, action.res_model, "search", action.search_view_id.id)
    for node in search.iter("filter"):
        name = node.get("name")
        context = safe_eval(node.get("context") or "{}", values)
        if "group_by" in context:
            found.groupings[name] = context["group_by"]
        elif node.get("domain"):
            found.filters[name] = safe_eval(node.get("domain"), values)
        elif node.get("date"):
            found.filters[name] = _this_month(node.get("date"))
    return found


def _this_month(name):
    """What a filter on a date first offers."""
    first = datetime.date.today().replace(day=1)
    next_one = (first + datetime.timedelta(days=32)).replace(day=1)
    return [(name, ">=", str(first)), (name, "<", str(next_one))]
