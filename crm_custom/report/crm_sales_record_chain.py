from datetime import datetime

from odoo import api, fields, models
from odoo.tools import format_date, formatLang
from odoo.tools.misc import format_amount


class CrmSalesRecord(models.Model):
    """The chain of one sale, as steps that lead to its documents.

    ``chain`` is a list of {key, label, state, text, date, action}: the state is done,
    current, late or nothing; the action is the method that opens the documents, empty
    where there are none or the user may not read their kind.
    """

    _inherit = "crm.sales.record"

    chain = fields.Json(
        compute="_compute_chain",
        export_string_translation=False,
    )

    @api.depends_context("uid", "lang", "tz")
    def _compute_chain(self):
        for record in self:
            record.chain = [
                record._get_quotation_step(),
                record._get_order_step(),
                record._get_delivery_step(),
                record._get_invoice_step(),
                record._get_payment_step(),
            ]

    def _get_quotation_step(self):
        # sudo: the day alone, of an order whose line the user sees
        created = self.order_id.sudo().create_date
        return self._get_step(
            "quotation",
            self.env._("Quotation"),
            "current" if self.state in ("draft", "sent") else "done",
            text=self._format_company_amount(self.price_subtotal),
            date=created,
            action="action_open_order",
        )

    def _get_order_step(self):
        is_order = self.state == "sale"
        quantity = formatLang(self.env, self.product_uom_qty, dp="Product Unit")
        return self._get_step(
            "order",
            self.env._("Order"),
            "done" if is_order else "nothing",
            text=(
                self.env._("Cancelled")
                if self.state == "cancel"
                else f"{quantity} {self.product_uom_id.name or ''}".strip()
            ),
            date=self.date if is_order else None,
            action="action_open_order" if is_order else None,
        )

    def _get_delivery_step(self):
        states = {
            "nothing": "nothing",
            "done": "done",
            "late": "late",
        }
        labels = dict(self._fields["delivery_state"]._description_selection(self.env))
        text = labels[self.delivery_state] if self.state == "sale" else ""
        if self.delivery_state in ("partly", "late") and self.qty_delivered:
            text = self.env._(
                "%(delivered)s of %(ordered)s",
                delivered=formatLang(self.env, self.qty_delivered, dp="Product Unit"),
                ordered=formatLang(self.env, self.product_uom_qty, dp="Product Unit"),
            )
        is_goods = self.delivery_state != "nothing" or self.date_delivered
        return self._get_step(
            "delivery",
            self.env._("Delivery"),
            states.get(self.delivery_state, "current"),
            text=text,
            date=self.date_delivered or (self.date_promised if is_goods else None),
            action="action_open_deliveries" if is_goods else None,
            model="stock.picking",
        )

    def _get_invoice_step(self):
        has_invoice = bool(self.qty_invoiced or self.amount_invoiced)
        state = "nothing"
        if self.stage == "to_invoice" or self.qty_to_invoice:
            state = "current"
        elif has_invoice or self.amount_credited:
            state = "done"
        return self._get_step(
            "invoice",
            self.env._("Invoice"),
            state,
            text=self._format_company_amount(self.amount_invoiced or 0)
            if has_invoice or self.amount_credited
            else "",
            action="action_open_invoices"
            if has_invoice or self.amount_credited
            else None,
            model="account.move",
        )

    def _get_payment_step(self):
        if self.amount_overdue:
            state, text = (
                "late",
                self.env._(
                    "%s overdue", self._format_company_amount(self.amount_overdue)
                ),
            )
        elif self.amount_open:
            state, text = (
                "current",
                self.env._("%s open", self._format_company_amount(self.amount_open)),
            )
        elif self.amount_collected:
            state, text = "done", self._format_company_amount(self.amount_collected)
        else:
            state, text = "nothing", ""
        return self._get_step(
            "payment",
            self.env._("Payment"),
            state,
            text=text,
            date=self.date_last_payment,
            action="action_open_payments" if self.date_last_payment else None,
            model="crm.cash.report",
        )

    def _get_step(
        self, key, label, state, text="", date=None, action=None, model="sale.order"
    ):
        if isinstance(date, datetime):
            date = fields.Datetime.context_timestamp(self, date).date()
        if not self.env[model].has_access("read"):
            action = None
        return {
            "key": key,
            "label": label,
            "state": state,
            "text": text,
            "date": format_date(self.env, date) if date else "",
            "action": action,
        }

    def _format_company_amount(self, amount):
        return format_amount(self.env, amount, self.company_currency_id)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    @api.model
    def _get_action(self, domain):
        """The list of the records of a domain, as its menu opens it."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_sales_record_action"
        )
        return {**action, "domain": domain}

    def action_open_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }

    def action_open_deliveries(self):
        """Odoo's own action, on the transfers that moved the line."""
        self.check_access("read")
        # sudo: which transfers they are; what the user may open, his rights say
        pickings = self.order_line_id.sudo().move_ids.picking_id.sudo(False)
        pickings = pickings._filtered_access("read")
        if not pickings:
            return False
        return self.order_id._get_action_view_picking(pickings)

    def action_open_invoices(self):
        """Odoo's own action, on the invoices and credit notes of the line."""
        self.check_access("read")
        invoices = self._get_invoices_sudo().sudo(False)._filtered_access("read")
        return self.order_id.action_view_invoice(invoices) if invoices else False

    def action_open_payments(self):
        """The payments and bank lines that settled the invoices of the line."""
        self.check_access("read")
        instalments_sudo = self._get_invoices_sudo().line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        matched_sudo = (
            instalments_sudo.matched_debit_ids.debit_move_id
            | instalments_sudo.matched_credit_ids.credit_move_id
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_cash_report_action"
        )
        return {
            **action,
            "view_mode": "list",
            "views": [(False, "list")],
            "domain": [("move_id", "in", matched_sudo.move_id.ids)],
            "context": {},
        }

    def _get_invoices_sudo(self):
        # sudo: which invoices they are; the caller asks what the user may open
        return self.order_line_id.sudo().invoice_lines.move_id
