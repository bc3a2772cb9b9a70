"""What the contact log refuses, through the form, an import and a program alike."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form

from .import_common import ImportMixin
from .interaction_common import InteractionCase
from .roles_common import OwnCustomersMixin

NOW = "2026-03-04 10:00:00"
HEADINGS = ["partner_id/.id", "contact_id/.id", "order_id/.id", "channel_id"]
HEADINGS += ["date_start", "duration", "next_step", "next_date"]


@freeze_time(NOW)
class TestInteractionRefusals(ImportMixin, OwnCustomersMixin, InteractionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_own_customers()
        cls.user_sales_own.tz = "UTC"
        cls.other = cls._create_customer(name="Else")
        cls.stranger = cls._create_contact(cls.other, name="Stranger")
        cls.foreign_order = cls._create_order(cls.other, user_id=cls.user_sales_own.id)
        cls.good = {
            "partner_id": cls.customer.id,
            "contact_id": cls.contact.id,
            "channel_id": cls.phone.id,
            "date_start": datetime(2026, 3, 4, 9),
        }
        cls.refused = [
            ("does not belong to Log Customer", {"contact_id": cls.stranger.id}),
            ("of another customer", {"order_id": cls.foreign_order.id}),
            ("in the future", {"date_start": datetime(2026, 3, 4, 11, 1)}),
            ("cannot be negative", {"duration": -1.0}),
            (
                "lies in the past",
                {"next_step": "Call", "next_date": date(2026, 3, 3)},
            ),
            ("On which day", {"next_step": "Call"}),
        ]

    def _entries(self, user=None):
        return self.env["crm.interaction"].with_user(user or self.user_sales_own)

    def _count(self):
        return self.env["crm.interaction"].search_count([])

    def test_by_a_program(self):
        entry = self._entries().create(self.good)
        count = self._count()
        for reason, vals in self.refused:
            for call in (
                lambda vals=vals: self._entries().create({**self.good, **vals}),
                lambda vals=vals: self._entries().web_save({**self.good, **vals}, {}),
                lambda vals=vals: entry.write(vals),
            ):
                with (
                    self.subTest(reason),
                    self.assertRaisesRegex(ValidationError, reason),
                    self.env.cr.savepoint(),
                ):
                    call()
        self.assertEqual(self._count(), count)

    def _fill(self, view, **values):
        """The form with these values, and the names of those that it does not show."""
        form = Form(self._entries(), view=f"crm_custom.{view}")
        hidden = set()
        for name, value in values.items():
            field = self.env["crm.interaction"]._fields[name]
            shown = name in form._view["fields"]
            if not shown or form._get_modifier(name, "invisible"):
                hidden.add(name)
                continue
            if field.comodel_name:
                value = self.env[field.comodel_name].browse(value)
            setattr(form, name, value)
        return form, hidden

    def test_in_the_forms(self):
        count = self._count()
        for view in ("crm_interaction_view_form", "crm_interaction_view_form_quick"):
            for reason, vals in self.refused:
                form, hidden = self._fill(view, **{**self.good, **vals})
                if hidden & vals.keys():
                    continue
                error = ValidationError
                if reason == "On which day":
                    # the form asks for the day before anything is sent
                    error, reason = AssertionError, "next_date is a required field"
                with (
                    self.subTest(reason, view=view),
                    self.assertRaisesRegex(error, reason),
                    self.env.cr.savepoint(),
                ):
                    form.save()
        self.assertEqual(self._count(), count)

    def test_in_an_import_by_line(self):
        def row(vals):
            values = {**self.good, **vals}
            cells = [values.get(name.partition("/")[0], "") for name in HEADINGS]
            cells[HEADINGS.index("channel_id")] = "Phone"
            return [str(cell) for cell in cells]

        bad = [row(vals) for _reason, vals in self.refused]
        rows = [HEADINGS, row({"duration": 0.5}), *bad, row({"duration": 0.75})]
        result = self._import(rows, user=self.user_sales_own, model="crm.interaction")
        made = self.env["crm.interaction"].browse(result["ids"])
        self.assertEqual(made.mapped("duration"), [0.5, 0.75])
        self.assertEqual(made.user_id, self.user_sales_own)
        reasons = self._reasons(result)
        self.assertEqual(len(reasons), len(bad))
        for number, (reason, _vals) in enumerate(self.refused):
            self.assertRegex(reasons[number], reason)
            self.assertEqual(result["crm_refused"][number][0], number + 1)
        # as Odoo does it: nothing goes in, with the line
        count = self._count()
        result = self._import(
            [HEADINGS, row({}), bad[2]],
            user=self.user_sales_own,
            model="crm.interaction",
            crm_skip_refused_rows=False,
        )
        self.assertFalse(result["ids"])
        # the first message is Odoo's about all rows at once
        message = result["messages"][-1]
        self.assertEqual(message["record"], 1)
        self.assertIn("in the future", message["message"])
        self.assertEqual(self._count(), count)

    def test_who_has_no_right(self):
        """Invoicing reads the log, and writes none of it."""
        count = self._count()
        entries = self._entries(self.user_invoicing)
        self.assertTrue(entries.has_access("read"))
        rows = [["partner_id/.id", "channel_id"], [str(self.customer.id), "Phone"]]
        for call in (
            lambda: entries.create(self.good),
            lambda: entries.web_save(self.good, {}),
            lambda: self._import(
                rows, user=self.user_invoicing, model="crm.interaction"
            ),
        ):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            Form(entries, view="crm_custom.crm_interaction_view_form")
        self.assertEqual(self._count(), count)

    def test_a_hidden_customer_is_named_by_no_door(self):
        self._limit_to_own_customers()
        count = self._count()
        hidden = self.customer_hidden
        for vals in ({"partner_id": hidden.id}, {"partner_id": hidden.child_ids[0].id}):
            with self.assertRaises(AccessError):
                self._entries().create({"channel_id": self.phone.id, **vals})
            with self.assertRaises(AccessError):
                self._entries().web_save({"channel_id": self.phone.id, **vals}, {})
            rows = [
                ["partner_id/.id", "channel_id"],
                [str(vals["partner_id"]), "Phone"],
            ]
            result = self._import(
                rows, user=self.user_sales_own, model="crm.interaction"
            )
            self.assertFalse(result["ids"])
            self.assertNotIn(hidden.name, str(self._reasons(result)))
        rows = [["partner_id", "channel_id"], [hidden.name, "Phone"]]
        result = self._import(rows, user=self.user_sales_own, model="crm.interaction")
        self.assertFalse(result["ids"])
        self.assertEqual(len(self._reasons(result)), 1)
        mine = self._log()
        with self.assertRaises(AccessError):
            mine.write({"partner_id": hidden.id})
        self.assertEqual(self._count(), count + 1)
