from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .crm_my_day_source import BUCKETS, WorkDay

SOURCE = "crm.my.day.source"
#: rows of a source on a page
PAGE = 20


class CrmMyDay(models.AbstractModel):
    """What waits for a salesperson today: the page, the morning's e-mail and the jobs.

    The rows come from the sources (``crm.my.day.source``), each read under the rights
    of the user who asks. Whose work is shown is a key: ``me``; for a sales manager also
    ``all``, ``team-<id>`` and ``user-<id>``, for the leader of a team who may read all
    documents his teams and their people.
    """

    _name = "crm.my.day"
    _description = "My day"

    # ------------------------------------------------------------
    # What the page asks
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_day(self, whose="me"):
        """All that the page shows before its rows.

        :return: {"today": day, "page": rows a page, "whose": key,
            "choices": [{"key", "name", "kind"}],
            "sources": [{"key", "title", "icon", "actions": [{"key", "label"}],
            "counts": {bucket: number}}], "next": a row with its "source", or False}
        """
        work_day = self._get_work_day(whose)
        sources, later = [], []
        for source in self._get_sources():
            counts, first_later = source._get_counts(work_day)
            labels = source._get_action_labels()
            sources.append(
                {
                    "key": source._get_key(),
                    "title": source._get_title(),
                    "icon": source._my_day_icon,
                    "actions": [
                        {"key": key, "label": labels[key]}
                        for key in source._my_day_actions
                    ],
                    "counts": counts,
                }
            )
            if first_later:
                later.append((first_later, len(later), source))
        upcoming = False
        if later and not any(any(s["counts"].values()) for s in sources):
            source = min(later)[2]
            (row,) = source._get_rows(work_day, "later", limit=1)
            upcoming = {**row, "source": source._get_title()}
        return {
            "today": work_day.today,
            "page": PAGE,
            "whose": whose,
            "choices": self._get_choices(),
            "sources": sources,
            "next": upcoming,
        }

    @api.model
    @api.readonly
    def get_rows(self, bucket, whose="me", sources=None, offsets=None):
        """A page of rows of each source, or of these only.

        :param offsets: {source key: how many rows come before the page}
        :return: {source key: [row]}, a row as in ``crm.my.day.source``
        """
        if bucket not in BUCKETS:
            raise UserError(self.env._("My day has no such part."))
        work_day = self._get_work_day(whose)
        offsets = offsets or {}
        return {
            key: source._get_rows(
                work_day, bucket, max(int(offsets.get(key, 0)), 0), PAGE
            )
            for source in self._get_sources()
            if (key := source._get_key()) and (sources is None or key in sources)
        }

    @api.model
    def run_action(self, source, record_id, action):
        """Do what settles a row.

        :return: an action to open in a dialog, or False when it is done
        """
        self._check_user()
        model = self._get_source(source)
        if action not in model._my_day_actions:
            raise UserError(self.env._("My day has no such action."))
        record = model.env[model._my_day_model].browse(int(record_id)).exists()
        if not record:
            raise UserError(self.env._("This is not there any more. Reload the page."))
        record.check_access("read")
        return getattr(model, f"_do_{action}")(record) or False

    # ------------------------------------------------------------
    # Sources
    # ------------------------------------------------------------

    @api.model
    def _get_sources(self):
        """The sources whose records the user may read, in the order of the page."""
        names = self.env.registry.descendants([SOURCE], "_inherit")
        sources = [self.env[name] for name in names if name != SOURCE]
        sources.sort(key=lambda source: (source._my_day_sequence, source._name))
        return [source for source in sources if source._is_available()]

    @api.model
    def _get_source(self, key):
        for source in self._get_sources():
            if source._get_key() == key:
                return source
        raise UserError(self.env._("My day has no such part."))

    # ------------------------------------------------------------
    # Whose day
    # ------------------------------------------------------------

    @api.model
    def _check_user(self):
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("My day is a page for salespeople."))

    @api.model
    def _get_work_day(self, whose):
        self._check_user()
        return WorkDay.of(self.env, self._get_user_ids(whose))

    @api.model
    def _get_user_ids(self, whose):
        """The salespeople that a key stands for: the user may ask for them, or no."""
        if whose == "me":
            return (self.env.uid,)
        teams, users = self._get_visible_teams(), self._get_visible_users()
        if whose == "all" and self._is_manager():
            return None
        kind, _dash, number = str(whose).partition("-")
        wanted = int(number) if number.isdecimal() else 0
        if kind == "team" and wanted in teams.ids:
            return tuple(self._get_team_users(teams.browse(wanted)).ids)
        if kind == "user" and wanted in users.ids:
            return (wanted,)
        raise AccessError(self.env._("You may not see the day of these colleagues."))

    @api.model
    def _get_choices(self):
        """The days that the user may look at, besides his own."""
        teams, users = self._get_visible_teams(), self._get_visible_users()
        if not teams and not users:
            return []
        choices = [{"key": "me", "name": self.env._("My day"), "kind": "me"}]
        if self._is_manager():
            everybody = self.env._("Whole company")
            choices.append({"key": "all", "name": everybody, "kind": "all"})
        choices += [
            {"key": f"team-{t.id}", "name": t.name, "kind": "team"} for t in teams
        ]
        choices += [
            {"key": f"user-{u.id}", "name": u.name, "kind": "user"} for u in users
        ]
        return choices

    @api.model
    def _is_manager(self):
        return self.env.user.has_group("sales_team.group_sale_manager")

    @api.model
    def _get_visible_teams(self):
        teams = self.env["crm.team"]
        if self._is_manager():
            return teams.search(Domain.TRUE)
        if self.env.user.has_group("sales_team.group_sale_salesman_all_leads"):
            return teams.search(Domain("user_id", "=", self.env.uid))
        return teams

    @api.model
    def _get_visible_users(self):
        """Colleagues who sell in one of the user's chosen companies."""
        users = self.env["res.users"]
        if self._is_manager():
            salespeople = self.env.ref("sales_team.group_sale_salesman")
            return users.search(
                Domain("all_group_ids", "in", salespeople.ids)
                & Domain("company_ids", "in", self.env.companies.ids)
                & Domain("id", "!=", self.env.uid),
                order="name",
            )
        return self._get_team_users(self._get_visible_teams()) - self.env.user

    @api.model
    def _get_team_users(self, teams):
        return (teams.member_ids | teams.user_id).sorted("name")
