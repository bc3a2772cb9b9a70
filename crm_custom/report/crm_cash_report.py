from odoo import api, fields, models
from odoo.tools import SQL


class CrmCashReport(models.Model):
    """Receipts and payments, one row a payment or bank line.

    Payments count by their entry; bank lines by what they were matched with at once. A
    bank line that was matched with a payment is that payment and counts once.
    """

    _name = "crm.cash.report"
    _description = "Receipts and payments"
    _auto = False
    _rec_name = "move_name"
    _order = "date desc, id desc"

    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    move_name = fields.Char(string="Number", readonly=True)
    date = fields.Date(readonly=True)
    direction = fields.Selection(
        [("receipt", "Money in"), ("payment", "Money out")], readonly=True
    )
    source = fields.Selection(
        [("payment", "Payment"), ("bank", "Bank line")], readonly=True
    )
    journal_id = fields.Many2one("account.journal", readonly=True)
    payment_method_id = fields.Many2one(
        "account.payment.method", string="Method", readonly=True
    )
    partner_id = fields.Many2one("res.partner", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        help="The salesperson of the customer.",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one(
        "res.currency", string="Company currency", readonly=True
    )
    amount_received = fields.Monetary(
        string="Received", currency_field="company_currency_id", readonly=True
    )
    amount_paid = fields.Monetary(
        string="Paid out", currency_field="company_currency_id", readonly=True
    )
    amount_net = fields.Monetary(
        string="Net", currency_field="company_currency_id", readonly=True
    )

    _depends = {
        "account.account": ["account_type"],
        "account.move.line": [
            "account_id",
            "balance",
            "company_currency_id",
            "company_id",
            "date",
            "journal_id",
            "move_id",
            "move_name",
            "parent_state",
            "partner_id",
            "payment_id",
            "statement_line_id",
        ],
        "account.payment": [
            "amount_company_currency_signed",
            "move_id",
            "partner_id",
            "payment_method_line_id",
        ],
        "account.payment.method.line": ["payment_method_id"],
        "res.partner": ["commercial_partner_id", "user_id"],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """SELECT cash.id, cash.move_id, move.name AS move_name, move.date,
                      move.journal_id, move.company_id, cash.source,
                      cash.payment_method_id, customer.id AS partner_id,
                      customer.user_id, company.currency_id AS company_currency_id,
                      CASE WHEN cash.amount < 0 THEN 'payment' ELSE 'receipt' END
                         AS direction,
                      GREATEST(cash.amount, 0) AS amount_received,
                      GREATEST(-cash.amount, 0) AS amount_paid,
                      cash.amount AS amount_net
                 FROM (%s UNION ALL %s) AS cash
                 JOIN account_move AS move ON move.id = cash.move_id
                 JOIN res_company AS company ON company.id = move.company_id
                 LEFT JOIN res_partner AS contact ON contact.id = cash.partner_id
                 LEFT JOIN res_partner AS customer
                        ON customer.id = contact.commercial_partner_id
                WHERE move.state = 'posted'""",
            self._payments(),
            self._bank_lines(),
        )

    @api.model
    def _payments(self):
        return SQL(
            """SELECT 2 * payment.id AS id, payment.move_id, payment.partner_id,
                      'payment' AS source, method.payment_method_id,
                      payment.amount_company_currency_signed AS amount
                 FROM account_payment AS payment
                 LEFT JOIN account_payment_method_line AS method
                        ON method.id = payment.payment_method_line_id
                WHERE payment.move_id IS NOT NULL"""
        )

    @api.model
    def _bank_lines(self):
        return SQL(
            """SELECT 2 * line.id + 1 AS id, line.move_id, line.partner_id,
                      'bank' AS source, NULL::integer AS payment_method_id,
                      -line.balance AS amount
                 FROM account_move_line AS line
                 JOIN account_account AS account ON account.id = line.account_id
                WHERE line.statement_line_id IS NOT NULL
                  AND account.account_type IN (
                      'asset_receivable', 'liability_payable')"""
        )

    def action_open(self):
        self.ensure_one()
        return self.move_id.get_formview_action()
