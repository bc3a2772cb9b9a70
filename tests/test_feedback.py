"""A case, from the customer's word to the stage where it ends."""

from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Datetime
from odoo.tests import Form

from .feedback_common import FeedbackCase


class TestFeedback(FeedbackCase):
    def test_a_case_as_an_agent_takes_it_in(self):
        with Form(self.env["crm.feedback"].with_user(self.agent)) as form:
            form.subject = "Scratched"
            form.partner_id = self.contact
            form.type_id = self.env.ref("crm_custom.crm_feedback_type_defect")
            self.assertEqual(form.partner_id, self.customer)
            self.assertEqual(form.contact_id, self.contact)
            self.assertEqual(form.team_id, self.team)
            self.assertEqual(form.stage_id, self._stage("new"))
        case = form.save()
        self.assertRegex(case.name, r"^FB\d{6}$")
        self.assertEqual(case.display_name, f"{case.name} Scratched")
        self.assertEqual(case.severity_id.name, "Serious")
        self.assertEqual(case.priority, "2")
        self.assertEqual(case.company_id, self.env.company)
        self.assertFalse(case.user_id or case.is_closed or case.date_closed)

    def test_customer_and_contact_must_match(self):
        stranger = self._create_contact(self.stranger)
        with self.assertRaisesRegex(ValidationError, "does not belong to"):
            self._case(contact_id=stranger.id)
        case = self._case(contact_id=self.contact.id)
        with self.assertRaisesRegex(ValidationError, "does not belong to"):
            case.write({"partner_id": self.stranger.id})
        with Form(self.env["crm.feedback"].with_user(self.agent)) as form:
            form.subject = "x"
            form.type_id = self.complaint
            form.partner_id = self.customer
            form.contact_id = self.contact
            form.partner_id = self.stranger
            self.assertEqual(form.contact_id, stranger, "his own primary contact")
        result = (
            self.env["crm.feedback"]
            .with_user(self.agent)
            .load(
                ["subject", "partner_id/.id", "contact_id/.id"],
                [["Imported", str(self.customer.id), str(stranger.id)]],
            )
        )
        self.assertFalse(result["ids"])
        self.assertIn("does not belong to", result["messages"][0]["message"])

    def test_a_person_alone_brings_his_company(self):
        case = self._case(partner_id=False, contact_id=self.contact.id)
        self.assertEqual(case.partner_id, self.customer)
        case = self._case(partner_id=self.contact.id)
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.contact_id, self.contact)

    def test_numbers_are_drawn_in_sets_and_by_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["ir.sequence"].create(
            {
                "name": "Theirs",
                "code": "crm.feedback",
                "prefix": "X-",
                "company_id": other.id,
            }
        )
        cases = self.env["crm.feedback"].create(
            [
                {"subject": str(no), "company_id": company.id}
                for no, company in enumerate([self.env.company, other] * 2)
            ]
        )
        self.assertEqual(len(set(cases.mapped("name"))), 4)
        self.assertEqual([case.name[:2] for case in cases], ["FB", "X-", "FB", "X-"])
        self.assertFalse(cases[1].team_id)
        with self.assertRaisesRegex(UserError, "stays what it is"):
            cases[0].name = "FB1"

    def test_stages_set_the_days_and_take_them_back(self):
        case = self._case()
        case.stage_id = self._stage("solved")
        solved = case.date_solved
        self.assertTrue(solved)
        self.assertFalse(case.date_closed or case.is_closed)
        case.stage_id = self._stage("closed")
        self.assertEqual(case.date_solved, solved)
        self.assertTrue(case.date_closed and case.is_closed)
        case.stage_id = self._stage("progress")
        self.assertFalse(case.date_solved or case.date_closed or case.is_closed)
        case.stage_id = self._stage("refused")
        self.assertTrue(case.date_closed)
        self.assertFalse(case.date_solved)

    def test_stages_of_a_team(self):
        own = self.env["crm.feedback.stage"].create(
            {"name": "At the workshop", "team_ids": [Command.set(self.other_team.ids)]}
        )
        case = self._case()
        with self.assertRaisesRegex(ValidationError, "is none of the team"):
            case.stage_id = own
        manager = case.with_user(self.manager)
        manager.team_id = self.other_team
        manager.stage_id = own
        manager.team_id = self.team
        self.assertEqual(case.stage_id, self._stage("new"))
        case.stage_id = self._stage("waiting")
        groups = (
            self.env["crm.feedback"]
            .with_user(self.agent)
            .with_context(default_team_id=self.team.id, read_group_expand=True)
            .web_read_group(
                [("team_id", "=", self.team.id)], ["stage_id"], ["__count"]
            )["groups"]
        )
        names = [group["stage_id"][1] for group in groups]
        self.assertEqual(names[:3], ["New", "In progress", "Waiting for the customer"])
        self.assertNotIn("At the workshop", names)

    def test_the_first_answer_is_the_first_public_word_of_ours(self):
        case = self._case(contact_id=self.contact.id)
        self.contact.email = "person@customer.example.com"

        def post(user, **vals):
            case.with_user(user).message_post(body="Hello", **vals)

        public = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        post(self.agent, message_type="comment", subtype_xmlid="mail.mt_note")
        post(self.agent, **public)
        self.assertFalse(case.date_first_answer, "nobody of the customer got it")
        case.message_post(body="Well?", author_id=self.contact.id, **public)
        self.assertFalse(case.date_first_answer, "the customer himself")
        post(self.agent, partner_ids=self.contact.ids, **public)
        first = case.date_first_answer
        self.assertTrue(first)
        case.sudo().date_first_answer = first - timedelta(days=1)
        post(self.agent, partner_ids=self.contact.ids, **public)
        self.assertEqual(case.date_first_answer, first - timedelta(days=1))

    def test_who_gets_a_case_of_a_severity(self):
        severity = self.env.ref("crm_custom.crm_feedback_severity_critical")
        severity.with_company(self.env.company).user_id = self.manager
        self.assertEqual(self._case(severity_id=severity.id).user_id, self.manager)
        self.complaint.severity_id = severity
        self.assertEqual(self._case().user_id, self.manager)
        mine = self._case(user_id=self.agent.id)
        self.assertEqual(mine.user_id, self.agent)
        self.assertEqual(mine.priority, "3")

    def test_impossible_values(self):
        with self.assertRaisesRegex(ValidationError, "in the future"):
            self._case(date_received=Datetime.now() + timedelta(days=1))
        case = self._case()
        with self.assertRaisesRegex(ValidationError, "linked to itself"):
            case.linked_ids = case
        kind = self.env["crm.feedback.type"].create({"name": "A"})
        below = kind.create({"name": "B", "parent_id": kind.id})
        self.assertEqual(below.display_name, "A / B")
        with self.assertRaises(UserError):
            kind.parent_id = below

    def test_linked_cases_know_each_other(self):
        one, two = self._case(), self._case()
        one.linked_ids = two
        self.assertEqual(two.linked_from_ids, one)

    def test_a_document_of_another_customer_is_refused(self):
        theirs = self._order((self.goods, 1), partner_id=self.stranger.id)
        with self.assertRaisesRegex(ValidationError, "is not of the customer"):
            self._case(user=self.user_sales_all, order_id=theirs.id)

    def test_creating_costs_by_set_and_not_by_case(self):
        order = self._order((self.goods, 5))
        self._deliver(order)

        def count(number):
            vals = {
                "partner_id": self.customer.id,
                "type_id": self.complaint.id,
                "user_id": self.colleague.id,
            }
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["crm.feedback"].with_user(self.manager).create(
                [
                    {**vals, "subject": f"{no}", "line_ids": [self._line(self.goods)]}
                    for no in range(number)
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        # what the first sets look up is known from then on
        count(2)
        count(40)
        self.assertEqual(count(40), count(10))

    def test_a_page_costs_the_same_at_any_length(self):
        spec = {
            name: {"fields": {"display_name": {}}} if name.endswith("_id") else {}
            for name in (
                "name",
                "subject",
                "partner_id",
                "type_id",
                "stage_id",
                "user_id",
                "priority",
                "date_received",
            )
        }

        def count(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases = self.env["crm.feedback"].with_user(self.agent)
            cases.web_search_read([], {**spec, "activity_ids": {}}, limit=limit)
            return self.env.cr.sql_log_count - before

        self.env["crm.feedback"].create(
            [{"subject": str(no), "partner_id": self.customer.id} for no in range(60)]
        )
        count(5)
        few = count(5)
        self.assertLessEqual(count(60), few)
        self.assertLess(few, 20)

    def test_a_merge_of_customers_and_a_move_of_a_person_lose_no_case(self):
        alone = self._create_customer(name="Lone Person", is_company=False)
        case = self._case(partner_id=alone.id)
        alone.parent_id = self.customer
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.contact_id, alone)
        twin = self._create_customer(name="Twin")
        self._order((self.goods, 1), partner_id=twin.id)
        theirs = self._case(partner_id=twin.id, line_ids=[self._line(self.goods)])
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer | twin).ids, self.customer
        )
        self.env.invalidate_all()
        self.assertEqual(theirs.partner_id, self.customer)
        self.assertEqual(len(theirs.line_ids), 1)
