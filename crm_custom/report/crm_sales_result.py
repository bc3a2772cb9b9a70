from collections.abc import Collection
from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.crm_sales_measure import COUNTS, MEASURE_HELP, MEASURES
from .crm_sales_result_id import get_scope_of_ids, id_sql
from .crm_sales_result_scope import Scope
from .crm_sales_result_sql import COLUMNS, KINDS

ALL = Scope(tuple(KINDS), None, None)


class CrmSalesResult(models.Model):
    """Results, dated: one row an amount or a count, and the day on which it counts.

    Read from orders, invoices, matchings and contacts on each look, nothing is stored.
    What the question says of kind and day is put into the SQL of each kind: else a
    month's figures would cost those of all years. An id tells both.
    """

    _name = "crm.sales.result"
    _description = "Sales result"
    _auto = False
    _rec_name = "date"
    _order = "date desc, id desc"

    kind = fields.Selection(
        MEASURES, string="Measure", readonly=True, help=MEASURE_HELP
    )
    date = fields.Date(readonly=True, help="The day on which it counts.")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales team", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    order_line_id = fields.Many2one(
        "sale.order.line", string="Order line", readonly=True
    )
    invoice_line_id = fields.Many2one(
        "account.move.line", string="Invoice line", readonly=True
    )
    partial_id = fields.Many2one(
        "account.partial.reconcile", string="Matching", readonly=True
    )
    interaction_id = fields.Many2one(
        "crm.interaction", string="Contact made", readonly=True
    )
    amount = fields.Monetary(
        readonly=True, help="In the company's currency; a count where it is counted."
    )

    _depends = {
        "account.move": ["invoice_date", "move_type", "state", "team_id"],
        "account.move.line": ["amount_residual", "balance", "sale_line_ids"],
        "account.partial.reconcile": ["max_date"],
        "crm.interaction": ["active", "date_start", "outcome_id", "user_id"],
        "res.partner": ["commercial_partner_id"],
        "res.users": ["sale_team_id"],
        "sale.order": [
            "currency_rate",
            "date_order",
            "partner_id",
            "state",
            "team_id",
            "user_id",
        ],
        "sale.order.line": ["margin", "price_subtotal", "purchase_price", "state"],
    }

    @property
    def _table_query(self) -> SQL:
        scope = self._get_scope()
        record = self.env["crm.sales.record"]
        names = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        rows = SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s AS kind, %s AS id, %s FROM (%s) AS %s",
                kind,
                id_sql(kind),
                names,
                get_rows(record, scope),
                SQL.identifier(kind),
            )
            for kind, get_rows in KINDS.items()
            if kind in scope.kinds
        )
        return SQL(
            """SELECT result.*,
                      CASE WHEN kind NOT IN %s THEN company.currency_id END
                         AS currency_id
                 FROM (%s) AS result
                 JOIN res_company AS company ON company.id = result.company_id""",
            COUNTS,
            rows,
        )

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        domain = Domain(domain).optimize(self)
        model = self
        if self._get_scope() is ALL:
            scope = self._find_scope(domain)
            model = self.with_context(crm_sales_result_scope=scope)
        return super(CrmSalesResult, model)._search(
            domain, offset, limit, order, **options
        )

    @api.model
    def _get_scope(self):
        """A client cannot give one: JSON knows no scope."""
        scope = self.env.context.get("crm_sales_result_scope")
        return scope if isinstance(scope, Scope) else ALL

    @api.model
    def _find_scope(self, domain):
        """What a domain says of kind, day and id, where all of it has to hold."""
        kinds, firsts, lasts = set(KINDS), [], []
        is_all_of = getattr(domain, "OPERATOR", None) == "&"
        for term in domain.children if is_all_of else (domain,):
            if not hasattr(term, "field_expr"):
                continue
            name, operator, value = term.field_expr, term.operator, term.value
            if name == "id" and operator == "in" and isinstance(value, Collection):
                scope = get_scope_of_ids(value)
                kinds.intersection_update(scope.kinds)
                firsts.append(scope.date_from)
                lasts.append(scope.date_to)
            elif name == "kind" and operator == "in":
                kinds.intersection_update(value)
            elif name == "date" and isinstance(value, date):
                if operator in (">=", ">"):
                    firsts.append(value)
                elif operator in ("<=", "<"):
                    lasts.append(value)
        # one kind at least: a UNION of nothing is no SQL
        kinds = tuple(kind for kind in KINDS if kind in kinds) or ("contacts",)
        return Scope(
            kinds,
            max(filter(None, firsts), default=None),
            min(filter(None, lasts), default=None),
        )

    def action_open(self):
        """The contact made, the invoice or the order behind it; else the customer."""
        self.ensure_one()
        documents = (
            self.interaction_id,
            self.invoice_line_id.move_id,
            self.order_line_id.order_id,
        )
        readable = (each for each in documents if each and each.has_access("read"))
        return next(readable, self.partner_id).get_formview_action()
