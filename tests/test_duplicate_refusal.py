"""What a user saves is refused on strong keys; what Odoo makes by itself never is."""

import re
from contextlib import contextmanager

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command

from .common import CrmCustomCase
from .duplicate_common import DuplicateMixin
from .import_common import CUSTOMER_CONTEXT, ImportMixin
from .roles_common import OwnCustomersMixin

MAIL = """MIME-Version: 1.0
Date: Thu, 27 Dec 2026 16:27:45 +0100
Message-ID: <duplicate@example.com>
Subject: A request
From: Sales of Meridian <sales@meridian.test>
To: {to}
Content-Type: text/plain; charset=UTF-8

Please send an offer.
"""


class TestDuplicateRefusal(
    DuplicateMixin, OwnCustomersMixin, ImportMixin, CrmCustomCase
):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_own_customers()
        cls.known = cls._create_company(
            vat="BE0404616494",
            email="sales@meridian.test",
            phone="+32 470 98 76 54",
            user_id=cls.user_sales_all.id,
        )
        cls._set_policy(email="refuse", vat="refuse")
        cls.same = {"name": "Another", "email": "Sales@Meridian.test"}

    def _save(self, user, model="res.partner", **values):
        """As the form does."""
        with self._calling(f"{model}.web_save"):
            saved = (
                self.env[model].with_user(user).web_save(values, {"display_name": {}})
            )
        return self.env[model].browse(saved[0]["id"])

    @contextmanager
    def _assert_refused(self, text="exists already"):
        # taken back as the server does it
        with (
            self.assertRaisesRegex(ValidationError, text) as refused,
            self.env.cr.savepoint(),
        ):
            yield refused

    def test_form_is_refused_with_who_why_and_whose(self):
        with self._assert_refused(
            "Another: this customer exists already as Meridian Optics.*same e-mail"
            f".*salesperson: {self.user_sales_all.name}"
        ):
            self._save(self.user_sales_own, **self.same)

    def test_weak_keys_and_kinds_that_warn_are_not_refused(self):
        self._save(
            self.user_sales_own,
            name=self.known.name,
            is_company=True,
            phone="+32 470 98 76 54",
            website="meridian.test",
        )

    def test_each_call_that_saves(self):
        partners = self.env["res.partner"].with_user(self.user_sales_own)
        other = self._save(self.user_sales_own, name="Other").with_env(partners.env)
        for method, call in (
            ("create", lambda: partners.create([self.same])),
            ("write", lambda: other.write({"email": self.same["email"]})),
            ("web_save", lambda: other.web_save({"email": self.same["email"]}, {})),
            ("name_create", lambda: partners.name_create("X <sales@meridian.test>")),
        ):
            with (
                self.subTest(method),
                self._calling(f"res.partner.{method}"),
                self._assert_refused(),
            ):
                call()

    def test_contact_of_another_company(self):
        company = self._create_company("Other Company")
        with self._assert_refused():
            self._save(self.user_sales_own, parent_id=company.id, **self.same)
        # one of the same company, which carries its tax ID, is welcome
        contact = self._save(self.user_sales_own, parent_id=self.known.id, **self.same)
        self.assertEqual(contact.vat, self.known.vat)

    def test_old_duplicate_keeps_nobody_from_working(self):
        old = self._create_company("Old", email="sales@meridian.test")
        with self._calling("res.partner.write"):
            old.with_user(self.user_sales_own).write({"phone": "+32 470 11 11 11"})
            with self._assert_refused():
                old.with_user(self.user_sales_own).write({"vat": "BE0404616494"})

    def test_lead(self):
        lead = {"name": "Request", "email_from": "sales@meridian.test"}
        with self._assert_refused("Request: this customer exists already as Meridian"):
            self._save(self.user_sales_own, "crm.lead", **lead)
        self._save(self.user_sales_own, "crm.lead", partner_id=self.known.id, **lead)

    def test_hidden_customer_is_not_told(self):
        with self._assert_refused(
            re.escape(f"Ask {self.user_colleague.name}")
        ) as refused:
            self._save(
                self.user_sales_own, name="X", email="hidden@customer.example.com"
            )
        self.assertNotIn("Hidden Customer", str(refused.exception))

    def test_override_is_the_managers_and_is_recorded(self):
        reason = {"crm_duplicate_reason": "A subsidiary with its own purchasing"}
        with self.assertRaises(AccessError):
            self._save(self.user_sales_all, **self.same, **reason)
        with self._assert_refused():
            self._save(self.user_sales_manager, **self.same, crm_duplicate_reason=" ")
        partner = self._save(self.user_sales_manager, **self.same, **reason)
        message = partner.message_ids.filtered(lambda m: "subsidiary" in m.body)
        self.assertEqual(message.author_id, self.user_sales_manager.partner_id)
        self.assertIn("same e-mail address", message.body)
        # read by others who may not know the other one
        self.assertNotIn(self.known.name, message.body)
        pair = self._find_pair(partner, self.known)
        self.assertEqual(pair.state, "distinct")
        self.assertEqual(pair.decided_by_id, self.user_sales_manager)
        self.assertEqual(pair.note, reason["crm_duplicate_reason"])
        # decided is decided
        self.assertFalse(partner.with_user(self.user_sales_own).crm_duplicate_hints)
        lead = self._save(
            self.user_sales_manager,
            "crm.lead",
            name="Request",
            email_from="sales@meridian.test",
            **reason,
        )
        self.assertIn("subsidiary", str(lead.message_ids.mapped("body")))

    def test_import_reports_by_line(self):
        belgium = "Belgium"
        rows = [
            ["name", "email", "country_id"],
            ["Good One", "good@one.test", belgium],
            ["Bad One", "sales@meridian.test", belgium],
            ["Twin A", "twin@twin.test", belgium],
            ["Twin B", "twin@twin.test", belgium],
        ]
        upload = self._upload(rows, context=CUSTOMER_CONTEXT)
        with self._calling("base_import.import.execute_import"):
            result, _options = self._run(upload)
        self.assertEqual(self._names(result), ["Good One", "Twin A"])
        self.assertIn("Row 2: Bad One", self._reasons(result)[0])
        self.assertIn("Meridian Optics", self._reasons(result)[0])
        self.assertIn("Row 4: Twin B", self._reasons(result)[1])
        # stock's way: the whole file is kept out, with the lines
        rows = [rows[0], ["Third", "third@one.test", belgium], rows[2]]
        upload = self._upload(rows, context=CUSTOMER_CONTEXT)
        result, _options = self._run(upload, crm_skip_refused_rows=False)
        self.assertFalse(result["ids"])
        self.assertIn(1, [message["record"] for message in result["messages"]])

    def test_what_odoo_makes_is_not_refused_and_comes_into_the_list(self):
        team = self.env["crm.team"].create(
            {"name": "Desk", "alias_name": "desk-duplicates", "use_leads": True}
        )
        lead_id = self.env["mail.thread"].message_process(
            "crm.lead", MAIL.format(to=team.alias_id.display_name)
        )
        self.assertTrue(lead_id)
        made = self.env["res.partner"]
        # a new user, by an administrator who calls for a user
        with self._calling("res.users.web_save"):
            user = (
                self.env["res.users"]
                .with_user(self.env.ref("base.user_admin"))
                .create(
                    {
                        "name": "Portal",
                        "login": "sales@meridian.test",
                        "email": "sales@meridian.test",
                        "group_ids": [
                            Command.set([self.env.ref("base.group_portal").id])
                        ],
                    }
                )
            )
            made += user.partner_id
        # sign-up and web orders come as superuser, whoever calls
        with self._calling("res.partner.create"):
            made += self.env["res.partner"].sudo().create(self.same)
        # a lead that becomes a customer
        with self._calling("crm.lead2opportunity.partner.action_apply"):
            lead = self.env["crm.lead"].browse(lead_id).with_user(self.user_sales_all)
            # the gateway knows the sender; somebody wants a customer of his own for him
            lead.partner_id = False
            made += lead._create_customer()
        self._run_review()
        for partner in made:
            with self.subTest(partner.name):
                self.assertEqual(
                    self._find_pair(partner, self.known).state, "to_review"
                )

    def test_policy_is_each_companys(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.user_sales_all.company_ids += other
        with self._calling("res.partner.create"):
            self.env["res.partner"].with_user(self.user_sales_all).with_company(
                other
            ).create(self.same)

    def test_settings_are_the_administrators(self):
        settings = self.env["crm.custom.settings"]
        settings.with_user(self.user_crm_admin).create(
            {"crm_duplicate_phone": "refuse", "crm_duplicate_similar": False}
        ).execute()
        self.assertEqual(self.env.company.crm_duplicate_phone, "refuse")
        self.assertEqual(self.env.company.crm_duplicate_email, "refuse")
        self.assertFalse(self.env.company.crm_duplicate_similar)
        self.assertTrue(
            settings.with_user(self.user_crm_admin)
            .default_get(["crm_compares_chinese_names"])
            .get("crm_compares_chinese_names")
        )
        domains = self.env["crm.public.domain"]
        with self.assertRaises(AccessError):
            domains.with_user(self.user_sales_manager).create({"name": "x.test"})
        with self.assertRaises(AccessError):
            self.env["crm.duplicate"].with_user(self.user_sales_all).search([])
