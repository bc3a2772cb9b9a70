import io
import json

from freezegun import freeze_time
from pypdf import PdfReader

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from .sales_target_common import SalesTeamCase

OF_TARGETS = "crm_custom.report_crm_sales_target_sheet"
OF_PEOPLE = "crm_custom.report_crm_sales_result_sheet"


@freeze_time("2026-03-16 10:00:00")
class TestSalesResultSheet(SalesTeamCase, HttpCase):
    """On paper, a page for each: with targets and without."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for quantity, day in ((10, "2026-03-02"), (4, "2025-03-02"), (2, "2026-02-03")):
            cls._order((cls.prepaid, quantity), date_order=day, team_id=cls.team.id)
        cls.target = cls.env["crm.sales.target"].create(
            {"user_id": cls.user_sales_own.id, "date": "2026-03-10", "amount": 1000}
        )
        cls.env.flush_all()

    def _pdf(self, login, report, record):
        self.authenticate(login, login)
        return self.url_open(
            "/report/download",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "data": json.dumps([f"/report/pdf/{report}/{record.id}", "qweb-pdf"]),
                # Odoo's tests get HTML else
                "context": json.dumps({"force_report_rendering": True}),
            },
            timeout=120,
        )

    def assertRefused(self, login, report, record):
        self.authenticate(login, login)
        with self.subTest(login), mute_logger("odoo.http"):
            response = self.url_open(f"/report/pdf/{report}/{record.id}")
            self.assertEqual(response.status_code, 403)

    def _pages(self, response):
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        return [
            " ".join(page.extract_text().split()).replace(" ,", ",")
            for page in PdfReader(io.BytesIO(response.content)).pages
        ]

    def _wizard(self, user, **vals):
        wizard = self.env["crm.sales.result.sheet"].with_user(user).create(vals)
        self.env.flush_all()
        return wizard

    def _rows(self, wizard):
        report = self.env[f"report.{OF_PEOPLE}"].with_env(wizard.env)
        return report._get_report_values(wizard.ids)["docs"]

    def test_of_a_target(self):
        """500 of 1,000, twice as much at this pace; 200 the year before."""
        (page,) = self._pages(self._pdf("user_sales_own", OF_TARGETS, self.target))
        self.assertIn("Salesperson User Sales Own, March 2026", page)
        row = page[page.index("Ordered $") :][:80]
        for part in ("1,000.00", "500.00", "50.0 %", "1,000.00", "200.00", "150.0 %"):
            self.assertIn(part, row)
        for month, amount in (("January", "0.00"), ("February", "100.00")):
            after = page[page.index(f"{month} 2026") :].split("$ ")[1]
            self.assertTrue(after.startswith(amount), f"{month} {after}")
        for login in ("user_sales_all", "user_invoicing", "user_portal"):
            self.assertRefused(login, OF_TARGETS, self.target)

    def test_without_a_target(self):
        """His own in the month that he has no target for, as he finds it."""
        wizard = self._wizard(self.user_sales_own, date="2026-02-10")
        self.assertEqual(wizard.user_ids, self.user_sales_own)
        self.assertFalse(wizard.team_ids)
        self.assertEqual(wizard.period, "February 2026")
        (page,) = self._pages(self._pdf("user_sales_own", OF_PEOPLE, wizard))
        self.assertIn("Salesperson User Sales Own, February 2026", page)
        self.assertIn("100.00", page)
        (page,) = self._rows(wizard)
        ordered = page["rows"][0]
        self.assertEqual((ordered["target"], ordered["percent"]), (None, None))
        self.assertEqual((ordered["attained"], ordered["forecast"]), (100, 100))
        # where there is a target, it is on the sheet
        wizard.date = "2026-03-31"
        ordered = self._rows(wizard)[0]["rows"][0]
        self.assertEqual((ordered["target"], ordered["percent"]), (1000, 50))
        self.assertEqual((ordered["attained"], ordered["forecast"]), (500, 1000))
        self.assertEqual(ordered["last_year"], 200)

    def test_of_a_department(self):
        """Its leader prints that of the team and of each member, in one file."""
        wizard = self._wizard(self.leader, period_type="quarter")
        self.assertEqual(wizard.team_ids, self.team)
        self.assertEqual(wizard.user_ids, self.leader)
        wizard.user_ids = self.user_sales_own
        self.env.flush_all()
        pages = self._pages(self._pdf("team_leader", OF_PEOPLE, wizard))
        self.assertIn("Sales team North, Q1 2026", pages[0])
        self.assertIn("User Sales Own $ 600.00", pages[0])
        self.assertTrue(any("Salesperson User Sales Own" in page for page in pages))
        team, member = self._rows(wizard)
        self.assertEqual(team["rows"][0]["attained"], 600)
        self.assertEqual(member["rows"][0]["last_year"], 200)

    def test_whose_one_may_print(self):
        model = self.env["crm.sales.result.sheet"]
        other = self.env["res.company"].create({"name": "Of others"})
        manager = self._wizard(self.user_sales_manager)
        self.assertIn(self.team, manager.team_ids)
        self.assertIn(self.user_sales_own, manager.allowed_user_ids)
        for user, vals in (
            (self.user_sales_own, {"user_ids": self.user_sales_all.ids}),
            (self.user_sales_own, {"team_ids": self.team.ids}),
            (self.user_sales_all, {"user_ids": self.user_sales_own.ids}),
            (self.leader, {"user_ids": self.user_sales_all.ids}),
            (self.user_sales_own, {"company_id": other.id}),
            (self.user_sales_manager, {"company_id": other.id}),
        ):
            wizard = self._wizard(user, **vals)
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._rows(wizard)
        with self.assertRaises(UserError):
            self._rows(self._wizard(self.user_sales_own, user_ids=[]))
        for user in (self.user_invoicing, self.user_portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                model.with_user(user).create({})
        # somebody else's choice is no way round
        with self.assertRaises(AccessError):
            self._rows(manager.with_user(self.user_sales_own))
        self.assertRefused("user_portal", OF_PEOPLE, manager)

    def test_queries_do_not_grow(self):
        users = self.env["res.users"].create(
            [
                {"name": f"Seller {number}", "login": f"seller{number}"}
                for number in range(30)
            ]
        )
        counts = []
        for some in (users[:2], users[:2], users):
            wizard = self._wizard(self.user_sales_manager)
            wizard.write({"user_ids": [Command.set(some.ids)], "team_ids": False})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(self._rows(wizard)), len(some))
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[2], 25)
