"""The contact log's screens, in a browser and without one."""

import json

from lxml import etree

from odoo.tests import Form
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from odoo.addons.crm_custom.report.print_search_data import Group

from .common import load_migration
from .interaction_common import InteractionCase
from .print_search_common import PrintSearchMixin

ACTIONS = ("crm_interaction_action", "crm_interaction_action_partner")


class TestInteractionViews(PrintSearchMixin, InteractionCase):
    # what the requests of the mixin fall back on
    partner_view = None
    domain = []

    def _get_views(self, action, user):
        action = self.env.ref(f"crm_custom.{action}")
        views = [(False, mode) for mode in action.view_mode.split(",")]
        return (
            self.env["crm.interaction"]
            .with_user(user)
            .get_views([*views, (action.search_view_id.id, "search")])["views"]
        )

    def test_migration_of_the_list_of_customers(self):
        """The extension in the database is mended before the list is read."""
        view = self.env.ref("crm_custom.res_partner_view_list_customer_interaction")
        script = load_migration("19.0.1.2.0", "pre-list-of-customers")
        stored = "SELECT arch_db FROM ir_ui_view WHERE id = %s"
        [(now,)] = self.env.execute_query(SQL(stored, view.id))
        self.assertTrue(all(script.STAYS in arch for arch in now.values()))
        before = {
            lang: arch.replace(script.STAYS, script.GONE) for lang, arch in now.items()
        }
        self.env.cr.execute(
            "UPDATE ir_ui_view SET arch_db = %s WHERE id = %s",
            (json.dumps(before), view.id),
        )
        script.migrate(self.env.cr, "19.0.1.1.0")
        self.assertEqual(self.env.execute_query(SQL(stored, view.id)), [(now,)])

    def test_every_role_gets_every_view(self):
        entry = self._log()
        for user in (
            self.user_sales_own,
            self.user_sales_manager,
            self.user_crm_admin,
            self.user_invoicing,
            self.user_accountant,
        ):
            for action in ACTIONS:
                views = self._get_views(action, user)
                for view_type in ("list", "kanban", "form", "calendar"):
                    arch = etree.fromstring(views[view_type]["arch"])
                    names = {node.get("name") for node in arch.iter("field")}
                    with self.subTest(user=user.login, view=view_type):
                        entry.with_user(user).web_read({name: {} for name in names})

    def test_every_filter_and_grouping_works(self):
        self._log()
        entries = self.env["crm.interaction"].with_user(self.user_sales_own)
        arch = self._get_views(ACTIONS[0], self.user_sales_own)["search"]["arch"]
        scope = {"uid": self.user_sales_own.id}
        for node in etree.fromstring(arch).iter("filter"):
            with self.subTest(filter=node.get("name")):
                if node.get("domain"):
                    entries.search(safe_eval(node.get("domain"), scope))
                if node.get("context"):
                    groupby = safe_eval(node.get("context"), scope)["group_by"]
                    groups = entries.formatted_read_group([], [groupby], ["__count"])
                    self.assertTrue(groups)

    def test_text_is_searched_by_a_part_and_exactly(self):
        entry = self._log(
            subject="Zebra prices",
            contact_id=self.contact.id,
            next_step="Send zebras",
            next_date="2099-01-01",
        )
        arch = etree.fromstring(
            self._get_views(ACTIONS[0], self.user_sales_own)["search"]["arch"]
        )
        for name, value in (
            ("partner_id", "Log Customer"),
            ("contact_id", "Log Contact"),
            ("subject", "Zebra prices"),
            ("next_step", "Send zebras"),
        ):
            nodes = arch.findall(f"./field[@name='{name}']")
            part, exact = (
                lambda typed, node=node: self.env["crm.interaction"].search(
                    safe_eval(node.get("filter_domain"), {"self": typed})
                    if node.get("filter_domain")
                    else [(node.get("name"), node.get("operator") or "ilike", typed)]
                )
                for node in nodes
            )
            with self.subTest(field=name):
                self.assertIn(entry, part(value[1:-1]))
                self.assertIn(entry, exact(value))
                self.assertNotIn(entry, exact(value[:-1]))

    def test_the_history_of_a_customer_and_of_a_contact(self):
        self._log(contact_id=self.contact.id)
        self._log()
        self._log(partner_id=self._create_customer(name="Else").id)
        for partner, count in ((self.customer, 2), (self.contact, 1)):
            action = partner.with_user(self.user_sales_own).action_view_interactions()
            found = self.env["crm.interaction"].search_count(action["domain"])
            self.assertEqual(found, count)
            self.assertEqual(partner.interaction_count, count)

    def test_the_log_is_printed_with_its_groups_and_sums(self):
        self._log(subject="Call", duration=0.5, contact_id=self.contact.id)
        self._log(subject="Visit", duration=2, channel_id=self.visit.id)
        action = self.env.ref("crm_custom.crm_interaction_action")
        view = safe_eval(action.context, {"uid": 0})["crm_print_view"]
        sheet = self._sheet(
            self.user_sales_own,
            model="crm.interaction",
            view=view,
            domain=[["partner_id", "=", self.customer.id]],
            groupby=["channel_id"],
            order="date_start DESC",
        )
        self.assertEqual(set(self._rows(sheet, "subject")), {"Call", "Visit"})
        html, _tables = self._html(sheet)
        self.assertIn("Log Contact", html)
        self.assertIn("02:30", html)

    def test_customers_are_printed_by_when_they_are_due(self):
        self.customer.contact_cadence_days = 30
        other = self._create_customer(name="No Cadence")
        self._log()
        sheet = self._sheet(
            self.user_sales_own,
            view="crm_custom.res_partner_view_list_print_customer",
            domain=[["id", "in", (self.customer | other).ids]],
            groupby=["contact_due_state"],
            order="date_last_contact DESC",
        )
        self.assertEqual(set(self._rows(sheet, "name")), {"Log Customer", "No Cadence"})
        groups = [line for line in sheet.lines() if isinstance(line, Group)]
        self.assertEqual(len(groups), 2)

    def test_the_full_form_saves_a_contact(self):
        form = Form(
            self.env["crm.interaction"].with_user(self.user_sales_own),
            view="crm_custom.crm_interaction_view_form",
        )
        form.partner_id = self.customer
        form.contact_id = self.contact
        form.channel_id = self.visit
        form.duration = 1.5
        entry = form.save()
        self.assertEqual(entry.channel_icon, self.visit.icon)
        self.assertEqual(entry.display_name, "Visit Log Customer")
