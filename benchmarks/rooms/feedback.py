"""Cases of the customers: many that are closed, and those that are worked on."""

MODEL = "crm.feedback.policy"
#: Closed ones of a customer on the average, and of all: fifty thousand customers have a
#: million.
CLOSED = 20
ALL_CLOSED = 1_000_000
OPEN = 2_000
#: Of the open ones: how many wait for the customer, and received within so many days.
WAITING = 0.1
DAYS = 12

CASES = """
INSERT INTO crm_feedback (
       name, subject, active, partner_id, type_id, severity_id, priority, company_id,
       team_id, user_id, stage_id, is_solved, is_closed, date_received,
       date_first_answer, date_solved, date_closed,
       create_uid, write_uid, create_date, write_date)
SELECT 'BN' || n, 'Case ' || n, TRUE, customer_id,
       (%(types)s)[1 + floor(pg_temp.u(n, 'type') * %(type_count)s)::int],
       (%(severities)s)[1 + floor(pg_temp.u(n, 'severity') * %(severity_count)s)::int],
       '1', %(company)s, %(team)s,
       CASE WHEN pg_temp.u(n, 'owner') < 0.8 THEN %(uid)s END, %(stage)s,
       %(closed)s, %(closed)s, received,
       CASE WHEN %(closed)s THEN received + interval '3 hours' END,
       CASE WHEN %(closed)s THEN received + interval '30 hours' END,
       CASE WHEN %(closed)s THEN received + interval '40 hours' END,
       %(uid)s, %(uid)s, received, received
  FROM (
    SELECT n, (%(customers)s)[1 + n %% %(customer_count)s] AS customer_id,
           %(today)s::timestamp - %(age)s * interval '1 day'
           - pg_temp.u(n, 'received') * %(days)s * interval '1 day' AS received
      FROM generate_series(%(first)s, %(last)s) AS n
  ) AS made
"""


def fill(env, today):
    """Return the number of cases."""
    cr = env.cr
    cr.execute("DELETE FROM crm_feedback WHERE name LIKE 'BN%'")
    cr.execute("SELECT id FROM res_partner WHERE is_crm_customer IS TRUE ORDER BY id")
    customers = [row[0] for row in cr.fetchall()]
    if not customers:
        return 0
    types = env["crm.feedback.type"].search([])
    severities = env["crm.feedback.severity"].search([])
    team = env["crm.feedback.team"].search(
        [("company_id", "=", env.company.id)], limit=1
    )
    values = {
        "customers": customers,
        "customer_count": len(customers),
        "types": types.ids,
        "type_count": len(types),
        "severities": severities.ids,
        "severity_count": len(severities),
        "company": env.company.id,
        "team": team.id or None,
        "today": today,
        "uid": env.uid,
    }
    closed = min(CLOSED * len(customers), ALL_CLOSED)
    running = min(OPEN, closed // 10)
    stages = {
        name: env.ref(f"crm_custom.crm_feedback_stage_{name}").id
        for name in ("closed", "progress", "waiting")
    }
    waiting = int(running * WAITING)
    made = 0
    for stage, count, is_closed, age, days in (
        ("closed", closed, True, 15, 700),
        ("progress", running - waiting, False, 0, DAYS),
        ("waiting", waiting, False, 0, DAYS),
    ):
        cr.execute(
            CASES,
            {
                **values,
                "stage": stages[stage],
                "closed": is_closed,
                "age": age,
                "days": days,
                "first": made,
                "last": made + count - 1,
            },
        )
        made += count
    env.invalidate_all()
    env["crm.feedback.policy"].search([]).write({"date_from": "2000-01-01"})
    env["crm.feedback.policy.step"].search([]).write({"date_from": "2000-01-01"})
    cr.execute("ANALYZE crm_feedback")
    # the addon's own: it is what a deadline means
    env["crm.feedback"]._refresh_deadlines([("name", "=like", "BN%")])
    env.flush_all()
    cr.execute("ANALYZE crm_feedback")
    return made
