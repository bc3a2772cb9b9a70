"""What helped once: written from a case, reviewed, found again, and counted."""

from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from .feedback_common import FeedbackCase


class TestFeedbackSolution(FeedbackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._order((cls.goods, 1))
        cls.cause = cls.env["crm.feedback.cause"].create({"name": "Packing"})
        cls.solution = cls._solution(
            "Fronts that arrive scratched",
            symptom="Scratches on the front of the drawer",
            instructions="<p>Send the <b>wax stick</b></p>",
            cause_id=cls.cause.id,
        )

    @classmethod
    def _solution(cls, name, **vals):
        return cls.env["crm.feedback.solution"].create(
            {"name": name, "instructions": "<p>Do</p>", "state": "reviewed", **vals}
        )

    def _found(self, text):
        return self.env["crm.feedback.solution"].search([("full_text", "ilike", text)])

    # ------------------------------------------------------------
    # Written and reviewed
    # ------------------------------------------------------------

    def test_a_solved_case_becomes_a_solution_in_one_click(self):
        case = self._case(
            subject="It wobbles",
            description="<p>The desk <b>wobbles</b></p>",
            line_ids=[self._line(self.goods)],
            cause_id=self.cause.id,
        )
        with self.assertRaisesRegex(UserError, "when the case is solved"):
            case.action_write_solution()
        case.write(
            {"result": "<p>New screws</p>", "stage_id": self._stage("solved").id}
        )
        action = case.action_write_solution()
        solution = self.env["crm.feedback.solution"].browse(action["res_id"])
        self.assertEqual(solution.name, "It wobbles")
        self.assertEqual(solution.symptom, "The desk *wobbles*")
        self.assertEqual(solution.instructions, "<p>New screws</p>")
        self.assertEqual(solution.cause_id, self.cause)
        self.assertEqual(solution.product_ids, self.goods)
        self.assertEqual(solution.type_ids, self.complaint)
        self.assertEqual((solution.state, solution.solved_count), ("draft", 1))
        self.assertEqual(case.action_write_solution()["res_id"], solution.id)

    def test_a_manager_reviews(self):
        self.team.user_id = self.manager
        case = self._case(result="<p>New</p>", stage_id=self._stage("solved").id)
        solution = (
            self.env["crm.feedback.solution"]
            .with_user(self.agent)
            .browse(case.action_write_solution()["res_id"])
        )
        for vals in ({"state": "reviewed"}, {"is_shared": True}):
            with self.assertRaisesRegex(AccessError, "Only a feedback manager"):
                solution.write(vals)
            with self.assertRaises(AccessError):
                solution.create({"name": "New", **vals})
            defaults = {f"default_{name}": value for name, value in vals.items()}
            with self.assertRaisesRegex(AccessError, "Only a feedback manager"):
                solution.with_context(**defaults).create({"name": "New"})
        solution.action_ask_review()
        self.assertEqual(solution.activity_ids.user_id, self.manager)
        solution.with_user(self.manager).action_review()
        self.assertEqual(solution.reviewer_id, self.manager)
        self.assertTrue(solution.date_reviewed)
        self.assertFalse(solution.activity_ids)
        with self.assertRaises(AccessError):
            solution.instructions = "<p>Mine</p>"
        empty = self._solution("Empty", instructions=False, state="draft")
        with self.assertRaisesRegex(UserError, "Write what to do"):
            empty.action_ask_review()

    def test_a_version_that_was_replaced_stands_in_the_history(self):
        solution = self.solution.with_user(self.manager)
        solution.write({"instructions": "<p>Send a new front</p>"})
        self.assertEqual(solution.version, 2)
        body = solution.message_ids[0].body
        self.assertIn("Version 1", body)
        self.assertIn("wax stick", body)
        solution.write({"instructions": "<p>Send a new front</p>"})
        self.assertEqual(solution.version, 2)
        solution.action_draft()
        solution.write({"instructions": "<p>Not yet sure</p>"})
        self.assertEqual(solution.version, 2)

    # ------------------------------------------------------------
    # Found
    # ------------------------------------------------------------

    def test_found_by_words_stems_and_slips(self):
        for text in ("scratch", "DRAWERS", "wax sti", "scrached fronts", "Scratchés"):
            self.assertEqual(self._found(text), self.solution, text)
        for text in ("chair", "scratched chair", "zzz"):
            self.assertFalse(self._found(text), text)

    def test_found_in_chinese_by_any_sign(self):
        chinese = self._solution(
            "抽屉关不严",
            symptom="抽屉推到底后自动弹出",
            instructions="<p>松开导轨后端的螺丝</p>",
        )
        for text in ("抽屉", "屉", "导轨", "自动弹", "螺絲", "严", "抽屉 导轨"):
            self.assertEqual(self._found(text), chinese, text)
        for text in ("椅子", "导轨椅"):
            self.assertFalse(self._found(text), text)
        case = self._case(subject="客户说抽屉关不上")
        self.assertEqual(case.offered_solution_ids, chinese)

    def test_names_of_solutions_are_found_by_any_word(self):
        found = self.env["crm.feedback.solution"].name_search("wax")
        self.assertEqual([id_ for id_, _name in found], self.solution.ids)

    def test_offered_while_a_case_is_typed(self):
        by_product = self._solution(
            "Wood that swells",
            product_ids=[Command.set(self.goods.ids)],
            type_ids=[Command.set(self.complaint.ids)],
        )
        self._solution("Scratched fronts", state="review")
        self._solution("Scratched fronts", active=False)
        other = self.env["res.company"].create({"name": "Other"})
        self._solution("Scratched fronts", company_id=other.id)
        with Form(self.env["crm.feedback"].with_user(self.agent)) as form:
            form.type_id = self.complaint
            form.partner_id = self.customer
            form.subject = "Front is scratched again"
            self.assertEqual(form.offered_solution_ids.ids, self.solution.ids)
            with form.line_ids.new() as line:
                line.product_id = self.goods
            self.assertEqual(
                form.offered_solution_ids.ids, (self.solution | by_product).ids
            )
        form.record.type_id = self.env.ref("crm_custom.crm_feedback_type_question")
        self.assertEqual(form.record.offered_solution_ids, self.solution)

    def test_the_price_of_an_offer_is_the_same_for_many(self):
        case = self._case(subject="Scratched front")
        self._solution("Scratched fronts again")

        def offered():
            self.env.flush_all()
            self.env.invalidate_all()
            return case.offered_solution_ids

        offered()
        with self.assertQueryCount(8):
            self.assertEqual(len(offered()), 2)
        for number in range(20):
            self._solution(f"Scratched {number}")
        with self.assertQueryCount(8):
            self.assertEqual(len(offered()), 5)

    # ------------------------------------------------------------
    # Used
    # ------------------------------------------------------------

    def test_this_solved_it(self):
        case = self._case(subject="Scratched front")
        self.assertEqual(case.offered_solution_ids, self.solution)
        solution = self.solution.with_user(self.agent)
        with self.assertRaisesRegex(UserError, "Open a case"):
            solution.action_solved_it()
        solution.with_context(crm_feedback_id=case.id).action_solved_it()
        self.assertTrue(case.is_solved)
        self.assertIn("wax stick", case.result)
        self.assertEqual(case.cause_id, self.cause)
        self.assertFalse(case.offered_solution_ids)
        use = case.solution_use_ids.with_user(self.agent)
        use.write({"user_id": self.manager.id, "date": "2020-01-01"})
        self.assertEqual(use.user_id, self.agent)
        self.assertGreater(use.date, case.create_date - timedelta(days=1))
        other = self._case(subject="Scratched front", result="<p>Own words</p>")
        solution.with_context(crm_feedback_id=other.id).action_not_solved()
        self._case(solution_use_ids=[Command.create({"solution_id": solution.id})])
        self.assertEqual(
            (solution.use_count, solution.solved_count, solution.success_rate),
            (3, 1, 0.5),
        )
        other.solution_use_ids.outcome = "solved"
        self.assertEqual((solution.solved_count, solution.success_rate), (2, 1))
        other.solution_use_ids.unlink()
        self.assertEqual((solution.use_count, solution.solved_count), (2, 1))

    def test_a_solution_stands_once_in_a_case(self):
        case = self._case()
        vals = {"feedback_id": case.id, "solution_id": self.solution.id}
        use = self.env["crm.feedback.solution.use"].with_user(self.agent).create(vals)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            use.create(vals)

    def test_only_who_works_on_a_case_counts(self):
        case = self._case()
        case.with_user(self.agent).action_take()
        self.env.flush_all()
        for user in (self.outsider, self.colleague, self.user_sales_own):
            solution = self.solution.with_user(user)
            with self.assertRaises(AccessError):
                solution.with_context(crm_feedback_id=case.id).action_solved_it()
            with self.assertRaises(AccessError):
                self.env["crm.feedback.solution.use"].with_user(user).create(
                    {"feedback_id": case.id, "solution_id": solution.id}
                )
        self.assertTrue(self.solution.with_user(self.user_sales_own).name)
        with self.assertRaises(AccessError):
            self.solution.with_user(self.user_sales_own).name = "Mine"

    def test_merged_cases_keep_what_was_tried(self):
        stays, goes = self._case(), self._case()
        twice = self._solution("Twice")
        for case, solution in (
            (stays, twice),
            (goes, twice),
            (goes, self.solution),
        ):
            case._try_solution(solution, "solved")
        self.env["crm.feedback.merge"].with_context(
            active_model="crm.feedback", active_ids=(stays | goes).ids
        ).create({}).action_merge()
        self.assertEqual(stays.solution_use_ids.solution_id, twice | self.solution)
