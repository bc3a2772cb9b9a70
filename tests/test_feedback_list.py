"""What a page of the list costs, with all that may stand in it."""

from odoo.fields import Command
from odoo.tests import warmup

from benchmarks import views

from .feedback_common import FeedbackCase


class TestFeedbackList(FeedbackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("type", "severity", "cause", "tag")
        lists = {name: cls.env[f"crm.feedback.{name}"].search([]) for name in names}
        channels = cls.env["crm.interaction.channel"].search([])
        tags = lists["tag"] or lists["tag"].create([{"name": "A"}, {"name": "B"}])
        customers = [cls._create_customer(name=f"Customer {no}") for no in range(20)]
        people = [cls._create_contact(one, name=f"Of {one.name}") for one in customers]
        for one in customers:
            one.user_id = cls.user_sales_own
        cls.cases = (
            cls.env["crm.feedback"]
            .with_user(cls.manager)
            .create(
                [
                    {
                        "subject": f"Case {no}",
                        "partner_id": customers[no % 20].id,
                        "contact_id": people[no % 20].id,
                        "type_id": lists["type"][no % len(lists["type"])].id,
                        "cause_id": lists["cause"][no % len(lists["cause"])].id,
                        "tag_ids": [Command.link(tags[no % len(tags)].id)],
                        "channel_id": channels[no % len(channels)].id,
                        "user_id": (cls.agent, cls.colleague)[no % 2].id,
                    }
                    for no in range(100)
                ]
            )
        )
        for case in cls.cases[:50]:
            case.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=case.user_id.id,
                date_deadline="2026-01-01",
            )

    def _open(self, user, limit):
        """As the web client asks for the list, in a transaction of its own."""
        env = self.env(
            user=user,
            context={"lang": "en_US", "allowed_company_ids": user.company_ids.ids},
        )
        cases = env["crm.feedback"]
        arch = views.load_view(env, "crm.feedback", "list")
        spec = views.list_specification(env, "crm.feedback", arch)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        page = cases.web_search_read(
            [], spec, limit=limit, count_limit=views.COUNT_LIMIT
        )
        return page, self.cr.sql_log_count - before

    @warmup
    def test_a_page_costs_less_than_twenty_queries(self):
        for user in (self.agent, self.manager, self.user_sales_own):
            with self.subTest(user.login):
                self._open(user, 5)
                _page, few = self._open(user, 5)
                page, many = self._open(user, 80)
                self.assertEqual(len(page["records"]), 80)
                self.assertLess(many, 20)
                # a page that is full counts what is beyond it
                self.assertLessEqual(many, few + 1)

    def test_the_next_activity(self):
        case = self.cases[0]
        case.activity_schedule("mail.mail_activity_data_todo", "2025-12-24")
        page, _queries = self._open(self.agent, 100)
        days = {row["id"]: row["activity_date_deadline"] for row in page["records"]}
        self.assertEqual(str(days[case.id]), "2025-12-24")
        self.assertEqual(str(days[self.cases[1].id]), "2026-01-01")
        self.assertFalse(days[self.cases[60].id])
        case.activity_ids.unlink()
        self.assertFalse(case.activity_date_deadline)
