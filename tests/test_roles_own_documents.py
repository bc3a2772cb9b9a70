"""The own-customers limit and the documents that name a hidden customer."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form

from .common import CrmCustomAccountCase, CrmCustomCase
from .roles_common import OwnCustomersMixin

MEETING = {
    "name": "Meeting",
    "start": "2026-03-02 09:00:00",
    "stop": "2026-03-02 10:00:00",
}


class TestOwnDocuments(OwnCustomersMixin, CrmCustomCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_own_customers()
        cls.person = cls.customer_hidden.child_ids[0]
        cls.hidden = cls.customer_hidden | cls.customer_hidden.child_ids

    def assertOpenedBy(self, document, give_away):
        """The document opens its customer, and closes it when it is no longer his."""
        self.assertVisible(self.user_sales_own, self.hidden)
        self.assertTrue(self._as(self.user_sales_own, document).has_access("read"))
        give_away()
        self.assertHidden(self.user_sales_own, self.hidden)

    # ------------------------------------------------------------
    # Documents open
    # ------------------------------------------------------------

    def test_an_order_of_his_opens_its_customer(self):
        for name in "partner_id", "partner_invoice_id", "partner_shipping_id":
            with self.subTest(field=name):
                order = self._create_order(
                    self.customer_own,
                    **{name: self.person.id, "user_id": self.user_sales_own.id},
                )
                self.assertOpenedBy(
                    order, lambda o=order: o.write({"user_id": self.user_colleague.id})
                )

    def test_an_order_of_nobody_opens_its_customer(self):
        order = self._create_order(self.customer_hidden)
        order.user_id = False
        self.assertOpenedBy(
            order, lambda: order.write({"user_id": self.user_colleague.id})
        )

    def test_an_opportunity_opens_its_customer(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Lead",
                "partner_id": self.person.id,
                "user_id": self.user_sales_own.id,
            }
        )
        self.assertOpenedBy(
            lead, lambda: lead.write({"user_id": self.user_colleague.id})
        )

    def test_a_lost_opportunity_opens_its_customer(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Lead",
                "partner_id": self.person.id,
                "user_id": self.user_sales_own.id,
            }
        )
        lead.action_set_lost()
        self.assertVisible(self.user_sales_own, self.hidden)

    def test_a_meeting_opens_whom_he_meets(self):
        event = self.env["calendar.event"].create(
            {
                **MEETING,
                "user_id": self.user_colleague.id,
                "partner_ids": [
                    Command.set((self.person | self.user_sales_own.partner_id).ids)
                ],
            }
        )
        self.assertEqual(
            self._as(self.user_sales_own, event).partner_ids,
            self.person | self.user_sales_own.partner_id,
        )
        self.assertOpenedBy(
            event,
            lambda: event.write(
                {"partner_ids": [Command.unlink(self.user_sales_own.partner_id.id)]}
            ),
        )

    def test_an_activity_given_to_him_opens_the_customer(self):
        activity = self.customer_hidden.with_user(
            self.user_sales_manager
        ).activity_schedule(
            "mail.mail_activity_data_call", user_id=self.user_sales_own.id
        )
        self.assertOpenedBy(activity, lambda: activity.sudo().write({"active": False}))

    def test_documents_of_another_company_open_nothing(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.env["crm.lead"].create(
            {
                "name": "Lead",
                "partner_id": self.person.id,
                "company_id": other.id,
                "user_id": False,
            }
        )
        self.assertHidden(self.user_sales_own, self.hidden)

    # ------------------------------------------------------------
    # Nobody opens a customer by naming it
    # ------------------------------------------------------------

    def test_a_document_may_not_name_a_hidden_customer(self):
        order = self._create_order(self.customer_own, user_id=self.user_sales_own.id)
        lead = self.env["crm.lead"].create(
            {"name": "Lead", "user_id": self.user_sales_own.id}
        )
        event = self.env["calendar.event"].create(
            {**MEETING, "user_id": self.user_sales_own.id}
        )
        person = self.person.id
        for record, vals in (
            (order, {"partner_id": person}),
            (order, {"partner_invoice_id": person}),
            (order, {"partner_shipping_id": person}),
            (lead, {"partner_id": person}),
            (event, {"partner_ids": [Command.link(person)]}),
            (event, {"partner_ids": [Command.set([person])]}),
        ):
            with self.subTest(model=record._name, vals=vals):
                with self.assertRaises(AccessError):
                    self._as(self.user_sales_own, record).write(vals)
                self._as(self.user_colleague, self.customer_hidden).check_access("read")
        own = self._as(self.user_sales_own, self.env["res.partner"]).env
        for model, vals in (
            ("sale.order", {"partner_id": person}),
            ("crm.lead", {"name": "Lead", "partner_id": person}),
            ("calendar.event", {**MEETING, "partner_ids": [Command.link(person)]}),
            ("calendar.attendee", {"event_id": event.id, "partner_id": person}),
            (
                "res.partner.special.day",
                {"partner_id": person, "name": "x", "date": "2000-01-01"},
            ),
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                own[model].create(vals)
        with self.assertRaises(AccessError):
            own["crm.lead"].with_context(default_partner_id=person).create(
                {"name": "Lead"}
            )
        self.assertHidden(self.user_sales_own, self.hidden)

    def test_he_may_not_join_the_meeting_of_a_colleague(self):
        event = self.env["calendar.event"].create(
            {
                **MEETING,
                "user_id": self.user_colleague.id,
                "partner_ids": [Command.set(self.person.ids)],
            }
        )
        for vals in (
            {"partner_ids": [Command.link(self.user_sales_own.partner_id.id)]},
            {"user_id": self.user_sales_own.id},
        ):
            with self.assertRaises(AccessError):
                self._as(self.user_sales_own, event).write(vals)
        self.assertHidden(self.user_sales_own, self.hidden)

    def test_he_may_not_give_himself_an_activity_there(self):
        own = self._as(self.user_sales_own, self.env["mail.activity"])
        partner_model = self.env["ir.model"]._get_id("res.partner")
        vals = {
            "res_model_id": partner_model,
            "res_id": self.person.id,
            "user_id": self.user_sales_own.id,
            "summary": "Call",
        }
        with self.assertRaises(AccessError):
            own.create(vals)
        activity = own.create({**vals, "res_id": self.customer_own.id})
        with self.assertRaises(AccessError):
            activity.write({"res_id": self.person.id})
        lead = self.env["crm.lead"].create(
            {"name": "L", "user_id": self.user_sales_own.id}
        )
        activity = own.create(
            {
                **vals,
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "res_id": lead.id,
            }
        )
        with self.assertRaises(AccessError):
            activity.write({"res_model_id": partner_model, "res_id": self.person.id})
        self.assertHidden(self.user_sales_own, self.hidden)

    def test_others_name_whom_they_like(self):
        order = self._create_order(self.customer_own, user_id=self.user_sales_own.id)
        order.with_user(self.user_sales_all).partner_id = self.customer_hidden
        self.assertVisible(self.user_sales_own, self.hidden)

    # ------------------------------------------------------------
    # His own documents work
    # ------------------------------------------------------------

    def test_his_order_for_a_colleague_s_customer_works_to_the_end(self):
        order = self._create_order(self.person, user_id=self.user_sales_own.id)
        order.message_post(
            body="A question",
            author_id=self._create_stranger().id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        order = self._as(self.user_sales_own, order)
        with Form(order) as form:
            form.client_order_ref = "4711"
            with form.order_line.new() as line:
                line.product_id = self.crm_product
        self.assertEqual(order.partner_id.display_name, self.person.display_name)
        composer = order.action_quotation_send()
        composer = Form(
            order.env[composer["res_model"]].with_context(**composer["context"])
        ).save()
        self.assertIn(self.person, composer.partner_ids)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_the_chatter_of_his_order_opens_whoever_wrote_there(self):
        order = self._create_order(self.customer_own, user_id=self.user_sales_own.id)
        stranger = self._create_stranger()
        order.message_post(
            body="A question",
            author_id=stranger.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        order.message_subscribe(stranger.ids)
        order = self._as(self.user_sales_own, order)
        recipients = order._message_get_suggested_recipients(reply_discussion=True)
        ids = [recipient["partner_id"] for recipient in recipients]
        self.assertIn(self.customer_own.id, ids)
        self.assertNotIn(stranger.id, ids)
        order.message_post(body="An answer", message_type="comment")
        self.assertEqual(order.message_ids[0].author_id, self.user_sales_own.partner_id)
        # whoever wrote is not opened by it
        self.assertHidden(self.user_sales_own, stranger)

    def _create_stranger(self):
        return self._create_contact(
            self._create_customer(name="Third", user_id=self.user_colleague.id),
            email="stranger@example.com",
        )

    def test_his_delivery_to_a_colleague_s_customer_opens(self):
        # Odoo opens a delivery with lots for its warehouse users alone
        self.env.ref("base.group_user")._remove_group(
            self.env.ref("stock.group_production_lot")
        )
        self.crm_product.write({"type": "consu", "is_storable": True})
        order = self._create_order(
            self.person, user_id=self.user_sales_own.id, confirm=True
        )
        picking = self._as(self.user_sales_own, order).picking_ids
        self.assertEqual(Form(picking).partner_id, self.person)

    def test_he_converts_his_lead_of_a_colleague_s_customer(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Lead",
                "type": "lead",
                "partner_id": self.person.id,
                "user_id": self.user_sales_own.id,
            }
        )
        lead = self._as(self.user_sales_own, lead)
        wizard = Form(
            lead.env["crm.lead2opportunity.partner"].with_context(
                active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
            )
        )
        wizard.name = "convert"
        wizard.save().action_apply()
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.partner_id, self.person)
        with Form(lead) as form:
            form.expected_revenue = 10

    def test_he_edits_his_meeting_with_a_colleague_s_customer(self):
        event = self.env["calendar.event"].create(
            {
                **MEETING,
                "user_id": self.user_sales_own.id,
                "partner_ids": [
                    Command.set((self.person | self.user_sales_own.partner_id).ids)
                ],
            }
        )
        with Form(self._as(self.user_sales_own, event)) as form:
            form.name = "Another Meeting"
            form.partner_ids.add(self.customer_own)
        self.assertEqual(
            event.partner_ids,
            self.person | self.user_sales_own.partner_id | self.customer_own,
        )


class TestOwnInvoices(OwnCustomersMixin, CrmCustomAccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_own_customers()

    def test_an_invoice_of_his_opens_its_customer(self):
        invoice = self._create_invoice_of(
            self.customer_hidden, invoice_user_id=self.user_sales_own.id, post=True
        )
        self.assertVisible(
            self.user_sales_own, self.customer_hidden | self.customer_hidden.child_ids
        )
        invoice = self._as(self.user_sales_own, invoice)
        self.assertEqual(Form(invoice).partner_id.name, "Hidden Customer")
        invoice.sudo().invoice_user_id = self.user_colleague
        self.assertHidden(self.user_sales_own, self.customer_hidden)

    def test_the_invoicing_user_works_with_every_customer(self):
        for customer in self.customer_own, self.customer_hidden:
            invoice = self._create_invoice_of(customer)
            invoice = self._as(self.user_invoicing, invoice)
            invoice.action_post()
            self.assertEqual(invoice.state, "posted")
