"""Credits in parts, whatever the price, the discount and the quantities."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.fields import Command

from .compensation_common import CompensationCase

CENT = Decimal("0.01")


class TestFeedbackCompensationMoney(CompensationCase):
    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        cents=st.integers(1, 99_999),
        discount=st.sampled_from((0, 5, 12.5, 33.33)),
        parts=st.lists(st.integers(1, 4), min_size=1, max_size=3),
        off=st.integers(1, 100),
    )
    def test_parts_of_a_line(self, cents, discount, parts, off):
        """Each part is what its quantity costs, to the cent; the case costs what its
        notes say; no more than the line is ever given.
        """
        price = Decimal(cents) / 100
        net = price * (1 - Decimal(str(discount)) / 100)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-01-10",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.goods.id,
                            "quantity": sum(parts) + 1,
                            "price_unit": float(price),
                            "discount": discount,
                            "tax_ids": [Command.set(self.tax_21.ids)],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        line = self._line(
            self.goods,
            quantity=sum(parts) + 1,
            invoice_line_id=invoice.invoice_line_ids.id,
        )
        case = self._case(line_ids=[line])
        notes = self.env["account.move"]
        for quantity in parts:
            _given, action = self._propose(case, "credit", self.clerk, quantity)
            notes += self._reverse(action, self.clerk)
            self.assertEqual(
                Decimal(str(notes[-1].amount_untaxed)).quantize(CENT),
                (net * quantity).quantize(CENT, ROUND_HALF_UP),
            )
        reduction = (net * off / 100).quantize(CENT, ROUND_HALF_UP)
        if 0 < reduction <= net:
            _given, action = self._propose(
                case, "reduction", self.clerk, (1, float(reduction))
            )
            notes += self._reverse(action, self.clerk)
            self.assertEqual(
                Decimal(str(notes[-1].amount_untaxed)).quantize(CENT), reduction
            )
        notes.write({"invoice_date": "2026-02-01"})
        for note in notes:
            # Odoo matches one of those that are posted together
            note.action_post()
        self.env.flush_all()
        self.env.invalidate_all()
        currency = self.env.company.currency_id
        total = sum(notes.mapped("amount_untaxed"))
        self.assertFalse(currency.compare_amounts(case.cost, total))
        self.assertFalse(currency.compare_amounts(case.compensation_amount, total))
        self.assertFalse(
            currency.compare_amounts(
                invoice.amount_residual,
                invoice.amount_total - sum(notes.mapped("amount_total")),
            )
        )
        self.assertEqual(
            case.line_ids._get_quantity_left("credit"),
            0 if 0 < reduction <= net else 1,
        )
