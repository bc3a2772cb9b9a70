"""The banner while typing: who it may be, why, whom to ask, and for whose eyes."""

from odoo.fields import Command

from .common import CrmCustomCase
from .duplicate_common import DuplicateMixin
from .roles_common import OwnCustomersMixin


class TestDuplicateHints(DuplicateMixin, OwnCustomersMixin, CrmCustomCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_own_customers()
        cls.known = cls._create_company(
            vat="BE0404616494",
            company_registry="0404.616.494",
            email="Sales <sales@meridian.test>",
            phone="+32 470 98 76 54",
            website="https://www.meridian.test/en/",
            user_id=cls.user_sales_all.id,
        )
        cls.env.flush_all()

    def _assert_found(self, expected_reason, **values):
        lines = self._hints(self.user_sales_own, **values)
        line = next(line for line in lines if line["id"] == self.known.id)
        self.assertIn(expected_reason, line["reasons"])
        return line

    def _assert_not_found(self, **values):
        self.assertNotIn(self.known.id, self._hint_ids(self.user_sales_own, **values))

    def test_each_key_by_another_spelling(self):
        belgium = self.env.ref("base.be").id
        for reason, values in (
            ("same tax ID", {"vat": "0404.616.494", "country_id": belgium}),
            (
                "same registry number",
                {"company_registry": "0404616494", "country_id": belgium},
            ),
            ("same e-mail address", {"email": "SALES@meridian.test"}),
            ("same phone number", {"phone": "0470/98.76.54", "country_id": belgium}),
            ("same phone number", {"mobile": "0032 470 98 76 54"}),
            ("same web site", {"website": "meridian.test/EN"}),
            ("same name", {"name": "MERIDIAN Optics GmbH"}),
            ("similar name", {"name": "Meridiam Optic Ltd"}),
        ):
            with self.subTest(values):
                line = self._assert_found(reason, **{"is_company": True, **values})
                self.assertEqual(line["salesperson"], self.user_sales_all.name)

    def test_mail_domain_and_web_site_tell_of_each_other(self):
        known = self._create_company("Other Name", website="www.brandner.test")
        ids = self._hint_ids(self.user_sales_own, email="einkauf@mail.brandner.test")
        self.assertEqual(ids, [known.id])

    def test_free_mail_tells_nothing(self):
        known = self._create_company("Other Name", email="one@gmail.com")
        for free in ("two@gmail.com", "one@qq.com"):
            self.assertNotIn(known.id, self._hint_ids(self.user_sales_own, email=free))
        self._create_company("Third Name", email="one@ours-only.test")
        self.assertTrue(self._hints(self.user_sales_own, email="x@ours-only.test"))
        # the administrator adds a provider; it holds at once, and is taken back at once
        provider = (
            self.env["crm.public.domain"]
            .with_user(self.user_crm_admin)
            .create({"name": "Ours-Only.test"})
        )
        self.assertFalse(self._hints(self.user_sales_own, email="x@ours-only.test"))
        provider.active = False
        self.assertTrue(self._hints(self.user_sales_own, email="x@ours-only.test"))

    def test_chinese_names(self):
        huawei = self._create_company("华为技术有限公司")
        short = self._create_company("海信")
        bakery = self._create_company("杭州邻家家居有限公司")
        for name, expected in (
            ("华为技术股份有限公司", huawei),
            ("华为", huawei),
            ("深圳华为技术有限公司", huawei),
            ("華為技術", huawei),
            ("海信集团有限公司", short),
            ("海信视像科技股份有限公司", short),
            ("杭州领家家居有限公司", bakery),
        ):
            with self.subTest(name):
                ids = self._hint_ids(self.user_sales_own, name=name, is_company=True)
                self.assertIn(expected.id, ids)
        for name in ("海尔", "中兴通讯股份有限公司"):
            with self.subTest(name):
                ids = self._hint_ids(self.user_sales_own, name=name, is_company=True)
                self.assertNotIn(huawei.id, ids)
                self.assertNotIn(short.id, ids)

    def test_two_people_of_one_name_are_no_proof(self):
        person = self.env["res.partner"].create({"name": "李伟"})
        lines = self._hints(self.user_sales_own, name="李伟")
        line = next(line for line in lines if line["id"] == person.id)
        self.assertEqual(line["certainty"], "possible")
        lines = self._hints(self.user_sales_own, name="Meridian Optics Co., Ltd.")
        self.assertTrue(all(line["certainty"] == "possible" for line in lines))

    def test_own_entity_is_no_duplicate(self):
        contact = self._create_contact(
            self.known, email="sales@meridian.test", phone="+32 470 98 76 54"
        )
        self.assertEqual(contact.vat, self.known.vat)
        for partner in (self.known, contact):
            self.assertFalse(partner.with_user(self.user_sales_own).crm_duplicate_hints)
        # another person of the company, in its form, before he is saved
        self._assert_not_found(
            name="Third", parent_id=self.known.id, email="sales@meridian.test"
        )

    def test_person_of_a_company_is_told_as_the_company(self):
        self._create_contact(self.known, email="li@li.test")
        self._assert_found("same e-mail address", name="Li", email="li@li.test")

    def test_colleagues_and_our_own_company_are_no_customers(self):
        self.env.company.partner_id.email = "office@ours.test"
        self.user_sales_all.partner_id.email = "seller@ours.test"
        for email in ("office@ours.test", "seller@ours.test", "new@ours.test"):
            self.assertFalse(self._hints(self.user_sales_own, email=email))

    def test_archived_customer_is_told(self):
        self.known.active = False
        line = self._assert_found("same e-mail", email="sales@meridian.test")
        self.assertTrue(line["archived"])

    def test_customer_who_may_not_be_read(self):
        hidden = self.customer_hidden
        for values in (
            {"email": hidden.email},
            {"name": hidden.name, "is_company": True},
            {"email": "hidden@p.example.com"},
        ):
            with self.subTest(values):
                lines = self._hints(self.user_sales_own, **values)
                told = [line for line in lines if line.get("hidden")]
                self.assertEqual(
                    told, [{"hidden": True, "salesperson": self.user_colleague.name}]
                )
                self.assertNotIn(hidden.name, str(lines))
        self.assertIn(
            hidden.id, self._hint_ids(self.user_sales_all, email=hidden.email)
        )

    def test_stock_warning_does_not_name_whom_one_may_not_see(self):
        self.customer_hidden.vat = "BE0411905847"
        typed = self._type(self.user_sales_own, vat="BE0411905847")
        self.assertFalse(typed.same_vat_partner_id)
        typed = self._type(self.user_sales_all, vat="BE0411905847")
        self.assertEqual(typed.same_vat_partner_id._origin, self.customer_hidden)

    def test_customer_of_another_company_does_not_leak(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        theirs = self._create_company(
            "Theirs", email="theirs@theirs.test", company_id=other.id
        )
        self.assertFalse(self._hints(self.user_sales_all, email="theirs@theirs.test"))
        self.user_sales_all.company_ids += other
        typed = self._type(self.user_sales_all, email="theirs@theirs.test")
        in_both = typed.with_context(
            allowed_company_ids=(self.env.company + other).ids
        ).new({"email": "theirs@theirs.test"})
        self.assertEqual(in_both.crm_duplicate_hints[0]["id"], theirs.id)
        # two companies' own customers are two
        ours = in_both.new(
            {"email": "theirs@theirs.test", "company_id": self.env.company.id}
        )
        self.assertFalse(ours.crm_duplicate_hints)

    def test_what_is_off_is_not_compared(self):
        self._set_policy(email="off", similar=False)
        self._assert_not_found(email="sales@meridian.test")
        self._assert_not_found(name="Meridian Optics", is_company=True)
        self._assert_found("same phone", phone="+32 470 98 76 54")

    def test_keys_follow_each_change(self):
        self.known.write({"email": "new@new.test", "phone": False})
        self._assert_not_found(phone="+32 470 98 76 54")
        self._assert_found("same e-mail", email="new@new.test")
        person = self.env["res.partner"].create({"name": "Zhang Sanfeng"})
        self.assertIn(
            person.id, self._hint_ids(self.user_sales_own, name="Zhang Sanfeng")
        )
        # a person of a company is not compared by name
        person.parent_id = self.known
        self.assertFalse(self._hints(self.user_sales_own, name="Zhang Sanfeng"))
        self.known.unlink()
        self.assertFalse(self._hints(self.user_sales_own, email="new@new.test"))

    def test_leads(self):
        lead = {
            "name": "Request",
            "partner_name": "Meridian Optics",
            "contact_name": "Li",
            "email_from": "sales@meridian.test",
            "phone": "+32 470 98 76 54",
        }
        lines = self._hints(self.user_sales_own, "crm.lead", **lead)
        self.assertEqual([line["id"] for line in lines], [self.known.id])
        self.assertEqual(
            lines[0]["reasons"], "same e-mail address, same phone number, same name"
        )
        # who names his customer has found him
        lead["partner_id"] = self.known.id
        self.assertFalse(self._hints(self.user_sales_own, "crm.lead", **lead))

    def test_portal_learns_nothing(self):
        typed = self._type(self.user_portal, email="sales@meridian.test")
        self.assertFalse(typed.crm_duplicate_hints)
        keys = self.env["crm.partner.key"].with_user(self.user_sales_manager)
        self.assertFalse(keys.has_access("read"))

    def test_cost_does_not_grow_with_the_records(self):
        def compute(count):
            partners = self.env["res.partner"].create(
                [
                    {
                        "name": f"Company {number}",
                        "is_company": True,
                        "email": f"company{number}@shared.test",
                        "child_ids": [Command.create({"name": "Person"})],
                    }
                    for number in range(count)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            partners = partners.with_user(self.user_sales_own)
            before = self.env.cr.sql_log_count
            partners.mapped("crm_duplicate_hints")
            return self.env.cr.sql_log_count - before

        few = compute(10)
        # one more for hits that are met in the cache by then
        self.assertLessEqual(compute(100), few + 1)
