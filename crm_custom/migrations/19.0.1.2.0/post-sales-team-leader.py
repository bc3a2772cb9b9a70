from odoo import SUPERUSER_ID, api

MEMBERSHIP = "[('active', '=', True), ('crm_team_id.user_id', '=', user.id)]"
OF_MEMBERS = (
    "('user_id.crm_team_member_ids.crm_team_id.user_id', '=', user.id)",
    f"('user_id.crm_team_member_ids', 'any', {MEMBERSHIP})",
)


def of_plans(plan):
    """(old, new) beginning of the rule; `plan` is the path to it."""
    users = f"('{plan}user_ids', '=', user.id)"
    members = f"('{plan}team_ids.crm_team_member_ids.user_id', '=', user.id)"
    leader = f"('{plan}team_ids.user_id', '=', user.id)"
    of_users = f"('{plan}user_ids.crm_team_member_ids', 'any', {MEMBERSHIP})"
    return (
        f"['|', '|', {users}, {members},",
        f"['|', '|', '|', '|', {users}, {members}, {leader}, {of_users},",
    )


RULES = {
    "crm_sales_target_rule_own": OF_MEMBERS,
    "crm_commission_statement_rule_own": OF_MEMBERS,
    "crm_commission_line_rule_own": OF_MEMBERS,
    "crm_commission_plan_rule_own": of_plans(""),
    "crm_commission_tier_rule_own": of_plans("plan_id."),
}


def migrate(cr, version):
    """A team's leader sees its plans, and nothing of who was a member before.

    Rules that somebody has written anew stay as they are.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, (old, new) in RULES.items():
        rule = env.ref(f"crm_custom.{name}", raise_if_not_found=False)
        if rule:
            rule.domain_force = rule.domain_force.replace(old, new)
