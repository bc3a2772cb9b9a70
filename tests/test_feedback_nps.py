"""Whether customers recommend us: asked once in the months, answered once."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Datetime
from odoo.tests import HttpCase

from .feedback_common import FeedbackCase


class TestFeedbackNps(FeedbackCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.env["res.company"].search([]).crm_nps_months = 0
        cls.company.write({"crm_nps_months": 6, "crm_nps_daily": 50})
        cls.contact.write({"email": "person@example.com", "lang": "en_US"})
        cls.customer.primary_contact_id = cls.contact
        cls.stranger.email = "stranger@example.com"
        for customer in (cls.customer, cls.stranger):
            customer.with_company(cls.company).customer_status = "active"

    def _run(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_custom.ir_cron_crm_feedback_nps").method_direct_trigger()
        self.env.invalidate_all()
        return self._rows()

    def _rows(self, *customers):
        ids = [customer.id for customer in customers or (self.customer, self.stranger)]
        return self.env["crm.feedback.nps"].sudo().search([("partner_id", "in", ids)])

    def _row(self, **vals):
        return (
            self.env["crm.feedback.nps"]
            .sudo()
            .create(
                {
                    "partner_id": self.customer.id,
                    "contact_id": self.contact.id,
                    "company_id": self.company.id,
                    **vals,
                }
            )
        )

    def _path(self, row):
        return f"/crm_custom/nps/{row.id}/{row._get_token()}"

    def _send(self, row, **data):
        page = self.url_open(self._path(row))
        token = page.text.split('name="csrf_token"')[1].split('value="')[1]
        response = self.url_open(
            self._path(row), data={"csrf_token": token.split('"')[0], **data}
        )
        self.env.invalidate_all()
        return response

    # ------------------------------------------------------------
    # Who is asked
    # ------------------------------------------------------------

    def test_each_once_in_the_months(self):
        rows = self._run()
        self.assertEqual(rows.partner_id, self.customer | self.stranger)
        self.assertEqual(rows.contact_id, self.contact | self.stranger)
        self.assertEqual(self._run(), rows)
        for months, again in ((5, False), (6, True)):
            rows.date_asked = Datetime.now() - timedelta(days=31 * months)
            later = Datetime.now() + timedelta(days=32)
            with patch.object(
                type(self.company), "_crm_today", lambda self, day=later: day.date()
            ):
                self.assertEqual(len(self._run()), 4 if again else 2, months)

    def test_the_mail_leads_to_the_page(self):
        row = self._run().filtered(lambda r: r.partner_id == self.customer)
        mail = self.env["mail.mail"].search(
            [("model", "=", "crm.feedback.nps"), ("res_id", "=", row.id)]
        )
        self.assertEqual(mail.recipient_ids, self.contact)
        self.assertIn(f"{self._path(row)}?score=10", mail.body_html)

    def test_who_is_not_asked(self):
        self.stranger.with_company(self.company).customer_status = "lost"
        self.env["mail.blacklist"]._add("person@example.com")
        self.assertFalse(self._run())
        self.stranger.with_company(self.company).customer_status = "active"
        self.company.crm_nps_months = 0
        self.assertFalse(self._run())
        with self.assertRaisesRegex(ValidationError, "Months between"):
            self.company.crm_nps_months = -1

    def test_so_many_a_day(self):
        self.company.crm_nps_daily = 1
        self.assertEqual(len(self._run()), 1)
        self.assertEqual(len(self._run()), 1)
        self._rows().date_asked = Datetime.now() - timedelta(days=1)
        self.assertEqual(len(self._run()), 2)

    # ------------------------------------------------------------
    # The page
    # ------------------------------------------------------------

    def test_answered_once(self):
        row = self._row()
        page = self.url_open(f"{self._path(row)}?score=7")
        self.assertEqual(page.status_code, 200)
        self.assertIn(f"<title>{self.company.name}</title>", page.text)
        self.assertNotIn(self.customer.name, page.text)
        self.assertIn("no-store", page.headers["Cache-Control"])
        self.env.invalidate_all()
        # a GET takes nothing: programs follow links
        self.assertFalse(row.date_answered)
        response = self._send(row, score="9", comment=" <b>Good</b> ")
        self.assertIn("Thank you", response.text)
        self.assertEqual((row.score, row.answer, row.nps), (9, "promoter", 100))
        self.assertEqual(row.comment, "<b>Good</b>")
        self.assertEqual(self.url_open(self._path(row)).status_code, 404)
        self.assertFalse(row._get_open(row.id, row._get_token()))

    def test_scores_that_are_none_are_refused(self):
        row = self._row()
        for score in ("11", "-1", "", "7.5", "ten"):
            response = self._send(row, score=score, comment="My words")
            self.assertIn("from 0 to 10", response.text)
            self.assertIn("My words", response.text)
        self.assertFalse(row.date_answered)

    def test_wrong_links_all_look_the_same(self):
        row = self._row()
        old = self._row(date_asked=Datetime.now() - timedelta(days=31))
        answered = self._row(date_answered=Datetime.now(), score=3)
        pages = set()
        for path in (
            self._path(row)[:-1] + "x",
            self._path(row).replace(f"/{row.id}/", f"/{answered.id}/"),
            self._path(row).replace(f"/{row.id}/", "/999999999/"),
            self._path(old),
            self._path(answered),
        ):
            response = self.url_open(path)
            self.assertEqual(response.status_code, 404)
            pages.add(response.text.replace(path, ""))
            self.assertNotIn(self.customer.name, response.text)
        self.assertEqual(len({len(page) for page in pages}), 1)

    # ------------------------------------------------------------
    # The figure
    # ------------------------------------------------------------

    def test_the_score_of_many(self):
        """Of 10, 9, 8, 6, 0: 40 % promoters less 40 % detractors; of 10, 9, 8: 67."""
        now = Datetime.now()
        for score in (10, 9, 8, 6, 0):
            self._row(score=score, date_answered=now)
        self._row()
        domain = [("partner_id", "=", self.customer.id), ("answer", "!=", False)]
        nps = self.env["crm.feedback.nps"].with_user(self.agent)
        [(average, count)] = nps._read_group(domain, [], ["nps:avg", "__count"])
        self.assertEqual((average, count), (0, 5))
        [(average,)] = nps._read_group([*domain, ("score", ">", 7)], [], ["nps:avg"])
        self.assertAlmostEqual(average, 200 / 3)

    def test_who_reads_it(self):
        row = self._row()
        theirs = self._row(partner_id=self.stranger.id)
        self.env.flush_all()
        for user, found in (
            (self.agent, row | theirs),
            (self.user_sales_own, row),
            (self.user_sales_all, row | theirs),
        ):
            rows = (row | theirs).with_user(user)
            self.assertEqual(rows._filtered_access("read").ids, found.ids)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(rows.has_access(operation))
        with self.assertRaises(AccessError):
            row.with_user(self.user_portal).read(["score"])
