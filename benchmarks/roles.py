"""The users by whose rights work is done: one of each role of the suite."""

from odoo.fields import Command

PREFIX = "bench_"
GROUPS = {
    "sales_own": "sales_team.group_sale_salesman",
    "sales_all": "sales_team.group_sale_salesman_all_leads",
    "sales_manager": "sales_team.group_sale_manager",
    "invoicing": "account.group_account_invoice",
    "accountant": "account.group_account_manager",
}
#: whoever lists customers may also export them, as in Odoo's own roles
ALSO = ("base.group_user", "base.group_allow_export", "base.group_partner_manager")
#: a salesperson's share of the customers: every so many-th
SHARE = 20


def find(env, role):
    """The user of a role; a role of stock Odoo exists without crm_custom, too."""
    user = env["res.users"].search([("login", "=", PREFIX + role)])
    if not user:
        raise LookupError(f"there is no user {PREFIX}{role} in {env.cr.dbname}")
    return user


def ensure(env):
    """Make the users that are not there, and give salespeople customers of their own.

    The data set's own partners stay as they are: what is given away had nobody.
    """
    users = env["res.users"].with_context(no_reset_password=True)
    companies = env["res.company"].search([])
    for number, (role, group) in enumerate(GROUPS.items()):
        login = PREFIX + role
        if users.search_count([("login", "=", login)]):
            continue
        groups = [env.ref(name).id for name in (*ALSO, group)]
        user = users.create(
            {
                "name": login.replace("_", " ").title(),
                "login": login,
                "email": f"{login}@example.com",
                "company_id": env.company.id,
                "company_ids": [Command.set(companies.ids)],
                "group_ids": [Command.set(groups)],
                "lang": "en_US",
                "tz": "Europe/Brussels",
            }
        )
        if role.startswith("sales"):
            env.flush_all()
            # their people follow, as in Odoo
            env.cr.execute(
                """
                WITH given AS (
                    UPDATE res_partner SET user_id = %s
                     WHERE user_id IS NULL AND customer_rank > 0 AND id %% %s = %s
                    RETURNING id
                )
                UPDATE res_partner SET user_id = %s FROM given
                 WHERE parent_id = given.id AND user_id IS NULL AND NOT is_company
                """,
                (user.id, SHARE, number, user.id),
            )
            env.invalidate_all()
