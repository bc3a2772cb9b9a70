"""Mails that become cases, and those that do not. Mails and people are invented."""

from datetime import timedelta
from pathlib import Path

from odoo.fields import Datetime
from odoo.tools import mute_logger

from odoo.addons.crm_custom.models.feedback_mail_text import is_mere_thanks
from odoo.addons.mail.tests.common import MockEmail

from .feedback_common import FeedbackCase

MAILS = Path(__file__).parent / "mails"
ADDRESS = "service@feedback.example.com"


class TestFeedbackMail(MockEmail, FeedbackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": "feedback.example.com", "company_ids": cls.env.company.ids}
        )
        cls.team.write({"alias_name": "service", "alias_domain_id": cls.domain.id})
        cls.customer.email = "office@haoyu-dianzi.example"
        cls.contact.email = "chenxiao@haoyu-dianzi.example"

    def _receive(self, source):
        """What the gateway makes of a mail: the cases that are new."""
        if not isinstance(source, bytes):
            source = (MAILS / f"{source}.eml").read_bytes()
        before = self.env["crm.feedback"].search([])
        with (
            self.mock_mail_gateway(),
            mute_logger("odoo.addons.mail.models.mail_thread"),
        ):
            self.env["mail.thread"].message_process(False, source)
        self.env.invalidate_all()
        return self.env["crm.feedback"].search([]) - before

    def _mail(self, sender, subject="Hello", body="Something is broken", **headers):
        self.mails = getattr(self, "mails", 0) + 1
        lines = {
            "From": sender,
            "To": ADDRESS,
            "Subject": subject,
            "Message-ID": f"<test-{self.mails}@sender.example>",
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=utf-8",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        head = "\r\n".join(f"{name}: {value}" for name, value in lines.items())
        return f"{head}\r\n\r\n{body}\r\n".encode()

    def _acknowledgements(self):
        return [mail for mail in self._mails if "Auto-Submitted" in mail["headers"]]

    # ------------------------------------------------------------
    # New cases
    # ------------------------------------------------------------

    def test_a_mail_of_a_customer_in_chinese(self):
        """From QQ Mail in GB18030; answered at once, in his language."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.contact.lang = "zh_CN"
        template = self.env.ref("crm_custom.mail_template_crm_feedback_received")
        template.with_context(lang="zh_CN").body_html = "<p>您好</p>"
        case = self._receive("qq_gbk")
        self.assertEqual(case.subject, "投诉：办公桌有划痕")
        self.assertIn("两张办公桌有划痕", case.description)
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.contact_id, self.contact)
        self.assertEqual(case.team_id, self.team)
        self.assertEqual(case.company_id, self.team.company_id)
        self.assertEqual(case.channel_id.name, "E-mail")
        self.assertFalse(case.user_id)
        self.assertIn(self.contact, case.message_partner_ids)
        (mail,) = self._acknowledgements()
        self.assertIn(case.name, mail["subject"])
        self.assertIn("您好", mail["body"])
        self.assertIn("chenxiao@haoyu-dianzi.example", mail["email_to"][0])
        self.assertIn(ADDRESS, mail["reply_to"])
        self.assertTrue(case.date_acknowledged)
        self.assertFalse(case.date_first_answer)

    def test_mails_of_several_programs(self):
        customers = self.env["res.partner"].search_count([])
        case = self._receive("outlook_attachment")
        self.assertEqual(case.subject, "Beschädigte Lieferung")
        self.assertIn("zerkratzt an – Gehäuse", case.description)
        self.assertEqual(case.message_ids.attachment_ids.mapped("name"), ["Mängel.txt"])
        self.assertFalse(case.partner_id)
        self.assertIn("jana.keller@moebel-hartwig.example", case.email_from)
        case = self._receive("gmail_inline_picture")
        self.assertIn("squeaks", case.description)
        self.assertNotIn("cid:", case.description)
        self.assertEqual(case.message_ids.attachment_ids.mapped("name"), ["chair.png"])
        case = self._receive("wrong_charset")
        self.assertIn("The delivery is late.", case.description)
        self.assertEqual(self.env["res.partner"].search_count([]), customers)

    def test_charsets_that_are_wrong(self):
        """Named too small, not named, or unheard of: read all the same."""
        case = self._receive("foxmail_gb2312")
        self.assertEqual(case.subject, "镕基路的办公桌喆号有划痕")
        self.assertIn("朱镕基路8号。办公桌有划痕，镕喆囧。", case.description)
        self.assertIn("陶喆", case.email_from)
        case = self._receive("raw_gbk")
        self.assertEqual(case.subject, "发票金额不对")
        self.assertIn("发票上的单价是去年的。", case.description)
        self.assertEqual(case.contact_id, self.contact)
        case = self._receive("unknown_charset")
        self.assertIn("Der Stuhl macht Geräusche.", case.description)
        self.assertEqual(case.subject, "Geräusche")
        self.assertIn("Поставка опоздала", self._receive("wrong_charset").description)

    def test_rich_text_and_files(self):
        case = self._receive("outlook_rich_text")
        self.assertEqual(case.subject, "Lieferung unvollständig")
        self.assertIn("drei Stühle – bitte", case.description)
        self.assertEqual(
            case.message_ids.attachment_ids.mapped("name"), ["winmail.dat"]
        )
        case = self._receive("html_only_files")
        self.assertIn("<b>Both</b> are wrong.", case.description)
        file = case.message_ids.attachment_ids
        self.assertEqual(file.name, "清单.txt")
        self.assertEqual(file.raw.decode("gbk"), "缺三把椅子")

    def test_scripts_in_subject_body_and_file(self):
        case = self._receive("html_only_script")
        for text in (case.description, *case.message_ids.mapped("body")):
            for evil in ("<script", "onclick", "onerror", "javascript:"):
                self.assertNotIn(evil, text)
        self.assertIn("It is broken", case.description)
        (mail,) = self._acknowledgements()
        self.assertNotIn("<script", mail["body"])
        self.assertEqual(
            case.message_ids.attachment_ids.mapped("res_model"), ["crm.feedback"]
        )

    def test_a_customer_by_the_domain_of_his_house(self):
        self._create_customer(name="By Domain", website="https://www.nordwind.example")
        case = self._receive(self._mail("New Person <new@nordwind.example>"))
        self.assertEqual(case.partner_id.name, "By Domain")
        self.assertFalse(case.contact_id)
        # two houses have it: nobody is guessed
        self._create_customer(name="Twin", website="https://nordwind.example")
        case = self._receive(self._mail("Other <other@nordwind.example>"))
        self.assertFalse(case.partner_id)

    def test_a_mail_that_came_twice_makes_one_case(self):
        self.assertEqual(len(self._receive("qq_gbk")), 1)
        self.assertFalse(self._receive("qq_gbk"))

    # ------------------------------------------------------------
    # No case
    # ------------------------------------------------------------

    def test_automatic_replies_bounces_and_our_own_mails_make_none(self):
        for name in ("out_of_office", "bounce"):
            self.assertFalse(self._receive(name))
            self.assertFalse(self._acknowledgements())
        for headers in (
            {"subject": "自动回复: 投诉"},
            {"Auto_Submitted": "auto-replied"},
            {"X_Autoreply": "yes"},
            {"Precedence": "auto_reply"},
        ):
            self.assertFalse(self._receive(self._mail("a@b.example", **headers)))
        self.assertFalse(self._receive(self._mail(f"Us <{ADDRESS}>")))
        self.assertFalse(self._receive(self._mail(self.domain.catchall_email)))

    def test_a_newsletter_is_not_acknowledged(self):
        case = self._receive(self._mail("news@b.example", List_Id="<news.b.example>"))
        self.assertTrue(case)
        self.assertFalse(self._acknowledgements())
        self.team.send_acknowledgement = False
        self.assertTrue(self._receive(self._mail("a@b.example")))
        self.assertFalse(self._acknowledgements())

    def test_a_loop_is_cut(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        made = [len(self._receive(self._mail("robot@b.example"))) for _no in range(6)]
        self.assertEqual(sum(made), 3)

    # ------------------------------------------------------------
    # Replies
    # ------------------------------------------------------------

    def test_a_reply_goes_to_its_case(self):
        case = self._receive("qq_gbk")
        message = case.message_post(
            body="Which?", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        reply = self._mail(
            self.contact.email, "Re: something", "Both", In_Reply_To=message.message_id
        )
        self.assertFalse(self._receive(reply))
        self.assertFalse(self._acknowledgements())
        self.assertIn("Both", case.message_ids[0].body)
        self.assertTrue(case.is_customer_answered)
        # who takes part gets what we answer, if he is of the house
        self.stranger.email = "stranger@elsewhere.example"
        for sender in (self.customer.email, self.stranger.email):
            self._receive(
                self._mail(sender, "Re:", "I, too", In_Reply_To=message.message_id)
            )
        self.assertIn(self.customer, case.message_partner_ids)
        self.assertNotIn(self.stranger, case.message_partner_ids)

    def test_the_number_in_the_subject_is_for_the_customer_alone(self):
        case = self._receive("qq_gbk")
        subject = f"Re: [{case.name}] We have received"
        self.assertFalse(self._receive(self._mail(self.customer.email, subject)))
        self.assertIn("broken", case.message_ids[0].body)
        count = len(case.message_ids)
        other = self._receive(self._mail("stranger@elsewhere.example", subject))
        self.assertEqual(len(other), 1)
        self.assertNotEqual(other, case)
        self.assertEqual(len(case.message_ids), count)

    def test_what_a_reply_opens_again(self):
        case = self._receive("qq_gbk")
        subject = f"Re: [{case.name}]"

        def reply(body, sender=self.contact.email, **headers):
            return self._receive(self._mail(sender, subject, body, **headers))

        case.stage_id = self._stage("closed")
        self.assertFalse(reply("谢谢！"))
        self.assertFalse(reply("Thanks a lot!\n\n-- \nXiao Chen\nHaoyu"))
        self.assertFalse(reply("I am away", Auto_Submitted="auto-replied"))
        self.assertTrue(case.is_closed)
        self.assertFalse(reply("Thank you, but one is still scratched."))
        self.assertEqual(case.stage_id, self._stage("progress"))
        # long ago: another case, that names the old one
        case.stage_id = self._stage("closed")
        case.date_closed = Datetime.now() - timedelta(days=15)
        self.assertFalse(reply("Thanks"))
        again = reply("It is scratched once more")
        self.assertEqual(again.linked_ids, case)
        self.assertEqual(again.team_id, self.team)
        self.assertEqual(again.partner_id, self.customer)
        self.assertTrue(case.is_closed)

    def test_what_is_mere_thanks(self):
        for text in (
            "Thanks!",
            "Thank you very much, Jana",
            "Great, thank you.",
            "Vielen Dank!",
            "好的，谢谢",
            "收到，非常感谢！",
            "Thanks\n> Is it still broken?",
            "Merci\n-----Original Message-----\nIt does not work",
        ):
            self.assertTrue(is_mere_thanks(text.replace("\n", "<br>")), text)
        for text in (
            "Thanks, but it does not work",
            "Thank you. When will it come?",
            "谢谢，但是还没收到",
            "The desk is broken",
            "Danke, aber es fehlt ein Teil",
            "",
        ):
            self.assertFalse(is_mere_thanks(text), text)
