"""Log and dates follow at once when documents, people and customers come and go."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Datetime

from .interaction_common import InteractionCase


class TestInteractionMoves(InteractionCase):
    def _merge(self, source, destination):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source | destination).ids, destination
        )
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # What is planned
    # ------------------------------------------------------------

    def test_the_next_contact_goes_with_what_it_was_planned_on(self):
        """At once, not by the night's job: by whoever deletes or moves it."""
        day = date.today() + timedelta(days=3)
        lead = self.env["crm.lead"].create(
            {"name": "Gone", "partner_id": self.customer.id, "type": "opportunity"}
        )
        orders = self._create_order(self.customer) + self._create_order(self.contact)
        person = self._create_contact(self.customer, name="Leaves")
        invited = self._create_contact(self.customer, name="Invited")
        other = self._create_customer(name="Else")

        def plan(document):
            self._plan(document, user=self.user_sales_all, date_deadline=day)
            self.assertEqual(self.customer.date_next_contact, day, document)

        for document, leave in (
            (lead, lead.unlink),
            (orders[0], orders[0].unlink),
            (orders[1], lambda: orders[1].write({"partner_id": other.id})),
            (person, lambda: person.write({"parent_id": other.id})),
            (self.contact, self.contact.unlink),
        ):
            plan(document)
            leave()
            self.env.invalidate_all()
            self.assertFalse(self.customer.date_next_contact, document)
        self.assertEqual(other.date_next_contact, day)
        self.env["calendar.event"].create(
            {
                "name": "Talk",
                "start": datetime.now() + timedelta(days=3),
                "stop": datetime.now() + timedelta(days=3, hours=1),
                "partner_ids": [(4, invited.id)],
            }
        )
        self.assertTrue(self.customer.date_next_contact)
        invited.unlink()
        self.assertFalse(self.customer.date_next_contact)

    def test_what_counts_as_a_contact_is_planned_from_then_on(self):
        plan = self._plan(self.customer, activity_type_id=self.to_do_type.id)
        self.assertFalse(self.customer.date_next_contact)
        self.to_do_type.interaction_channel_id = self.phone
        self.assertEqual(self.customer.date_next_contact, plan.date_deadline)
        self.to_do_type.interaction_channel_id = False
        self.assertFalse(self.customer.date_next_contact)

    def test_a_cancelled_order_keeps_its_open_call(self):
        """Odoo leaves it open, so it is still to be done."""
        order = self._create_order(self.customer)
        call = self._plan(order, user=self.user_sales_all)
        order._action_cancel()
        self.assertEqual(self.customer.date_next_contact, call.date_deadline)
        call.unlink()
        self.assertFalse(self.customer.date_next_contact)

    def test_a_merge_moves_what_is_planned(self):
        other = self._create_customer(name="Else")
        person = self._create_contact(other, name="Same", email="same@else.test")
        self.contact.email = "same@else.test"
        plan = self._plan(self.contact)
        self._merge(self.contact, person)
        self.assertFalse(self.customer.date_next_contact)
        self.assertEqual(other.date_next_contact, plan.date_deadline)

    def test_who_changes_his_company_leaves_the_history_there(self):
        entry = self._log(contact_id=self.contact.id)
        other = self._create_customer(name="Else")
        self.contact.parent_id = other
        self.assertEqual(self.customer.date_last_contact, entry.date_start)
        self.assertFalse(other.date_last_contact)
        entry.with_user(self.user_sales_own).note = "He has left since"

    # ------------------------------------------------------------
    # Merged customers
    # ------------------------------------------------------------

    def test_merged_customers_keep_one_entry_a_meeting(self):
        other = self._create_customer(name="Log Customer 2")
        event = self._meet(self.customer | other)
        self._run("meetings")
        mine, others = self._log_of(self.customer), self._log_of(other)
        self._merge(other, self.customer)
        self.assertEqual(self._log_of(self.customer), mine)
        self.assertEqual(self.customer.interaction_count_90, 1)
        # the other one is lost to nobody who looks for it
        self.assertFalse(others.active)
        self.assertEqual(others.partner_id, self.customer)
        event.name = "Talk again"
        self._run("meetings")
        self.assertEqual(self._log_of(self.customer), mine)

    def test_of_a_meeting_logged_by_hand_that_entry_stays_in_a_merge(self):
        other = self._create_customer(name="Log Customer 2")
        start = Datetime.now() - timedelta(hours=3)
        by_hand = self._log(
            partner_id=other.id, channel_id=self.visit.id, date_start=start
        )
        self._meet(self.customer | other, start)
        self._run("meetings")
        self.assertEqual(self._log_of(other), by_hand)
        self._merge(other, self.customer)
        self.assertEqual(self._log_of(self.customer), by_hand)

    # ------------------------------------------------------------
    # Documents that get their customer later
    # ------------------------------------------------------------

    def test_what_was_done_on_a_lead_is_logged_when_it_gets_its_customer(self):
        lead = self.env["crm.lead"].create(
            {"name": "Unknown", "user_id": self.user_sales_own.id}
        )
        with freeze_time("2026-03-02 09:00:00"):
            call = self._plan(lead, summary="Asked for prices")
            call.action_feedback("Wants an offer")
        to_do = self._plan(lead, activity_type_id=self.to_do_type.id)
        to_do.action_done()
        self.assertFalse(self._log_of(self.customer))
        lead.with_user(self.user_sales_all).partner_id = self.contact
        entry = self._log_of(self.customer)
        self.assertEqual(len(entry), 1)
        self.assertEqual(entry.contact_id, self.contact)
        self.assertEqual(entry.lead_id, lead)
        self.assertEqual(entry.user_id, self.user_sales_own)
        self.assertEqual(entry.date_start, datetime(2026, 3, 2, 9))
        self.assertIn("Wants an offer", entry.note)
        self.assertEqual(self.customer.date_last_contact, entry.date_start)
        # once, whoever looks again
        self._run("setup")
        other = self._create_customer(name="Else")
        lead.partner_id = other
        self.assertEqual(self._log_of(self.customer | other), entry)
        self.assertEqual(entry.partner_id, self.customer)
