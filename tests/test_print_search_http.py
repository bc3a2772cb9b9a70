"""Print this search: the route, a real PDF, and a browser that clicks."""

import io
import json
from unittest.mock import patch

import openpyxl
from pypdf import PdfReader

from odoo import http
from odoo.tools import mute_logger

from odoo.addons.bus.models.bus import BusBus
from odoo.addons.crm_custom.controllers import download as controller
from odoo.addons.crm_custom.controllers import print_search
from odoo.addons.crm_custom.report import print_search_sheet
from odoo.addons.crm_custom.report.print_search_sheet import NOTIFICATION

from .common import CrmCustomHttpCase
from .print_search_common import PrintSearchMixin

ROUTE = "/crm_custom/print_search"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TestPrintSearchHttp(PrintSearchMixin, CrmCustomHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_partners()
        export = cls.env.ref("base.group_allow_export")
        cls.user_sales_all.write({"group_ids": [(4, export.id)]})
        users = cls.user_sales_all + cls.user_sales_own + cls.user_portal
        users.write({"lang": "en_US"})

    def _post(self, output, login="user_sales_all", csrf=True, **values):
        self.authenticate(login, login)
        data = {"data": json.dumps(self._payload(**values))}
        if csrf:
            data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(f"{ROUTE}/{output}", data=data, timeout=120)

    def _assert_refused(self, response, status, text, name="UserError"):
        """An error that the web client's download shows as a dialog."""
        self.assertEqual(response.status_code, status)
        error = json.loads(response.text.replace("&#34;", '"').replace("&#39;", "'"))
        self.assertEqual(error["data"]["name"], f"odoo.exceptions.{name}")
        self.assertIn(text, error["data"]["message"])
        self.assertNotIn("Traceback", response.text)
        self.assertEqual(error["data"]["debug"], "")

    def _text_of(self, content):
        pages = PdfReader(io.BytesIO(content)).pages
        return [" ".join(page.extract_text().split()) for page in pages]

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def test_xlsx(self):
        response = self._post("xlsx", title="Printed: partners / 打印")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], XLSX)
        disposition = response.headers["Content-Disposition"]
        self.assertTrue(disposition.startswith("attachment"))
        self.assertIn("%E6%89%93%E5%8D%B0", disposition)
        self.assertEqual(int(response.headers["Content-Length"]), len(response.content))
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        names = [cell.value for cell in book.worksheets[0]["A"]]
        expected = ["Name", *self.partners.mapped("name"), "Total"]
        self.assertEqual(names, expected)

    def test_pdf(self):
        """All rows, in order, over several pages: each with the header of the table
        and its number.
        """
        self.env["res.partner"].create(
            [
                {"name": f"Printed {index:03d}", "city": "Longville", "color": 1}
                for index in range(700)
            ]
        )
        response = self._post("pdf", domain=[["city", "=", "Longville"]])
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        pages = self._text_of(response.content)
        self.assertGreater(len(pages), 5)
        text = " ".join(pages)
        places = [text.find(f"Printed {index:03d}") for index in range(700)]
        self.assertNotIn(-1, places)
        self.assertEqual(places, sorted(places))
        self.assertEqual(text.count("Longville"), 700)
        self.assertIn("Total", pages[-1])
        self.assertIn("Printed by", pages[0])
        self.assertIn(self.user_sales_all.company_id.name, pages[0])
        for number, page in enumerate(pages, 1):
            self.assertIn("Geo Latitude", page)
            self.assertIn(f"{number} / {len(pages)}", page)

    def test_pdf_in_chinese_with_groups(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.partners[0].name = "上海贸易有限公司"
        response = self._post(
            "pdf",
            groupby=["country_id", "category_id"],
            context={"lang": "zh_CN", "tz": "Asia/Shanghai"},
            facets=[{"title": "城市", "values": ["北京"]}],
        )
        text = " ".join(self._text_of(response.content)).replace(" ", "")
        self.assertIn("上海贸易有限公司", text)
        self.assertIn("城市", text)
        self.assertIn("北京", text)
        self.assertIn("Asia/Shanghai", text)
        # a record in each of its two tags
        self.assertEqual(text.count("Printed02"), 2)

    def test_pdf_of_nothing(self):
        response = self._post("pdf", domain=[["name", "=", "no such name"]])
        [text] = self._text_of(response.content)
        self.assertIn("Nothing was found", text)

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------

    def test_only_post_with_a_token(self):
        self.authenticate("user_sales_all", "user_sales_all")
        self.assertEqual(self.url_open(f"{ROUTE}/xlsx").status_code, 405)
        self.assertEqual(self._post("docx").status_code, 404)
        with mute_logger("odoo.http"):
            self.assertEqual(self._post("xlsx", csrf=False).status_code, 400)

    def test_without_login(self):
        self.authenticate(None, None)
        data = {"csrf_token": http.Request.csrf_token(self), "data": "{}"}
        response = self.url_open(f"{ROUTE}/xlsx", data=data, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_portal_users_get_nothing(self):
        for output in ("pdf", "xlsx"):
            response = self._post(output, login="user_portal")
            self._assert_refused(response, 403, "Only employees", "AccessError")

    def test_who_may_not_export_may_print(self):
        response = self._post("xlsx", login="user_sales_own")
        self._assert_refused(response, 403, "may not export", "AccessError")
        response = self._post("pdf", login="user_sales_own")
        self.assertEqual(response.status_code, 200)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_model_without_rights(self):
        arch = '<list><field name="name"/></list>'
        view = self._set_up_print_view("rules", arch, model="ir.rule")
        response = self._post("pdf", model="ir.rule", view=view, domain=[])
        self._assert_refused(response, 403, "ir.rule", "AccessError")

    def test_a_reason_is_told(self):
        with mute_logger("odoo.addons.crm_custom.report.print_search_request"):
            response = self._post("pdf", order="display_name")
        self._assert_refused(response, 400, "sorted by display_name")
        with patch.object(controller, "MAX_ROWS", 10):
            response = self._post("pdf")
        self._assert_refused(response, 400, "more than 10 rows")

    def test_no_traceback_of_an_unexpected_error(self):
        def fail(*args):
            raise KeyError("secret")

        with (
            patch.object(controller, "write_xlsx", fail),
            mute_logger(controller._logger.name),
        ):
            response = self._post("xlsx")
        self._assert_refused(response, 500, "server's log")
        self.assertNotIn("secret", response.text)

    # ------------------------------------------------------------------
    # Progress
    # ------------------------------------------------------------------

    def _notes(self):
        channel = json.dumps(
            [self.env.cr.dbname, "res.partner", self.user_sales_all.partner_id.id],
            separators=(",", ":"),
        )
        found = self.env["bus.bus"].search([("channel", "=", channel)], order="id")
        messages = [json.loads(note.message) for note in found]
        return [m["payload"] for m in messages if m["type"] == NOTIFICATION]

    def test_progress(self):
        self.patch(print_search_sheet, "SECONDS_BETWEEN_NOTES", 0.0)
        self._post("pdf", token="my-token")
        notes = self._notes()
        self.assertEqual({note["token"] for note in notes}, {"my-token"})
        self.assertEqual(notes[0], {**notes[0], "phase": "rows", "done": 0})
        self.assertEqual(notes[-1], {**notes[-1], "phase": "layout", "done": 40})
        self.assertEqual({note["total"] for note in notes}, {40})

    def test_progress_is_told_once_a_second_at_most(self):
        self.env["res.partner"].create(
            [{"name": f"Many {index}", "city": "Manyville"} for index in range(2_500)]
        )
        self.patch(print_search_sheet, "SECONDS_BETWEEN_NOTES", 3_600.0)
        self._post("xlsx", token="t", domain=[["city", "=", "Manyville"]])
        self.assertEqual(len(self._notes()), 1)

    def test_a_failing_bus_costs_only_the_progress(self):
        def fail(*args):
            raise ConnectionError("no bus")

        with (
            patch.object(BusBus, "_sendone", fail),
            self.assertLogs(print_search_sheet._logger, "WARNING") as caught,
        ):
            response = self._post("xlsx", token="t")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], XLSX)
        self.assertEqual(len(caught.output), 1)

    # ------------------------------------------------------------------
    # Browser
    # ------------------------------------------------------------------

    def _print_by_tour(self, lang):
        """What the browser asked for as PDF, a list of texts."""
        self.env["res.lang"]._activate_lang(lang)
        self.user_sales_all.lang = lang
        self._create_customer(name="Elsewhere", user_id=self.user_sales_all.id)
        for index in range(12):
            self._create_customer(
                name=f"Tourprint {index:02d}",
                ref=f"T{99 - index}",
                user_id=self.user_sales_all.id,
            )
        asked = []
        read = print_search.PrintSearchRequest

        def read_request(env, data):
            asked.append(data)
            return read(env, data)

        with (
            patch.object(print_search, "PrintSearchRequest", read_request),
            # while the engine runs, Odoo's test server refuses the browser
            patch.object(controller, "render_pdf", lambda sheet: b"%PDF-1.4"),
        ):
            self.start_tour(
                "/odoo/crm-customers",
                "crm_custom_print_search",
                login="user_sales_all",
                timeout=180,
            )
        # each PDF is followed by a workbook of the same
        return asked[::2]

    def _check_tour(self, lang):
        """The very requests of the browser, printed once more by the real engine."""
        plain, grouped = map(json.loads, self._print_by_tour(lang))
        self.assertEqual(plain["order"], "ref ASC")
        self.assertEqual((plain["groupby"], len(grouped["groupby"])), ([], 1))
        for payload in (plain, grouped):
            self.assertEqual(payload["context"]["lang"], lang)
            [text] = self._text_of(self._post("pdf", **payload).content)
            self.assertIn("Tourprint", payload["facets"][-1]["values"][0])
            codes = [f"T{number}" for number in range(88, 100)]
            self.assertEqual([text.count(code) for code in codes], [1] * 12)
            self.assertIn("12", text)
            if payload is plain:
                places = [text.index(code) for code in codes]
                self.assertEqual(places, sorted(places))

    def test_tour(self):
        self._check_tour("en_US")

    def test_tour_in_chinese(self):
        self._check_tour("zh_CN")
