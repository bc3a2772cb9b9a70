"""Who calls: what a soft-phone opens on a ring, over HTTP."""

from urllib.parse import parse_qs, urlencode, urlsplit

from odoo.tests import new_test_user

from .common import CrmCustomHttpCase

SPELLINGS = (
    "+32470123456",
    "0032470123456",
    "0470123456",
    "0470/12.34.56",
    "+32 (0)470 12 34 56",
    "470123456",
)


class TestCall(CrmCustomHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.be")
        cls.customer = cls._create_customer(
            name="Call Customer", user_id=cls.user_sales_own.id
        )
        cls.contact = cls._create_contact(
            cls.customer, name="Call Contact", mobile="+32 470 12 34 56"
        )

    def _call(self, number=None, login="user_sales_own"):
        self.authenticate(login, login)
        query = "" if number is None else urlencode({"number": number})
        return self.url_open(
            f"/crm_custom/call?{query}", allow_redirects=False, timeout=60
        )

    def _get_target(self, response):
        self.assertIn(response.status_code, (302, 303), response.text[:300])
        url = urlsplit(response.headers["Location"])
        self.assertEqual(url.path, "/odoo/action-crm_custom.call")
        return {name: values[0] for name, values in parse_qs(url.query).items()}

    def test_any_spelling_leads_to_the_customer(self):
        for spelling in SPELLINGS:
            target = self._get_target(self._call(spelling))
            self.assertEqual(target["customer_id"], str(self.customer.id), spelling)
            self.assertEqual(target["contact_id"], str(self.contact.id))

    def test_a_plus_that_was_not_encoded(self):
        self.authenticate("user_sales_own", "user_sales_own")
        response = self.url_open(
            "/crm_custom/call?number=+32470123456", allow_redirects=False
        )
        self.assertEqual(self._get_target(response)["contact_id"], str(self.contact.id))

    def test_phone_and_home_phone(self):
        self.customer.phone = "02 290 34 90"
        target = self._get_target(self._call("+3222903490"))
        self.assertEqual(target["customer_id"], str(self.customer.id))
        self.assertNotIn("contact_id", target)
        self.contact.phone_home = "+32 2 290 34 91"
        target = self._get_target(self._call("022903491"))
        self.assertEqual(target["contact_id"], str(self.contact.id))

    def test_a_person_stands_for_the_company_with_the_same_number(self):
        self.customer.phone = "0470 12 34 56"
        target = self._get_target(self._call("0470123456"))
        self.assertEqual(target["contact_id"], str(self.contact.id))

    def test_several_are_offered(self):
        other = self._create_customer(name="Other <b>", phone="+32 470 12 34 56")
        supplier = self.env["res.partner"].create(
            {"name": "No customer", "phone": "+32 470 12 34 56"}
        )
        response = self._call("0470123456")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.text.count("o_crm_call_caller"), 2)
        self.assertIn("Call Contact", response.text)
        self.assertIn("Other &lt;b&gt;", response.text)
        self.assertNotIn("No customer", response.text)
        self.assertIn(f"customer_id={other.id}", response.text)
        (self.contact | other).write({"active": False})
        target = self._get_target(self._call("0470123456"))
        self.assertEqual(target["customer_id"], str(supplier.id))

    def test_nobody_offers_to_create(self):
        response = self._call("+32 470 99 99 99")
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("o_crm_call_caller", response.text)
        self.assertIn("number=%2B32+470+99+99+99", response.text)

    def test_hostile_and_useless_numbers(self):
        for number in (
            None,
            "",
            "anonymous",
            "123",
            "%",
            "%%%%%%%%%%",
            "_____",
            "' OR 1=1 --",
            "<script>alert(1)</script>",
            "x" * 5000,
            "🦄" * 20,
        ):
            response = self._call(number)
            self.assertEqual(response.status_code, 200, number)
            self.assertNotIn("o_crm_call_caller", response.text)
            self.assertNotIn("<script>alert", response.text)
        response = self._call("0" * 3000)
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("o_crm_call_caller", response.text)
        self.assertNotIn("0" * 50, response.text)

    def test_roles(self):
        new_test_user(
            self.env, "call_employee", "base.group_user", password="call_employee"
        )
        for login in ("user_portal", "user_invoicing", "call_employee"):
            response = self._call("0470123456", login)
            self.assertEqual(response.status_code, 403)
            self.assertNotIn("Call Contact", response.text)
        for login in ("user_sales_own", "user_sales_all", "user_sales_manager"):
            self._get_target(self._call("0470123456", login))
        self.logout()
        response = self.url_open(
            "/crm_custom/call?number=0470123456", allow_redirects=False
        )
        self.assertIn("/web/login", response.headers["Location"])

    def test_a_hidden_customer_is_not_told(self):
        settings = self.env["crm.custom.settings"].with_user(self.user_crm_admin)
        settings.create({"crm_restrict_own_customers": True}).execute()
        self.customer.user_id = self.user_sales_all
        response = self._call("0470123456")
        self.assertNotIn("Call Contact", response.text)
        self.assertNotIn("o_crm_call_caller", response.text)
        self._get_target(self._call("0470123456", "user_sales_all"))

    def test_nothing_is_written_before_it_is_saved(self):
        interactions = self.env["crm.interaction"]
        before = interactions.search_count([])
        self._call("0470123456")
        self._call("0470999999")
        self.assertEqual(interactions.search_count([]), before)
        self.start_tour(
            f"/odoo/action-crm_custom.call?customer_id={self.customer.id}"
            f"&contact_id={self.contact.id}&number=0470123456",
            "crm_custom_call",
            login="user_sales_own",
        )
        (interaction,) = interactions.search([("contact_id", "=", self.contact.id)])
        self.assertEqual(interaction.partner_id, self.customer)
        self.assertEqual(interaction.direction, "in")
        self.assertEqual(interactions.search_count([]), before + 1)
        self.start_tour(
            "/odoo/action-crm_custom.call?number=%2B32470999999",
            "crm_custom_call_nobody",
            login="user_sales_own",
        )
