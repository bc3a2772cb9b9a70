"""Phone numbers: formatted when they are saved, found however they are spelt."""

from odoo.tests import Form

from .common import CrmCustomCase

SHANGHAI = "+86 21 5888 1234"


class TestCustomerPhone(CrmCustomCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.china = cls.env.ref("base.cn")
        cls.customer = cls._create_customer(country_id=cls.china.id)

    def test_dialling_code_comes_from_the_country(self):
        self.assertEqual(self.customer.phone_country_code, 86)

    def test_formatted_when_created_and_written(self):
        contact = self._create_contact(
            self.customer,
            mobile="13812345678",
            phone_home="(021)58881234",
            fax="0086 2158881235",
        )
        self.assertEqual(contact.mobile, "+86 138 1234 5678")
        self.assertEqual(contact.phone_home, SHANGHAI)
        self.assertEqual(contact.fax, "+86 21 5888 1235")
        contact.mobile = "+32470123456"
        self.assertEqual(contact.mobile, "+32 470 12 34 56")

    def test_country_of_the_same_save_counts(self):
        partner = self._create_partner(country_id=self.env.ref("base.be").id)
        partner.write({"mobile": "13812345678", "country_id": self.china.id})
        self.assertEqual(partner.mobile, "+86 138 1234 5678")

    def test_what_is_no_number_stays_as_it_was_typed(self):
        contact = self._create_contact(self.customer, mobile="ask Li", fax="12")
        self.assertEqual(contact.mobile, "ask Li")
        self.assertEqual(contact.fax, "12")

    def test_odoo_s_phone_is_formatted_in_our_form_and_import_alone(self):
        vals = {"name": "P", "country_id": self.china.id, "phone": "02158881234"}
        partners = self.env["res.partner"]
        self.assertEqual(partners.create(vals).phone, "02158881234")
        for context in ("crm_customer_form", "crm_contact_form"):
            in_form = partners.with_context(**{context: True})
            self.assertEqual(in_form.create(vals).phone, SHANGHAI)
        result = in_form.load(
            ["name", "country_id", "phone", "mobile"],
            [["P", "China", "02158881234", "13812345678"]],
        )
        imported = partners.browse(result["ids"])
        self.assertEqual(imported.phone, SHANGHAI)
        self.assertEqual(imported.mobile, "+86 138 1234 5678")

    def test_formatted_in_the_form(self):
        partner = self.env["res.partner"].new(
            {"country_id": self.china.id, "mobile": "13812345678"}
        )
        partner._onchange_phone_fields()
        self.assertEqual(partner.mobile, "+86 138 1234 5678")
        with Form(self.customer) as form:
            form.phone = "02158881234"
        self.assertEqual(self.customer.phone, SHANGHAI)

    def test_sanitized_number_is_the_mobile_before_the_others(self):
        contact = self._create_contact(self.customer, phone_home=SHANGHAI)
        self.assertEqual(contact.phone_sanitized, "+862158881234")
        contact.mobile = "13812345678"
        self.assertEqual(contact.phone_sanitized, "+8613812345678")

    def _assert_found(self, contact, spellings, operators=("ilike", "=", "like")):
        search = self.env["res.partner"].search
        for spelling in spellings:
            for operator in operators:
                with self.subTest(spelling, operator=operator):
                    found = search(
                        [
                            ("id", "=", contact.id),
                            ("phone_mobile_search", operator, spelling),
                        ]
                    )
                    self.assertEqual(found, contact)
            left_out = search(
                [
                    ("id", "=", contact.id),
                    ("phone_mobile_search", "not ilike", spelling),
                ]
            )
            self.assertFalse(left_out)

    def test_found_by_any_spelling_in_each_field(self):
        spellings = [
            "+86 21 5888 1234",
            "+862158881234",
            "0086 21 5888 1234",
            "00862158881234",
            "(021) 5888-1234",
            "021.58881234",
            "02158881234",
            "2158881234",
        ]
        for name in ("phone", "mobile", "phone_home"):
            contact = self._create_contact(self.customer, **{name: SHANGHAI})
            self._assert_found(contact, spellings)

    def test_found_when_it_was_stored_in_any_spelling(self):
        spellings = ["+86 21 5888 1234", "0086 21 58881234", "021 5888 1234"]
        for stored in (*spellings, "(021)58881234", "2158881234", "+86(0)2158881234"):
            contact = self._create_contact(self.customer, phone=stored)
            self.assertEqual(contact.phone, stored)
            self._assert_found(contact, spellings)

    def test_found_by_a_part(self):
        contact = self._create_contact(self.customer, mobile=SHANGHAI)
        parts = ["588 812", "8881234", "021 588", "+86 21 58", "008621588", "881234"]
        self._assert_found(contact, parts, operators=("ilike",))

    def test_other_numbers_are_not_found(self):
        contact = self._create_contact(self.customer, mobile=SHANGHAI)
        search = self.env["res.partner"].search
        for operator, spelling in (
            ("ilike", "+86 21 5888 1235"),
            ("ilike", "+49 21 5888 1234"),
            ("ilike", "58881 99"),
            ("=", "58881234"),
            ("=", "+86 21 5888 123"),
            ("=", "15888 1234"),
        ):
            with self.subTest(spelling):
                domain = [("phone_mobile_search", operator, spelling)]
                self.assertNotIn(contact, search(domain))

    def test_number_or_none(self):
        contact = self._create_contact(self.customer, phone_home=SHANGHAI)
        without = self._create_contact(self.customer)
        search = self.env["res.partner"].search
        domain = [("id", "in", (contact | without).ids)]
        self.assertEqual(
            search([*domain, ("phone_mobile_search", "!=", False)]), contact
        )
        self.assertEqual(
            search([*domain, ("phone_mobile_search", "=", False)]), without
        )

    def test_other_countries_trunk_prefixes(self):
        for country, stored, spellings in (
            ("base.ru", "+7 495 123-45-67", ["8 (495) 123-45-67"]),
            ("base.it", "+39 06 1234 5678", ["06 12345678"]),
            ("base.uk", "+44 20 7946 0958", ["020 7946 0958", "+44 (0)20 7946 0958"]),
        ):
            self.env.company.country_id = self.env.ref(country)
            contact = self._create_contact(self.customer, mobile=stored)
            self._assert_found(contact, [stored, *spellings])

    def test_fields_are_indexed_for_the_search(self):
        self.env.cr.execute(
            "SELECT count(*) FROM pg_indexes WHERE tablename = 'res_partner'"
            " AND indexdef LIKE '%regexp_replace(%' AND indexdef LIKE '%phone_home%'"
        )
        self.assertTrue(self.env.cr.fetchone()[0])
