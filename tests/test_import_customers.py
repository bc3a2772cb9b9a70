"""The Customers action imports customers with their people, by a ready template."""

from odoo.tests import tagged
from odoo.tools import file_open

from .common import CrmCustomCase
from .import_common import CUSTOMER_CONTEXT, ImportMixin

TEMPLATE = "crm_custom/static/xls/crm_customers_import%s.xlsx"
# what the template offers a column for
PATHS = [
    "name",
    "ref",
    "country_id",
    "state_id",
    "city",
    "zip",
    "street",
    "phone_area_code",
    "phone",
    "fax",
    "email",
    "website",
    "vat",
    "industry_id",
    "customer_type_id",
    "customer_source_id",
    "annual_revenue",
    "annual_revenue_currency_id",
    "headcount",
    "user_id",
    "category_id",
    "comment",
    "child_ids/name",
    "child_ids/salutation",
    "child_ids/department",
    "child_ids/function",
    "child_ids/is_primary_contact",
    "child_ids/phone",
    "child_ids/mobile",
    "child_ids/phone_home",
    "child_ids/fax",
    "child_ids/email",
    "child_ids/hobby_ids",
    "child_ids/special_day_ids/name",
    "child_ids/special_day_ids/date",
]


@tagged("post_install", "-at_install")
class TestImportCustomers(ImportMixin, CrmCustomCase):
    def _import_customers(self, rows, **kwargs):
        return self._import(rows, context=CUSTOMER_CONTEXT, **kwargs)

    def _import_template(self, lang):
        """Load the template of a language as it is, by the columns' headings."""
        context = {**CUSTOMER_CONTEXT, "lang": lang}
        partners = self.env["res.partner"].with_context(**context)
        [template] = partners.get_import_templates()
        with file_open(template["template"].lstrip("/"), "rb") as file:
            upload = self._upload(file.read(), context=context)
        options = {"quoting": '"', "has_headers": True}
        preview = upload.parse_preview(options)
        matches = preview["matches"]
        fields = ["/".join(matches.get(i, [])) for i in range(len(preview["headers"]))]
        self.assertEqual(fields, PATHS)
        result, _options = self._run(upload, fields=fields, **preview["options"])
        self.assertEqual(self._reasons(result), [])
        self.assertEqual(result["messages"], [])
        return self.env["res.partner"].browse(result["ids"])

    def test_template(self):
        customers = self._import_template("en_US")
        self.assertEqual(
            customers.mapped("name"), ["Alpine Tools GmbH", "Harbour Foods Ltd"]
        )
        self.assertEqual(customers.mapped("is_crm_customer"), [True, True])
        self.assertEqual(customers.mapped("is_company"), [True, True])
        self.assertRegex(customers[0].ref, r"^C\d{6}$")
        self.assertEqual(customers[1].ref, "HF-001")
        self.assertEqual(customers[0].annual_revenue, 2500000)
        self.assertEqual(
            customers.annual_revenue_currency_id, self.env.company.currency_id
        )
        self.assertEqual(
            customers.mapped("primary_contact_id.name"), ["Eva Berger", "Lucy Reed"]
        )
        people = customers.child_ids
        self.assertEqual(
            people.mapped("name"), ["Eva Berger", "Paul Lang", "Amit Shah", "Lucy Reed"]
        )
        self.assertEqual(people.mapped("is_company"), [False] * 4)
        self.assertEqual(people.mapped("is_crm_customer"), [False] * 4)
        self.assertEqual(people.mapped("ref"), [False] * 4)
        self.assertEqual(people[1].function, "Foreman")
        self.assertEqual(str(people.special_day_ids.date), "1984-05-12")

    def test_template_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        customers = self._import_template("zh_CN")
        self.assertEqual(
            customers.mapped("name"), ["广州启明机械有限公司", "上海海港食品有限公司"]
        )
        self.assertEqual(
            customers.mapped("primary_contact_id.name"), ["李晓梅", "刘芳"]
        )
        self.assertEqual(customers.country_id.code, "CN")

    def test_template_is_for_the_customers_action_alone(self):
        paths = [
            template["template"]
            for template in self.env["res.partner"].get_import_templates()
        ]
        self.assertNotIn("/" + TEMPLATE % "", paths)

    def test_what_a_customer_needs(self):
        existing = self._create_customer(name="Standing", ref="IMP-1")
        result = self._import_customers(
            [
                ["name", "ref", "country_id", "annual_revenue", "headcount"],
                ["Good", "IMP-2", "Belgium", "5", "1"],
                ["Without country", "", "", "", ""],
                ["Wrong country", "", "Belgiumm", "", ""],
                ["Negative revenue", "", "Belgium", "-5", ""],
                ["Negative head count", "", "Belgium", "", "-1"],
                ["Code of the database", "IMP-1", "Belgium", "", ""],
                ["Code of the file", "IMP-2", "Belgium", "", ""],
                ["Good too", "", "Belgium", "", ""],
            ]
        )
        self.assertEqual(self._names(result), ["Good", "Good too"])
        customers = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(customers.mapped("is_crm_customer"), [True, True])
        expected = [
            (2, "country"),
            (3, "'Belgiumm' in field 'Country'"),
            (4, "revenue cannot be negative"),
            (5, "employees cannot be negative"),
            (6, existing.name),
            (7, "Good"),
        ]
        self.assertEqual(len(result["crm_refused"]), len(expected))
        for reason, (row, part) in zip(self._reasons(result), expected, strict=True):
            self.assertTrue(reason.startswith(f"Row {row}: "), reason)
            self.assertIn(part, reason)

    def test_people_in_rows_of_their_own(self):
        result = self._import_customers(
            [
                ["id", "name", "parent_id/id", "country_id", "function"],
                ["imp_alpha", "Alpha", "", "Belgium", ""],
                ["imp_beta", "Beta", "", "", ""],
                ["imp_ann", "Ann", "imp_alpha", "", "Buyer"],
                ["imp_bert", "Bert", "imp_beta", "", ""],
            ]
        )
        self.assertEqual(self._names(result), ["Alpha", "Ann"])
        alpha, ann = self.env["res.partner"].browse(result["ids"])
        self.assertTrue(alpha.is_crm_customer)
        self.assertFalse(ann.is_company or ann.is_crm_customer or ann.ref)
        self.assertEqual(ann.commercial_partner_id, alpha)
        self.assertEqual(
            self._reasons(result)[1],
            "Row 4: Row 2, which “imp_beta” refers to, was refused",
        )

    def test_people_of_a_customer_who_is_there(self):
        head = ["id", "name", "country_id", "child_ids/name"]
        first = self._import_customers([head, ["imp_a", "Alpha", "Belgium", "Ann"]])
        again = self._import_customers([head, ["imp_a", "Alpha", "Belgium", "Bea"]])
        self.assertEqual(first["ids"], again["ids"])
        people = self.env["res.partner"].browse(first["ids"]).child_ids
        self.assertEqual(people.mapped("name"), ["Ann", "Bea"])
        self.assertEqual(people.mapped("is_company"), [False, False])

    def test_a_bad_contact_keeps_its_customer_out(self):
        result = self._import_customers(
            [
                ["name", "country_id", "child_ids/name", "child_ids/salutation"],
                ["Alpha", "Belgium", "Ann", "Ms."],
                ["Beta", "Belgium", "Bert", "Mr."],
                ["", "", "Bea", "Madame"],
            ]
        )
        self.assertEqual(self._names(result), ["Alpha"])
        self.assertEqual(
            self._reasons(result),
            ["Row 2: Value 'Madame' not found in selection field 'Contact/Salutation'"],
        )
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Beta")]))

    def test_codes_are_not_used_up(self):
        rows = [
            ["name", "country_id"],
            *([f"N{number}", "Belgium"] for number in range(20)),
        ]
        bad = [*rows[:10], ["Bad", ""], *rows[10:]]
        self._import_customers(bad, dryrun=True)
        self._import_customers(rows, dryrun=True, crm_skip_refused_rows=False)
        [first] = self._import_customers([*rows[:1], ["First", "Belgium"]])["ids"]
        result = self._import_customers(bad)
        codes = self.env["res.partner"].browse([first, *result["ids"]]).mapped("ref")
        numbers = [int(code[1:]) for code in codes]
        self.assertEqual(len(numbers), 21)
        # one number went with the refused row, tests of files took none
        self.assertEqual(numbers[-1] - numbers[0], 21)
