"""Good rows go in, the others come back with their reasons: any model, any format."""

import datetime
from unittest.mock import patch

from odoo.tests import tagged

from .common import CrmCustomCase
from .import_common import ImportMixin

HEAD = ["name", "country_id", "email", "child_ids/name", "child_ids/function"]
ALPHA = [
    ["Alpha", "Belgium", "a@example.com", "Ann", "Buyer"],
    ["", "", "", "Arthur", ""],
]
BETA = [["Beta", "Belgiumm", "=1+1", "Bert", "Boss"], ["", "", "", "Bea", "-2"]]
GAMMA = [["Gamma", "France", "", "", ""]]
DELTA = [["Delta", "Nowhere", "@x", "", ""]]
ROWS = [HEAD, *ALPHA, *BETA, *GAMMA, *DELTA]
REASON = "Reason (not imported)"
NOT_FOUND = "Row %s: No matching record found for name '%s' in field 'Country'"


@tagged("post_install", "-at_install")
class TestImportRefusedRows(ImportMixin, CrmCustomCase):
    def test_csv(self):
        upload = self._upload(ROWS)
        result, options = self._run(upload)
        self.assertEqual(self._names(result), ["Alpha", "Gamma"])
        alpha = self.env["res.partner"].browse(result["ids"][0])
        self.assertEqual(alpha.child_ids.mapped("name"), ["Ann", "Arthur"])
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Bea")]))
        self.assertEqual(
            [(m["field"], m["rows"], m["type"]) for m in result["messages"]],
            [
                ("country_id", {"from": 2, "to": 3}, "error"),
                ("country_id", {"from": 5, "to": 5}, "error"),
            ],
        )
        made, content = self._get_refused_file(upload, result, options)
        self.assertEqual(made["name"], "list refused.csv")
        self.assertEqual(
            self._read_csv(content),
            [
                [*HEAD, REASON],
                [*BETA[0], NOT_FOUND % (3, "Belgiumm")],
                [*BETA[1], ""],
                [*DELTA[0], NOT_FOUND % (6, "Nowhere")],
            ],
        )

    def test_xlsx(self):
        day = datetime.datetime(2025, 3, 1)
        head = [*HEAD, "ref", "child_ids/special_day_ids/date"]
        head.append("child_ids/special_day_ids/name")
        rows = [
            head,
            *([*row, 7, day, "Birthday"] for row in [ALPHA[0], BETA[0]]),
            [*BETA[1], None, day, "Wedding"],
        ]
        upload = self._upload(self._make_xlsx(rows))
        result, options = self._run(upload)
        self.assertEqual(self._names(result), ["Alpha"])
        made, content = self._get_refused_file(upload, result, options)
        self.assertEqual(made["name"], "list refused.xlsx")
        sheet, lines = self._read_xlsx(content)
        self.assertEqual(sheet, "Data")
        # "=1+1" and "-2" are text, the date is one
        self.assertEqual(
            lines,
            [
                [*head, REASON],
                [*BETA[0], "7", day, "Birthday", NOT_FOUND % (2, "Belgiumm")],
                [None, None, None, "Bea", "-2", None, day, "Wedding", None],
            ],
        )
        corrected = [[cell or "" for cell in line[:-1]] for line in lines]
        corrected[1][1] = "Belgium"
        again = self._import(self._make_xlsx(corrected))
        self.assertEqual(self._names(again), ["Beta"])
        contacts = self.env["res.partner"].browse(again["ids"]).child_ids
        self.assertEqual(
            {contact.name: contact.special_day_ids.name for contact in contacts},
            {"Bert": "Birthday", "Bea": "Wedding"},
        )

    def test_refused_file_is_loaded_again_as_it_is(self):
        upload = self._upload(ROWS)
        result, options = self._run(upload)
        content = self._get_refused_file(upload, result, options)[1]
        corrected = content.replace(b"Nowhere", b"Italy")
        again = self._upload(corrected)
        preview = again.parse_preview({"quoting": '"', "has_headers": True})
        self.assertEqual(preview["headers"][-1], REASON)
        self.assertNotIn(len(HEAD), preview["matches"], "the reasons are no field")
        result, options = self._run(again, fields=[*HEAD, False])
        self.assertEqual(self._names(result), ["Delta"])
        content = self._get_refused_file(again, result, options)[1]
        self.assertEqual(
            self._read_csv(content),
            [
                [*HEAD, REASON],
                [*BETA[0], NOT_FOUND % (1, "Belgiumm")],
                [*BETA[1], ""],
            ],
            "one column of reasons, the new ones",
        )

    def test_columns_that_are_not_imported_come_back(self):
        rows = [
            ["name", "Shoe size", "country_id"],
            ["Alpha", "44", "Belgium"],
            ["Beta", "39", "Nowhere"],
        ]
        upload = self._upload(rows)
        result, options = self._run(upload, fields=["name", False, "country_id"])
        self.assertEqual(self._names(result), ["Alpha"])
        lines = self._read_csv(self._get_refused_file(upload, result, options)[1])
        self.assertEqual(lines[0], [*rows[0], REASON])
        self.assertEqual(lines[1][:3], rows[2])

    def test_without_title_row(self):
        rows = [["Alpha", "Belgium"], ["Beta", "Nowhere"]]
        upload = self._upload(rows)
        result, options = self._run(
            upload, fields=["name", "country_id"], has_headers=False
        )
        self.assertEqual(self._names(result), ["Alpha"])
        lines = self._read_csv(self._get_refused_file(upload, result, options)[1])
        self.assertEqual(lines, [[*rows[1], NOT_FOUND % (2, "Nowhere")]])

    def test_encodings(self):
        rows = [["name", "country_id"], ["Größe", "Nirgends"], ["Élan", "Belgium"]]
        chinese = [["name", "country_id"], ["客户", "无此国家"], ["公司", "Belgium"]]
        for encoding, separator, content in (
            ("windows-1252", ";", rows),
            ("utf-8-sig", ",", rows),
            ("utf-16", "\t", rows),
            ("gb18030", ",", chinese),
        ):
            with self.subTest(encoding):
                raw = self._make_csv(content, separator).encode(encoding)
                upload = self._upload(raw)
                result, options = self._run(
                    upload, encoding=encoding, separator=separator
                )
                self.assertEqual(self._names(result), [content[2][0]])
                made, refused = self._get_refused_file(upload, result, options)
                self.assertEqual(made["encoding"], encoding)
                lines = self._read_csv(refused, encoding, separator)
                self.assertEqual(lines[1][:2], content[1])
                self.assertIn(content[1][1], lines[1][2])
                self.assertEqual(refused[:2], raw[:2], "with the mark that it had")

    def test_encoding_that_cannot_hold_the_reason(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        rows = [["name", "country_id"], ["Größe", "Nirgends"]]
        upload = self._upload(
            self._make_csv(rows).encode("windows-1252"), context={"lang": "zh_CN"}
        )
        result, options = self._run(upload, encoding="windows-1252", separator=",")
        made, refused = self._get_refused_file(upload, result, options)
        self.assertEqual(made["encoding"], "utf-8-sig")
        lines = self._read_csv(refused, "utf-8-sig")
        self.assertEqual(lines[1][0], "Größe")
        self.assertIn("国家", lines[1][2])

    def test_all_bad(self):
        rows = [["name", "headcount"], *([f"N{i}", "-1"] for i in range(40))]
        upload = self._upload(rows)
        result, options = self._run(upload)
        self.assertEqual(result["ids"], [])
        self.assertEqual(len(result["crm_refused"]), 40)
        lines = self._read_csv(self._get_refused_file(upload, result, options)[1])
        self.assertEqual([line[:2] for line in lines[1:]], rows[1:])
        self.assertEqual(
            lines[40][2], "Row 40: The number of employees cannot be negative."
        )

    def test_all_good(self):
        result = self._import([HEAD, *ALPHA, *GAMMA])
        self.assertEqual(self._names(result), ["Alpha", "Gamma"])
        self.assertEqual((result["messages"], result["crm_refused"]), ([], []))

    def test_without_the_option_nothing_goes_in(self):
        upload = self._upload(ROWS)
        result, _options = self._run(upload, crm_skip_refused_rows=False)
        self.assertFalse(result["ids"])
        self.assertNotIn("crm_refused", result)
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Gamma")]))

    def test_any_model(self):
        rows = [
            ["name", "sequence"],
            ["Key account", "1"],
            ["Broken", "first"],
            ["Reseller", "2"],
        ]
        upload = self._upload(rows, model="crm.customer.type", user=self.user_crm_admin)
        result, _options = self._run(upload)
        types = self.env["crm.customer.type"].browse(result["ids"])
        self.assertEqual(types.mapped("name"), ["Key account", "Reseller"])
        self.assertEqual(
            self._reasons(result),
            ["Row 2: 'first' does not seem to be an integer for field 'Sequence'"],
        )

    def test_dry_run_tells_and_writes_nothing(self):
        before = self.env["res.partner"].search_count([])
        upload = self._upload(ROWS)
        result, options = self._run(upload, dryrun=True)
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        self.assertEqual((len(result["ids"]), len(result["crm_refused"])), (2, 2))
        lines = self._read_csv(self._get_refused_file(upload, result, options)[1])
        self.assertEqual([line[0] for line in lines], ["name", "Beta", "", "Delta"])

    def test_batches(self):
        """As the screen does it: a batch begins where the last one ended."""
        upload = self._upload(ROWS)
        skip, batches, refused, names = 0, [], [], []
        while True:
            result, options = self._run(upload, limit=1, skip=skip)
            names += self._names(result)
            refused += result["crm_refused"]
            batches.append((len(result["ids"]), len(result["crm_refused"])))
            skip = result["nextrow"]
            if not skip:
                break
        # stock asks once more at the end of a file that fills its last batch
        self.assertEqual(batches, [(1, 0), (0, 1), (1, 0), (0, 1), (0, 0)])
        self.assertEqual(names, ["Alpha", "Gamma"])
        self.assertEqual(
            refused,
            [
                [2, 3, NOT_FOUND % (3, "Belgiumm")],
                [5, 5, NOT_FOUND % (6, "Nowhere")],
            ],
        )
        content = self._get_refused_file(upload, {"crm_refused": refused}, options)[1]
        self.assertEqual(
            [line[3] for line in self._read_csv(content)],
            ["child_ids/name", "Bert", "Bea", ""],
        )

    def test_later_batches_are_not_parsed(self):
        rows = [
            ["name", "annual_revenue", "child_ids/name"],
            *([f"N{i}", "10", ""] for i in range(5)),
            ["", "", "Late contact"],
            *([f"M{i}", "10", ""] for i in range(50)),
        ]
        parsed = []
        importer = self.env.registry["base_import.import"]
        parse = importer._remove_currency_symbol

        def spy(importer, value):
            parsed.append(value)
            return parse(importer, value)

        with patch.object(importer, "_remove_currency_symbol", spy):
            result = self._import(rows, limit=5)
        self.assertEqual((len(result["ids"]), result["nextrow"]), (5, 6))
        self.assertEqual(len(parsed), 5)
        last = self.env["res.partner"].browse(result["ids"][-1])
        self.assertEqual(last.child_ids.name, "Late contact")
