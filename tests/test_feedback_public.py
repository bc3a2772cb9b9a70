"""The page on which anybody writes to a company, and what attacks get from it."""

import re
from unittest.mock import patch

from odoo.addons.crm_custom.controllers import crm_feedback_public
from odoo.addons.crm_custom.models import crm_feedback_intake

from .feedback_portal_common import FeedbackHttpCase


class TestFeedbackPublic(FeedbackHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.crm_feedback_public = True
        cls.page = f"/feedback/{cls.company.id}"

    def setUp(self):
        super().setUp()
        self.in_no_time = patch.object(crm_feedback_public, "MIN_SECONDS", 0)
        self.in_no_time.start()
        self.addCleanup(self.in_no_time.stop)

    def _write(self, files=None, **values):
        page = self._get(self.page, login=None)
        form = {
            "name": "Xiao Chen",
            "email": "nobody@elsewhere.example",
            "subject": "It wobbles",
            "description": "One leg is short",
            **values,
        }
        return self._post(self.page, page, form, files)

    def _get(self, path, login=None):
        self.env.flush_all()
        if login:
            return super()._get(path, login)
        self.authenticate(None, None)
        return self.url_open(path, timeout=60)

    # ------------------------------------------------------------
    # What it is for
    # ------------------------------------------------------------

    def test_a_stranger_writes_and_is_told_the_number(self):
        response = self._write(
            files=[("files", ("leg.txt", b"Short"))],
            phone="+49 30 123456",
            document="S00042",
            type_id=str(self.complaint.id),
        )
        case = self._latest()
        self.assertEqual(case.subject, "It wobbles")
        self.assertIn(case.name, response.text)
        self.assertEqual(case.company_id, self.company)
        self.assertEqual(case.team_id, self.team)
        self.assertEqual(case.type_id, self.complaint)
        self.assertFalse(case.partner_id)
        self.assertFalse(case.is_customer_answered)
        self.assertEqual(case.email_from, '"Xiao Chen" <nobody@elsewhere.example>')
        for text in ("One leg is short", "+49 30 123456", "S00042"):
            self.assertIn(text, case.description)
        self.assertEqual(case.message_ids.attachment_ids.mapped("name"), ["leg.txt"])
        (mail,) = [m for m in self._mails if "Auto-Submitted" in m["headers"]]
        self.assertIn(case.name, mail["subject"])
        self.assertEqual(len(mail["email_to"]), 1)
        # told once: the page is empty again
        self.assertNotIn(case.name, self.url_open(self.page).text)
        self.assertFalse(
            self.env["res.partner"].search([("email", "ilike", "elsewhere")])
        )

    def test_in_the_language_of_the_page(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.env.ref("crm_custom.mail_template_crm_feedback_received")
        template.with_context(lang="zh_CN").body_html = "<p>您好</p>"
        self.opener.cookies["frontend_lang"] = "zh_CN"
        self.page = f"/zh_CN{self.page}"
        page = self._get(self.page)
        self.assertIn("发生了什么", page.text)
        self._write()
        self.assertEqual(self._latest().lang, "zh_CN")
        (mail,) = [m for m in self._mails if "Auto-Submitted" in m["headers"]]
        self.assertIn("您好", mail["body"])

    def test_it_is_off_until_it_is_switched_on(self):
        other = self.env["res.company"].create({"name": "Other"})
        for path in (f"/feedback/{other.id}", "/feedback/99999999"):
            self.assertEqual(self._get(path).status_code, 404)
            self.assertEqual(
                self._post(path, self._get(self.page), {}).status_code, 404
            )
        other.write({"crm_feedback_public": True, "website": "http://127.0.0.1/shop"})
        self.assertIn("Other", self._get("/feedback").text)
        self.company.crm_feedback_public = False
        self.assertEqual(self._get(self.page).status_code, 404)

    def test_the_companys_own_cases(self):
        """Written to one company, nobody of another reads it."""
        other = self.env["res.company"].create(
            {"name": "Other", "crm_feedback_public": True}
        )
        self.page = f"/feedback/{other.id}"
        self._write()
        case = self.env["crm.feedback"].sudo().search([], order="id desc", limit=1)
        self.assertEqual(case.company_id, other)
        self.assertFalse(case.with_user(self.agent).has_access("read"))

    # ------------------------------------------------------------
    # Nothing is learnt from it
    # ------------------------------------------------------------

    def test_a_customer_is_answered_like_anybody(self):
        def answer(**values):
            text = self._write(**values).text
            self.assertIn(self._latest().name, text)
            text = text.replace(self._latest().name, "NUMBER")
            return re.sub(r"csrf_token: \"[^\"]+\"", "", text)

        known = answer(email=self.contact.email)
        self.assertEqual(self._latest().contact_id, self.contact)
        (mail,) = [m for m in self._mails if "Auto-Submitted" in m["headers"]]
        self.assertIn(self.contact.email, mail["email_to"][0])
        self.assertEqual(known, answer(email="nobody@elsewhere.example"))
        self.assertNotIn(self.customer.name, known)
        # what is refused, too
        known = self._write(email=self.contact.email, subject="")
        unknown = self._write(email="nobody@elsewhere.example", subject="")
        self.assertEqual(known.status_code, unknown.status_code)
        self.assertIn("in a few words what it is", known.text)
        self.assertNotIn(self.customer.name, known.text)

    def test_what_no_customer_may_say(self):
        """A case names its customer, products, stage and so on by our hand alone."""
        self._write(
            partner_id=str(self.customer.id),
            contact_id=str(self.contact.id),
            stage_id=str(self._stage("closed").id),
            user_id=str(self.agent.id),
            product_0=str(self.goods.id),
            company_id=str(self.company.id + 1),
            type_id="99999999",
            about=str(self._case().id),
        )
        case = self._latest()
        self.assertEqual(case.subject, "It wobbles")
        self.assertFalse(case.partner_id or case.contact_id or case.user_id)
        self.assertFalse(case.line_ids or case.type_id or case.linked_ids)
        self.assertEqual(case.stage_id, self._stage("new"))

    def test_scripts_and_headers(self):
        evil = "<script>alert(1)</script>"
        page = self._write(subject=evil, description="").text
        self.assertNotIn(evil, page)
        self._write(
            name=f"{evil}\r\nBcc: victim@elsewhere.example",
            subject=f"{evil}\r\nBcc: victim@elsewhere.example",
            description=f"{evil} <img src=x onerror=alert(1)>",
            files=[("files", ("<img onerror=alert(1)>.txt", b"x"))],
        )
        case = self._latest()
        self.assertNotIn("<script", case.description)
        self.assertNotIn("<img", case.description)
        self.assertNotIn("\n", case.subject + case.email_from)
        (mail,) = [m for m in self._mails if "Auto-Submitted" in m["headers"]]
        self.assertNotIn("<script", mail["body"])
        self.assertEqual(len(mail["email_to"]), 1)
        self.assertNotIn("\n", mail["subject"])
        self.assertFalse(mail["email_cc"])

    # ------------------------------------------------------------
    # Programs
    # ------------------------------------------------------------

    def test_programs_get_nowhere(self):
        before = self._count()
        # a field that people do not see: thanked like anybody, without a number
        page = self._write(website="http://spam.example").text
        self.assertIn("We have received it", page)
        # faster than people write
        self.in_no_time.stop()
        page = self._write().text
        self.assertIn("send it again", page)
        self.assertIn("One leg is short", page)
        self.in_no_time.start()
        for stamp in ("", "1-x", "99999999999-x", "1-\u00e9"):
            self.assertIn("send it again", self._write(stamp=stamp).text)
        # an open form of last night
        with patch.object(crm_feedback_public, "MAX_SECONDS", -1):
            self.assertIn("send it again", self._write().text)
        # not from our page
        self.assertEqual(self._write(csrf_token="x").status_code, 400)
        self.assertEqual(self._count(), before)

    def test_the_limit_of_an_address_holds_and_nothing_grows(self):
        self.company.crm_feedback_public_limit = 2
        tables = ("crm_feedback", "mail_message", "mail_mail", "crm_feedback_intake")

        def rows():
            self.env.flush_all()
            counts = []
            for table in (*tables, "ir_attachment", "mail_followers"):
                self.cr.execute(f"SELECT count(*) FROM {table}")  # pylint: disable=sql-injection
                counts.append(self.cr.fetchone()[0])
            return counts

        for _no in range(2):
            self.assertEqual(self._write().status_code, 200)
        full = rows()
        page = self._get(self.page)
        queries = set()
        for no in range(300):
            before = self.cr.sql_log_count
            response = self._post(
                self.page,
                page,
                # as many senders as it says; it comes from one address all the same
                {"name": "x", "email": f"x{no}@elsewhere.example", "subject": "x"},
                [("files", ("big.txt", b"x" * 100_000))] if no % 10 == 0 else None,
                headers={"X-Forwarded-For": f"203.0.113.{no % 250}"},
            )
            queries.add(self.cr.sql_log_count - before)
            self.assertEqual(response.status_code, 429)
        self.assertIn("Too many messages", response.text)
        self.assertEqual(rows(), full)
        self.assertLessEqual(max(queries) - min(queries), 2, queries)
        # the next hour
        self.env.cr.execute(
            "UPDATE crm_feedback_intake SET date_first = date_first - interval '1 hour'"
        )
        self.assertEqual(self._write().status_code, 200)
        # the sender, and who is answered
        self.assertEqual(self.env["crm.feedback.intake"].sudo().search_count([]), 2)

    def test_nobodys_mailbox_is_filled(self):
        """From any number of addresses, in the name of one."""
        intake = self.env["crm.feedback.intake"]
        for _no in range(10):
            intake._count(self.company, "victim@elsewhere.example")
        before = self._count()
        for email in ("victim@elsewhere.example", "Victim@Elsewhere.example"):
            self.assertEqual(self._write(email=email).status_code, 429)
        self.assertEqual(self._count(), before)
        self.assertFalse(self._mails)
        self.assertEqual(self._write().status_code, 200)

    def test_ten_thousand_messages(self):
        """Of one address and of many, at the door itself: rows are bounded."""
        intake = self.env["crm.feedback.intake"].sudo()

        def knock(address):
            if intake._is_free(self.company, address):
                intake._count(self.company, address)
                return 1
            return 0

        self.assertEqual(sum(knock("203.0.113.7") for _no in range(10_000)), 10)
        self.assertEqual(intake.search_count([]), 1)
        # an IPv6 network is one sender
        self.assertEqual(sum(knock(f"2001:db8::{no:x}") for no in range(300)), 10)
        self.assertEqual(intake.search_count([]), 2)
        # all together
        with patch.object(crm_feedback_intake, "MAX_OF_ALL", 200):
            taken = sum(knock(f"10.0.{no >> 8}.{no & 255}") for no in range(2000))
            self.assertEqual(taken, 180)
            self.assertEqual(intake.search_count([]), 182)
        with self.assertQueryCount(1):
            knock("203.0.113.7")
        # no address stands there, and nothing after a day
        self.assertFalse(intake.search([("address", "ilike", "203.0")]))
        self.env.cr.execute(
            "UPDATE crm_feedback_intake SET date_first = date_first - interval '2 days'"
        )
        intake.invalidate_model()
        intake._gc_intake()
        self.assertFalse(intake.search_count([]))

    def test_what_one_sender_is(self):
        for address, network in (
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("", ""),
            (None, ""),
            ("unix:", "unix:"),
        ):
            self.assertEqual(crm_feedback_intake._network(address), network)

    def test_a_body_beyond_the_limit(self):
        page = self._get(self.page)
        response = self._post(
            self.page, page, {}, [("files", ("big.txt", b"x" * (23 * 2**20)))]
        )
        self.assertEqual(response.status_code, 413)
