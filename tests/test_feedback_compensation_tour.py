"""A complaint by e-mail, made good in the browser; and compensations on paper."""

from odoo.tests import HttpCase
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail

from .compensation_common import CompensationCase
from .print_search_common import PrintSearchMixin

MAIL = b"""From: Buying Person <person@buyer.example>\r
To: service@feedback.example.com\r
Subject: Three came scratched\r
Message-ID: <scratched@buyer.example>\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset=utf-8\r
\r
Please take them back.\r
"""


class TestFeedbackCompensationTour(
    PrintSearchMixin, MockEmail, CompensationCase, HttpCase
):
    partner_view = domain = None

    def test_from_an_e_mail_to_solved(self):
        domain = self.env["mail.alias.domain"].create(
            {"name": "feedback.example.com", "company_ids": self.env.company.ids}
        )
        self.team.write({"alias_name": "service", "alias_domain_id": domain.id})
        self.contact.email = "person@buyer.example"
        with (
            self.mock_mail_gateway(),
            mute_logger("odoo.addons.mail.models.mail_thread"),
        ):
            self.env["mail.thread"].message_process(False, MAIL)
        case = self.env["crm.feedback"].search([], limit=1, order="id desc")
        self.assertEqual(case.partner_id, self.customer)
        self.clerk.group_ids += self.env.ref("stock.group_stock_user")
        case.user_id = self.clerk
        self.start_tour(
            f"/odoo/action-crm_custom.crm_feedback_action/{case.id}",
            "crm_custom_feedback_compensation",
            login=self.clerk.login,
            timeout=240,
        )
        self.assertTrue(case.date_solved)
        dispute = case.dispute_ids
        self.assertEqual((dispute.amount, dispute.outcome), (326.70, "conceded"))
        back, credit = case.compensation_ids.sorted("id")
        self.assertEqual(
            (back.kind, back.return_id.move_ids.product_uom_qty), ("return", 3)
        )
        self.assertEqual(credit.credit_note_id.amount_total, 326.70)
        self.assertEqual(self.invoice.amount_residual, 1289 - 326.70)
        self.assertEqual(case.cost, 270)

    def test_print_these_searches(self):
        case = self._complaint(3)
        self._propose(case, "credit", self.clerk, 3)
        for model, column in (
            ("crm.feedback.compensation", "product_names"),
            ("crm.feedback.cost", "product_id"),
        ):
            sheet = self._sheet(
                self.manager,
                model=model,
                view=f"crm_custom.{model.replace('.', '_')}_view_list_print",
                domain=[["feedback_id", "=", case.id]],
                groupby=[],
                order="",
                context={"allowed_company_ids": self.env.company.ids},
            )
            self.assertIn("Goods", self._rows(sheet, column)[0])
