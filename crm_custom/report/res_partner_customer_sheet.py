from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_datetime

# rows that a section prints of one customer: a sheet stays a sheet
MAX_ROWS = 10


class ReportCustomerSheet(models.AbstractModel):
    """The customer sheet: who a customer is, and what happened lately.

    Everything is read under the user's rights. A section of documents that the user
    may not read at all is left out, and counts and sums hold what he may see.

    The number of queries does not grow with the number of customers: one that ranks
    the rows of each section and one that reads them, and one for the open amounts.

    A room adds its section by extending ``_get_sections`` and by putting its block
    into the template ``report_res_partner_customer_sheet_document``, before or after
    one of the blocks there (each has a ``name``).
    """

    _name = "report.crm_custom.report_res_partner_customer_sheet"
    _description = "Customer sheet"

    @api.model
    def _get_report_values(self, docids, data=None):
        # the report's address is open to every login, portal users too
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The customer sheet is an internal paper."))
        customers = (
            self.env["res.partner"].browse(docids).exists().commercial_partner_id
        )
        if not customers:
            raise UserError(self.env._("Choose the customers to print a sheet of."))
        customers.check_access("read")
        return {
            "doc_ids": customers.ids,
            "doc_model": "res.partner",
            "docs": customers,
            "sections": self._get_sections(customers),
            "footnote": self._get_footnote(),
            "with_company": len(self.env.companies) > 1,
        }

    @api.model
    def _get_sections(self, customers):
        """What the sheets hold besides the customers' own fields.

        :return: {name of the section: {customer id: {"rows": records, "note": text}}};
            a section that the user may not read is not in it, a customer without
            rows is not in the section
        """
        sections = {"contacts": self._get_contacts(customers)}
        for name, model, getter in (
            ("orders", "sale.order", self._get_orders),
            ("deliveries", "stock.picking", self._get_deliveries),
            ("invoices", "account.move", self._get_invoices),
        ):
            if self.env[model].has_access("read"):
                sections[name] = getter(customers)
        return sections

    # ------------------------------------------------------------
    # Sections
    # ------------------------------------------------------------

    @api.model
    def _get_contacts(self, customers):
        partner_model = self.env["res.partner"]
        query = partner_model._search(
            [
                ("commercial_partner_id", "in", customers.ids),
                ("parent_id", "!=", False),
                ("is_company", "=", False),
                ("type", "=", "contact"),
            ]
        )
        table = partner_model._table
        customer = query.join(
            table, "commercial_partner_id", table, "id", "commercial_partner_id"
        )
        return self._get_latest_rows(
            partner_model,
            query,
            customers,
            customer=SQL.identifier(customer, "id"),
            order=SQL(
                "%s = %s DESC NULLS LAST, %s",
                SQL.identifier(table, "id"),
                partner_model._field_to_sql(customer, "primary_contact_id", query),
                partner_model._field_to_sql(table, "name", query),
            ),
        )

    @api.model
    def _get_orders(self, customers):
        order_model = self.env["sale.order"]
        query = order_model._search([("state", "=", "sale")])
        table = order_model._table
        partner = query.join(table, "partner_id", "res_partner", "id", "partner_id")
        return self._get_latest_rows(
            order_model,
            query,
            customers,
            customer=SQL.identifier(partner, "commercial_partner_id"),
            order=SQL("%s DESC", order_model._field_to_sql(table, "date_order", query)),
        )

    @api.model
    def _get_deliveries(self, customers):
        picking_model = self.env["stock.picking"]
        query = picking_model._search(
            [("picking_type_code", "=", "outgoing"), ("state", "!=", "cancel")]
        )
        table = picking_model._table
        # goods of an order may go to an address that is nobody's contact
        order = query.left_join(table, "sale_id", "sale_order", "id", "sale_id")
        buyer = query.left_join(order, "partner_id", "res_partner", "id", "partner_id")
        partner = query.left_join(table, "partner_id", "res_partner", "id", "partner")
        return self._get_latest_rows(
            picking_model,
            query,
            customers,
            customer=SQL(
                "COALESCE(%s, %s)",
                SQL.identifier(buyer, "commercial_partner_id"),
                SQL.identifier(partner, "commercial_partner_id"),
            ),
            order=SQL(
                "COALESCE(%s, %s) DESC",
                picking_model._field_to_sql(table, "date_done", query),
                picking_model._field_to_sql(table, "scheduled_date", query),
            ),
        )

    @api.model
    def _get_invoices(self, customers):
        move_model = self.env["account.move"]
        domain = [
            ("move_type", "in", move_model.get_sale_types(include_receipts=True)),
            ("state", "=", "posted"),
            ("commercial_partner_id", "in", customers.ids),
        ]
        query = move_model._search(domain)
        table = move_model._table
        section = self._get_latest_rows(
            move_model,
            query,
            customers,
            customer=move_model._field_to_sql(table, "commercial_partner_id", query),
            order=SQL(
                "%s DESC", move_model._field_to_sql(table, "invoice_date", query)
            ),
        )
        open_amounts = move_model._read_group(
            [*domain, ("amount_residual", "!=", 0)],
            ["commercial_partner_id", "currency_id", "move_type"],
            ["amount_residual:sum"],
        )
        for customer, currency, move_type, amount in open_amounts:
            totals = section[customer.id].setdefault("open", {})
            sign = -1 if move_type == "out_refund" else 1
            totals[currency] = totals.get(currency, 0.0) + sign * amount
        return section

    # ------------------------------------------------------------
    # Tools
    # ------------------------------------------------------------

    @api.model
    def _get_latest_rows(self, model, query, customers, customer, order):
        """The first rows of each customer, with one query to rank and one to read.

        :param query: what to choose from, under the user's rights
        :param customer: SQL of the customer's id
        :param order: SQL of the order within a customer
        """
        query.add_where(SQL("%s IN %s", customer, tuple(customers.ids)))
        ranked = self.env.execute_query(
            SQL(
                """
                SELECT customer_id, id, total
                  FROM (%s) AS ranked
                 WHERE position <= %s
                 ORDER BY customer_id, position
                """,
                query.select(
                    SQL("%s AS customer_id", customer),
                    SQL.identifier(model._table, "id"),
                    SQL(
                        "row_number() OVER (PARTITION BY %s ORDER BY %s, %s DESC)"
                        " AS position",
                        customer,
                        order,
                        SQL.identifier(model._table, "id"),
                    ),
                    SQL("count(*) OVER (PARTITION BY %s) AS total", customer),
                ),
                MAX_ROWS,
            )
        )
        records = model.browse(row_id for _customer_id, row_id, _total in ranked)
        section = {}
        for record, (customer_id, _row_id, total) in zip(records, ranked, strict=True):
            part = section.setdefault(customer_id, {"rows": model, "total": total})
            part["rows"] += record
        for customer in customers:
            if part := section.get(customer.id):
                part["rows"] = part["rows"].with_prefetch(records._prefetch_ids)
                part["note"] = self._get_note(part)
        return section

    @api.model
    def _get_note(self, part):
        """How much of the whole is printed."""
        if part["total"] <= len(part["rows"]):
            return ""
        return self.env._(
            "%(shown)s of %(total)s", shown=len(part["rows"]), total=part["total"]
        )

    @api.model
    def _get_footnote(self):
        """Whose view it is, and of when."""
        now = format_datetime(
            self.env, fields.Datetime.now(), tz=self.env.tz.zone, dt_format="short"
        )
        return self.env._(
            "Printed by %(user)s on %(date)s. The sheet shows what this user may see.",
            user=self.env.user.name,
            date=now,
        )
