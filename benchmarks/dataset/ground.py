"""What the masses stand on, made through Odoo.

Everything here is few and has rules of its own, so Odoo makes it; the plan keeps the
ids that the SQL needs.
"""

from dataclasses import asdict

from . import companies, lists

KINDS = {int: "integer", float: "double precision", str: "text"}
TERM_COLUMNS = ("no", "id", "k", "parts", "percent", "days")


def make(env, shape, plan):
    """Make everything and keep it in the plan."""
    # English, whatever the template speaks: codes and names must not depend on it
    env["res.lang"]._activate_lang("en_US")
    made = companies.make(env, plan.today)
    fields = companies.Company.__dataclass_fields__
    plan.copy(
        "company",
        {name: KINDS[field.type] for name, field in fields.items()},
        [list(asdict(company).values()) for company in made],
    )
    terms = lists.make_payment_terms(env)
    plan.copy(
        "term",
        dict.fromkeys(TERM_COLUMNS, "integer"),
        [
            (no, terms[no - 1], k, len(parts), percent, days)
            for no, (_name, parts, _share) in enumerate(lists.PAYMENT_TERMS, 1)
            for k, (percent, days) in enumerate(parts, 1)
        ],
    )
    lists.make_sellers(env, shape, made, plan)
    lists.make_lists(env, plan)
    env.flush_all()
