"""Who may what: lists, special days, settings."""

from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user
from odoo.tools import convert_file

from .common import CrmCustomCase

SETTINGS = {
    "crm_customer_code_auto": False,
    "crm_status_at_risk_days": 10,
    "crm_status_dormant_days": 20,
    "crm_status_lost_days": 30,
    "crm_restrict_own_customers": True,
}


class TestRoles(CrmCustomCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_employee = new_test_user(cls.env, "user_employee")
        cls.user_system = new_test_user(
            cls.env, "user_system", "base.group_user,base.group_system"
        )
        cls.salespeople = (
            cls.user_sales_own,
            cls.user_sales_all,
            cls.user_sales_manager,
            cls.user_crm_admin,
        )
        cls.no_salespeople = (
            cls.user_employee,
            cls.user_invoicing,
            cls.user_accountant,
            cls.user_portal,
            cls.env.ref("base.public_user"),
        )

    def assertAccess(self, record, user, operations):
        allowed = "".join(
            operation[0]
            for operation in ("read", "write", "create", "unlink")
            if record.with_user(user).has_access(operation)
        )
        self.assertEqual(allowed, operations, f"{user.login} {record._name}")

    # ------------------------------------------------------------
    # Lists
    # ------------------------------------------------------------

    def test_customer_types_are_the_managers_list(self):
        record = self.env["crm.customer.type"].create({"name": "Wholesale"})
        self.assertAccess(record, self.user_crm_admin, "rwcu")
        self.assertAccess(record, self.user_sales_manager, "rwcu")
        for user in (self.user_sales_own, self.user_sales_all, self.user_invoicing):
            self.assertAccess(record, user, "r")
        self.assertAccess(record, self.user_employee, "r")
        self.assertAccess(record, self.user_portal, "")
        self.assertAccess(record, self.env.ref("base.public_user"), "")

    def test_a_salesperson_adds_hobbies_and_leaves_the_list_tidy(self):
        record = self.env["res.partner.hobby"].create({"name": "Curling"})
        self.assertAccess(record, self.user_crm_admin, "rwcu")
        self.assertAccess(record, self.user_sales_manager, "rwcu")
        self.assertAccess(record, self.user_sales_all, "rc")
        self.assertAccess(record, self.user_sales_own, "rc")
        self.assertAccess(record, self.user_employee, "r")
        self.assertAccess(record, self.user_portal, "")

    def test_types_of_another_company_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        types = self.env["crm.customer.type"].create(
            [
                {"name": "Shared"},
                {"name": "Ours", "company_id": self.env.company.id},
                {"name": "Theirs", "company_id": other.id},
            ]
        )
        seen = types.with_user(self.user_sales_manager).search(
            [("id", "in", types.ids)]
        )
        self.assertEqual(seen.mapped("name"), ["Ours", "Shared"])

    # ------------------------------------------------------------
    # Personal data
    # ------------------------------------------------------------

    def test_special_days_are_the_salespeople_s(self):
        contact = self._create_contact(self._create_customer())
        day = self.env["res.partner.special.day"].create(
            {"partner_id": contact.id, "name": "Birthday", "date": date(1980, 5, 1)}
        )
        for user in self.salespeople:
            self.assertAccess(day, user, "rwcu")
        for user in self.no_salespeople:
            self.assertAccess(day, user, "")

    def test_special_days_follow_the_company_of_the_contact(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        days = self.env["res.partner.special.day"]
        for company in (other, self.env.company, self.env["res.company"]):
            partner = self._create_customer(
                name=f"Customer of {company.name}", company_id=company.id
            )
            days |= days.create(
                {
                    "partner_id": partner.id,
                    "name": company.name or "Shared",
                    "date": date(1980, 5, 1),
                }
            )
        seen = days.with_user(self.user_sales_own).search([("id", "in", days.ids)])
        self.assertEqual(set(seen.mapped("name")), {self.env.company.name, "Shared"})
        with self.assertRaises(AccessError):
            days[0].with_user(self.user_sales_own).read(["name"])

    def test_personal_fields_are_not_there_for_others(self):
        contact = self._create_contact(
            self._create_customer(),
            hobby_ids=[Command.create({"name": "Curling"})],
            special_day_ids=[
                Command.create({"name": "Birthday", "date": date(1980, 5, 1)})
            ],
        )
        personal = ["hobby_ids", "special_day_ids"]
        for user in self.salespeople:
            values = contact.with_user(user).read(personal)[0]
            self.assertEqual([len(values[name]) for name in personal], [1, 1])
        for user in self.no_salespeople:
            for name in personal:
                self.assertNotIn(name, contact.with_user(user).fields_get())
                with self.assertRaises(AccessError):
                    contact.with_user(user).read([name])
            with self.assertRaises(AccessError):
                contact.with_user(user).search([("hobby_ids.name", "=", "Curling")])

    def test_what_we_think_of_a_customer_is_gone_with_the_employment(self):
        """Who may read is remembered for speed, but not longer than it is true."""
        customer = self._create_customer(name="Watched")
        seen = customer.with_user(self.user_employee)
        self.assertEqual(seen.customer_status, "prospect")
        portal = self.env.ref("base.group_portal")
        self.user_employee.group_ids = [Command.set(portal.ids)]
        self.user_employee.partner_id.parent_id = customer
        self.assertEqual(seen.name, "Watched")
        with self.assertRaises(AccessError):
            self.assertTrue(seen.customer_status)

    def test_the_partner_form_opens_for_each_employee(self):
        partner = self._create_contact(self._create_customer())
        users = [self.user_employee, self.user_invoicing, self.user_accountant]
        for user in (*users, *self.salespeople):
            with self.subTest(user=user.login):
                form = Form(partner.with_user(user))
                self.assertEqual(form.name, partner.name)
                self.assertEqual(
                    "hobby_ids" in form._view["fields"], user in self.salespeople
                )

    # ------------------------------------------------------------
    # Settings
    # ------------------------------------------------------------

    def _settings(self, user, vals=None):
        return self.env["crm.custom.settings"].with_user(user).create(vals or {})

    def test_crm_administrator_saves_the_settings(self):
        for user in (self.user_crm_admin, self.user_system):
            self.env.company.crm_status_lost_days = 365
            self._settings(user, SETTINGS).execute()
            self.assertEqual(
                self.env.company.read(list(SETTINGS)[:-1])[0],
                {"id": self.env.company.id, **dict(list(SETTINGS.items())[:-1])},
            )
            # what was saved is what the page shows next
            page = self._settings(user)
            self.assertEqual({name: page[name] for name in SETTINGS}, SETTINGS)

    def test_nobody_else_opens_or_saves_the_settings(self):
        others = (self.user_sales_own, self.user_sales_all, self.user_sales_manager)
        action = self.env.ref("crm_custom.crm_custom_config_settings_action")
        self.assertTrue(
            action.group_ids & self.user_crm_admin.all_group_ids
            and action.group_ids & self.user_system.all_group_ids
        )
        saved = self._settings(self.user_crm_admin, SETTINGS)
        for user in (*others, *self.no_salespeople):
            self.assertFalse(action.group_ids & user.all_group_ids, user.login)
            with self.assertRaises(AccessError):
                self._settings(user, SETTINGS)
            with self.assertRaises(AccessError):
                saved.with_user(user).execute()
        self.assertTrue(self.env.company.crm_customer_code_auto)

    def test_crm_administrator_gets_no_other_settings(self):
        self.assertFalse(
            self.env["res.config.settings"]
            .with_user(self.user_crm_admin)
            .has_access("create")
        )
        self.assertFalse(
            self.env.company.with_user(self.user_crm_admin).has_access("write")
        )
        self.assertFalse(
            self.env["ir.rule"].with_user(self.user_crm_admin).has_access("read")
        )

    def test_the_settings_of_a_foreign_company_are_refused(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        page = self._settings(self.user_crm_admin, {**SETTINGS, "company_id": other.id})
        with self.assertRaisesRegex(AccessError, "none of yours"):
            page.execute()
        self.assertEqual(other.crm_status_lost_days, 365)

    def test_status_periods_are_positive_and_increase(self):
        good = ("at_risk", 30), ("dormant", 60), ("lost", 90)
        names = [f"crm_status_{name}_days" for name, _days in good]
        self.env.company.write(dict(zip(names, (30, 60, 90), strict=True)))
        for days in ((0, 60, 90), (-5, 60, 90), (60, 60, 90), (30, 90, 90), (9, 8, 7)):
            with self.subTest(days=days):
                page = self._settings(
                    self.user_crm_admin, dict(zip(names, days, strict=True))
                )
                with self.assertRaisesRegex(ValidationError, f"{days[0]} days"):
                    page.execute()

    def test_the_sequence_of_the_codes_is_at_hand(self):
        page = self._settings(self.user_crm_admin)
        action = page.action_open_customer_code_sequence()
        sequences = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(set(sequences.mapped("code")), {"crm.customer.code"})

    def test_an_update_of_the_addon_keeps_the_limit(self):
        rule = self.env.ref("crm_custom.res_partner_rule_own_customers")
        self.assertFalse(rule.active, "off by default")
        for limit in (True, False):
            self._settings(
                self.user_crm_admin, {"crm_restrict_own_customers": limit}
            ).execute()
            convert_file(
                self.env,
                "crm_custom",
                "security/crm_custom_rules.xml",
                {},
                mode="update",
            )
            self.assertEqual(rule.active, limit)
            page = self._settings(self.user_crm_admin)
            self.assertEqual(page.crm_restrict_own_customers, limit)

    # ------------------------------------------------------------
    # The role on the user's form
    # ------------------------------------------------------------

    def test_the_role_is_offered_on_the_user_form(self):
        hierarchy = self.env["res.groups"]._get_view_group_hierarchy()
        privilege = self.env.ref("crm_custom.res_groups_privilege_crm_custom")
        category = self.env.ref("crm_custom.module_category_crm_custom")
        offered = {c["id"]: c["privilege_ids"] for c in hierarchy["categories"]}
        self.assertIn(privilege.id, offered[category.id])

    def test_the_form_offers_one_role_of_a_privilege_at_a_time(self):
        """So the roles of one privilege must imply each other in a row."""
        category = self.env.ref("crm_custom.module_category_crm_custom")
        for privilege in category.privilege_ids:
            roles = [
                (len(group.all_implied_ids & privilege.group_ids), group)
                for group in privilege.group_ids
            ]
            levels = [count for count, _group in sorted(roles)]
            self.assertEqual(levels, list(range(1, len(roles) + 1)), privilege.name)

    def test_odoo_s_administrators_are_crm_administrators(self):
        group = self.env.ref("crm_custom.group_crm_custom_admin")
        self.assertIn(group, self.env.ref("base.user_admin").all_group_ids)
        self.assertIn(group, self.env.ref("base.user_root").all_group_ids)
