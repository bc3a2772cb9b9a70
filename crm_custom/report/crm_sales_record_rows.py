from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from . import crm_sales_record_sql as documents
from .crm_sales_stage import Stages

NUMBERS = ("float", "integer", "monetary")


class CrmSalesRecord(models.Model):
    """The rows, and how they are searched."""

    _inherit = "crm.sales.record"

    @property
    def _table_query(self) -> SQL:
        stages = self._get_stages(SQL.identifier("record"))
        return SQL(
            "SELECT record.*, %s AS stage FROM (SELECT %s FROM %s WHERE %s) AS record",
            stages.column(),
            SQL(", ").join(
                SQL("%s AS %s", column, SQL.identifier(name))
                for name, column in {
                    **self._columns(),
                    **self._document_columns(),
                }.items()
            ),
            self._from(),
            SQL("line.display_type IS NULL"),
        )

    @api.model
    def _columns(self):
        """{name: SQL} of what follows from the line and its order.

        ``line`` is the order line, ``sale`` its order. A later room adds its own.
        """
        return {
            "id": SQL("line.id"),
            "order_line_id": SQL("line.id"),
            "order_id": SQL("line.order_id"),
            "order_name": SQL("sale.name"),
            "name": SQL("line.name"),
            "date": SQL("sale.date_order"),
            "state": SQL("line.state"),
            "contract_number": SQL("sale.contract_number"),
            "client_order_ref": SQL("sale.client_order_ref"),
            "partner_id": SQL("sale.partner_id"),
            "commercial_partner_id": SQL("partner.commercial_partner_id"),
            "contact_id": SQL(
                """COALESCE(sale.contact_id,
                       CASE WHEN partner.id <> partner.commercial_partner_id
                            THEN partner.id END)"""
            ),
            "customer_type_id": SQL("customer.customer_type_id"),
            "country_id": SQL("customer.country_id"),
            "user_id": SQL("sale.user_id"),
            "team_id": SQL("sale.team_id"),
            "company_id": SQL("line.company_id"),
            "currency_id": SQL("line.currency_id"),
            "company_currency_id": SQL("company.currency_id"),
            "product_id": SQL("line.product_id"),
            "product_tmpl_id": SQL("product.product_tmpl_id"),
            "categ_id": SQL("template.categ_id"),
            "is_downpayment": SQL("line.is_downpayment IS TRUE"),
            "product_uom_id": SQL("line.product_uom_id"),
            "product_uom_qty": SQL("line.product_uom_qty"),
            "price_unit": SQL("line.price_unit"),
            "discount": SQL("line.discount"),
            "price_subtotal": self._to_company(SQL("line.price_subtotal")),
            "price_total": self._to_company(SQL("line.price_total")),
            "price_subtotal_currency": SQL("line.price_subtotal"),
            "price_total_currency": SQL("line.price_total"),
            "cost": self._to_company(
                SQL("NULLIF(line.purchase_price, 0) * line.product_uom_qty")
            ),
            "margin": self._to_company(
                SQL("CASE WHEN line.purchase_price <> 0 THEN line.margin END")
            ),
            "qty_delivered": SQL("line.qty_delivered"),
            "date_promised": SQL(
                """COALESCE(sale.commitment_date,
                       sale.date_order + line.customer_lead * interval '1 day')"""
            ),
            "qty_invoiced": SQL("line.qty_invoiced"),
            "qty_to_invoice": SQL("line.qty_to_invoice"),
            "amount_to_invoice": self._to_company(
                SQL("line.untaxed_amount_to_invoice")
            ),
            "invoice_status": SQL("line.invoice_status"),
        }

    @api.model
    def _document_columns(self):
        """{name: SQL} of what is asked of moves, invoices and payments.

        Empty where there is nothing, so that a search for some PostgreSQL starts from
        the documents.
        """
        # a product and no CASE: empty without a delivery that is to be done
        to_deliver = SQL(
            "waiting.one * GREATEST(line.product_uom_qty - line.qty_delivered, 0)"
        )
        promised = self._local_day(self._columns()["date_promised"])
        today = fields.Date.context_today(self)
        return {
            "qty_to_deliver": to_deliver,
            "qty_returned": SQL("moved.qty_returned"),
            "date_delivered": SQL("moved.date_last"),
            "days_late": SQL(
                """GREATEST(0, CASE WHEN %(to_deliver)s > 0 THEN %(today)s
                                    ELSE %(delivered)s END - %(promised)s)""",
                to_deliver=to_deliver,
                today=today,
                delivered=self._local_day(SQL("moved.date_last")),
                promised=promised,
            ),
            "delivery_state": SQL(
                """CASE WHEN line.state <> 'sale'
                          OR line.qty_delivered_method <> 'stock_move' THEN 'nothing'
                        WHEN %(to_deliver)s > 0 AND %(promised)s < %(today)s THEN 'late'
                        WHEN %(to_deliver)s > 0 AND line.qty_delivered > 0 THEN 'partly'
                        WHEN %(to_deliver)s > 0 AND waiting.is_ready THEN 'ready'
                        WHEN %(to_deliver)s > 0 THEN 'waiting'
                        WHEN line.qty_delivered > 0 THEN 'done'
                        ELSE 'nothing' END""",
                to_deliver=to_deliver,
                promised=promised,
                today=today,
            ),
            "is_in_draft": SQL("drafts.one"),
            "untaxed_invoiced": SQL("invoiced.untaxed_invoiced"),
            "amount_invoiced": SQL("invoiced.amount_invoiced"),
            "amount_credited": SQL("invoiced.amount_credited"),
            "amount_collected": SQL(
                """invoiced.amount_invoiced - COALESCE(due.amount_open, 0)
                   - COALESCE(settled.amount_otherwise, 0)"""
            ),
            "amount_settled_otherwise": SQL("settled.amount_otherwise"),
            "amount_open": SQL("due.amount_open"),
            "amount_overdue": SQL("due.amount_overdue"),
            "date_first_payment": SQL("paid.date_first"),
            "date_last_payment": SQL("paid.date_last"),
        }

    @api.model
    def _from(self):
        # Left joins on a key: PostgreSQL leaves out those that a query does not use.
        within = self._get_within()
        return SQL(
            """sale_order_line AS line
            JOIN sale_order AS sale ON sale.id = line.order_id
            LEFT JOIN res_partner AS partner ON partner.id = sale.partner_id
            LEFT JOIN res_partner AS customer
                   ON customer.id = partner.commercial_partner_id
            LEFT JOIN res_company AS company ON company.id = line.company_id
            LEFT JOIN res_currency AS currency ON currency.id = company.currency_id
            LEFT JOIN product_product AS product ON product.id = line.product_id
            LEFT JOIN product_template AS template
                   ON template.id = product.product_tmpl_id
            %s""",
            SQL(" ").join(
                SQL(
                    "LEFT JOIN (%(source)s) AS %(name)s"
                    " ON %(name)s.order_line_id = line.id",
                    source=source,
                    name=SQL.identifier(name),
                )
                for name, source in {
                    "waiting": documents.waiting(),
                    "drafts": documents.drafts(),
                    "due": documents.due(fields.Date.context_today(self), within),
                    "moved": documents.moved(within),
                    "settled": documents.settled(within),
                    "paid": documents.paid(within),
                    "invoiced": documents.invoiced(within),
                }.items()
            ),
        )

    @api.model
    def _to_company(self, amount):
        """An amount of the order in the company's currency, at the order's rate."""
        return SQL(
            "ROUND((%s)::numeric / %s, currency.decimal_places)",
            amount,
            SQL("COALESCE(NULLIF(sale.currency_rate, 0), 1)::numeric"),
        )

    @api.model
    def _local_day(self, moment):
        return SQL("timezone(%s, timezone('UTC', %s))::date", self.env.tz.zone, moment)

    # ------------------------------------------------------------------
    # Stages
    # ------------------------------------------------------------------

    @api.model
    def _get_stage_conditions(self, record):
        """{stage: condition} in the order in which they are asked; the last is None.

        :param SQL record: the alias of the rows
        """
        today = fields.Date.context_today(self)
        parts = {"record": record, "today": today}
        promised = self._local_day(SQL("%s.date_promised", record))
        return {
            "quotation": SQL("%(record)s.state IN ('draft', 'sent')", **parts),
            "overdue": SQL("%(record)s.amount_overdue <> 0", **parts),
            "late": SQL(
                "%(record)s.qty_to_deliver > 0 AND %(promised)s < %(today)s",
                promised=promised,
                **parts,
            ),
            "to_deliver": SQL("%(record)s.qty_to_deliver > 0", **parts),
            "to_invoice": SQL(
                "%(record)s.qty_to_invoice <> 0 OR %(record)s.is_in_draft = 1", **parts
            ),
            "to_collect": SQL("%(record)s.amount_open <> 0", **parts),
            "cancelled": SQL("%(record)s.state = 'cancel'", **parts),
            "settled": SQL(
                "%(record)s.invoice_status IN ('invoiced', 'upselling')", **parts
            ),
            "ordered": None,
        }

    @api.model
    def _get_stages(self, record):
        conditions = self._get_stage_conditions(record)
        otherwise, _condition = conditions.popitem()
        return Stages(conditions, otherwise)

    # ------------------------------------------------------------------
    # Search
    # ------------------------------------------------------------------

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        # first which rows, then what their documents say: of these alone
        records = super().search_fetch(domain, [], offset, limit, order)
        if field_names is None or field_names:
            records.fetch(field_names)
        return records

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        domain = Domain(domain).optimize(self)
        model = self
        if self._get_within() is None:
            within = self._find_within(domain)
            if within is not None:
                model = self.with_context(crm_sales_record_within=within)
        domain = domain.map_conditions(model._by_stage)
        return super(CrmSalesRecord, model)._search(
            domain, offset, limit, order, **options
        )

    @api.model
    def _by_stage(self, term):
        if term.field_expr != "stage" or term.operator not in ("in", "not in"):
            return term
        stages = self._get_stages(SQL.identifier(self._table)).among(set(term.value))
        if term.operator == "not in":
            stages = SQL("(%s) IS NOT TRUE", stages)
        return Domain.custom(to_sql=lambda model, alias, query: stages)

    @api.model
    def _get_within(self):
        """SELECT of the order lines that the question is about; None: of all.

        A client cannot give one: JSON knows no SQL.
        """
        within = self.env.context.get("crm_sales_record_within")
        return within if isinstance(within, SQL) else None

    @api.model
    def _find_within(self, domain):
        """SELECT of the order lines that fulfil what can be read by index alone.

        The documents of no other lines have to be looked at. The companies are left
        out: mostly they are all there are.
        """
        if not self.env.su:
            domain &= self.env["ir.rule"]._compute_domain(self._name, "read")
        is_all_of = getattr(domain, "OPERATOR", None) == "&"
        terms = [
            term
            for term in (domain.children if is_all_of else (domain,))
            if self._is_of_line(term)
        ]
        if not terms:
            return None
        query = super()._search(Domain.AND(terms), bypass_access=True)
        return query.subselect()

    @api.model
    def _is_of_line(self, domain):
        names = {
            term.field_expr.split(".")[0].split(":")[0]
            for term in domain.iter_conditions()
        }
        return bool(names) and names <= self._columns().keys() - {"company_id"}

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        field = self._fields.get(field_name)
        if field is None or field.type not in NUMBERS:
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        # nothing is shown as 0 and sorted like it
        column = SQL("COALESCE(%s, 0)", self._field_to_sql(alias, field_name, query))
        query._order_groupby.append(column)
        return SQL("%s %s %s", column, direction, nulls)
