from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

CUSTOMER_INVOICES = ("out_invoice", "out_receipt")


class ResPartner(models.Model):
    """How lively the business with a customer is, in each company.

    One definition: a customer's last business is the last confirmed order or posted
    customer invoice of his commercial entity, a day in the company's time zone. The
    column holds what differs from its fallback, *prospect* (``ir.default``): so a new
    customer has a status in each company, those to come included, with nothing written.
    """

    _inherit = "res.partner"

    customer_status = fields.Selection(
        [
            ("prospect", "Prospect"),
            ("active", "Active"),
            ("at_risk", "At risk"),
            ("dormant", "Dormant"),
            ("lost", "Lost"),
            ("blacklist", "Blacklisted"),
        ],
        string="Customer status",
        company_dependent=True,
        tracking=True,
        help="Prospect: never bought. Active, at risk, dormant, lost: by the days since"
        " the last confirmed order or invoice, as the settings say. It is worked out"
        " each night; a customer is blacklisted by hand.",
    )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_blacklist(self):
        customers = self._get_customers_for_status()
        customers.write({"customer_status": "blacklist"})
        return True

    def action_unblacklist(self):
        customers = self._get_customers_for_status().filtered(
            lambda p: p.customer_status == "blacklist"
        )
        customers.write({"customer_status": "prospect"})
        customers._refresh_customer_status()
        return True

    def _get_customers_for_status(self):
        customers = self.commercial_partner_id.filtered("is_crm_customer")
        if not customers:
            raise UserError(self.env._("Choose customers: the others have no status."))
        return customers

    def _get_blacklisting_companies(self):
        """Companies in which one of these is blacklisted."""
        self.flush_recordset(["customer_status"])
        query = SQL(
            """
            SELECT DISTINCT status.key::int
              FROM res_partner
             CROSS JOIN jsonb_each_text(customer_status) AS status
             WHERE res_partner.id = ANY(%s) AND status.value = 'blacklist'
            """,
            self.ids,
        )
        ids = [row[0] for row in self.env.execute_query(query)]
        return self.env["res.company"].browse(ids).exists()

    # ------------------------------------------------------------
    # Working it out
    # ------------------------------------------------------------

    def _register_customer_business(self):
        """An order or invoice of these partners was confirmed in this company."""
        self._mark_as_crm_customers()
        self.commercial_partner_id._refresh_customer_status()

    def _refresh_customer_status(self):
        """Work out the status of these customers in the current company, at once."""
        # sudo: who confirms an order may have no right to write partners, and nothing
        # but the status is written; the chatter tells what somebody did by hand, not
        # what time did
        partners_sudo = self.sudo().with_context(tracking_disable=True)
        changes = self._get_customer_status_changes(self.env.company, self.ids)
        for status, ids in changes.items():
            partners_sudo.browse(ids).write({"customer_status": status})

    def _refresh_customer_status_in_all_companies(self):
        """The same wherever these customers have business, or a status of their own.

        One query, and those of a refresh for each such company, however many customers
        they are: elsewhere they are prospects, and nothing is written for that.
        """
        # sudo: companies that the user does not see have a status of them, too
        for company in self._get_companies_with_status().sudo():
            self.sudo().with_company(company)._refresh_customer_status()

    def _get_companies_with_status(self):
        """Companies in which one of these may be anything but a prospect."""
        self._flush_for_customer_status()
        query = SQL(
            """
            WITH people AS (
                SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%(ids)s)
            )
            SELECT company_id
              FROM sale_order
             WHERE state = 'sale' AND partner_id IN (SELECT id FROM people)
             UNION
            SELECT company_id
              FROM account_move
             WHERE state = 'posted' AND move_type IN %(invoices)s
               AND partner_id IN (SELECT id FROM people)
             UNION
            SELECT status.key::int
              FROM res_partner
             CROSS JOIN jsonb_each_text(customer_status) AS status
             WHERE res_partner.id = ANY(%(ids)s)
            """,
            ids=self.ids,
            invoices=CUSTOMER_INVOICES,
        )
        ids = [row[0] for row in self.env.execute_query(query)]
        return self.env["res.company"].browse(ids).exists()

    @api.model
    def _flush_for_customer_status(self):
        """What the queries here read."""
        self.env["sale.order"].flush_model(
            ["partner_id", "company_id", "state", "date_order"]
        )
        self.env["account.move"].flush_model(
            ["partner_id", "company_id", "state", "move_type", "invoice_date"]
        )
        self.flush_model(
            [
                "is_crm_customer",
                "commercial_partner_id",
                "company_id",
                "customer_status",
            ]
        )

    @api.model
    def _get_customer_status_changes(self, company, customer_ids=None):
        """Compare the status as it stands with the one due today: one query.

        :param company: the company whose orders and periods count
        :param customer_ids: only these; all customers of the company otherwise
        :return: {status: ids of the customers who must get it}
        """
        self._flush_for_customer_status()
        # sudo: the periods and the time zone of the company, whoever asks
        company_sudo = company.sudo()
        today = company._crm_today()
        only = SQL()
        only_partners = SQL()
        if customer_ids is not None:
            ids = list(customer_ids)
            only = SQL("AND customer.id = ANY(%s)", ids)
            only_partners = SQL(
                """AND partner_id IN (
                    SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s)
                )""",
                ids,
            )
        parents = [int(part) for part in company_sudo.parent_path.split("/") if part]
        query = SQL(
            """
            WITH ordered AS (
                SELECT partner_id, max(date_order) AS moment
                  FROM sale_order
                 WHERE state = 'sale' AND company_id = %(company)s %(only_partners)s
              GROUP BY partner_id
            ), invoiced AS (
                SELECT partner_id, max(invoice_date) AS day
                  FROM account_move
                 WHERE state = 'posted' AND move_type IN %(invoices)s
                   AND company_id = %(company)s %(only_partners)s
              GROUP BY partner_id
            ), business AS (
                SELECT partner.commercial_partner_id AS customer_id, max(day) AS day
                  FROM (
                    SELECT partner_id,
                           (moment AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS day
                      FROM ordered
                     UNION ALL
                    SELECT partner_id, day FROM invoiced
                  ) AS days
                  JOIN res_partner AS partner ON partner.id = days.partner_id
              GROUP BY partner.commercial_partner_id
            ), due AS (
                SELECT customer.id, %(current)s AS current,
                       CASE
                           WHEN business.day IS NULL THEN 'prospect'
                           WHEN %(today)s - business.day > %(lost)s THEN 'lost'
                           WHEN %(today)s - business.day > %(dormant)s THEN 'dormant'
                           WHEN %(today)s - business.day > %(at_risk)s THEN 'at_risk'
                           ELSE 'active'
                       END AS status
                  FROM res_partner AS customer
             LEFT JOIN business ON business.customer_id = customer.id
                 WHERE customer.is_crm_customer IS TRUE
                   AND (
                        customer.company_id IS NULL
                        OR customer.company_id = ANY(%(parents)s)
                   )
                   %(only)s
            )
            SELECT status, array_agg(id ORDER BY id)
              FROM due
             WHERE current IS DISTINCT FROM status
               AND current IS DISTINCT FROM 'blacklist'
          GROUP BY status
            """,
            company=company.id,
            invoices=CUSTOMER_INVOICES,
            only=only,
            only_partners=only_partners,
            tz=company_sudo.partner_id.tz or "UTC",
            current=self.sudo()
            .with_company(company)
            ._field_to_sql("customer", "customer_status"),
            today=today,
            lost=company_sudo.crm_status_lost_days,
            dormant=company_sudo.crm_status_dormant_days,
            at_risk=company_sudo.crm_status_at_risk_days,
            parents=parents,
        )
        return dict(self.env.execute_query(query))
