"""Whether the customer was satisfied: asked once, answered on Odoo's own page."""

from odoo.tests import HttpCase

from odoo.addons.mail.tests.common import MailCase

from .feedback_common import FeedbackCase


class TestFeedbackSatisfaction(MailCase, FeedbackCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.email = "person@example.com"
        cls.team.user_id = cls.manager
        cls.agent.group_ids += cls.env.ref("base.group_user")

    def _solved(self, **vals):
        case = self._case(
            team_id=self.team.id,
            user_id=self.agent.id,
            contact_id=self.contact.id,
            **vals,
        )
        case.stage_id = self._stage("solved")
        return case

    def _mails(self, case):
        return (
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", "crm.feedback"), ("res_id", "=", case.id)])
        )

    def _answer(self, rating, rate, words=""):
        self.authenticate(None, None)
        page = self.url_open(f"/rate/{rating.access_token}/{rate}")
        self.assertEqual(page.status_code, 200)
        page = self.url_open(
            f"/rate/{rating.access_token}/submit_feedback",
            data={
                "rate": rate,
                "feedback": words,
                "csrf_token": self._csrf(page.text),
            },
        )
        self.assertEqual(page.status_code, 200)
        self.env.invalidate_all()

    def _csrf(self, text):
        return text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]

    def test_asked_once_when_it_is_solved(self):
        case = self._solved()
        mail = self._mails(case)
        self.assertEqual(len(mail), 1)
        self.assertIn(f"[{case.name}] Are you satisfied?", mail.subject)
        self.assertEqual(mail.recipient_ids, self.contact)
        rating = case.sudo().rating_ids
        self.assertIn(f"/rate/{rating.access_token}/1", mail.body_html)
        self.assertEqual(rating.rated_partner_id, self.agent.partner_id)
        self.assertEqual(rating.parent_res_id, self.team.id)
        self.assertTrue(case.date_rating_asked)
        self.assertFalse(case.date_first_answer)
        # back and forth, and closed: he owes us an answer already
        for stage in ("progress", "solved", "closed"):
            case.stage_id = self._stage(stage)
        self.assertEqual(len(self._mails(case)), 1)

    def test_who_is_not_asked(self):
        self.assertFalse(self._mails(self._case()))
        refused = self._case()
        refused.stage_id = self._stage("refused")
        self.assertFalse(refused.date_rating_asked)
        over = self._case(contact_id=self.contact.id)
        over.with_context(import_file=True).stage_id = self._stage("solved")
        self.assertFalse(over.date_rating_asked)
        taken_in_solved = self._case(
            contact_id=self.contact.id, stage_id=self._stage("solved").id
        )
        self.assertFalse(taken_in_solved.date_rating_asked)
        self.team.ask_satisfaction = False
        self.assertFalse(self._solved().date_rating_asked)
        self.team.ask_satisfaction = True
        self.contact.email = False
        self.assertFalse(self._solved().date_rating_asked)

    def test_a_sender_whom_we_do_not_know_is_asked_too(self):
        case = self.env["crm.feedback"].create(
            {"subject": "?", "email_from": "who@example.com", "team_id": self.team.id}
        )
        partners = self.env["res.partner"].search_count([])
        case.stage_id = self._stage("solved")
        self.assertEqual(self._mails(case).email_to, "who@example.com")
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_an_unhappy_answer_opens_the_case_again(self):
        case = self._solved()
        rating = case.sudo().rating_ids
        self._answer(rating, 1, "Still <b>scratched</b>")
        self.assertEqual(case.satisfaction, "unhappy")
        self.assertIn("Still", case.rating_last_feedback)
        self.assertFalse(case.is_solved)
        activity = case.activity_ids
        self.assertEqual(activity.user_id, self.agent)
        self.assertNotIn("<b>", activity.note)
        # he corrects his words: told once
        self._answer(rating, 1, "Still scratched, I said")
        self.assertEqual(case.activity_ids, activity)
        # solved at last: asked anew, and happy
        case.stage_id = self._stage("solved")
        again = case.sudo().rating_ids - rating
        self.assertEqual(len(again), 1)
        self._answer(again, 5)
        self.assertEqual(case.satisfaction, "happy")
        self.assertTrue(case.is_solved)
        self.assertEqual(self.team.rating_count, 2)
        self.assertEqual(self.team.rating_percentage_satisfaction, 50)

    def test_an_unhappy_answer_is_told_to_the_leader(self):
        self.team.unhappy_action = "tell"
        case = self._solved()
        self._answer(case.sudo().rating_ids, 1)
        self.assertTrue(case.is_solved)
        self.assertEqual(case.activity_ids.user_id, self.manager)
        neutral = self._solved()
        self._answer(neutral.sudo().rating_ids, 3)
        self.assertEqual(neutral.satisfaction, "neutral")
        self.assertFalse(neutral.activity_ids)
        self.team.user_id = False
        case = self._solved()
        self._answer(case.sudo().rating_ids, 1)
        self.assertTrue(
            case.activity_ids.user_id.has_group(
                "crm_custom.group_crm_custom_feedback_manager"
            )
        )

    def test_found_by_what_was_answered(self):
        case = self._solved()
        cases = self.env["crm.feedback"].with_user(self.agent)
        silent = [("date_rating_asked", "!=", False), ("satisfaction", "=", False)]
        self.assertIn(case, cases.search(silent))
        self._answer(case.sudo().rating_ids, 5, "Fine")
        self.assertNotIn(case, cases.search(silent))
        action = self.team.with_user(self.agent).action_view_satisfaction()
        self.assertEqual(cases.search(action["domain"]), case)
