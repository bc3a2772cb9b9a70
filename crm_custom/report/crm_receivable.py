from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .crm_ageing import Ageing
from .crm_receivable_sql import IS_PAYMENT, SIGN, aged_amounts, open_lines

#: the same row has other values on another day: each has a cache of its own
ON_DAY = ("crm_receivable_date",)
BY_AGE = ("crm_receivable_date", "tz", "lang", "company")

KINDS = [
    ("invoice", "Invoice"),
    ("refund", "Credit note"),
    ("bill", "Bill"),
    ("bill_refund", "Vendor credit note"),
    ("receipt", "Receipt"),
    ("payment", "Payment"),
    ("entry", "Journal entry"),
]
#: a salesperson sees his customers' items, and has no way into the entries
ENTRY_GROUPS = ("account.group_account_invoice", "account.group_account_readonly")
KIND = SQL(
    """COALESCE(
        (SELECT CASE WHEN move_type = 'out_invoice' THEN 'invoice'
                     WHEN move_type = 'out_refund' THEN 'refund'
                     WHEN move_type = 'in_invoice' THEN 'bill'
                     WHEN move_type = 'in_refund' THEN 'bill_refund'
                     WHEN move_type IN ('out_receipt', 'in_receipt') THEN 'receipt' END
           FROM account_move WHERE id = item.move_id),
        CASE WHEN %s THEN 'payment' ELSE 'entry' END)""",
    IS_PAYMENT,
)


class CrmReceivable(models.Model):
    """Open items, one row an instalment: what customers owe, what we owe suppliers.

    Also payments, credit notes and entries that nothing has been matched with yet.
    Read from the journal items on each look, nothing is stored. The id of a row is that
    of its journal item.

    Context:

    ``crm_receivable_date``
        "YYYY-MM-DD": what was open at the end of that day, and how old it was then.
        Without it, what is open now, entries with a later date among it.
    ``crm_receivable_partner_ids``
        ids of commercial partners: only theirs. A domain says the same; this here is
        for a past day, whose cost it limits to theirs.

    Amounts are positive in the account's own direction: what a customer owes us, and
    what we owe a supplier. The buckets are those of the user's current company.
    """

    _name = "crm.receivable"
    _description = "Open item"
    _auto = False
    _rec_name = "move_name"
    _order = "date_maturity, id"

    move_line_id = fields.Many2one(
        "account.move.line", string="Journal Item", readonly=True
    )
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    move_name = fields.Char(string="Number", readonly=True)
    ref = fields.Char(string="Reference", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    is_payable = fields.Boolean(string="Payable", readonly=True)
    journal_id = fields.Many2one("account.journal", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    customer_type_id = fields.Many2one(
        "crm.customer.type", string="Customer type", readonly=True
    )
    country_id = fields.Many2one("res.country", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        help="The salesperson of the customer.",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales team",
        readonly=True,
        help="The team of the customer's salesperson.",
    )
    invoice_user_id = fields.Many2one(
        "res.users", string="Salesperson of the invoice", readonly=True
    )
    date = fields.Date(string="Entry date", readonly=True)
    invoice_date = fields.Date(string="Invoice date", readonly=True)
    date_maturity = fields.Date(
        string="Due date",
        readonly=True,
        help="The day on which this instalment is due, not the last of the invoice.",
    )
    days_overdue = fields.Integer(
        string="Days overdue",
        depends_context=BY_AGE,
        readonly=True,
        aggregator="max",
        help="Days since the due date; 0 on the due date itself and before it.",
    )
    bucket = fields.Selection(
        "_selection_bucket", string="Age", depends_context=BY_AGE, readonly=True
    )
    is_paused = fields.Boolean(
        string="Paused",
        readonly=True,
        help="Marked as No Follow-Up: nobody is reminded of it.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one(
        "res.currency", string="Company currency", readonly=True
    )
    amount_original = fields.Monetary(
        string="Original amount", currency_field="company_currency_id", readonly=True
    )
    amount_original_currency = fields.Monetary(
        string="Original amount in currency", readonly=True, aggregator=None
    )
    amount_residual = fields.Monetary(
        string="Open amount",
        currency_field="company_currency_id",
        depends_context=ON_DAY,
        readonly=True,
    )
    amount_residual_currency = fields.Monetary(
        string="Open amount in currency",
        depends_context=ON_DAY,
        readonly=True,
        aggregator=None,
    )
    amount_aged = fields.Monetary(
        string="Open amount by age",
        currency_field="company_currency_id",
        depends_context=BY_AGE,
        readonly=True,
        help="The open amount, with unallocated credits where the company's setting"
        " puts them: in a column of their own, or against the oldest items of the"
        " customer. The sum is the same.",
    )

    #: what of the context a printed list depends on, see `PrintSearchRequest`
    _print_context = {
        "crm_receivable_date": lambda model, value: model._to_day(value),
        "crm_receivable_partner_ids": lambda model, value: model._to_partner_ids(value),
    }

    _depends = {
        "account.account": ["account_type"],
        "account.journal": ["type"],
        "account.move": ["invoice_user_id", "move_type"],
        "account.move.line": [
            "account_id",
            "amount_currency",
            "amount_residual",
            "amount_residual_currency",
            "balance",
            "company_currency_id",
            "company_id",
            "currency_id",
            "date",
            "date_maturity",
            "invoice_date",
            "journal_id",
            "move_id",
            "move_name",
            "no_followup",
            "parent_state",
            "partner_id",
            "payment_id",
            "reconciled",
            "ref",
            "statement_line_id",
        ],
        "account.partial.reconcile": [
            "amount",
            "credit_amount_currency",
            "credit_move_id",
            "debit_amount_currency",
            "debit_move_id",
            "max_date",
        ],
        "res.partner": [
            "commercial_partner_id",
            "country_id",
            "customer_type_id",
            "user_id",
        ],
        "res.users": ["sale_team_id"],
    }

    @api.model
    def _selection_bucket(self):
        return Ageing(self.env).labels()

    @api.depends("move_name", "ref")
    def _compute_display_name(self):
        for item in self:
            item.display_name = item.move_name or item.ref or str(item.id)

    # ------------------------------------------------------------------
    # The rows
    # ------------------------------------------------------------------

    @api.model
    def _get_day(self):
        """The day in the past whose open items are asked for, or None."""
        return self._to_day(self.env.context.get("crm_receivable_date"))

    @api.model
    def _to_day(self, value):
        if not value:
            return None
        try:
            return fields.Date.to_date(value)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("%s is not a date.", value)) from error

    @api.model
    def _get_partner_ids(self):
        return self._to_partner_ids(self.env.context.get("crm_receivable_partner_ids"))

    @api.model
    def _to_partner_ids(self, value):
        if value is None:
            return None
        try:
            return [int(partner_id) for partner_id in value]
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("These are no ids of partners.")) from error

    @property
    def _table_query(self) -> SQL:
        return SQL("SELECT %s FROM %s", self._select(), self._from())

    @api.model
    def _columns(self):
        """{name: SQL} of the columns. A later room adds its own.

        ``item`` is the open item with its core columns, ``line`` its journal item.
        """
        ageing = Ageing(self.env, self._get_day())
        amount = SQL("%s * item.amount_residual", SIGN)
        due = SQL("COALESCE(item.date_maturity, item.date)")
        return {
            "id": SQL("item.id"),
            "move_line_id": SQL("item.id"),
            "move_id": SQL("item.move_id"),
            "move_name": SQL("line.move_name"),
            "ref": SQL("line.ref"),
            "kind": KIND,
            "is_payable": SQL("account.account_type = 'liability_payable'"),
            "journal_id": SQL("line.journal_id"),
            "account_id": SQL("item.account_id"),
            "company_id": SQL("item.company_id"),
            "partner_id": SQL("contact.commercial_partner_id"),
            "customer_type_id": SQL("customer.customer_type_id"),
            "country_id": SQL("customer.country_id"),
            "user_id": SQL("customer.user_id"),
            "team_id": SQL("salesperson.sale_team_id"),
            "invoice_user_id": SQL(
                "(SELECT invoice_user_id FROM account_move WHERE id = item.move_id)"
            ),
            "date": SQL("item.date"),
            "invoice_date": SQL("line.invoice_date"),
            "date_maturity": due,
            "days_overdue": ageing.days_overdue_sql(amount, due),
            "bucket": ageing.bucket_sql(amount, due, SQL("item.date")),
            "is_paused": self._is_paused_sql(),
            "currency_id": SQL("item.currency_id"),
            "company_currency_id": SQL("item.company_currency_id"),
            "amount_original": SQL("%s * line.balance", SIGN),
            "amount_original_currency": SQL("%s * line.amount_currency", SIGN),
            "amount_residual": amount,
            "amount_residual_currency": SQL("%s * item.amount_residual_currency", SIGN),
            "amount_aged": SQL("aged.amount_aged") if self._nets_credits() else amount,
        }

    @api.model
    def _select(self):
        return SQL(", ").join(
            SQL("%s AS %s", column, SQL.identifier(name))
            for name, column in self._columns().items()
        )

    @api.model
    def _from(self):
        # Left joins on a key: PostgreSQL leaves out those that a query does not use.
        # What they are joined by is read all the same, so none is joined by a column
        # that `_crm_open_ageing_index` has not: `_columns` looks those up.
        source = SQL(
            """%s
            JOIN account_account AS account ON account.id = item.account_id
            LEFT JOIN res_partner AS contact ON contact.id = item.partner_id
            LEFT JOIN res_partner AS customer
                   ON customer.id = contact.commercial_partner_id
            LEFT JOIN res_users AS salesperson ON salesperson.id = customer.user_id""",
            self._lines(),
        )
        if self._nets_credits():
            day = self._get_day() or fields.Date.context_today(self)
            aged = aged_amounts(self._items(), day)
            # the company as well, so that a condition on it reaches what is added up
            source = SQL(
                """%s LEFT JOIN (%s) AS aged
                          ON aged.id = item.id AND aged.company_id = item.company_id""",
                source,
                aged,
            )
        return source

    @api.model
    def _lines(self):
        """FROM of ``item`` and its ``line``, see `open_lines`."""
        return open_lines(self._get_day(), self._get_partner_ids())

    @api.model
    def _items(self):
        """SELECT of the items."""
        return SQL("SELECT item.* FROM %s", self._lines())

    @api.model
    def _nets_credits(self):
        return self.env.company.crm_ageing_credits == "oldest"

    @api.model
    def _is_paused_sql(self):
        """Odoo ticks No Follow-Up on all entries of general journals by itself."""
        unasked = self.env.companies.filtered(lambda c: not c.crm_ageing_pause_entries)
        if not unasked:
            return SQL("line.no_followup IS TRUE")
        return SQL(
            """(line.no_followup IS TRUE AND NOT (
                    item.company_id IN %s AND line.journal_id IN (
                        SELECT id FROM account_journal WHERE type = 'general')))""",
            tuple(unasked.ids),
        )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_open(self):
        """What the item comes from; for who may not read entries, its customer."""
        self.ensure_one()
        if self._may_read_entries():
            record = self.move_id
        else:
            record = self.partner_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def action_register_payment(self):
        """Odoo's own wizard, on the items that are ticked; the list comes back."""
        action = self.move_line_id.action_register_payment()
        context = {**action["context"], "dont_redirect_to_payments": True}
        return {**action, "context": context}

    @api.model
    def _may_read_entries(self):
        return any(self.env.user.has_group(group) for group in ENTRY_GROUPS)
