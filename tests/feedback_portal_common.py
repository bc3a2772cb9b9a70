"""Customers who come through the portal and the public page."""

import re

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT
from odoo.addons.mail.tests.common import MockEmail

from .feedback_common import FeedbackCase

LIST = "/my/feedback"


class FeedbackHttpCase(MockEmail, FeedbackCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "office@ours.example"
        cls.contact.email = "chenxiao@haoyu-dianzi.example"
        cls.portal = cls._portal_user("feedback_portal", cls.contact)
        cls.person = cls._create_contact(cls.stranger, name="Somebody Else")
        cls.other_portal = cls._portal_user("feedback_other", cls.person)
        cls.team.sequence = 0
        cls._order((cls.goods, 2))

    @classmethod
    def _portal_user(cls, login, partner):
        return new_test_user(
            cls.env,
            login,
            "base.group_portal",
            context=DISABLED_MAIL_CONTEXT,
            partner_id=partner.id,
            password=login,
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )

    def _get(self, path=LIST, login="feedback_portal"):
        self.env.flush_all()
        self.authenticate(login, login)
        return self.url_open(path, timeout=60)

    def _send(self, path, data=None, files=None, login="feedback_portal", **kwargs):
        """Post a form as the page has it: with its token."""
        page = self._get(kwargs.pop("page", LIST + "/new"), login)
        return self._post(path, page, data, files, **kwargs)

    def _post(self, path, page, data=None, files=None, **kwargs):
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        stamp = re.search(r'name="stamp" value="([^"]+)"', page.text)
        form = {"csrf_token": token and token[1], "stamp": stamp and stamp[1]}
        with self.mock_mail_gateway(), mute_logger("odoo.http"):
            response = self.url_open(
                path,
                data={**form, **(data or {})},
                files=files,
                timeout=60,
                **kwargs,
            )
        self.env.invalidate_all()
        return response

    def _latest(self):
        return self.env["crm.feedback"].search([], order="id desc", limit=1)

    def _count(self):
        return self.env["crm.feedback"].with_context(active_test=False).search_count([])
