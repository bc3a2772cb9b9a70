"""What somebody gets who tries: other people's cases by every door that there is."""

import json

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import JsonRpcException, new_test_user
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

from .feedback_portal_common import LIST, FeedbackHttpCase

SECRET = "Zauberwort"


class TestFeedbackAttacks(FeedbackHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._order((cls.goods, 1), partner_id=cls.stranger.id)
        cls.theirs = cls._case(
            user=cls.manager,
            subject=f"{SECRET} in the subject",
            description=f"<p>{SECRET}</p>",
            partner_id=cls.stranger.id,
            contact_id=cls.person.id,
            line_ids=[cls._line(cls.goods)],
        )
        cls.file = (
            cls.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{SECRET}.txt",
                    "raw": SECRET.encode(),
                    "res_model": "crm.feedback",
                    "res_id": cls.theirs.id,
                }
            )
        )
        cls.message = cls.theirs.message_post(
            body=SECRET,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachment_ids=cls.file.ids,
        )
        cls.theirs_token = cls.theirs.sudo()._portal_ensure_token()
        cls.mine = cls._case(subject="Mine", contact_id=cls.contact.id)
        cls.mine_token = cls.mine.sudo()._portal_ensure_token()

    def _rpc(self, path, **params):
        """The answer as text; what went wrong, where it did."""
        try:
            with mute_logger("odoo.http"):
                return json.dumps(self.make_jsonrpc_request(path, params), default=str)
        except JsonRpcException as error:
            return str(error)

    def _call(self, model, method, *args, **kwargs):
        return self._rpc(
            "/web/dataset/call_kw",
            model=model,
            method=method,
            args=list(args),
            kwargs=kwargs,
        )

    # ------------------------------------------------------------
    # By id and by token
    # ------------------------------------------------------------

    def test_pages(self):
        missing = self.theirs.id + 100_000
        answers = set()
        for login in ("feedback_portal", None):
            for case_id in (self.theirs.id, missing):
                for token in ("", "x", self.mine_token, "\u00e9", "false"):
                    page = self._get(f"{LIST}/{case_id}?access_token={token}", login)
                    self.assertNotIn(SECRET, page.text)
                    answers.add((login, page.status_code, page.url))
        # the same for what is not there and for what is somebody else's
        self.assertEqual(len(answers), 2, answers)
        # who has the link sees that one case
        page = self._get(f"{LIST}/{self.theirs.id}?access_token={self.theirs_token}")
        self.assertIn(SECRET, page.text)
        page = self._get(
            f"{LIST}/{self.mine.id}?access_token={self.theirs_token}", None
        )
        self.assertNotIn("Mine", page.text)

    def test_acts(self):
        stage = self.theirs.stage_id
        count = len(self.theirs.message_ids)
        for what in ("close", "reopen"):
            for token in ("", "x", self.mine_token):
                self._send(
                    f"{LIST}/{self.theirs.id}/{what}",
                    {"text": "x", "access_token": token},
                )
            # not by a link that somebody is led to
            self._get(f"{LIST}/{self.theirs.id}/{what}?text=x", "feedback_other")
            page = self._send(
                f"{LIST}/{self.theirs.id}/{what}",
                {"text": "x", "csrf_token": "x"},
                login="feedback_other",
            )
            self.assertEqual(page.status_code, 400)
        self.assertEqual(self.theirs.stage_id, stage)
        self.assertEqual(len(self.theirs.message_ids), count)
        # a new case that hangs on one of somebody else's
        form = {"subject": "x", "description": "x", "about": str(self.theirs.id)}
        self._send(f"{LIST}/new", form)
        self.assertFalse(self._latest().linked_ids)
        # in another's name, or in a company that is none of his
        other = self.env["res.company"].create({"name": "Other"})
        self._send(
            f"{LIST}/new",
            {
                **form,
                "partner_id": str(self.stranger.id),
                "contact_id": str(self.person.id),
                "company_id": str(other.id),
                "user_id": str(self.agent.id),
            },
        )
        case = self._latest()
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.contact_id, self.contact)
        self.assertEqual(case.company_id, self.env.company)
        self.assertFalse(case.user_id)

    # ------------------------------------------------------------
    # Messages and files
    # ------------------------------------------------------------

    def test_messages(self):
        count = len(self.theirs.message_ids)
        thread = {"thread_model": "crm.feedback", "thread_id": self.theirs.id}
        post = {"body": "x", "message_type": "comment"}
        for login in ("feedback_portal", None):
            self.authenticate(login, login)
            for token in (None, "x", self.mine_token):
                for path, more in (
                    ("/mail/chatter_fetch", {}),
                    ("/portal/chatter_init", {}),
                    ("/mail/message/post", {"post_data": post}),
                ):
                    answer = self._rpc(path, **thread, token=token, **more)
                    self.assertNotIn(SECRET, answer)
            answer = self._rpc(
                "/mail/message/update_content",
                message_id=self.message.id,
                update_data={"body": "x"},
                token=self.mine_token,
            )
            self.assertNotIn(SECRET, answer)
        self.assertEqual(len(self.theirs.message_ids), count)
        self.assertIn(SECRET, self.message.body)
        # not even his own message, under his own case, with somebody's file
        self.authenticate("feedback_portal", "feedback_portal")
        answer = self._rpc(
            "/mail/message/post",
            thread_model="crm.feedback",
            thread_id=self.mine.id,
            token=self.mine_token,
            post_data={**post, "attachment_ids": self.file.ids},
        )
        self.assertNotIn(SECRET, answer)
        self.assertFalse(self.mine.message_ids.attachment_ids)

    def test_files(self):
        for login in ("feedback_portal", None):
            self.authenticate(login, login)
            for query in ("", "?access_token=x", f"?access_token={self.mine_token}"):
                for path in ("content", "image"):
                    page = self.url_open(f"/web/{path}/{self.file.id}{query}")
                    self.assertNotIn(SECRET, page.text)
            self._rpc("/mail/attachment/delete", attachment_id=self.file.id)
        self.assertTrue(self.file.exists())
        # what he puts into his own case is no page that runs in our name
        page = self._get(f"{LIST}/{self.mine.id}", "feedback_portal")
        response = self._post(
            "/mail/attachment/upload",
            page,
            {
                "thread_model": "crm.feedback",
                "thread_id": str(self.mine.id),
                "token": self.mine_token,
            },
            [("ufile", ("page.html", b"<script>alert(1)</script>", "text/html"))],
        )
        self.assertEqual(response.status_code, 200)
        file = self.env["ir.attachment"].search([], order="id desc", limit=1)
        self.assertEqual(file.res_id, self.mine.id)
        self.assertEqual(file.mimetype, "text/plain")

    # ------------------------------------------------------------
    # RPC
    # ------------------------------------------------------------

    def test_a_portal_user_asks_over_rpc(self):
        domains = (
            [],
            [["partner_id", "=", self.customer.id]],
            [["subject", "ilike", SECRET]],
            ["|", [1, "=", 1], ["id", "=", self.mine.id]],
        )
        read = {"subject": {}, "description": {}}
        self.authenticate("feedback_portal", "feedback_portal")
        for domain in domains:
            for method, args in (
                ("search_read", (domain, ["subject"])),
                ("web_search_read", (domain, read)),
                ("search_count", (domain,)),
                ("read_group", (domain, ["subject"], ["subject"])),
                ("formatted_read_group", (domain, ["subject"], ["__count"])),
                ("web_read_group", (domain, ["subject"], ["__count"])),
            ):
                answer = self._call("crm.feedback", method, *args)
                self.assertIn("AccessError", answer, method)
                self.assertNotIn(SECRET, answer)
        for method, args in (
            ("name_search", (SECRET,)),
            ("read", (self.mine.ids, ["subject", "access_token"])),
            ("web_read", (self.theirs.ids, read)),
            ("write", (self.mine.ids, {"subject": "x"})),
            ("web_save", (self.mine.ids, {"subject": "x"}, read)),
            ("create", ([{"subject": "x"}],)),
            ("copy", (self.mine.ids,)),
            ("unlink", (self.mine.ids,)),
            ("action_take", (self.mine.ids,)),
            ("message_post", (self.mine.ids,)),
            ("message_subscribe", (self.theirs.ids, self.contact.ids)),
            ("get_portal_url", (self.theirs.ids,)),
            ("export_data", (self.mine.ids, ["subject"])),
            ("onchange", ([], {}, [], read)),
        ):
            answer = self._call("crm.feedback", method, *args)
            self.assertNotIn(SECRET, answer, method)
            self.assertNotIn(self.theirs_token, answer, method)
        for name in ("line", "team", "stage", "intake", "type", "severity", "cause"):
            answer = self._call(f"crm.feedback.{name}", "search_read", [], ["id"])
            self.assertIn("AccessError", answer, name)
        # by way of what he may read
        for model, domain in (
            ("mail.message", [["model", "=", "crm.feedback"]]),
            ("ir.attachment", [["res_model", "=", "crm.feedback"]]),
            ("res.partner", [["feedback_count", ">", 0]]),
        ):
            answer = self._call(model, "search_read", domain, ["display_name"])
            self.assertNotIn(SECRET, answer, model)
        self.assertEqual(self.mine.subject, "Mine")
        self.assertNotIn(self.contact, self.theirs.message_partner_ids)

    def _assert_finds_nothing(self, user, **context):
        """Whatever he asks for: nothing of ``theirs``."""
        env = self.env(user=user, context={"allowed_company_ids": user.company_ids.ids})
        cases = env["crm.feedback"].with_context(**context)
        for domain in (
            [("subject", "ilike", SECRET)],
            ["|", (1, "=", 1), ("subject", "ilike", SECRET)],
            [("id", "=", self.theirs.id)],
            [("line_ids.product_id", "=", self.goods.id)],
            [("partner_id", "=", self.stranger.id)],
            ["!", ("id", "=", 0)],
        ):
            self.assertNotIn(SECRET, str(cases.search_read(domain, ["subject"])))
            found = cases.web_search_read(domain, {"subject": {}, "description": {}})
            self.assertNotIn(SECRET, str(found))
            for groupby in ("subject", "partner_id", "stage_id"):
                groups = cases.formatted_read_group(domain, [groupby], ["id:array_agg"])
                ids = [id_ for group in groups for id_ in group["id:array_agg"]]
                self.assertNotIn(self.theirs.id, ids)
            groups = cases.web_read_group(domain, ["subject"], ["__count"])
            self.assertNotIn(SECRET, str(groups))
        for method in ("name_search", "search_count"):
            asked = (
                SECRET if method == "name_search" else [("subject", "ilike", SECRET)]
            )
            self.assertFalse(getattr(cases, method)(asked))
        lines = env["crm.feedback.line"].search(
            [("feedback_id.subject", "ilike", SECRET)]
        )
        self.assertFalse(lines)
        messages = env["mail.message"].search(
            [("model", "=", "crm.feedback"), ("body", "ilike", SECRET)]
        )
        self.assertFalse(messages)
        with self.assertRaises(AccessError):
            self.theirs.with_env(cases.env).read(["subject", "access_token"])
        for name in ("linked_ids", "linked_from_ids", "similar_ids"):
            own = cases.create({"subject": f"{SECRET} in the subject"})
            self.assertNotIn(self.theirs, own[name])
            with self.assertRaises(AccessError):
                own.write({"linked_ids": [Command.link(self.theirs.id)]})

    def test_a_salesperson_of_other_customers_asks(self):
        self._assert_finds_nothing(self.user_sales_own)

    def test_an_agent_of_another_company_asks(self):
        other = self.env["res.company"].create({"name": "Other"})
        spy = new_test_user(
            self.env,
            "feedback_spy",
            "base.group_user,crm_custom.group_crm_custom_feedback_manager",
            context=DISABLED_MAIL_CONTEXT,
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self._assert_finds_nothing(spy)
        # as if he were of ours
        forged = self.env(
            user=spy, context={"allowed_company_ids": self.env.company.ids}
        )
        with self.assertRaises(AccessError):
            forged["crm.feedback"].search([("subject", "ilike", SECRET)])
