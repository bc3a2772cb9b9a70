"""Opening each list of the addon: as its menu opens it, with each filter and grouping.

Which lists, filters and groupings there are is read from menus and search views, so a
later room's lists are timed without a word here. Where Odoo alone can do the same, its
own list of the model is timed beside it: what is left to the addon is the difference.
"""

from dataclasses import dataclass, field

from odoo.fields import Domain

from benchmarks import views
from benchmarks.figures import Aim
from benchmarks.plain import PlainGroups, PlainPage
from benchmarks.sales_floors import SalesGroups, SalesPage
from benchmarks.work import Work

ADDON = "crm_custom"
MENU = f"{ADDON}.crm_custom_menu_root"
#: conditions better than what the ORM makes of a filter, on the table's own columns:
#: {"list/filter": (the rest of the domain, SQL)}
BEST = {}
#: floors written by hand, for models that the addon reads from several tables:
#: {model: (page, groups)}
FLOORS = {"crm.sales.record": (SalesPage, SalesGroups)}


@dataclass
class OpenList(Work):
    name = "list"
    title = "open a list: first 80 rows in default order, or its groups"
    aims = (Aim("queries", 25), Aim("floor", 2))

    key: str = ""
    case: str = ""
    model: str = ""
    view_id: int = 0
    domain: list = field(default_factory=list)
    context: dict = field(default_factory=dict)
    groupby: list = field(default_factory=list)
    #: the same without crm_custom; None where it alone makes it possible
    stock_domain: list | None = None

    def label(self):
        return f"{self.name}/{self.key}/{self.case}"

    def ways(self):
        ways = super().ways()
        if self.stock_domain is None:
            del ways["stock"]
        return ways

    @classmethod
    def pieces(cls, door):
        found = []
        for view in views.lists_below(door.env, MENU):
            found.append(cls._piece(door.env, view, "opened", *view.opened))
            if view.opened != ([], []):
                found.append(cls._piece(door.env, view, "all", [], []))
            for name, condition in view.filters.items():
                case = f"filter {name}"
                found.append(cls._piece(door.env, view, case, condition, []))
            for name, groupby in view.groupings.items():
                case = f"by {name.removeprefix('group_')}"
                groupby = [_with_period(door.env, view.model, groupby)]
                found.append(cls._piece(door.env, view, case, [], groupby))
        return found

    @classmethod
    def _piece(cls, env, view, case, condition, groupby):
        return cls(
            key=view.key,
            case=case,
            model=view.model,
            view_id=view.view_id,
            domain=[*view.domain, *condition],
            context=_without_defaults(view.context),
            groupby=groupby,
            stock_domain=_without_addon(env[view.model], view, condition, groupby),
        )

    def prepare(self, door):
        records = door.env[self.model]
        self.scale = self.model if records._table_query else records._table
        view_id = (door.has_addon and self.view_id) or None
        arch = views.load_view(door.env, self.model, "list", view_id)
        self.spec = views.list_specification(door.env, self.model, arch)
        self.sums = views.aggregates(door.env, self.model, self.spec)
        if not door.has_addon:
            return
        best = BEST.get(f"{self.key}/{self.case}")
        env = door.env(context={**door.env.context, **self.context})
        page, groups = FLOORS.get(self.model, (PlainPage, PlainGroups))
        if self.groupby:
            self.plain = groups(
                env, self.model, self.domain, self.groupby[0], self.sums, best
            )
        else:
            self.plain = page(env, self.model, self.spec, self.domain, best)

    def addon(self, door):
        return self._open(door, self.domain, self.context)

    def stock(self, door):
        return self._open(door, self.stock_domain, {})

    def _open(self, door, domain, context):
        if self.groupby:
            return door.rpc(
                self.model,
                "web_read_group",
                domain,
                self.groupby,
                self.sums,
                limit=views.LIMIT,
                offset=0,
                order="",
                auto_unfold=False,
                opening_info=[],
                unfold_read_specification=self.spec,
                unfold_read_default_limit=views.LIMIT,
                groupby_read_specification={},
                context={**context, "read_group_expand": True},
            )
        return door.rpc(
            self.model,
            "web_search_read",
            domain=domain,
            specification=self.spec,
            offset=0,
            order="",
            limit=views.LIMIT,
            count_limit=views.COUNT_LIMIT,
            context={**context, "bin_size": True},
        )

    def floor(self, door):
        return self.plain.fetch(door)

    def rows(self, door, way, result):
        if way == "stock":
            return result.get("records", result.get("groups"))
        if way == "addon":
            return self.plain.comparable(result)
        return self.plain.comparable_rows(result)


def _without_defaults(context):
    return {
        name: value
        for name, value in context.items()
        if not name.startswith("search_default_")
    }


def _with_period(env, model, groupby):
    """The client groups dates by month when nothing else is said."""
    field_type = env[model]._fields[groupby.split(":")[0]].type
    if ":" not in groupby and field_type in ("date", "datetime"):
        return f"{groupby}:month"
    return groupby


def _without_addon(model, view, condition, groupby):
    """What Odoo alone is asked instead: the list's own domain as far as it knows it,
    with the same condition; None where that or the grouping is the addon's.
    """
    condition = Domain(condition)
    if (
        model._original_module == ADDON
        or any(_is_addons(model, name) for name in groupby)
        or any(_asks_addon(model, term) for term in condition.iter_conditions())
    ):
        return None
    known = Domain(view.domain).map_conditions(
        lambda term: Domain.TRUE if _asks_addon(model, term) else term
    )
    return list(known & condition)


def _is_addons(model, path):
    """Whether a field on the path is there because of the addon alone."""
    for name in path.split(":")[0].split("."):
        field = model._fields[name]
        if set(field._modules) == {ADDON}:
            return True
        if not field.relational:
            break
        model = model.env[field.comodel_name]
    return False


def _asks_addon(model, term):
    if _is_addons(model, term.field_expr):
        return True
    if term.operator not in ("any", "not any"):
        return False
    for name in term.field_expr.split("."):
        model = model.env[model._fields[name].comodel_name]
    return any(
        _asks_addon(model, each) for each in Domain(term.value).iter_conditions()
    )
