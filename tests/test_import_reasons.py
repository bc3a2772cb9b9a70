"""Each refused record gets its own reason, and none takes a good one with it."""

from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CrmCustomCase
from .import_common import ImportMixin


@tagged("post_install", "-at_install")
class TestImportReasons(ImportMixin, CrmCustomCase):
    # ------------------------------------------------------------
    # References inside of the file
    # ------------------------------------------------------------

    def test_reference_by_external_id(self):
        result = self._import(
            [
                ["id", "name", "parent_id/id", "country_id"],
                ["imp_alpha", "Alpha", "", "Belgium"],
                ["imp_beta", "Beta", "", "Nowhere"],
                ["imp_ann", "Ann", "imp_alpha", ""],
                ["imp_bert", "Bert", "imp_beta", ""],
                ["imp_bea", "Bea", "imp_bert", ""],
                ["imp_gus", "Gus", "imp_unknown", ""],
            ]
        )
        self.assertEqual(self._names(result), ["Alpha", "Ann"])
        alpha, ann = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(ann.parent_id, alpha)
        reasons = self._reasons(result)
        self.assertEqual(
            reasons[1:3],
            [
                "Row 4: Row 2, which “imp_beta” refers to, was refused",
                "Row 5: Row 4, which “imp_bert” refers to, was refused",
            ],
        )
        self.assertIn("No matching record found for external id", reasons[3])

    def test_reference_by_name(self):
        result = self._import(
            [
                ["name", "parent_id", "headcount"],
                ["Imp Alpha", "", "1"],
                ["Imp Beta", "", "-1"],
                ["Ann", "Imp Alpha", ""],
                ["Bert", "Imp Beta", ""],
            ]
        )
        self.assertEqual(self._names(result), ["Imp Alpha", "Ann"])
        self.assertEqual(
            self._reasons(result)[1],
            "Row 4: Row 2, which “Imp Beta” refers to, was refused",
        )

    def test_a_refused_row_between_does_not_take_others_along(self):
        """Stock takes back all that was created before it and blames the rows below."""
        result = self._import(
            [
                ["id", "name", "parent_id/id", "headcount"],
                ["imp_alpha", "Alpha", "", ""],
                ["imp_beta", "Beta", "", "-1"],
                ["imp_ann", "Ann", "imp_alpha", ""],
            ]
        )
        self.assertEqual(self._names(result), ["Alpha", "Ann"])
        self.assertEqual(len(result["crm_refused"]), 1)

    def test_update_by_external_id(self):
        head = ["id", "name", "headcount"]
        first = self._import([head, ["imp_a", "Alpha", "1"], ["imp_b", "Beta", "1"]])
        alpha, beta = self.env["res.partner"].browse(first["ids"])
        again = self._import([head, ["imp_a", "Alef", "2"], ["imp_b", "Bet", "-1"]])
        self.assertEqual(again["ids"], alpha.ids)
        self.assertEqual((alpha.name, alpha.headcount), ("Alef", 2))
        self.assertEqual((beta.name, beta.headcount), ("Beta", 1))
        self.assertIn("cannot be negative", self._reasons(again)[0])

    # ------------------------------------------------------------
    # Cells and rows that can't be read
    # ------------------------------------------------------------

    def test_all_reasons_of_a_record_at_once(self):
        head = ["name", "annual_revenue", "country_id"]
        result = self._import(
            [
                [*head, "special_day_ids/name", "special_day_ids/date"],
                ["Alpha", "1,200.50", "Belgium", "Founded", "12/05/1984"],
                ["Beta", "a lot", "Nowhere", "Founded", "12/05/1984"],
                ["", "", "", "Sold", "31/02/1984"],
            ],
            date_format="%d/%m/%Y",
        )
        alpha = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(alpha.name, "Alpha")
        self.assertEqual(alpha.annual_revenue, 1200.5)
        self.assertEqual(str(alpha.special_day_ids.date), "1984-05-12")
        self.assertEqual(
            self._reasons(result)[0],
            "Row 2: “a lot” in “Annual Revenue” is not a number;"
            " “31/02/1984” in “Special days/Date” is not a date as this import reads"
            " it (31/12/2026 is one);"
            " No matching record found for name 'Nowhere' in field 'Country'",
        )
        self.assertEqual(
            [message["field_path"] for message in result["messages"]],
            [["annual_revenue"], ["special_day_ids", "date"], ["country_id"]],
        )

    def test_rows_of_another_width(self):
        content = (
            "name,country_id,email\n"
            "Alpha,Belgium,a@example.com,\n"
            "Beta,Inc.,Belgium,b@example.com\n"
            "Gamma,Belgium\n"
            "Delta,Belgium,d@example.com\n"
        )
        upload = self._upload(content)
        preview = upload.parse_preview(
            {"quoting": '"', "has_headers": True, "separator": ","}
        )
        self.assertEqual(
            preview["matches"], {0: ["name"], 1: ["country_id"], 2: ["email"]}
        )
        result, options = self._run(upload, separator=",")
        self.assertEqual(self._names(result), ["Alpha", "Delta"])
        reasons = self._reasons(result)
        self.assertIn("The row has 4 cells and the title row 3", reasons[0])
        self.assertIn("The row has 2 cells and the title row 3", reasons[1])
        refused = self._get_refused_file(upload, result, options)[1]
        lines = self._read_csv(refused)
        self.assertEqual(lines[1][:-1], ["Beta", "Inc.", "Belgium", "b@example.com"])
        self.assertEqual(lines[2][:-1], ["Gamma", "Belgium"])
        again = self._upload(refused)
        result, _options = self._run(
            again, fields=["name", "country_id", "email", False], separator=","
        )
        self.assertEqual(result["ids"], [], "uncorrected, they are refused again")

    def test_warnings_stay_warnings(self):
        self.env["res.partner.industry"].create([{"name": "Imp"}, {"name": "Imp"}])
        result = self._import([["name", "industry_id"], ["A", ""], ["B", "Imp"]])
        self.assertEqual(len(result["ids"]), 2)
        self.assertEqual(result["crm_refused"], [])
        self.assertEqual(
            [(message["type"], message["rows"]) for message in result["messages"]],
            [("warning", {"from": 1, "to": 1})],
        )

    # ------------------------------------------------------------
    # What the database or the model refuses
    # ------------------------------------------------------------

    def test_value_that_cannot_be_created(self):
        """The screen's "create new values": a country needs a code besides."""
        with mute_logger("odoo.sql_db"):
            result = self._import(
                [
                    ["name", "country_id", "category_id"],
                    ["Alpha", "Belgium", "Imp tag"],
                    ["Beta", "Utopia", "Imp tag"],
                    ["Gamma", "Belgium", "Imp tag two"],
                ],
                name_create_enabled_fields={"country_id": True, "category_id": True},
                user=self.user_sales_manager,
            )
        self.assertEqual(self._names(result), ["Alpha", "Gamma"])
        partners = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(
            partners.category_id.mapped("name"), ["Imp tag", "Imp tag two"]
        )
        self.assertIn("Cannot create new 'Country' records", self._reasons(result)[0])

    def test_unexpected_error_is_the_reason(self):
        partner = self.env.registry["res.partner"]
        create = partner._load_records_create

        def fail(model, vals_list):
            if any(vals["name"] == "Beta" for vals in vals_list):
                raise KeyError("surprise")
            return create(model, vals_list)

        with (
            patch.object(partner, "_load_records_create", fail),
            mute_logger("odoo.addons.crm_custom.wizard.base_load"),
        ):
            result = self._import([["name"], ["Alpha"], ["Beta"]])
        self.assertEqual(self._names(result), ["Alpha"])
        self.assertEqual(
            self._reasons(result), ["Row 2: Unknown error: KeyError: 'surprise'"]
        )

    def test_conflict_of_transactions_is_no_reason(self):
        """The server tries the whole request again, as it does for any other."""
        partner = self.env.registry["res.partner"]

        def fail(model, vals_list):
            raise SerializationFailure

        with (
            patch.object(partner, "_load_records_create", fail),
            self.assertRaises(SerializationFailure),
        ):
            self._import([["name"], ["Alpha"], ["Beta"]])

    def test_pictures_go_to_their_own_records(self):
        result = self._import(
            [
                ["name", "country_id", "image_1920"],
                ["Alpha", "Nowhere", "alpha.png"],
                ["Beta", "Belgium", "beta.png"],
                ["Gamma", "Belgium", ""],
            ]
        )
        self.assertEqual(self._names(result), ["Beta", "Gamma"])
        self.assertEqual(
            dict(result["binary_filenames"]), {"image_1920": ["beta.png", None]}
        )
