"""Leads and opportunities, with the history of their stages as the chatter has it."""

# Each goes through the stages a few days apart until it is won, lost or still open.
LEADS = """
SELECT n, id, customer_n, partner_id, company_no, user_id, team_id, created_at, steps,
       CASE WHEN is_won AND steps = last_stage - 1 THEN 'won'
            WHEN is_lost AND lost_at < %(today)s THEN 'lost'
            ELSE 'open' END AS outcome,
       last_at, lost_at, revenue
  FROM (
    SELECT lead.*, COALESCE(taken.steps, 0)::integer AS steps,
           COALESCE(taken.last_at, created_at) AS last_at,
           COALESCE(taken.last_at, created_at)
               + (2 + bench.pick(lead.n, 'lost after', 30)) * interval '1 day'
               AS lost_at
      FROM (
        SELECT numbered.*,
               CASE WHEN is_won THEN last_stage - 1
                    ELSE bench.pick(n, 'stage', last_stage - 1) END AS wanted_steps
          FROM (
            SELECT n, %(first)s + n AS id, customer_n, partner_id, dated.company_no,
                   seller.user_id, seller.team_id, created_at,
                   cardinality(%(stage_ids)s) AS last_stage,
                   bench.u(n, 'outcome') < 0.30 AS is_won,
                   bench.u(n, 'outcome') >= 0.70 AS is_lost,
                   round((500 * exp(5 * bench.u(n, 'revenue')))::numeric, -2) AS revenue
              FROM (
                SELECT row_number() OVER (ORDER BY created_at, r) AS n, drawn.*
                  FROM (
                    SELECT r, customer.n AS customer_n, speaker.partner_id,
                           customer.company_no,
                           date_trunc('second', %(today)s::date - 1
                               - bench.pick(r, 'lead day', 728) + time '06:00'
                               + bench.u(r, 'lead time') * interval '12 hours')
                               AS created_at
                      FROM generate_series(1, %(leads)s) AS r
                      JOIN bench.customer
                        ON customer.n = 1 + bench.pick(r, 'lead of', %(partners)s)
                      JOIN bench.speaker ON speaker.n = customer.n
                  ) AS drawn
              ) AS dated
              JOIN bench.seller
                ON seller.company_no = dated.company_no
               AND seller.rank = bench.pick(n, 'lead seller', seller.colleagues)
          ) AS numbered
      ) AS lead
      LEFT JOIN LATERAL (
        SELECT max(step) AS steps, max(at) AS last_at
          FROM (
            SELECT step,
                   created_at
                       + sum(1 + bench.pick(lead.n * 8 + step, 'stage after', 20))
                         OVER (ORDER BY step) * interval '1 day' AS at
              FROM generate_series(1, wanted_steps) AS step
          ) AS walk
         WHERE at < %(today)s
      ) AS taken ON true
  ) AS walked
"""

STEPS = """
SELECT row_number() OVER (ORDER BY at, lead.n, step) AS n,
       lead.n AS lead_n, lead.id AS lead_id, step, at, outcome, user_id, company_no,
       step = steps AND outcome = 'won' AS wins
  FROM bench.lead,
  LATERAL (
    SELECT step,
           created_at + sum(1 + bench.pick(lead.n * 8 + step, 'stage after', 20))
               OVER (ORDER BY step) * interval '1 day' AS at
      FROM generate_series(1, steps) AS step
  ) AS walk
"""

PROBABILITY = "CASE outcome WHEN 'won' THEN 100 WHEN 'lost' THEN 0"
PROBABILITY += " ELSE (ARRAY[10, 30, 60])[LEAST(steps + 1, 3)] END"
LEAD_COLUMNS = {
    "id": "lead.id",
    "name": "(ARRAY['Enquiry', 'Tender', 'Yearly contract', 'Extension', 'Order'])"
    "[1 + bench.pick(lead.n, 'subject', 5)] || ' of ' || customer.name",
    "type": "CASE WHEN steps = 0 AND bench.u(lead.n, 'unqualified') < 0.5"
    " AND outcome = 'open' THEN 'lead' ELSE 'opportunity' END",
    "active": "outcome <> 'lost'",
    "company_id": "company.id",
    "user_id": "lead.user_id",
    "team_id": "lead.team_id",
    "stage_id": "(%(stage_ids)s)[1 + steps]",
    "won_status": "CASE outcome WHEN 'open' THEN 'pending' ELSE outcome END",
    "lost_reason_id": "CASE WHEN outcome = 'lost' THEN (%(lost_reason_ids)s)["
    "1 + bench.pick(lead.n, 'reason', cardinality(%(lost_reason_ids)s))] END",
    "priority": "bench.pick(lead.n, 'priority', 4)::text",
    "color": "0",
    "partner_id": "partner.id",
    "partner_name": "customer.name",
    "contact_name": "CASE WHEN partner.id <> customer.id OR NOT customer.is_company"
    " THEN partner.name END",
    "function": "partner.function",
    "email_from": "partner.email",
    "email_normalized": "partner.email_normalized",
    "email_domain_criterion": "'@' || split_part(partner.email_normalized, '@', 2)",
    "lang_id": "res_lang.id",
    "email_state": "CASE WHEN partner.email IS NOT NULL THEN 'correct' END",
    "phone": "partner.phone",
    "phone_sanitized": """
        CASE
            WHEN digits LIKE '+%%' THEN digits
            WHEN digits LIKE '00%%' THEN '+' || substr(digits, 3)
            ELSE '+' || dial || substr(digits, 1 + length(trunk))
        END""",
    "phone_state": "CASE WHEN partner.phone IS NOT NULL THEN 'correct' END",
    "website": "customer.website",
    "street": "partner.street",
    "zip": "partner.zip",
    "city": "partner.city",
    "state_id": "partner.state_id",
    "country_id": "partner.country_id",
    "source_id": "CASE WHEN bench.u(lead.n, 'has source') < 0.5 THEN (%(source_ids)s)["
    "1 + bench.pick(lead.n, 'lead source', cardinality(%(source_ids)s))] END",
    "campaign_id": "CASE WHEN bench.u(lead.n, 'has campaign') < 0.3 THEN"
    " (%(campaign_ids)s)[1 + bench.pick(lead.n, 'lead campaign',"
    " cardinality(%(campaign_ids)s))] END",
    "expected_revenue": "revenue",
    "prorated_revenue": f"round(revenue * ({PROBABILITY}) / 100, 2)",
    "recurring_revenue": "0",
    "recurring_revenue_monthly": "0",
    "recurring_revenue_prorated": "0",
    "recurring_revenue_monthly_prorated": "0",
    "probability": PROBABILITY,
    # apart from it, or Odoo would take the probability for its own guess
    "automated_probability": "CASE outcome WHEN 'won' THEN 100 ELSE 50 END",
    "message_bounce": "0",
    "create_date": "created_at",
    "date_open": "created_at",
    "date_last_stage_update": "last_at",
    "date_closed": "closed_at",
    "date_deadline": "created_at::date + 30 + bench.pick(lead.n, 'deadline', 60)",
    "day_open": "0",
    "day_close": "floor(extract(epoch FROM closed_at - created_at) / 86400)",
}
LEAD_SOURCE = """
bench.lead
JOIN bench.company ON company.no = lead.company_no
JOIN res_partner AS partner ON partner.id = lead.partner_id
JOIN res_partner AS customer ON customer.id = partner.commercial_partner_id
JOIN bench.customer AS planned ON planned.n = lead.customer_n
JOIN bench.locale ON locale.no = planned.locale_no
LEFT JOIN res_lang ON res_lang.code = partner.lang,
LATERAL (SELECT regexp_replace(partner.phone, '[^0-9+]', '', 'g') AS digits) AS number,
LATERAL (
    SELECT CASE outcome WHEN 'won' THEN last_at WHEN 'lost' THEN lost_at END
               AS closed_at
) AS closing
ORDER BY lead.n
"""
MESSAGE_COLUMNS = {
    "id": "%(first)s + step.n",
    "model": "'crm.lead'",
    "res_id": "lead_id",
    "message_type": "'notification'",
    "subtype_id": "CASE WHEN wins THEN %(subtype_won)s ELSE %(subtype_stage)s END",
    "body": "''",
    "date": "at",
    "create_date": "at",
    "author_id": "author.id",
    "email_from": "author.email",
    "message_id": "'<stage-' || step.n || '@meridian.example.com>'",
    "record_company_id": "company.id",
    "email_add_signature": "true",
}
MESSAGES = """
bench.step
JOIN res_users ON res_users.id = user_id
JOIN res_partner AS author ON author.id = res_users.partner_id
JOIN bench.company ON company.no = company_no
ORDER BY step.n
"""
TRACKING_COLUMNS = {
    "id": "%(first)s + row_number() OVER (ORDER BY step.n)",
    "mail_message_id": "%(first)s + step.n",
    "field_id": "%(stage_field)s",
    "old_value_integer": "old.id",
    "old_value_char": "old.name ->> 'en_US'",
    "new_value_integer": "new.id",
    "new_value_char": "new.name ->> 'en_US'",
    "create_date": "at",
}
TRACKING = """
bench.step
JOIN crm_stage AS old ON old.id = (%(stage_ids)s)[step]
JOIN crm_stage AS new ON new.id = (%(stage_ids)s)[step + 1]
ORDER BY step.n
"""


def plan(plan):
    plan.table("lead", LEADS, key="n; customer_n, company_no")
    plan.table("step", STEPS)
    return plan.value("SELECT count(*) FROM bench.step")


def write(plan):
    return plan.insert("crm_lead", LEAD_COLUMNS, LEAD_SOURCE)


def write_history(plan):
    rows = plan.insert("mail_message", MESSAGE_COLUMNS, MESSAGES)
    plan.insert("mail_tracking_value", TRACKING_COLUMNS, TRACKING)
    return rows
