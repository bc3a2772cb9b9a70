"""A case on paper: what it holds, for whom, at what cost; the list on paper."""

import io
import unicodedata

from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase

from .feedback_common import FeedbackCase
from .print_search_common import PrintSearchMixin

REPORT = "crm_custom.report_crm_feedback_sheet"


class TestFeedbackSheet(PrintSearchMixin, FeedbackCase, HttpCase):
    partner_view = domain = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._order((cls.goods, 2))
        cls.case = cls._case(
            subject="桌面有划痕 & more",
            contact_id=cls.contact.id,
            description="<p>On the <b>left</b></p>",
            result="<p>New front sent</p>",
            line_ids=[cls._line(cls.goods, quantity=2)],
        )
        cls.case.message_post(
            body="We send a new one",
            partner_ids=cls.contact.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        cls.case.message_post(body="He is difficult", message_type="comment")

    def _render(self, user, cases=None):
        report = self.env["ir.actions.report"].with_user(user)
        html, _type = report._render_qweb_html(REPORT, (cases or self.case).ids)
        return html.decode()

    def test_the_pdf(self):
        report = self.env["ir.actions.report"].with_user(self.agent)
        pdf, kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(
            REPORT, self.case.ids
        )
        self.assertEqual(kind, "pdf")
        (page,) = PdfReader(io.BytesIO(pdf)).pages
        text = unicodedata.normalize("NFKC", page.extract_text())
        text = " ".join(text.split())
        for words in (
            self.case.name,
            "桌面有划痕 & more",
            "Buying Customer",
            "Buying Person",
            "On the left",
            "New front sent",
            "Goods",
            self.order.name,
            "We send a new one",
        ):
            self.assertIn(words, text)
        self.assertNotIn("difficult", text)

    def test_whom_it_is_for(self):
        for user in (self.agent, self.user_sales_own, self.manager):
            self.assertIn("New front sent", self._render(user))
        theirs = self._case(partner_id=self.stranger.id)
        with self.assertRaises(AccessError):
            self._render(self.user_sales_own, theirs)
        with self.assertRaises(AccessError):
            self._render(self.user_portal)
        with self.assertRaisesRegex(UserError, "Choose the cases"):
            self.env[f"report.{REPORT}"]._get_report_values([])

    def test_ten_sheets_cost_as_many_queries_as_one(self):
        cases = self.case
        for number in range(9):
            cases += self._case(
                contact_id=self.contact.id,
                description=f"<p>{number}</p>",
                line_ids=[self._line(self.goods)],
            )
            cases[-1].message_post(
                body="Yes", message_type="comment", subtype_xmlid="mail.mt_comment"
            )

        def count(few):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._render(self.agent, few)
            return self.env.cr.sql_log_count - before

        # what the registry keeps is read once
        count(cases), count(self.case)
        self.assertEqual(count(cases), count(self.case))

    def test_print_this_search(self):
        """The columns of the owner's list: product, description, end date, end flag
        and result stand on paper.
        """
        self.case.stage_id = self._stage("closed")
        sheet = self._sheet(
            self.agent,
            model="crm.feedback",
            view="crm_custom.crm_feedback_view_list_print",
            domain=[["id", "=", self.case.id]],
            groupby=[],
            order="",
            context={"allowed_company_ids": self.env.company.ids},
        )
        for name, value in (
            ("line_ids", "Goods"),
            ("description", "On the *left*"),
            ("contact_id", "Buying Person"),
            ("is_closed", "Yes"),
            ("result", "New front sent"),
        ):
            self.assertEqual(self._rows(sheet, name), [value], name)
        self.assertTrue(self._rows(sheet, "date_closed")[0])
