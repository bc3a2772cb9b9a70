"""Solutions in the portal: those that are shared, and nothing else of them."""

from odoo.exceptions import AccessError
from odoo.tests import HttpCase

from .feedback_common import FeedbackCase


class TestFeedbackSolutionPortal(FeedbackCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = cls._solution("Shared one", is_shared=True)

    @classmethod
    def _solution(cls, name, **vals):
        return cls.env["crm.feedback.solution"].create(
            {
                "name": name,
                "symptom": "It squeaks",
                "explanation": "Our supplier saves on oil",
                "instructions": "<p>Tighten the screws</p>",
                "state": "reviewed",
                **vals,
            }
        )

    def test_what_customers_read(self):
        other = self.env["res.company"].create({"name": "Other"})
        for name, vals in (
            ("Hidden one", {}),
            ("Hidden two", {"is_shared": True, "state": "review"}),
            ("Hidden three", {"is_shared": True, "company_id": other.id}),
            ("Hidden four", {"is_shared": True, "active": False}),
        ):
            self._solution(name, **vals)
        self._solution("Chairs of all", is_shared=True, company_id=False)
        self.authenticate("user_portal", "user_portal")
        page = self.url_open("/my/solutions").text
        for words in ("Shared one", "Chairs of all", "Tighten the screws"):
            self.assertIn(words, page)
        for words in ("Hidden", "saves on oil"):
            self.assertNotIn(words, page)
        page = self.url_open("/my/solutions?search=chair").text
        self.assertIn("Chairs of all", page)
        self.assertNotIn("Shared one", page)
        page = self.url_open("/my/solutions?search=%27%3A*%25zzz").text
        self.assertIn("Nothing was found", page)

    def test_by_that_page_alone(self):
        with self.assertRaises(AccessError):
            self.shared.with_user(self.user_portal).read(["name"])
        self.authenticate(None, None)
        response = self.url_open("/my/solutions")
        self.assertIn("/web/login", response.url)
