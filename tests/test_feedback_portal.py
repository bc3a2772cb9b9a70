"""A customer's cases in the portal: he opens one, sees, answers, closes, reopens it."""

from datetime import timedelta

from odoo.fields import Datetime
from odoo.tests import warmup
from odoo.tools import mute_logger

from .feedback_portal_common import LIST, FeedbackHttpCase

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00"
    b"\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02"
    b"\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82"
)


class TestFeedbackPortal(FeedbackHttpCase):
    def _new(self, files=None, **values):
        return self._send(
            f"{LIST}/new",
            {"subject": "It wobbles", "description": "One leg is short", **values},
            files,
        )

    # ------------------------------------------------------------
    # A new case
    # ------------------------------------------------------------

    def test_a_case_with_products_and_files(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.contact.lang = "zh_CN"
        template = self.env.ref("crm_custom.mail_template_crm_feedback_received")
        template.with_context(lang="zh_CN").body_html = "<p>您好</p>"
        page = self._get(f"{LIST}/new").text
        self.assertIn(self.goods.name, page)
        response = self._new(
            files=[("files", ("leg.png", PNG)), ("files", ("note.txt", b"Short"))],
            product_0=str(self.goods.id),
            quantity_0="2",
            type_id=str(self.complaint.id),
        )
        case = self._latest()
        self.assertEqual(case.subject, "It wobbles")
        self.assertIn(case.name, response.text)
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.contact_id, self.contact)
        self.assertEqual(case.type_id, self.complaint)
        self.assertEqual(case.team_id, self.team)
        self.assertEqual(case.line_ids.product_id, self.goods)
        self.assertEqual(case.line_ids.quantity, 2)
        self.assertTrue(case.line_ids.order_id)
        self.assertFalse(case.user_id)
        self.assertFalse(case.is_customer_answered)
        self.assertEqual(
            set(case.message_ids.attachment_ids.mapped("name")),
            {"leg.png", "note.txt"},
        )
        # told at once, in his language, with the way to his case
        (mail,) = [m for m in self._mails if "Auto-Submitted" in m["headers"]]
        self.assertIn(case.name, mail["subject"])
        self.assertIn("您好", mail["body"])
        self.assertIn(self.contact.email, mail["email_to"][0])

    def test_what_is_missing_is_said_and_what_was_typed_stays(self):
        before = self._count()
        page = self._new(subject=" ", description="All of it stays").text
        self.assertIn("in a few words what it is", page)
        self.assertIn("All of it stays", page)
        page = self._new(product_0=str(self.goods.id), quantity_0="nan").text
        self.assertIn("more than nothing", page)
        self.assertEqual(self._count(), before)

    def test_a_product_that_he_was_never_sold(self):
        before = self._count()
        unsold = self._product("Never sold")
        self.assertNotIn("Never sold", self._get(f"{LIST}/new").text)
        page = self._new(product_0=str(unsold.id)).text
        self.assertIn("was never sold to", page)
        self.assertEqual(self._count(), before)

    def test_files_that_are_refused(self):
        before = self._count()
        for name, content in (
            ("page.html", b"<html></html>"),
            ("picture.svg", b"<svg onload='alert(1)'/>"),
            ("picture.png", b"<html><script>alert(1)</script></html>"),
            ("note.txt", b"  <SCRIPT>alert(1)</SCRIPT>"),
            ("setup.exe", b"MZ\x90\x00"),
            ("photo.jpg", b"MZ\x90\x00"),
            ("nameless", b"x"),
        ):
            page = self._new(files=[("files", (name, content))]).text
            self.assertIn("cannot be sent here", page, name)
        page = self._new(files=[("files", (f"{n}.txt", b"x")) for n in range(6)]).text
        self.assertIn("5 files at most", page)
        page = self._new(files=[("files", ("a.txt", b"x" * (10 * 2**20 + 1)))]).text
        self.assertIn("is too large", page)
        self.assertEqual(self._count(), before)

    # ------------------------------------------------------------
    # What he sees
    # ------------------------------------------------------------

    def test_he_sees_the_cases_of_his_house_alone(self):
        colleague = self._create_contact(self.customer, name="Colleague")
        mine = self._case(subject="Of my colleague", contact_id=colleague.id)
        theirs = self._case(subject="Of a stranger", partner_id=self.stranger.id)
        page = self._get().text
        self.assertIn("Of my colleague", page)
        self.assertNotIn("Of a stranger", page)
        mine.result = "<p>Internal: it was our own fault</p>"
        mine.message_post(body="A note among us", subtype_xmlid="mail.mt_note")
        page = self._get(f"{LIST}/{mine.id}").text
        self.assertIn("Of my colleague", page)
        self.assertNotIn("our own fault", page)
        self.assertNotIn("among us", page)
        page = self._get(f"{LIST}/{theirs.id}")
        self.assertTrue(page.url.endswith("/my"))
        self.assertNotIn("Of a stranger", page.text)

    def test_home(self):
        self._case()
        self.assertIn(LIST, self._get("/my").text)
        answer = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["feedback_count"]}
        )
        self.assertEqual(answer, {"feedback_count": 1})
        self.authenticate("feedback_other", "feedback_other")
        answer = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["feedback_count"]}
        )
        self.assertEqual(answer, {"feedback_count": 0})
        # who has none is shown where to begin
        self.assertIn("Tell us something", self._get(login="feedback_other").text)

    def test_search_filter_and_pages(self):
        for no in range(25):
            self._case(subject=f"Thing {no:02}")
        self._latest().stage_id = self._stage("closed")
        self.assertIn("Thing 04", self._get(f"{LIST}/page/2").text)
        page = self._get(f"{LIST}?search=Thing 13&filterby=open").text
        self.assertIn("Thing 13", page)
        self.assertNotIn("Thing 14", page)
        page = self._get(f"{LIST}?filterby=closed&sortby=stage").text
        self.assertIn("Thing 24", page)
        self.assertNotIn("Thing 23", page)
        # made by hand
        page = self._get(f"{LIST}?filterby=x&sortby=partner_id&search=%25'--")
        self.assertIn("Nothing was found", page.text)

    def test_links_in_mails(self):
        case = self._case(subject="Of the link", contact_id=self.contact.id)
        link = f"/mail/view?model=crm.feedback&res_id={case.id}"
        self.assertIn("Of the link", self._get(link).text)
        self.assertNotIn("Of the link", self._get(link, "feedback_other").text)
        self.authenticate(None, None)
        page = self.url_open(
            f"{link}&access_token={case.sudo()._portal_ensure_token()}"
        )
        self.assertIn("Of the link", page.text)

    def test_a_merged_case_leads_on(self):
        old, new = self._case(subject="Old"), self._case(subject="New one")
        old.sudo().write({"merged_into_id": new.id, "active": False})
        page = self._get(f"{LIST}/{old.id}")
        self.assertIn("New one", page.text)

    @warmup
    def test_a_page_costs_the_same_for_many(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._get()
            return self.cr.sql_log_count - before

        self._case(line_ids=[self._line(self.goods)])
        queries()
        few = queries()
        for no in range(15):
            self._case(subject=f"Thing {no}", line_ids=[self._line(self.goods)])
        self.assertLessEqual(queries(), few + 1)

    # ------------------------------------------------------------
    # What he does
    # ------------------------------------------------------------

    def _say(self, case, body, login="feedback_portal", **params):
        self.authenticate(login, login)
        with self.mock_mail_gateway():
            answer = self.make_jsonrpc_request(
                "/mail/message/post",
                {
                    "thread_model": "crm.feedback",
                    "thread_id": case.id,
                    "post_data": {
                        "body": body,
                        "message_type": "comment",
                        "subtype_xmlid": "mail.mt_comment",
                    },
                    **params,
                },
            )
        self.env.invalidate_all()
        return answer

    def _answer(self, case, body, **kwargs):
        return self._say(case, body, token=case.sudo()._portal_ensure_token(), **kwargs)

    def test_he_answers_and_the_agent_is_told(self):
        case = self._case(user_id=self.agent.id, contact_id=self.contact.id)
        self.agent.notification_type = "inbox"
        self._answer(case, "Both of them")
        message = case.message_ids[0]
        self.assertEqual(message.author_id, self.contact)
        self.assertIn("Both of them", message.body)
        self.assertIn(self.agent.partner_id, message.notified_partner_ids)
        self.assertTrue(case.is_customer_answered)
        # ours settles it, a note does not
        case.with_user(self.agent).message_post(body="A note")
        self.assertTrue(case.is_customer_answered)
        with self.mock_mail_gateway():
            case.with_user(self.agent).message_post(
                body="We come", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.assertFalse(case.is_customer_answered)

    def test_the_team_is_told_when_nobody_has_the_case(self):
        self.team.user_id = self.manager
        self.manager.notification_type = "inbox"
        case = self._case(contact_id=self.contact.id)
        case.user_id = False
        self._answer(case, "Is anybody there?")
        notice = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", "crm.feedback"),
                    ("res_id", "=", case.id),
                    ("message_type", "=", "user_notification"),
                ]
            )
        )
        self.assertEqual(notice.partner_ids, self.manager.partner_id)
        # not the customer's to see
        page = self._get(f"{LIST}/{case.id}").text
        self.assertNotIn("nobody has the case", page)

    def test_what_opens_a_closed_case_again(self):
        case = self._case(contact_id=self.contact.id)
        case.stage_id = self._stage("closed")
        self._answer(case, "Thank you!")
        self.assertTrue(case.is_closed)
        self.assertFalse(case.is_customer_answered)
        self._answer(case, "But one is still scratched")
        self.assertEqual(case.stage_id, self._stage("progress"))
        self.assertTrue(case.is_customer_answered)
        # long ago
        case.stage_id = self._stage("closed")
        case.sudo().date_closed = Datetime.now() - timedelta(days=15)
        self._answer(case, "It is scratched once more")
        self.assertTrue(case.is_closed)
        page = self._get(f"{LIST}/{case.id}").text
        self.assertIn(f"new?about={case.id}", page)
        self.assertNotIn("open again", page)
        self._send(f"{LIST}/{case.id}/reopen", {"text": "Please"})
        self.assertTrue(case.is_closed)
        self._new(about=str(case.id))
        self.assertEqual(self._latest().linked_ids, case)
        # the company's days
        self.env.company.crm_feedback_reopen_days = 20
        self.assertIn("open again", self._get(f"{LIST}/{case.id}").text)

    def test_he_closes_and_opens_again(self):
        case = self._case(user_id=self.agent.id, contact_id=self.contact.id)
        self.agent.notification_type = "inbox"
        self._send(f"{LIST}/{case.id}/close", {"text": "It works now"})
        self.assertEqual(case.stage_id, self._stage("closed"))
        self.assertTrue(case.date_closed)
        self.assertFalse(case.is_customer_answered)
        told = case.message_ids.filtered(lambda m: "It works now" in m.body)
        self.assertEqual(told.author_id, self.contact)
        self.assertIn(self.agent.partner_id, told.notified_partner_ids)
        page = self._send(f"{LIST}/{case.id}/reopen", {"text": " "})
        self.assertIn("what is not settled", page.text)
        self.assertTrue(case.is_closed)
        self._send(f"{LIST}/{case.id}/reopen", {"text": "<b>No</b>"})
        self.assertEqual(case.stage_id, self._stage("progress"))
        self.assertFalse(case.date_closed)
        self.assertTrue(case.is_customer_answered)
        told = case.message_ids.filtered(lambda m: "No" in m.body)
        self.assertIn("&lt;b&gt;", told[:1].body)
        self.assertIn(self.agent.partner_id, told[:1].notified_partner_ids)

    def test_by_the_api(self):
        """Another program of ours, with the key of an agent."""
        keys = self.env["res.users.apikeys"].with_user(self.agent)
        key = keys._generate("rpc", "shop", Datetime.now() + timedelta(days=1))
        self.env.flush_all()

        def ask(**values):
            return self.url_open(
                "/json/2/crm.feedback/create",
                json={"vals_list": [{"subject": "From the shop", **values}]},
                headers={"Authorization": f"bearer {key}"},
            )

        (case_id,) = ask(partner_id=self.customer.id).json()
        case = self.env["crm.feedback"].browse(case_id)
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.team_id, self.team)
        self.assertTrue(case.name)
        # refused in words that help
        unsold = self._product("Never sold")
        with mute_logger("odoo.http", "odoo.sql_db"):
            answer = ask(
                partner_id=self.customer.id,
                line_ids=[[0, 0, {"product_id": unsold.id}]],
            )
        self.assertEqual(answer.status_code, 422)
        self.assertIn("was never sold to", answer.json()["message"])

    def test_in_the_browser(self):
        self.start_tour(
            "/my", "crm_custom_feedback_portal", login="feedback_portal", timeout=180
        )
        case = self._latest()
        self.assertEqual(case.subject, "One leg is short")
        self.assertEqual(case.line_ids.quantity, 2)
        self.assertEqual(case.stage_id, self._stage("progress"))
        self.assertTrue(case.is_customer_answered)
        said = case.message_ids.filtered(lambda one: one.message_type == "comment")
        self.assertEqual(said.author_id, self.contact)
        self.assertEqual(len(said), 4)
