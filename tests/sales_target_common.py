"""A team with its leader and one member, and a calendar to count days by."""

from odoo.fields import Command
from odoo.tests import new_test_user

from .sales_common import SalesCase


class SalesTeamCase(SalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {"name": "Monday to Friday", "tz": "UTC"}
        )
        cls.leader = new_test_user(
            cls.env,
            "team_leader",
            "sales_team.group_sale_salesman",
            password="team_leader",
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )
        cls.team = cls.env["crm.team"].create(
            {
                "name": "North",
                "company_id": cls.env.company.id,
                "user_id": cls.leader.id,
                "member_ids": [Command.set(cls.user_sales_own.ids)],
            }
        )
