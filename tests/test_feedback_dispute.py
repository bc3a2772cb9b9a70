"""A complaint disputes what it is about, and its end ends exactly that."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form

from .feedback_common import FeedbackCase


class TestFeedbackDispute(FeedbackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("crm_custom.crm_dispute_reason_defective")
        cls.halves = cls.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (10, 40)
                ],
            }
        )
        # 10 desks of 100 and 21 % tax, and 2 others of 50 without tax: 1310
        cls.order = cls._order(
            (cls.goods, 10, {"tax_ids": [Command.set(cls.tax_21.ids)]}),
            (cls.prepaid, 2),
            payment_term_id=cls.halves.id,
        )
        cls._deliver(cls.order)
        cls.invoice = cls.order._create_invoices()
        cls.invoice.invoice_date = "2026-01-10"
        cls.invoice.action_post()

    def _wizard(self, case, user=None):
        action = case.with_user(user or self.agent).action_dispute()
        return Form.from_action(self.env(user=user or self.agent), action)

    def _dispute(self, case, amount=None, user=None):
        form = self._wizard(case, user)
        form.reason_id = self.reason
        if amount is not None:
            with form.line_ids.edit(0) as line:
                line.amount = amount
        form.save().action_open()
        return case.dispute_ids

    def test_the_disputed_lines_with_tax_on_the_youngest_instalments(self):
        """3 of 10 desks: 3 x 121 = 363, on the half of 655 that is due last; by an
        agent without any right on invoices.
        """
        case = self._case(line_ids=[self._line(self.goods, quantity=3)])
        wizard = self._wizard(case)
        with wizard.line_ids.edit(0) as line:
            self.assertEqual(line.number, self.invoice.name)
            self.assertEqual((line.amount_left, line.amount), (1310, 363))
        wizard.date_until = date(2026, 12, 24)
        wizard.reason_id = self.reason
        wizard.save().action_open()
        dispute = case.dispute_ids
        self.assertEqual(dispute.amount, 363)
        self.assertEqual(str(dispute.date_maturity), "2026-02-19")
        self.assertEqual(dispute.date_until, date(2026, 12, 24))
        self.assertEqual((dispute.user_id, dispute.origin), (self.agent, case))
        # what he opened, he reads and cannot change
        mine = dispute.with_user(self.agent)
        self.assertEqual(mine.number, self.invoice.name)
        with self.assertRaises(AccessError):
            mine.write({"note": "x"})
        with self.assertRaises(AccessError):
            self.invoice.with_user(self.agent).read(["name"])
        # 800 spill over to the first instalment
        other = self._case(invoice_id=False, line_ids=[self._line(self.goods)])
        disputes = self._dispute(other, 800)
        self.assertEqual(
            {str(d.date_maturity): d.amount for d in disputes},
            {"2026-02-19": 292, "2026-01-20": 508},
        )
        # solving ends exactly what this case disputes
        case.with_user(self.agent).stage_id = self._stage("solved")
        self.assertEqual((dispute.state, dispute.outcome), ("ended", "conceded"))
        self.assertEqual(set(disputes.mapped("state")), {"open"})
        other.stage_id = self._stage("refused")
        self.assertEqual(set(disputes.mapped("outcome")), {"upheld"})
        with self.assertRaisesRegex(UserError, "This case is over"):
            case.with_user(self.agent).action_dispute()

    def test_an_invoice_as_a_whole(self):
        case = self._case(user=self.manager)
        with self.assertRaisesRegex(UserError, "No invoice of this case"):
            case.action_dispute()
        case.sudo().invoice_id = self.invoice
        disputes = self._dispute(case, user=self.manager)
        self.assertEqual(sum(disputes.mapped("amount")), 1310)
        self.assertEqual(len(disputes), 2)
        self.assertTrue(all(disputes.move_line_id.mapped("no_followup")))
        with self.assertRaisesRegex(UserError, "no more than"):
            self._dispute(case, 1, user=self.manager)
        case.stage_id = self._stage("closed")
        self.assertFalse(any(disputes.move_line_id.mapped("no_followup")))

    def test_no_invoice_of_somebody_elses(self):
        case = self._case(line_ids=[self._line(self.goods)])
        wizard = self._wizard(case)
        wizard.reason_id = self.reason
        wizard = wizard.save()
        theirs = self.invoice.copy({"partner_id": self.stranger.id})
        theirs.action_post()
        wizard.line_ids.invoice_id = theirs
        with self.assertRaisesRegex(UserError, "no invoice of this case"):
            wizard.action_open()
        self.assertFalse(theirs.crm_dispute_count)
        case.user_id = self.colleague
        wizard.line_ids.invoice_id = self.invoice
        with self.assertRaises(AccessError):
            wizard.action_open()
        # who only reads the case is not told what its invoices say
        self.assertTrue(case.with_user(self.agent).has_access("read"))
        for model in ("crm.feedback.dispute", "crm.feedback.compensate"):
            wizards = self.env[model].with_user(self.agent)
            with self.assertRaises(AccessError):
                wizards.with_context(default_feedback_id=case.id).default_get(
                    ["feedback_id", "line_ids"]
                )
        for user in (self.user_sales_own, self.user_portal):
            with self.assertRaises(AccessError):
                case.with_user(user).action_dispute()

    def test_merged_and_deleted_cases(self):
        source = self._case(line_ids=[self._line(self.goods)])
        target = self._case(subject="Again")
        dispute = self._dispute(source)
        merge = self.env["crm.feedback.merge"].with_user(self.manager)
        merge.with_context(active_ids=(source | target).ids).create(
            {"target_id": target.id}
        ).action_merge()
        self.assertEqual((dispute.state, dispute.feedback_id), ("open", target))
        target.with_user(self.manager).unlink()
        dispute = dispute.sudo()
        self.assertEqual((dispute.state, dispute.outcome), ("ended", "withdrawn"))
