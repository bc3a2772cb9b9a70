"""Compensations: who proposes, who decides, who makes the document."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user

from .compensation_common import CompensationCase

APPROVE = "crm_custom.mail_activity_type_compensation_approve"
MAKE = "crm_custom.mail_activity_type_compensation_make"


class TestFeedbackCompensationRoles(CompensationCase):
    def _limit(self, agent, manager=0):
        self.env.company.write(
            {
                "crm_compensation_limited": True,
                "crm_compensation_limit": agent,
                "crm_compensation_limit_manager": manager,
            }
        )

    def _decide(self, compensation, user, approve=True, reason="A good customer"):
        action = compensation.with_user(user).action_decide()
        env = self.env(user=user, context={"tracking_disable": False})
        form = Form.from_action(env, action)
        form.reason = reason
        decision = form.save()
        (decision.action_approve if approve else decision.action_refuse)()

    def _activities(self, compensation, xml_id):
        return compensation.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(xml_id)
        )

    # ------------------------------------------------------------
    # Odoo's rights
    # ------------------------------------------------------------

    def test_an_agent_without_invoicing_asks_somebody_who_may(self):
        case = self._complaint(3)
        with self.assertRaisesRegex((UserError, AssertionError), "asked_id|makes"):
            self._propose(case, "credit", self.agent, 3)
        given, action = self._propose(
            case, "credit", self.agent, 3, asked=self.user_invoicing
        )
        self.assertEqual(action["type"], "ir.actions.act_window_close")
        self.assertEqual((given.state, given.amount), ("proposed", 270))
        with self.assertRaisesRegex(AccessError, "You may not make"):
            given.action_make()
        with self.assertRaises(AccessError):
            self.env["account.move.reversal"].with_user(self.agent).create({})
        activity = self._activities(given, MAKE)
        self.assertEqual(activity.user_id, self.user_invoicing)
        self.assertIn("3 × Goods", activity.note)
        # he sees what is proposed, not the case
        mine = given.with_user(self.user_invoicing)
        mine.invalidate_recordset()
        self.assertEqual((mine.amount, mine.product_names), (270, "3 × Goods"))
        self.assertFalse(
            case.with_user(self.user_invoicing).has_access("read"),
            "the case is not his",
        )
        note = self._reverse(mine.action_make(), self.user_invoicing)
        self.assertEqual(given.credit_note_id, note)
        self.assertFalse(activity.exists())
        with self.assertRaises(AccessError):
            note.with_user(self.user_invoicing).action_view_crm_feedback()
        # once
        with self.assertRaisesRegex(UserError, "no document can be made"):
            mine.action_make()

    def test_who_makes_what(self):
        case = self._complaint(3)
        for kind, user in (
            ("credit", self.keeper),
            ("reduction", self.seller),
            ("return", self.clerk),
            ("replacement", self.keeper),
            ("repair", self.clerk),
        ):
            wizard = self._wizard(case, kind, user)
            self.assertFalse(wizard.may_make, kind)
            self.assertTrue(wizard.maker_ids.ids, kind)
            self.assertNotIn(user.id, wizard.maker_ids.ids)

    def test_nobody_writes_them_and_few_read_them(self):
        case = self._complaint(3)
        given, _action = self._propose(
            case, "credit", self.agent, 3, asked=self.user_invoicing
        )
        employee = new_test_user(
            self.env,
            "compensation_employee",
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.company.ids)],
        )
        other = self._feedback_user("feedback_elsewhere", "manager")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other.write(
            {"company_id": company.id, "company_ids": [Command.set(company.ids)]}
        )
        for records in (given, given.line_ids):
            for user, may_read in (
                (self.agent, True),
                (self.manager, True),
                (self.user_sales_own, True),
                (self.user_sales_all, True),
                (self.user_invoicing, True),
                (self.user_crm_admin, True),
                (employee, False),
                (self.user_portal, False),
                (other, False),
            ):
                self.env.invalidate_all()
                mine = records.with_user(user)
                self.assertEqual(mine.has_access("read"), may_read, user.login)
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(mine.has_access(operation), user.login)
        self.customer.user_id = self.user_sales_all
        self.env.invalidate_all()
        self.assertFalse(given.with_user(self.user_sales_own).has_access("read"))
        costs = self.env["crm.feedback.cost"]
        self.assertTrue(costs.with_user(self.agent).search([]))
        self.assertFalse(costs.with_user(other).search([("feedback_id", "=", case.id)]))
        for user in (employee, self.user_portal, self.user_sales_own):
            with self.assertRaises(AccessError):
                costs.with_user(user).search([])
        # who may not change the case proposes nothing in it
        case.user_id = self.colleague
        with self.assertRaises(AccessError):
            case.with_user(self.agent).action_compensate()
        with self.assertRaises(AccessError):
            given.with_user(self.agent).action_withdraw()

    def test_roles_open_their_views(self):
        case = self._complaint(3)
        given, _action = self._propose(
            case, "credit", self.agent, 3, asked=self.user_invoicing
        )
        for user in (self.agent, self.user_invoicing, self.user_crm_admin):
            self.env.invalidate_all()
            views = (
                self.env["crm.feedback.compensation"]
                .with_user(user)
                .get_views([(False, "list"), (False, "form"), (False, "search")])
            )
            names = views["models"]["crm.feedback.compensation"]["fields"]
            given.with_user(user).web_read(
                {
                    name: {"fields": {"display_name": {}}}
                    if given._fields[name].type == "many2one"
                    else {}
                    for name in names
                    if given._fields[name].type not in ("one2many", "many2many")
                }
            )

    def test_a_list_costs_the_same_for_two_and_for_six(self):
        model = self.env["crm.feedback.compensation"].with_user(self.agent)
        views = model.get_view(view_type="list")
        specification = {
            name: {"fields": {"display_name": {}}}
            if model._fields[name].type == "many2one"
            else {}
            for name in views["models"][model._name]
            if name != "activity_ids"
        }

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            model.web_search_read([], specification)
            return self.env.cr.sql_log_count - before

        costs = []
        for more in (2, 4):
            for _case in range(more):
                case = self._complaint(1)
                self._propose(case, "credit", self.agent, 1, asked=self.user_invoicing)
            # once for what Odoo remembers
            count()
            costs.append(count())
        self.assertEqual(*costs)

    # ------------------------------------------------------------
    # Approval
    # ------------------------------------------------------------

    def test_above_the_limit_a_manager_decides(self):
        self._limit(agent=100)
        case = self._complaint(3)
        given, action = self._propose(case, "credit", self.clerk, 1)
        self.assertEqual(given.state, "proposed")
        note = self._reverse(action, self.clerk)
        # 90 and 90: the case as a whole counts
        given, action = self._propose(case, "credit", self.clerk, 1)
        self.assertEqual((given.state, given.approval), ("waiting", "waiting"))
        self.assertEqual(action["type"], "ir.actions.act_window_close")
        with self.assertRaisesRegex(UserError, "no document can be made"):
            given.action_make()
        with self.assertRaisesRegex(AccessError, "above your limit"):
            given.action_decide()
        self.assertIn(self.manager, self._activities(given, APPROVE).user_id)
        self.assertNotIn(self.clerk, self._activities(given, APPROVE).user_id)
        # a wizard that is called all the same
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.clerk)
            .with_context(active_model="account.move", active_ids=self.invoice.ids)
            .create(
                {
                    "journal_id": self.invoice.journal_id.id,
                    "crm_compensation_id": given.id,
                }
            )
        )
        with self.assertRaisesRegex(UserError, "no document can be made"):
            wizard.reverse_moves()
        with self.assertRaisesRegex(UserError, "Give a reason"):
            self._decide(given, self.manager, reason=" ")
        # what is new is not tracked before it is saved
        self.env.cr.flush()
        self._decide(given, self.manager)
        self.assertEqual(
            (given.state, given.approver_id, given.approval_reason),
            ("proposed", self.manager, "A good customer"),
        )
        self.assertFalse(self._activities(given, APPROVE))
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()
        tracked = given.sudo().message_ids.tracking_value_ids
        self.assertIn("Approved", tracked.mapped("new_value_char"))
        self.assertIn("A good customer", tracked.mapped("new_value_char"))
        self.assertEqual(
            case.sudo()
            .message_ids.filtered(lambda message: "A good customer" in message.body)
            .notified_partner_ids,
            self.clerk.partner_id,
        )
        second = self._reverse(given.action_make(), self.clerk)
        (note | second).invoice_date = "2026-02-01"
        (note | second).with_user(self.clerk).action_post()
        self.assertEqual(case.cost, 180)

    def test_refused(self):
        self._limit(agent=100)
        case = self._complaint(3)
        given, _action = self._propose(case, "credit", self.clerk, 2)
        self._decide(given, self.manager, approve=False, reason="His own fault")
        self.assertEqual(given.state, "refused")
        with self.assertRaises(UserError):
            given.action_make()
        # nothing is held by it
        self._propose(case, "credit", self.clerk, 1)

    def test_a_manager_has_a_limit_too(self):
        self._limit(agent=50, manager=200)
        case = self._complaint(3)
        given, _action = self._propose(case, "credit", self.clerk, 3)
        asked = self._activities(given, APPROVE).user_id
        self.assertIn(self.user_crm_admin, asked)
        self.assertNotIn(self.manager, asked)
        with self.assertRaisesRegex(AccessError, "above your limit"):
            given.with_user(self.manager).action_decide()
        self._decide(given, self.user_crm_admin)
        self.assertEqual(given.approver_id, self.user_crm_admin)
        small, _action = self._propose(self._complaint(2), "credit", self.clerk, 2)
        self.assertIn(self.manager, self._activities(small, APPROVE).user_id)
        with self.assertRaises(AccessError):
            small.with_user(self.colleague).action_decide()

    def test_a_draft_does_not_grow_beyond_what_was_let_through(self):
        self._limit(agent=100)
        case = self._complaint(3)
        _given, action = self._propose(case, "credit", self.clerk, 1)
        note = self._reverse(action, self.clerk).with_user(self.clerk)
        note.invoice_date = "2026-02-01"
        note.invoice_line_ids.quantity = 3
        with self.assertRaisesRegex(UserError, "let through"):
            note.action_post()
        note.invoice_line_ids.quantity = 1
        note.action_post()
        self.assertEqual(note.state, "posted")
