"""Opening each list of the addon: as its menu opens it, with each filter and grouping.

Which lists, filters and groupings there are is read from menus and search views, so a
later room's lists are timed without a word here.
"""

from dataclasses import dataclass, field

from benchmarks import views
from benchmarks.figures import Aim
from benchmarks.plain import PlainGroups, PlainPage
from benchmarks.work import Work

MENU = "crm_custom.crm_custom_menu_root"
#: conditions better than what the ORM makes of a filter, on the table's own columns:
#: {"list/filter": (the rest of the domain, SQL)}
BEST = {}


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

    def label(self):
        return f"{self.name}/{self.key}/{self.case}"

    @classmethod
    def pieces(cls, door):
        found = []
        for view in views.lists_below(door.env, MENU):
            common = {
                "key": view.key,
                "model": view.model,
                "view_id": view.view_id,
                "context": _without_defaults(view.context),
            }
            domain, groupby = view.opened
            found.append(cls(case="opened", domain=domain, groupby=groupby, **common))
            if (domain, groupby) != (view.domain, []):
                found.append(cls(case="all", domain=view.domain, **common))
            for name, condition in view.filters.items():
                domain = [*view.domain, *condition]
                found.append(cls(case=f"filter {name}", domain=domain, **common))
            for name, groupby in view.groupings.items():
                found.append(
                    cls(
                        case=f"by {name.removeprefix('group_')}",
                        domain=view.domain,
                        groupby=[_with_period(door.env, view.model, groupby)],
                        **common,
                    )
                )
        return found

    def prepare(self, door):
        self.scale = door.env[self.model]._table
        arch = views.load_view(door.env, self.model, "list", self.view_id or None)
        self.spec = views.list_specification(door.env, self.model, arch)
        self.sums = views.aggregates(door.env, self.model, self.spec)
        best = BEST.get(f"{self.key}/{self.case}")
        env = door.env(context={**door.env.context, **self.context})
        if self.groupby:
            self.plain = PlainGroups(
                env, self.model, self.domain, self.groupby[0], self.sums, best
            )
        else:
            self.plain = PlainPage(env, self.model, self.spec, self.domain, best)

    def addon(self, door):
        if self.groupby:
            return door.rpc(
                self.model,
                "web_read_group",
                self.domain,
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
                context={**self.context, "read_group_expand": True},
            )
        return door.rpc(
            self.model,
            "web_search_read",
            domain=self.domain,
            specification=self.spec,
            offset=0,
            order="",
            limit=views.LIMIT,
            count_limit=views.COUNT_LIMIT,
            context={**self.context, "bin_size": True},
        )

    def floor(self, door):
        return self.plain.fetch(door)

    def rows(self, door, way, result):
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
