"""The same told twice: similar cases while typing, and cases made one."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form

from .feedback_common import FeedbackCase


class TestFeedbackSimilar(FeedbackCase):
    def _wizard(self, cases, user=None):
        return (
            self.env["crm.feedback.merge"]
            .with_user(user or self.agent)
            .with_context(active_model="crm.feedback", active_ids=cases.ids)
            .create({})
        )

    # ------------------------------------------------------------
    # Similar
    # ------------------------------------------------------------

    def test_similar_cases_show_while_one_is_typed(self):
        self._order((self.goods, 1))
        like = self._case(subject="The desk is scratched on the left")
        goods = self._case(subject="Something else", line_ids=[self._line(self.goods)])
        self._case(subject="When do you deliver?", partner_id=self.stranger.id)
        other = self._case(subject="Desk is scratched", partner_id=self.stranger.id)
        with Form(self.env["crm.feedback"].with_user(self.agent)) as form:
            form.type_id = self.complaint
            form.subject = "Desk is scratched"
            self.assertEqual(form.similar_ids[0], other)
            self.assertIn(like, form.similar_ids[:])
            self.assertNotIn(goods, form.similar_ids[:])
            form.partner_id = self.customer
            with form.line_ids.new() as line:
                line.product_id = self.goods
            self.assertIn(goods, form.similar_ids[:])

    def test_similar_cases_are_those_that_one_may_read(self):
        theirs = self._case(subject="Zebra desk", partner_id=self.stranger.id)
        other = self.env["res.company"].create({"name": "Other"})
        self.env["crm.feedback"].create(
            {"subject": "Zebra desk", "company_id": other.id}
        )
        mine = self._case(user=self.user_sales_own, subject="Zebra desk")
        self.env.invalidate_all()
        self.assertFalse(mine.with_user(self.user_sales_own).similar_ids)
        self.env.invalidate_all()
        self.assertEqual(mine.with_user(self.agent).similar_ids.ids, theirs.ids)

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def test_a_merge_keeps_both_histories(self):
        self._order((self.goods, 1), (self.prepaid, 1))
        stays = self._case(line_ids=[self._line(self.goods)])
        goes = self._case(
            subject="Scratches",
            description="<p>On the left</p>",
            contact_id=self.contact.id,
            line_ids=[self._line(self.prepaid)],
        )
        linked = self._case()
        goes.linked_ids = linked
        goes.message_post(body="What he wrote", attachments=[("picture.txt", b"x")])
        goes.message_subscribe(self.contact.ids)
        goes.activity_schedule("mail.mail_activity_data_todo", user_id=self.agent.id)
        messages = goes.message_ids
        wizard = self._wizard(stays | goes)
        self.assertEqual(wizard.target_id, stays)
        wizard.action_merge()
        self.env.invalidate_all()
        self.assertLessEqual(messages, stays.message_ids)
        self.assertEqual(stays.line_ids.product_id, self.goods | self.prepaid)
        self.assertIn(self.contact, stays.message_partner_ids)
        self.assertEqual(stays.contact_id, self.contact)
        self.assertIn("On the left", stays.description)
        self.assertEqual(stays.linked_ids, linked)
        self.assertEqual(len(stays.activity_ids), 1)
        self.assertEqual(
            self.env["ir.attachment"]
            .search([("name", "=", "picture.txt"), ("res_model", "=", "crm.feedback")])
            .mapped("res_id"),
            stays.ids,
        )
        self.assertTrue(goes.is_closed)
        self.assertFalse(goes.active or goes.is_solved)
        self.assertEqual(goes._get_merged(), stays)
        self.assertIn(stays.name, goes.message_ids[0].body)

    def test_what_is_not_merged(self):
        case = self._case()
        theirs = self._case(partner_id=self.stranger.id)
        with self.assertRaisesRegex(UserError, "of different customers"):
            self._wizard(case | theirs).action_merge()
        with self.assertRaisesRegex(UserError, "two cases or more"):
            self._wizard(case).action_merge()
        taken = self._case()
        taken.with_user(self.colleague).action_take()
        with self.assertRaises(AccessError):
            self._wizard(case | taken).action_merge()
        with self.assertRaises(AccessError):
            self._wizard(case, user=self.user_sales_own)

    def test_a_target_from_elsewhere_is_refused(self):
        cases = self._case() | self._case()
        wizard = self._wizard(cases)
        wizard.write({"target_id": self._case().id})
        with self.assertRaisesRegex(UserError, "two cases or more"):
            wizard.action_merge()
        wizard.feedback_ids = [Command.clear()]
        with self.assertRaises(UserError):
            wizard.action_merge()
