"""What the credit rules said, in the user's words."""

from odoo.tools import formatLang


def credit_sentences(env, snapshot, currency, with_figures=True):
    """A sentence for each rule that objected.

    :param dict snapshot: see ``snapshot`` of `crm.credit.decision`
    :param currency: that of the company
    :param with_figures: for who sees the open items of the customer
    """
    snapshot = snapshot or {}
    said = snapshot.get("said", {})
    if not with_figures:
        words = _without_figures(env)
        return [words[rule] for rule in said]
    return [_with_figures(env, rule, snapshot, currency) for rule in said]


def _without_figures(env):
    return {
        "limit": env._("The credit limit is exceeded."),
        "overdue": env._("Something is overdue for too long."),
        "amount": env._("Too much is overdue."),
        "promise": env._("Promises to pay were broken."),
        "blacklist": env._("The customer is blacklisted."),
    }


def _with_figures(env, rule, snapshot, currency):
    def money(name):
        return formatLang(env, snapshot[name], currency_obj=currency)

    if rule == "limit":
        return env._(
            "Over the credit limit of %(limit)s: %(open)s open, %(uninvoiced)s to"
            " invoice and %(order)s for this order make %(exposure)s.",
            limit=money("limit"),
            open=money("receivable"),
            uninvoiced=money("uninvoiced"),
            order=money("added"),
            exposure=money("total"),
        )
    if rule == "overdue":
        return env._(
            "Overdue for %(days)s days; %(allowed)s are allowed.",
            days=snapshot["days_overdue"],
            allowed=snapshot["days_allowed"],
        )
    if rule == "amount":
        return env._(
            "%(amount)s overdue; %(allowed)s is allowed.",
            amount=money("overdue"),
            allowed=money("overdue_allowed"),
        )
    if rule == "promise":
        return env._("Broken promises to pay within a year: %s.", snapshot["broken"])
    return _without_figures(env)[rule]
