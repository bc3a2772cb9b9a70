from odoo import api, fields, models
from odoo.tools import SQL

from . import crm_sales_record_facts as facts
from . import crm_sales_record_moves as moves
from . import crm_sales_record_sql as documents
from .crm_sales_stage import Stages

#: for the question which lines there are: their documents are not asked
NO_DOCUMENTS = SQL("NULL")


class CrmSalesRecord(models.Model):
    """The rows: which columns there are, and what they are read from."""

    _inherit = "crm.sales.record"

    @property
    def _table_query(self) -> SQL:
        columns, source = self._columns(), self._from()
        with_documents = self._get_within() is not NO_DOCUMENTS
        if with_documents:
            columns |= self._document_columns()
            source = SQL("%s %s", source, self._from_documents())
        rows = SQL(
            "SELECT %s FROM %s WHERE line.display_type IS NULL",
            SQL(", ").join(
                SQL("%s AS %s", column, SQL.identifier(name))
                for name, column in columns.items()
            ),
            source,
        )
        if not with_documents:
            return rows
        staged = SQL(", ").join(
            SQL("%s AS %s", stages.column(), SQL.identifier(name))
            for name, stages in self._get_stages(
                SQL.identifier("record"),
                lambda fact: SQL("%s = 1", SQL.identifier("record", f"is_{fact}")),
            ).items()
        )
        return SQL("SELECT record.*, %s FROM (%s) AS record", staged, rows)

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
            # that of its lines, and the one with an index
            "state": SQL("sale.state"),
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
            "qty_delivered_method": SQL("line.qty_delivered_method"),
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
            "qty_returned": SQL("COALESCE(moved.qty_returned, kits.qty_returned)"),
            "date_delivered": SQL("moved.date_last"),
            "days_late": SQL(
                """GREATEST(0, CASE WHEN %(to_deliver)s > 0 THEN %(today)s
                                    ELSE %(delivered)s END - %(promised)s)""",
                to_deliver=to_deliver,
                today=today,
                delivered=self._local_day(SQL("moved.date_last")),
                promised=promised,
            ),
            "is_waiting": SQL("waiting.one"),
            "is_ready": SQL("waiting.is_ready::integer"),
            "is_in_draft": SQL("drafts.one"),
            "is_overdue": SQL("owing.is_overdue"),
            "is_to_come": SQL("owing.is_to_come"),
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
                   ON template.id = product.product_tmpl_id"""
        )

    @api.model
    def _from_documents(self):
        within = self._get_within()
        today = fields.Date.context_today(self)
        return SQL(" ").join(
            SQL(
                "LEFT JOIN (%(source)s) AS %(name)s"
                " ON %(name)s.order_line_id = line.id",
                source=source,
                name=SQL.identifier(name),
            )
            for name, source in {
                "waiting": moves.waiting(within),
                "drafts": documents.drafts(within),
                "owing": documents.owing(today, within),
                "due": documents.due(today, within),
                "moved": moves.moved(within),
                "kits": moves.kits_returned(within),
                "settled": documents.settled(within),
                "paid": documents.paid(within),
                "invoiced": documents.invoiced(within),
            }.items()
        )

    @api.model
    def _to_company(self, amount):
        """An amount of the order in the company's currency, at the order's rate."""
        # most orders are in the company's currency, and a division takes long
        return SQL(
            """ROUND(CASE WHEN sale.currency_rate = 1 THEN (%(amount)s)::numeric
                     ELSE (%(amount)s)::numeric
                        / COALESCE(NULLIF(sale.currency_rate, 0), 1)::numeric
                     END, currency.decimal_places)""",
            amount=amount,
        )

    @api.model
    def _local_day(self, moment):
        return SQL("timezone(%s, timezone('UTC', %s))::date", self.env.tz.zone, moment)

    @api.model
    def _get_within(self):
        """SELECT of the order lines that the question is about; None: of all.

        A client cannot give one: JSON knows no SQL.
        """
        within = self.env.context.get("crm_sales_record_within")
        return within if isinstance(within, SQL) else None

    # ------------------------------------------------------------------
    # Stages
    # ------------------------------------------------------------------

    @api.model
    def _get_stage_conditions(self, record):
        """{stage: alternatives} in the order in which they are asked, see `Stages`; the
        last is None.

        :param SQL record: the alias of the rows
        """
        parts = {"record": record}
        is_undelivered = self._is_undelivered(record)
        return {
            "quotation": [
                (SQL("%(record)s.state IN ('draft', 'sent')", **parts), None)
            ],
            "overdue": [(None, "overdue")],
            "late": [
                (SQL("%s AND %s", is_undelivered, self._is_late(record)), "waiting")
            ],
            "to_deliver": [(is_undelivered, "waiting")],
            "to_invoice": [
                (SQL("%(record)s.qty_to_invoice <> 0", **parts), None),
                (None, "in_draft"),
            ],
            "to_collect": [(None, "to_come")],
            "cancelled": [(SQL("%(record)s.state = 'cancel'", **parts), None)],
            "settled": [
                (
                    SQL(
                        "%(record)s.invoice_status IN ('invoiced', 'upselling')",
                        **parts,
                    ),
                    None,
                )
            ],
            "ordered": None,
        }

    @api.model
    def _get_delivery_conditions(self, record):
        """The same of the delivery state; *nothing* is what is not delivered at all."""
        is_undelivered = self._is_undelivered(record)
        has_delivered = SQL("%s.qty_delivered > 0", record)
        is_no_delivery = SQL(
            "%(record)s.state <> 'sale'"
            " OR %(record)s.qty_delivered_method <> 'stock_move'",
            record=record,
        )
        return {
            "nothing": [(is_no_delivery, None)],
            "late": [
                (SQL("%s AND %s", is_undelivered, self._is_late(record)), "waiting")
            ],
            "partly": [(SQL("%s AND %s", is_undelivered, has_delivered), "waiting")],
            "ready": [(is_undelivered, "ready")],
            "waiting": [(is_undelivered, "waiting")],
            "done": [(has_delivered, None)],
        }

    @api.model
    def _is_undelivered(self, record):
        return SQL(
            "%(record)s.product_uom_qty > %(record)s.qty_delivered", record=record
        )

    @api.model
    def _is_late(self, record):
        promised = self._local_day(SQL("%s.date_promised", record))
        return SQL("%s < %s", promised, fields.Date.context_today(self))

    @api.model
    def _get_facts(self):
        """{name: Fact}; to a row it is the column ``is_<name>``, 1 where it is true."""
        today = fields.Date.context_today(self)
        return {
            "overdue": facts.overdue(today),
            "waiting": facts.waiting(),
            "ready": facts.ready(),
            "in_draft": facts.in_draft(),
            "to_come": facts.to_come(today),
        }

    @api.model
    def _get_stages(self, record, holds, lacks=None):
        """{field: Stages} of the fields that are made of conditions and facts."""
        stages = self._get_stage_conditions(record)
        otherwise, _condition = stages.popitem()
        deliveries = self._get_delivery_conditions(record)
        return {
            "stage": Stages(stages, otherwise, holds, lacks),
            "delivery_state": Stages(deliveries, "nothing", holds, lacks),
        }
