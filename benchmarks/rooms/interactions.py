"""Contacts made with the customers, planned calls, and the dates that follow."""

MODEL = "crm.interaction"
#: Contacts of a customer on the average; a few have most of them.
CONTACTS = 10
#: Of all customers: a million of them have one each.
ALL_CONTACTS = 1_000_000
#: Shares: of the customers with a planned call, of the contacts without a next step.
PLANNED = 0.15
#: How often a customer of a type is called on, by the type's number.
CADENCES = (30, 60, 90, 0)

EMPTY = """
DELETE FROM crm_contact_schedule;
DELETE FROM crm_interaction WHERE origin = 'manual';
DELETE FROM mail_activity WHERE summary = 'Bench call'
"""
INTERACTIONS = """
INSERT INTO crm_interaction (
       partner_id, contact_id, channel_id, direction, date_start, duration, user_id,
       company_id, subject, note, outcome_id, origin, active,
       create_uid, write_uid, create_date, write_date)
SELECT partner_id, contact_id,
       (%(channels)s)[1 + floor(pg_temp.u(n, 'channel') ^ 2 * %(channel_count)s)::int],
       CASE WHEN pg_temp.u(n, 'direction') < 0.7 THEN 'out' ELSE 'in' END,
       moment, CASE WHEN pg_temp.u(n, 'long') < 0.6
                    THEN round(pg_temp.u(n, 'duration')::numeric, 2) ELSE 0 END,
       user_id, company_id, 'Contact ' || n, NULL,
       (%(outcomes)s)[1 + floor(pg_temp.u(n, 'outcome') * %(outcome_count)s)::int],
       'manual', TRUE, %(uid)s, %(uid)s, moment, moment
  FROM (
    SELECT customer.id AS partner_id, customer.primary_contact_id AS contact_id,
           coalesce(customer.user_id, %(seller)s) AS user_id,
           coalesce(customer.company_id, %(company)s) AS company_id,
           n, %(today)s::timestamp + interval '8 hours'
           - interval '1 day' * (1 + floor(pg_temp.u(n, 'day') ^ 2 * 730))
           + interval '1 minute' * floor(pg_temp.u(n, 'time') * 600) AS moment
      FROM res_partner AS customer
     CROSS JOIN LATERAL generate_series(
           1, floor(-ln(1 - pg_temp.u(customer.id, 'contacts')) * %(contacts)s)::int
           ) AS k
     CROSS JOIN LATERAL (SELECT customer.id::bigint * 1000 + k AS n) AS number
     WHERE customer.is_crm_customer IS TRUE
  ) AS made
"""
CALLS = """
INSERT INTO mail_activity (
       res_model_id, res_model, res_id, res_name, activity_type_id, summary,
       date_deadline, user_id, active, automated,
       create_uid, write_uid, create_date, write_date)
SELECT %(model)s, 'res.partner', id, complete_name, %(call)s, 'Bench call',
       %(today)s::date + floor(pg_temp.u(id, 'deadline') * 40)::int - 15,
       user_id, TRUE, FALSE, %(uid)s, %(uid)s, %(today)s, %(today)s
  FROM res_partner
 WHERE is_crm_customer IS TRUE AND user_id IS NOT NULL
   AND pg_temp.u(id, 'planned') < %(planned)s
"""


def fill(env, today):
    """Return the number of contacts."""
    cr = env.cr
    channels = env["crm.interaction.channel"].search([])
    outcomes = env["crm.interaction.outcome"].search([])
    call = env.ref("mail.mail_activity_data_call")
    if not call.interaction_channel_id:
        call.interaction_channel_id = channels[0]
    types = env["crm.customer.type"].search([])
    for number, kind in enumerate(types):
        cr.execute(
            "UPDATE crm_customer_type SET contact_cadence_days = %s WHERE id = %s",
            (CADENCES[number % len(CADENCES)], kind.id),
        )
    env.flush_all()
    customers = env["res.partner"].search_count([("is_crm_customer", "=", True)])
    values = {
        "today": today,
        "uid": env.uid,
        "company": env.company.id,
        "seller": env.uid,
        "contacts": min(CONTACTS, ALL_CONTACTS / (customers or 1)),
        "planned": PLANNED,
        "channels": channels.ids,
        "channel_count": len(channels),
        "outcomes": outcomes.ids,
        "outcome_count": len(outcomes),
        "call": call.id,
        "model": env["ir.model"]._get_id("res.partner"),
    }
    cr.execute(EMPTY)
    cr.execute(INTERACTIONS, values)
    made = cr.rowcount
    cr.execute(CALLS, values)
    env.invalidate_all()
    # without these the statement below reads all contacts for each batch of customers
    cr.execute("ANALYZE res_partner, crm_interaction, mail_activity")
    cr.execute("SELECT id FROM res_partner WHERE is_crm_customer IS TRUE")
    # the addon's own statement: it is what the schedule means
    env["crm.contact.schedule"]._refresh([row[0] for row in cr.fetchall()])
    cr.execute("ANALYZE crm_contact_schedule")
    return made
