"""Who may what with feedback: agents, managers, salespeople, nobody else."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

from .feedback_common import FeedbackCase


class TestFeedbackRoles(FeedbackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._order((cls.goods, 1))
        cls.case = cls._case(user=cls.manager, line_ids=[cls._line(cls.goods)])

    def assertAccess(self, record, user, operations):
        self.env.flush_all()
        self.env.invalidate_all()
        allowed = "".join(
            operation[0]
            for operation in ("read", "write", "create", "unlink")
            if record.with_user(user).has_access(operation)
        )
        self.assertEqual(allowed, operations, f"{user.sudo().login} {record}")

    def test_an_agent_works_on_his_own_and_on_what_nobody_has(self):
        self.assertAccess(self.case, self.agent, "rwc")
        self.assertAccess(self.case.line_ids, self.agent, "rwcu")
        self.assertAccess(self.case, self.outsider, "rc")
        self.case.with_user(self.agent).action_take()
        self.assertAccess(self.case, self.agent, "rwc")
        self.assertAccess(self.case, self.colleague, "rc")
        with self.assertRaises(AccessError):
            self.case.with_user(self.colleague).action_take()
        with self.assertRaises(AccessError):
            self.case.line_ids.with_user(self.colleague).quantity = 2
        self.assertAccess(self.case, self.manager, "rwcu")
        # handed over, and to another team
        self.case.with_user(self.agent).write({"user_id": self.colleague.id})
        self.assertAccess(self.case, self.agent, "rc")
        self.case.with_user(self.colleague).web_save(
            {"user_id": False, "team_id": self.other_team.id}, {"subject": {}}
        )

    def test_products_come_to_the_cases_that_one_may_change(self):
        lines = self.env["crm.feedback.line"]
        vals = {"feedback_id": self.case.id, "product_id": self.goods.id}
        self.case.user_id = self.colleague
        for user in (self.outsider, self.agent, self.user_sales_own):
            with self.assertRaises(AccessError):
                lines.with_user(user).create(vals)
        lines.with_user(self.colleague).create(vals)
        # taken in for a colleague, with its products
        vals["feedback_id"] = self._case(
            user_id=self.colleague.id, line_ids=[self._line(self.goods)]
        ).id
        mine = self._case(user=self.outsider, line_ids=[self._line(self.goods)])
        with self.assertRaises(AccessError):
            mine.line_ids.write({"feedback_id": vals["feedback_id"]})
        # and not later, whoever took it in
        self.env.cr.execute(
            "UPDATE crm_feedback SET create_date = create_date - interval '1 hour'"
        )
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            lines.with_user(self.agent).create(vals)

    def test_a_salesperson_follows_his_customers(self):
        self.assertAccess(self.case, self.user_sales_own, "rc")
        self.assertAccess(self.case.line_ids, self.user_sales_own, "r")
        theirs = self._case(partner_id=self.stranger.id)
        self.assertAccess(theirs, self.user_sales_own, "c")
        self.assertAccess(theirs, self.user_sales_all, "rc")
        mine = self._case(user=self.user_sales_own, partner_id=self.stranger.id)
        self.assertAccess(mine, self.user_sales_own, "rwc")
        mine.with_user(self.agent).action_take()
        self.assertAccess(mine, self.user_sales_own, "rc")
        mine.with_user(self.user_sales_own).message_post(body="He called again")
        with self.assertRaises(AccessError):
            theirs.with_user(self.user_sales_own).message_post(body="x")

    def test_nobody_else(self):
        employee = new_test_user(
            self.env,
            "feedback_employee",
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.company.ids)],
        )
        for user in (
            employee,
            self.user_invoicing,
            self.user_portal,
            self.env.ref("base.public_user"),
        ):
            self.assertAccess(self.case, user, "")
            self.assertAccess(self.case.line_ids, user, "")
        self.assertNotIn(
            "feedback_count", self.customer.with_user(employee).fields_get()
        )

    def test_lists_are_the_managers(self):
        for name in ("type", "severity", "cause", "stage", "tag"):
            record = self.env[f"crm.feedback.{name}"].create({"name": f"New {name}"})
            self.assertAccess(record, self.manager, "rwcu")
            self.assertAccess(record, self.user_crm_admin, "rwcu")
            self.assertAccess(record, self.agent, "rc" if name == "tag" else "r")
            self.assertAccess(record, self.user_sales_own, "r")
            self.assertAccess(record, self.user_portal, "")
        self.assertAccess(self.team, self.manager, "rwcu")
        self.assertAccess(self.team, self.agent, "r")

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.env["crm.feedback"].create(
            {"subject": "Theirs", "company_id": other.id}
        )
        team = self.env["crm.feedback.team"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        for user in (self.agent, self.manager, self.user_sales_all):
            self.assertAccess(theirs, user, "")
            self.assertAccess(team, user, "")
        mine = self.case.with_user(self.agent)
        for name in ("linked_ids", "linked_from_ids"):
            with self.assertRaises(AccessError):
                mine.write({name: [Command.link(theirs.id)]})
        with self.assertRaises(AccessError):
            mine.write({"merged_into_id": theirs.id})
        with self.assertRaises(AccessError):
            self._case(company_id=other.id, team_id=team.id)

    def test_a_document_by_id_is_refused_to_who_may_not_read_it(self):
        order = self._order((self.goods, 1))
        with self.assertRaises(AccessError):
            self._case(order_id=order.id)

    def test_every_role_reads_every_field_of_its_views(self):
        cases = self.env["crm.feedback"]
        action = self.env.ref("crm_custom.crm_feedback_action")
        modes = [(False, mode) for mode in action.view_mode.split(",")]
        for user in (self.agent, self.manager, self.user_sales_own):
            views = cases.with_user(user).get_views(modes)
            names = set(views["models"]["crm.feedback"]["fields"])
            self.env.invalidate_all()
            with self.subTest(user.login):
                self.case.with_user(user).web_read(
                    {
                        name: {"fields": {"display_name": {}}}
                        if cases._fields[name].relational
                        else {}
                        for name in names
                        if cases._fields[name].type
                        not in ("one2many", "many2one_reference")
                    }
                )
                self.case.line_ids.with_user(user).web_read(
                    {
                        name: {"fields": {"display_name": {}}}
                        for name in ("order_id", "picking_id", "invoice_id", "lot_id")
                    }
                )
