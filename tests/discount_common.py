"""Quotations with discounts, and the roles that may grant them."""

from odoo.fields import Command
from odoo.tests import new_test_user

from .sales_common import SalesCase


class DiscountCase(SalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write(
            {
                "crm_discount_limited": True,
                "crm_discount_limit": 10,
                "crm_discount_limit_leader": 20,
                "portal_confirmation_sign": True,
            }
        )
        cls.leader = new_test_user(
            cls.env,
            "team_leader",
            "sales_team.group_sale_salesman_all_leads",
            password="team_leader",
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Discount team",
                "user_id": cls.leader.id,
                "company_id": cls.env.company.id,
            }
        )

    @classmethod
    def _quote(cls, *discounts, user=None, **vals):
        """A quotation of 10 goods at 100 a line, with these discounts.

        As its salesperson sees it, or as ``user`` does.
        """
        lines = [(cls.goods, 10, {"discount": each}) for each in discounts or (0,)]
        order = cls._order(*lines, confirm=False, team_id=cls.team.id, **vals)
        cls.env.flush_all()
        cls.env.invalidate_all()
        return order.with_user(user or cls.user_sales_own)

    def _approve(self, order, user, reason="Big deal", refuse=False):
        """Decide as the user does it, by the button and its form."""
        action = order.with_user(user).action_decide_discount()
        decision = (
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
            .create({"reason": reason})
        )
        return decision.action_refuse() if refuse else decision.action_approve()

    def _requests(self, order):
        kind = self.env.ref("crm_custom.mail_activity_type_discount")
        return order.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def assertHeld(self, order, *percents):
        discounts = order._get_excessive_discounts()
        self.assertEqual([round(each, 2) for each in discounts.values()], [*percents])
        self.assertEqual(order.is_discount_held, bool(percents))
