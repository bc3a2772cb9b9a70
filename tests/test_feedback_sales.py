"""Open complaints where one sells: on the sales record and on the quotation."""

from odoo.fields import Command

from .feedback_common import FeedbackCase


class TestFeedbackSales(FeedbackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._order((cls.goods, 1), (cls.prepaid, 1))
        cls.question = cls.env.ref("crm_custom.crm_feedback_type_question")
        cls.case = cls._case(
            line_ids=[cls._line(cls.goods), cls._line(cls.goods)],
        )

    def _counts(self, order, user=None):
        records = self.env["crm.sales.record"].with_user(user or self.user_sales_all)
        self.env.flush_all()
        self.env.invalidate_all()
        return {
            record.product_id: (
                record.complaint_count,
                record.customer_complaint_count,
            )
            for record in records.search([("order_id", "=", order.id)])
        }

    def test_the_sales_record_has_what_is_complained_about(self):
        self.assertEqual(
            self._counts(self.order), {self.goods: (1, 1), self.prepaid: (0, 1)}
        )
        # a question is no complaint, and what is archived or closed is no work
        self._case(type_id=self.question.id, line_ids=[self._line(self.prepaid)])
        for vals in ({"active": False}, {"stage_id": self._stage("closed").id}):
            self._case(line_ids=[self._line(self.prepaid)]).write(vals)
        self._case(partner_id=self.stranger.id)
        self.assertEqual(self._counts(self.order)[self.prepaid], (0, 1))
        self._case(line_ids=[self._line(self.prepaid)])
        self.assertEqual(
            self._counts(self.order), {self.goods: (1, 2), self.prepaid: (1, 2)}
        )
        self.assertEqual(
            self._counts(self.order, self.user_sales_own)[self.goods], (1, 2)
        )

    def test_found_and_led_to(self):
        records = self.env["crm.sales.record"].with_user(self.user_sales_all)
        mine = ("order_id", "=", self.order.id)
        found = records.search([mine, ("complaint_count", ">", 0)])
        self.assertEqual(found.product_id, self.goods)
        self.assertEqual(
            records.search_count([mine, ("customer_complaint_count", ">", 0)]), 2
        )
        about = self._case()
        action = found.action_view_complaints()
        cases = self.env["crm.feedback"].with_user(self.user_sales_all)
        self.assertEqual(cases.search(action["domain"]), self.case)
        other = records.search([mine, ("complaint_count", "=", 0)])
        action = other.action_view_complaints()
        self.assertEqual(cases.search(action["domain"]), self.case | about)

    def test_the_quotation_says_it_before_it_is_sent(self):
        quotation = self._order((self.goods, 1), (self.prepaid, 1), confirm=False)
        quotation = quotation.with_user(self.user_sales_own)
        self.assertEqual(quotation.customer_complaint_count, 1)
        self.assertEqual(quotation.order_line.mapped("complaint_count"), [1, 0])
        action = quotation.action_view_customer_complaints()
        self.assertEqual(
            self.env["crm.feedback"].search(action["domain"]).ids, self.case.ids
        )
        theirs = self._order(
            (self.goods, 1), confirm=False, partner_id=self.stranger.id
        )
        self.assertEqual(theirs.customer_complaint_count, 0)
        self.assertEqual(theirs.order_line.complaint_count, 0)

    def test_the_price_is_the_same_for_many_lines(self):
        quotation = self._order((self.goods, 1), confirm=False)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            lines = quotation.with_user(self.user_sales_all).order_line
            before = self.env.cr.sql_log_count
            lines.mapped("complaint_count")
            return self.env.cr.sql_log_count - before

        count()
        first = count()
        quotation.order_line = [
            Command.create({"product_id": product.id})
            for product in (self.prepaid, self.goods) * 5
        ]
        self._case(line_ids=[self._line(self.prepaid)])
        self.assertEqual(count(), first)
