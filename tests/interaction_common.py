"""Contacts of the log, as the users make them."""

from datetime import timedelta

from odoo.fields import Command, Datetime

from .common import CrmCustomCase


class InteractionCase(CrmCustomCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer(
            name="Log Customer", user_id=cls.user_sales_own.id
        )
        cls.contact = cls._create_contact(cls.customer, name="Log Contact")
        cls.phone = cls.env.ref("crm_custom.crm_interaction_channel_phone")
        cls.visit = cls.env.ref("crm_custom.crm_interaction_channel_visit")
        cls.not_reached = cls.env.ref("crm_custom.crm_interaction_outcome_not_reached")
        cls.call_type = cls.env.ref("mail.mail_activity_data_call")
        cls.meeting_type = cls.env.ref("mail.mail_activity_data_meeting")
        cls.to_do_type = cls.env.ref("mail.mail_activity_data_todo")

    @classmethod
    def _log(cls, user=None, **vals):
        """An entry of the log: a call with the customer, now."""
        interactions = cls.env["crm.interaction"]
        return interactions.with_user(user or cls.user_sales_own).create(
            {"partner_id": cls.customer.id, "channel_id": cls.phone.id, **vals}
        )

    @classmethod
    def _plan(cls, document, user=None, **vals):
        """An activity for the document: a call."""
        user = user or cls.user_sales_own
        return (
            cls.env["mail.activity"]
            .with_user(user)
            .create(
                {
                    "res_model_id": cls.env["ir.model"]._get_id(document._name),
                    "res_id": document.id,
                    "activity_type_id": cls.call_type.id,
                    "date_deadline": Datetime.now().date(),
                    "user_id": user.id,
                    **vals,
                }
            )
        )

    def _log_of(self, customer):
        return self.env["crm.interaction"].search([("partner_id", "in", customer.ids)])

    @classmethod
    def _meet(cls, partners, start=None, **vals):
        """A meeting of an hour that is over; the salesperson takes part."""
        start = start or Datetime.now() - timedelta(hours=3)
        user = cls.user_sales_own
        return (
            cls.env["calendar.event"]
            .with_context(no_mail_to_attendees=True)
            .create(
                {
                    "name": "Talk",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "user_id": user.id,
                    "partner_ids": [Command.set((partners | user.partner_id).ids)],
                    **vals,
                }
            )
        )

    def _run(self, cron):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                f"crm_custom.ir_cron_crm_interaction_{cron}"
            ).method_direct_trigger()
        self.env.invalidate_all()
