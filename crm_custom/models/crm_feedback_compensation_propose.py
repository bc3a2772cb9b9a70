"""What can still be compensated of a case, and how that is proposed."""

from odoo import models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from ..report.crm_feedback_cost import KINDS
from .crm_feedback_compensation_line import CLAIMS

#: the line of Odoo's that is credited or comes back, by kind
SOURCES = {
    "credit": "invoice_line_id",
    "reduction": "invoice_line_id",
    "return": "move_id",
}


class CrmFeedbackLine(models.Model):
    _inherit = "crm.feedback.line"

    def _get_quantity_left(self, kind):
        """How much of this product can still be compensated so, in its own unit.

        No more than the customer complains of, and no more than is left of the invoice
        or delivery: what other cases or users have credited or taken back counts.
        """
        self.ensure_one()
        left = self.quantity - self[CLAIMS[kind]]
        if kind in SOURCES:
            left = min(left, self._get_source_left(kind))
        if kind == "repair" and self.product_id.type != "consu":
            left = 0
        return max(self.uom_id.round(left), 0.0)

    def _get_source_left(self, kind):
        # sudo: the documents of this case, see `_link_to_sold`; of them a number
        source_sudo = self.sudo()[SOURCES[kind]]
        if not source_sudo:
            return 0.0
        if kind == "return":
            unit = source_sudo.product_uom
            taken = self._get_returned(source_sudo)
        else:
            unit = source_sudo.product_uom_id or self.uom_id
            taken = self._get_credited(source_sudo)
        total = unit._compute_quantity(source_sudo.quantity, self.uom_id, round=False)
        claimed = self._get_claims(source_sudo, kind)
        return total - taken - sum(claimed.mapped("quantity"))

    def _get_claims(self, source_sudo, kind):
        """All that is live on an invoice line or delivery, of any case."""
        # sudo: of any case, or the same would be given twice
        claims_sudo = self.env["crm.feedback.compensation.line"].sudo()
        return claims_sudo.search(
            Domain(SOURCES[kind], "=", source_sudo.id)
            & Domain("claim", "=", CLAIMS[kind])
            & Domain("is_live", "=", True)
        )

    def _get_compensating(self, kind):
        """Names of what compensates this product already."""
        # sudo: whoever works on the case is told why there is no more
        claims_sudo = self.sudo().compensation_line_ids.filtered(
            lambda one: one.is_live and one.claim == CLAIMS[kind]
        )
        if kind in SOURCES and (source_sudo := self.sudo()[SOURCES[kind]]):
            claims_sudo |= self._get_claims(source_sudo, kind)
        return [
            " ".join(filter(None, (one.display_name, one.document_name)))
            for one in claims_sudo.compensation_id
        ]

    def _get_credited(self, item_sudo):
        """What users have credited of an invoice line without a case."""
        credits_sudo = item_sudo.move_id.reversal_move_ids.filtered(
            lambda move: move.state != "cancel" and not move.crm_compensation_ids
        )
        return sum(
            line.product_uom_id._compute_quantity(
                line.quantity, self.uom_id, round=False
            )
            for line in credits_sudo.invoice_line_ids
            if line.product_id == item_sudo.product_id
        )

    def _get_returned(self, move_sudo):
        """What users have taken back of a delivery without a case."""
        return sum(
            back.product_uom._compute_quantity(
                back.quantity if back.state == "done" else back.product_uom_qty,
                self.uom_id,
                round=False,
            )
            for back in move_sudo.returned_move_ids
            if back.state != "cancel" and not back.picking_id.crm_compensation_ids
        )

    def _get_price(self):
        """What one piece was invoiced at, as the invoice states prices."""
        # sudo: as in _get_source_left
        item_sudo = self.sudo().invoice_line_id
        share = self.uom_id._compute_quantity(1, item_sudo.product_uom_id, round=False)
        return item_sudo.price_unit * (1 - item_sudo.discount / 100) * share

    def _get_value(self, kind, quantity, reduction):
        """What a compensation is worth in the company's currency, without tax."""
        # sudo: as in _get_source_left; costs of products are kept by company
        line_sudo = self.sudo().with_company(self.company_id)
        if kind == "replacement":
            return quantity * line_sudo.product_id.standard_price
        item_sudo = line_sudo.invoice_line_id
        if kind not in ("credit", "reduction") or not item_sudo.quantity:
            return 0.0
        unit = item_sudo.product_uom_id or self.uom_id
        pieces = unit._compute_quantity(item_sudo.quantity, self.uom_id, round=False)
        if kind == "credit":
            return abs(item_sudo.balance) * quantity / pieces
        # the tax that a price includes is left out, and the rate is the invoice's
        price = self._get_price()
        return abs(item_sudo.balance) / (price * pieces) * reduction if price else 0.0


class CrmFeedback(models.Model):
    _inherit = "crm.feedback"

    def action_compensate(self):
        """What does the customer get? The wizard asks."""
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_feedback_compensate_action"
        )
        action["context"] = {"default_feedback_id": self.id}
        return action

    def _propose_compensation(self, kind, wanted, **vals):
        """Propose it, one compensation for each document that it will take.

        :param wanted: list of (line of the case, quantity, reduction); the reduction
            in the currency of the invoice, for a price reduction alone
        :param vals: of the compensations
        :return: the compensations
        """
        self.ensure_one()
        self.check_access("write")
        if self.is_closed:
            raise UserError(self.env._("This case is closed. Open it again first."))
        if not self.partner_id:
            raise UserError(self.env._("Say who the customer is first."))
        if kind not in dict(KINDS):
            raise ValidationError(self.env._("Choose what the customer gets."))
        wanted = [one for one in wanted if one[1]]
        if not wanted or any(line.feedback_id != self for line, _qty, _off in wanted):
            raise UserError(self.env._("Say how much of which product."))
        groups = {}
        for line, quantity, reduction in wanted:
            self._check_wanted(kind, line, quantity, reduction)
            # sudo: as in `_get_source_left`
            line_sudo = line.sudo()
            source_sudo = {
                "return": line_sudo.move_id.picking_id,
                "repair": line_sudo,
                "replacement": self.browse(),
            }.get(kind, line_sudo.invoice_line_id.move_id)
            groups.setdefault(source_sudo.id, []).append((line, quantity, reduction))
        # sudo: nobody writes these records; the right to the case is checked
        compensations_sudo = self.env["crm.feedback.compensation"].sudo()
        for group in groups.values():
            compensations_sudo += compensations_sudo.create(
                self._prepare_compensation(kind, group, vals)
            )
        compensations = compensations_sudo.sudo(self.env.su)
        compensations._ask_approval_where_needed()
        return compensations

    def _check_wanted(self, kind, line, quantity, reduction):
        left = line._get_quantity_left(kind)
        if quantity < 0 or line.uom_id.compare(quantity, left) > 0:
            others = line._get_compensating(kind)
            raise UserError(
                self.env._(
                    "%(product)s: no more than %(left)g of it can be compensated so."
                    " %(why)s",
                    product=line.product_id.display_name,
                    left=left,
                    why=self.env._("There is already: %s", "; ".join(others))
                    if others
                    else "",
                )
            )
        if kind == "reduction":
            most = line._get_price() * quantity
            # sudo: as in `_get_source_left`
            currency = line.sudo().invoice_line_id.currency_id
            if (
                currency.compare_amounts(reduction, 0) <= 0
                or currency.compare_amounts(reduction, most) > 0
            ):
                raise UserError(
                    self.env._(
                        "%(product)s: the price can be reduced by up to %(most)s.",
                        product=line.product_id.display_name,
                        most=currency.format(most),
                    )
                )

    def _prepare_compensation(self, kind, group, vals):
        source = SOURCES.get(kind)
        lines = []
        # sudo: as in `_get_source_left`
        sources_sudo = [line.sudo()[source] if source else None for line, *_ in group]
        slots = self._get_slots(kind, sources_sudo)
        for (line, quantity, reduction), source_sudo in zip(
            group, sources_sudo, strict=True
        ):
            values = {
                "feedback_line_id": line.id,
                "quantity": quantity,
                "claim": CLAIMS[kind],
                "reduction": reduction if kind == "reduction" else 0.0,
                "amount": line._get_value(kind, quantity, reduction),
            }
            if source_sudo:
                slots[source_sudo.id] = slots.get(source_sudo.id, 0) + 1
                values |= {source: source_sudo.id, "slot": slots[source_sudo.id]}
            lines.append(Command.create(values))
        line_sudo = group[0][0].sudo()
        return {
            **vals,
            "feedback_id": self.id,
            "kind": kind,
            "user_id": self.env.uid,
            "invoice_id": source == "invoice_line_id"
            and line_sudo.invoice_line_id.move_id.id,
            "picking_id": source == "move_id" and line_sudo.move_id.picking_id.id,
            # sudo: a setting of the company of the case
            "handling_cost": self.company_id.sudo().crm_return_cost
            if kind == "return"
            else 0.0,
            "line_ids": lines,
        }

    def _get_slots(self, kind, sources_sudo):
        """{id of an invoice line or delivery: the highest slot that was ever taken}"""
        source = SOURCES.get(kind)
        if not source:
            return {}
        # sudo: of any case, whoever may read it
        claims_sudo = self.env["crm.feedback.compensation.line"].sudo()
        return {
            record.id: slot
            for record, slot in claims_sudo._read_group(
                Domain(source, "in", [one.id for one in sources_sudo if one])
                & Domain("claim", "=", CLAIMS[kind]),
                [source],
                ["slot:max"],
            )
        }
