"""Salespeople, payment terms and the small lists that rows name, made through Odoo."""

from .companies import COMPANIES

#: name, ((percent, days), ...), share of the invoices
PAYMENT_TERMS = (
    ("30 days net", ((100, 30),), 0.40),
    ("14 days net", ((100, 14),), 0.15),
    ("60 days net", ((100, 60),), 0.10),
    ("Half at once, half in 60 days", ((50, 0), (50, 60)), 0.25),
    ("Three parts: 30, 60 and 90 days", ((30, 30), (30, 60), (40, 90)), 0.10),
)
TEAMS = ("Direct sales", "Key accounts")
CATEGORIES = 20
CAMPAIGNS = ("Spring fair", "Newsletter", "Trade show", "Autumn offer", "Webinar")
TAGS = ("VIP", "Framework contract", "Export", "Public tender", "Reference customer")
HOBBIES = (
    *("Golf", "Tennis", "Hiking", "Chess", "Reading", "Football", "Cooking", "Sailing"),
    *("Photography", "Music", "Gardening", "Travel", "Skiing", "Fishing", "Cycling"),
)


def make_payment_terms(env):
    """Make the payment terms; return their ids in the order of PAYMENT_TERMS."""
    return (
        env["account.payment.term"]
        .create(
            [
                {
                    "name": name,
                    "line_ids": [
                        (0, 0, {"value": "percent", "value_amount": part, "nb_days": d})
                        for part, d in parts
                    ],
                }
                for name, parts, _share in PAYMENT_TERMS
            ]
        )
        .ids
    )


def make_sellers(env, shape, companies, plan):
    """Make the salespeople of each company, in two teams."""
    group_ids = [
        env.ref("base.group_user").id,
        env.ref("sales_team.group_sale_salesman").id,
    ]
    users = env["res.users"].with_context(no_reset_password=True)
    rows = []
    for company in companies:
        count = max(2, round(shape.salespeople * company.share))
        made = users.create(
            [
                {
                    "name": f"Seller {company.no + 1}.{rank + 1:02}",
                    "login": f"seller_{company.no + 1}_{rank + 1:02}",
                    "email": f"seller{company.no + 1}.{rank + 1}@meridian.example.com",
                    "company_id": company.id,
                    "company_ids": [(6, 0, [company.id])],
                    "group_ids": [(6, 0, group_ids)],
                    "tz": COMPANIES[company.no][3],
                    "lang": "en_US",
                }
                for rank in range(count)
            ]
        )
        teams = env["crm.team"].create(
            [
                {
                    "name": f"{name}, {COMPANIES[company.no][0]}",
                    "company_id": company.id,
                    "member_ids": [(6, 0, made[number :: len(TEAMS)].ids)],
                }
                for number, name in enumerate(TEAMS)
            ]
        )
        rows += [
            (company.no, rank, count, user.id, teams[rank % len(TEAMS)].id)
            for rank, user in enumerate(made)
        ]
    columns = ("company_no", "rank", "colleagues", "user_id", "team_id")
    plan.copy("seller", dict.fromkeys(columns, "integer"), rows)


def make_lists(env, plan):
    """Make or find the small lists that partners, orders and products name."""
    hobbies = env["res.partner.hobby"]
    known = set(hobbies.with_context(active_test=False).search([]).mapped("name"))
    hobbies.create([{"name": name} for name in HOBBIES if name not in known])
    root = env["product.category"].create({"name": "Catalogue"})
    categories = env["product.category"].create(
        [
            {"name": f"Range {number + 1:02}", "parent_id": root.id}
            for number in range(CATEGORIES)
        ]
    )
    lists = {
        "hobby": hobbies.search([], order="id"),
        "customer_type": env["crm.customer.type"].search(
            [("company_id", "=", False)], order="id"
        ),
        "source": env["utm.source"].search([], order="id"),
        "industry": env["res.partner.industry"].search([], order="id"),
        "campaign": env["utm.campaign"].create([{"title": t} for t in CAMPAIGNS]),
        "tag": env["res.partner.category"].create([{"name": t} for t in TAGS]),
        "category": categories,
        "lost_reason": env["crm.lost.reason"].search([], order="id"),
        # a won stage is the last
        "stage": env["crm.stage"].search([], order="is_won, sequence, id"),
    }
    plan.values.update(
        {f"{name}_ids": records.ids for name, records in lists.items()},
        unit_id=env.ref("uom.product_uom_unit").id,
    )
