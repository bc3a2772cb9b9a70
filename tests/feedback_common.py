"""The world of the feedback tests: a customer, what he was sold, who sees to him."""

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

from .sales_common import SalesCase


class FeedbackCase(SalesCase):
    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref(
            "crm_custom.group_crm_custom_feedback_manager"
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._feedback_user("feedback_agent", "agent")
        cls.colleague = cls._feedback_user("feedback_colleague", "agent")
        cls.outsider = cls._feedback_user("feedback_outsider", "agent")
        cls.manager = cls._feedback_user("feedback_manager", "manager")
        cls.team = cls.env["crm.feedback.team"].create(
            {
                "name": "Service",
                "company_id": cls.env.company.id,
                "member_ids": [Command.set((cls.agent | cls.colleague).ids)],
            }
        )
        cls.other_team = cls.env["crm.feedback.team"].create(
            {"name": "Repairs", "sequence": 99, "company_id": cls.env.company.id}
        )
        cls.complaint = cls.env.ref("crm_custom.crm_feedback_type_complaint")
        cls.customer.user_id = cls.user_sales_own
        cls.stranger = cls._create_customer(name="Another Customer")

    @classmethod
    def _feedback_user(cls, login, role):
        return new_test_user(
            cls.env,
            login,
            f"base.group_user,crm_custom.group_crm_custom_feedback_{role}",
            context=DISABLED_MAIL_CONTEXT,
            password=login,
            email=f"{login}@example.com",
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )

    @classmethod
    def _stage(cls, name):
        return cls.env.ref(f"crm_custom.crm_feedback_stage_{name}")

    @classmethod
    def _case(cls, user=None, **vals):
        """A complaint of the customer, as an agent takes it in."""
        return (
            cls.env["crm.feedback"]
            .with_user(user or cls.agent)
            .create(
                {
                    "subject": "The desk is scratched",
                    "partner_id": cls.customer.id,
                    "type_id": cls.complaint.id,
                    **vals,
                }
            )
        )

    @classmethod
    def _line(cls, product, **vals):
        return Command.create({"product_id": product.id, **vals})
