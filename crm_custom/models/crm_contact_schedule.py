from odoo import api, fields, models
from odoo.tools import SQL, split_every

REFRESH_BATCH = 5000
JOB_BATCH = 2000


class CrmContactSchedule(models.Model):
    """When a customer was and will be contacted: one row for each of them.

    A table of its own, so that logging a call does not wait for whoever edits the
    customer. Nothing in it is entered: a row follows from contacts, activities and the
    cadence, and is written by ``_refresh`` alone, where something changed.

    The unique key is a constraint and no index: Odoo's merge of two customers then
    drops the row of the one that goes, and the row of the one that stays is worked out
    anew (``wizard/base_partner_merge.py``).
    """

    _name = "crm.contact.schedule"
    _description = "Contact dates of a customer"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    last_interaction_id = fields.Many2one(
        "crm.interaction", index="btree_not_null", ondelete="set null"
    )
    date_last = fields.Datetime(string="Last contact")
    date_next = fields.Date(string="Next contact", index="btree_not_null")
    cadence_days = fields.Integer(string="Cadence (days)")
    # From when the cadence counts: the last contact, else when the customer came.
    date_from = fields.Datetime()
    # The day it is due where the clocks show UTC. A reader's own day may be the one
    # before or after; this one finds the candidates by index.
    date_due = fields.Date(string="Contact due", index="btree_not_null")

    _partner_unique = models.Constraint(
        "UNIQUE(partner_id)", "A customer has one row of contact dates."
    )

    @api.model
    def _refresh(self, customer_ids):
        """Work out the dates of these customers: one statement, whatever their number.

        :param customer_ids: ids of commercial entities
        :return: ids of those whose dates changed
        """
        if not customer_ids:
            return []
        self._flush_what_counts()
        changed = []
        for ids in split_every(REFRESH_BATCH, sorted(customer_ids)):
            rows = self.env.execute_query(self._get_refresh_sql(list(ids)))
            changed += [row[0] for row in rows]
        if changed:
            self.invalidate_model()
            self.env["res.partner"].invalidate_model(
                self.env["res.partner"]._get_contact_date_fields(), flush=False
            )
        return changed

    @api.model
    def _cron_refresh(self):
        """Each night, and after the install: the dates of all customers.

        What users do is followed at once; this finds what came past the ORM.
        """
        query = """
            SELECT id
              FROM res_partner
             WHERE is_crm_customer IS TRUE
             UNION
            SELECT partner_id FROM crm_interaction
             UNION
            SELECT partner_id FROM crm_contact_schedule
          ORDER BY id
        """
        ids = [row[0] for row in self.env.execute_query(SQL(query))]
        if self.env["res.partner"]._run_in_batches(
            ids, JOB_BATCH, lambda partners: self._refresh(partners.ids)
        ):
            self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _flush_what_counts(self):
        self.env["crm.interaction"].flush_model(
            ["partner_id", "date_start", "outcome_id", "active", "next_activity_id"]
        )
        self.env["crm.interaction.outcome"].flush_model(["is_contact"])
        self.env["mail.activity"].flush_model(
            ["res_model", "res_id", "date_deadline", "active", "activity_type_id"]
        )
        self.env["mail.activity.type"].flush_model(["interaction_channel_id"])
        self.env["calendar.event"].flush_model(
            ["active", "allday", "partner_ids", "start", "start_date", "stop"]
        )
        self.env["crm.lead"].flush_model(["partner_id"])
        self.env["sale.order"].flush_model(["partner_id"])
        self.env["crm.customer.type"].flush_model(["contact_cadence_days"])
        self.env["res.partner"].flush_model(
            [
                "commercial_partner_id",
                "contact_cadence_days",
                "customer_type_id",
                "is_crm_customer",
                "no_regular_contact",
            ]
        )

    @api.model
    def _get_refresh_sql(self, customer_ids):
        return SQL(
            """
            WITH customer AS (
                SELECT partner.id, partner.create_date,
                       CASE WHEN partner.is_crm_customer IS TRUE
                             AND partner.no_regular_contact IS NOT TRUE
                            THEN COALESCE(NULLIF(partner.contact_cadence_days, 0),
                                          NULLIF(kind.contact_cadence_days, 0))
                       END AS cadence
                  FROM res_partner AS partner
             LEFT JOIN crm_customer_type AS kind ON kind.id = partner.customer_type_id
                 WHERE partner.id = ANY(%(ids)s)
                   AND partner.commercial_partner_id = partner.id
            ), planned AS (
                %(planned)s
            ), dates AS (
                SELECT customer.id AS partner_id, made.id AS interaction_id,
                       made.date_start AS date_last, planned.day AS date_next,
                       customer.cadence AS cadence,
                       CASE WHEN customer.cadence > 0
                            THEN COALESCE(made.date_start, customer.create_date)
                       END AS date_from
                  FROM customer
             LEFT JOIN LATERAL (
                    SELECT contact.id, contact.date_start
                      FROM crm_interaction AS contact
                 LEFT JOIN crm_interaction_outcome AS outcome
                        ON outcome.id = contact.outcome_id
                     WHERE contact.partner_id = customer.id
                       AND contact.active IS TRUE
                       AND outcome.is_contact IS NOT FALSE
                  ORDER BY contact.date_start DESC, contact.id DESC
                     LIMIT 1
                  ) AS made ON TRUE
             LEFT JOIN planned ON planned.customer_id = customer.id
            )
            INSERT INTO crm_contact_schedule AS schedule (
                        partner_id, last_interaction_id, date_last, date_next,
                        cadence_days, date_from, date_due,
                        create_uid, create_date, write_uid, write_date)
                 SELECT dates.partner_id, interaction_id, dates.date_last,
                        dates.date_next, cadence, dates.date_from,
                        dates.date_from::date + cadence,
                        %(uid)s, now() AT TIME ZONE 'UTC',
                        %(uid)s, now() AT TIME ZONE 'UTC'
                   FROM dates
              LEFT JOIN crm_contact_schedule AS known
                     ON known.partner_id = dates.partner_id
                  WHERE known.id IS NOT NULL OR dates.date_last IS NOT NULL
                     OR dates.date_next IS NOT NULL OR cadence IS NOT NULL
               ORDER BY dates.partner_id
            ON CONFLICT (partner_id) DO UPDATE
                    SET last_interaction_id = EXCLUDED.last_interaction_id,
                        date_last = EXCLUDED.date_last,
                        date_next = EXCLUDED.date_next,
                        cadence_days = EXCLUDED.cadence_days,
                        date_from = EXCLUDED.date_from,
                        date_due = EXCLUDED.date_due,
                        write_uid = EXCLUDED.write_uid,
                        write_date = EXCLUDED.write_date
                  WHERE (schedule.last_interaction_id, schedule.date_last,
                         schedule.date_next, schedule.cadence_days,
                         schedule.date_from, schedule.date_due)
                        IS DISTINCT FROM
                        (EXCLUDED.last_interaction_id, EXCLUDED.date_last,
                         EXCLUDED.date_next, EXCLUDED.cadence_days,
                         EXCLUDED.date_from, EXCLUDED.date_due)
              RETURNING schedule.partner_id
            """,
            ids=customer_ids,
            planned=self._get_planned_sql(),
            uid=self.env.uid,
        )

    @api.model
    def _get_planned_sql(self):
        """Select (customer_id, day): the first open step, contact activity or meeting.

        ``customer`` names the customers asked for.
        """
        return SQL(
            """
                SELECT plan.customer_id, min(plan.day) AS day
                  FROM (
                SELECT document.customer_id, activity.date_deadline AS day
                  FROM (
                        SELECT 'res.partner' AS model, people.id AS id,
                               customer.id AS customer_id
                          FROM customer
                          JOIN res_partner AS people
                            ON people.commercial_partner_id = customer.id
                         UNION ALL
                        SELECT 'crm.lead', lead.id, customer.id
                          FROM customer
                          JOIN res_partner AS people
                            ON people.commercial_partner_id = customer.id
                          JOIN crm_lead AS lead ON lead.partner_id = people.id
                         UNION ALL
                        SELECT 'sale.order', sale.id, customer.id
                          FROM customer
                          JOIN res_partner AS people
                            ON people.commercial_partner_id = customer.id
                          JOIN sale_order AS sale ON sale.partner_id = people.id
                       ) AS document
                  JOIN mail_activity AS activity
                    ON activity.res_model = document.model
                   AND activity.res_id = document.id
                   AND activity.active IS TRUE
                  JOIN mail_activity_type AS kind ON kind.id = activity.activity_type_id
                 WHERE kind.interaction_channel_id IS NOT NULL
                    OR EXISTS (
                        SELECT 1 FROM crm_interaction AS step
                         WHERE step.next_activity_id = activity.id
                       )
                 UNION ALL
                SELECT customer.id,
                       CASE WHEN event.allday IS TRUE THEN event.start_date
                            ELSE (event.start AT TIME ZONE 'UTC'
                                  AT TIME ZONE COALESCE(organiser.tz, 'UTC'))::date
                       END
                  FROM customer
                  JOIN res_partner AS people
                    ON people.commercial_partner_id = customer.id
                  JOIN calendar_event_res_partner_rel AS invited
                    ON invited.res_partner_id = people.id
                  JOIN calendar_event AS event ON event.id = invited.calendar_event_id
             LEFT JOIN res_users ON res_users.id = event.user_id
             LEFT JOIN res_partner AS organiser ON organiser.id = res_users.partner_id
                 WHERE event.active IS TRUE AND event.stop > %s
                       ) AS plan
              GROUP BY plan.customer_id
            """,
            fields.Datetime.now(),
        )
