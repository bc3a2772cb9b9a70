"""Whom an escalation step tells, or hands the case to."""

from odoo.fields import Domain

#: who is asked for when somebody is not there
STANDS_IN = {
    "owner": ("owner", "manager", "leader", "managers"),
    "manager": ("manager", "leader", "managers"),
    "leader": ("leader", "managers"),
    "role": ("role", "managers"),
    "user": ("user", "leader", "managers"),
}
#: who is above the owner: not himself
UPWARDS = {"manager", "leader", "managers"}
MANAGERS = "crm_custom.group_crm_custom_feedback_manager"


class Recipients:
    """The people of a batch of steps. What each may read is asked once; who may not
    read a case is not told of it.

    :param cases: the cases of the batch, of an environment that may read them all
    """

    def __init__(self, cases):
        self._cases = cases
        self._users = cases.env["res.users"]
        self._readable, self._roles, self._open = {}, {}, {}

    def find(self, case, step):
        """The users of a step: for a case that is handed over one, who has not got it.

        :return: users; none where there is nobody to hand it over to
        """
        for kind in STANDS_IN[step.recipient]:
            users = getattr(self, f"_find_{kind}")(case, step)
            if step.action == "reassign" or kind in UPWARDS:
                users -= case.user_id
            users = users.filtered(lambda user: self._may_read(user, case))
            if users and step.action == "reassign":
                return self._choose_least_busy(users)
            if users:
                return users
        return self._users if step.action == "reassign" else case.user_id

    def _find_owner(self, case, step):
        return case.user_id

    def _find_manager(self, case, step):
        return case.user_id.sale_team_id.user_id

    def _find_leader(self, case, step):
        return case.team_id.user_id

    def _find_user(self, case, step):
        return step.user_id

    def _find_role(self, case, step):
        return self._find_members(step.group_id)

    def _find_managers(self, case, step):
        return self._find_members(case.env.ref(MANAGERS))

    def _find_members(self, group):
        if group not in self._roles:
            self._roles[group] = self._users.search(
                Domain("all_group_ids", "in", group.ids) & Domain("share", "=", False)
            )
        return self._roles[group]

    def _may_read(self, user, case):
        if user not in self._readable:
            theirs = self._cases.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )
            self._readable[user] = (
                set(theirs._filtered_access("read").ids) if user.active else set()
            )
        return case.id in self._readable[user]

    def _choose_least_busy(self, users):
        """Who has the fewest open cases, counting those that he was given just now."""
        unknown = [id_ for id_ in users.ids if id_ not in self._open]
        if unknown:
            counts = dict(
                self._cases._read_group(
                    [("user_id", "in", unknown), ("is_closed", "=", False)],
                    ["user_id"],
                    ["__count"],
                )
            )
            counts = {user.id: count for user, count in counts.items()}
            self._open.update({id_: counts.get(id_, 0) for id_ in unknown})
        chosen = min(users, key=lambda user: (self._open[user.id], user.id))
        self._open[chosen.id] += 1
        return chosen
