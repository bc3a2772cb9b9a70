"""The contact log: what is entered, what is refused, and the next step."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form

from .interaction_common import InteractionCase


class TestInteraction(InteractionCase):
    def _quick_form(self, user=None, **defaults):
        context = {f"default_{name}": value for name, value in defaults.items()}
        interactions = self.env["crm.interaction"].with_user(
            user or self.user_sales_own
        )
        return Form(
            interactions.with_context(**context),
            view="crm_custom.crm_interaction_view_form_quick",
        )

    # ------------------------------------------------------------
    # Logging
    # ------------------------------------------------------------

    def test_logging_from_the_customer_takes_a_click(self):
        self.customer.primary_contact_id = self.contact
        action = self.customer.with_user(self.user_sales_own).action_log_interaction()
        self.assertEqual(action["target"], "new")
        form = self._quick_form(
            **{name[8:]: value for name, value in action["context"].items()}
        )
        self.assertEqual(form.partner_id, self.customer)
        self.assertEqual(form.contact_id, self.contact)
        self.assertFalse(self._log_of(self.customer), "nothing before the user saves")
        entry = form.save()
        self.assertEqual(entry.user_id, self.user_sales_own)
        self.assertEqual(entry.origin, "manual")
        self.assertEqual(self.customer.interaction_count, 1)

    def test_logging_from_a_contact_names_the_customer_too(self):
        entry = self._quick_form(partner_id=self.contact.id).save()
        self.assertEqual(entry.partner_id, self.customer)
        self.assertEqual(entry.contact_id, self.contact)
        self.assertEqual(self.contact.interaction_count, 1)
        # so do an import and the API
        entry = self._log(partner_id=self.contact.id)
        self.assertEqual(entry.partner_id, self.customer)
        self.assertEqual(entry.contact_id, self.contact)

    def test_logging_from_an_opportunity_and_from_an_order(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "partner_id": self.contact.id,
                "user_id": self.user_sales_own.id,
            }
        )
        order = self._create_order(
            self.customer, opportunity_id=lead.id, user_id=self.user_sales_own.id
        )
        for document, links in ((lead, lead), (order, lead + lead)):
            action = document.with_user(self.user_sales_own).action_log_interaction()
            form = self._quick_form(
                **{name[8:]: value for name, value in action["context"].items()}
            )
            entry = form.save()
            self.assertEqual(entry.partner_id, self.customer)
            self.assertEqual(entry.lead_id, links[:1])
            self.assertEqual(
                entry.order_id, order if document == order else entry.order_id
            )

    def test_the_same_contact_with_several_customers(self):
        other = self._create_customer(name="Other Log Customer")
        partners = (self.contact | other).with_user(self.user_sales_own)
        action = partners.action_log_interaction()
        wizard = Form(
            self.env["crm.interaction.log"]
            .with_user(self.user_sales_own)
            .with_context(**action["context"])
        )
        wizard.subject = "Spring letter"
        wizard.channel_id = self.env.ref("crm_custom.crm_interaction_channel_letter")
        wizard.next_step = "Ask about it"
        wizard.next_date = date.today() + timedelta(days=3)
        action = wizard.save().action_log()
        entries = self.env["crm.interaction"].search(action["domain"])
        self.assertEqual(entries.partner_id, self.customer | other)
        self.assertEqual(entries.contact_id, self.contact)
        self.assertEqual(len(entries.next_activity_id), 2)

    def test_notes_are_sanitized(self):
        entry = self._log(note="<p>Hi<script>alert(1)</script></p>")
        self.assertEqual(entry.note, "<p>Hi</p>")

    # ------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------

    def test_a_wrong_pair_is_refused(self):
        stranger = self._create_contact(self._create_customer(name="Else"))
        with self.assertRaisesRegex(ValidationError, "does not belong to Log Customer"):
            self._log(contact_id=stranger.id)
        entry = self._log(contact_id=self.contact.id)
        with self.assertRaisesRegex(ValidationError, "does not belong"):
            entry.contact_id = stranger
        entry = self._log(contact_id=self.contact.id)
        with self.assertRaisesRegex(ValidationError, "does not belong"):
            entry.partner_id = stranger.commercial_partner_id

    @freeze_time("2026-03-04 10:00:00")
    def test_a_start_in_the_future_is_refused(self):
        self._log(date_start=datetime(2026, 3, 4, 11, 0))
        with self.assertRaisesRegex(ValidationError, "in the future"):
            self._log(date_start=datetime(2026, 3, 4, 11, 1))

    def test_a_next_step_in_the_user_s_past_is_refused(self):
        for tz, today in (("Asia/Shanghai", 5), ("America/Los_Angeles", 4)):
            user = self.user_sales_own.copy({"login": tz, "tz": tz})
            # the 5th has begun in Shanghai
            with freeze_time("2026-03-04 20:00:00"), self.subTest(tz=tz):
                self._log(user, next_step="Call", next_date=date(2026, 3, today))
                with self.assertRaisesRegex(ValidationError, "lies in the past"):
                    self._log(
                        user, next_step="Call", next_date=date(2026, 3, today - 1)
                    )

    # ------------------------------------------------------------
    # Next step
    # ------------------------------------------------------------

    def test_a_next_step_is_an_activity_until_it_is_done(self):
        day = date.today() + timedelta(days=5)
        entry = self._log(
            contact_id=self.contact.id, next_step="Send the offer", next_date=day
        )
        activity = entry.next_activity_id
        self.assertEqual(activity.res_id, self.contact.id)
        self.assertEqual(activity.res_model, "res.partner")
        self.assertEqual(activity.user_id, self.user_sales_own)
        self.assertEqual(activity.summary, "Send the offer")
        self.assertEqual(activity.date_deadline, day)
        self.assertEqual(activity.activity_type_id, self.call_type)
        self.assertEqual(entry.next_step_state, "open")
        self.assertEqual(self.customer.date_next_contact, day)
        activity.with_user(self.user_sales_own).action_done()
        self.assertEqual(entry.next_step_state, "done")
        self.assertFalse(self.customer.date_next_contact)
        self.assertIn(
            entry, entry.search([("next_step_state", "in", ["done", "dropped"])])
        )

    def test_step_and_activity_move_together(self):
        day = date.today() + timedelta(days=5)
        later = day + timedelta(days=2)
        entry = self._log(next_step="Call", next_date=day)
        entry.write({"next_date": later, "next_step": "Visit"})
        activity = entry.next_activity_id
        self.assertEqual(activity.date_deadline, later)
        self.assertEqual(activity.summary, "Visit")
        self.assertEqual(len(self.customer.activity_ids), 1)
        activity.with_user(self.user_sales_own).date_deadline = day
        self.assertEqual(entry.next_date, day)
        self.assertEqual(self.customer.date_next_contact, day)
        entry.write({"next_step": False, "next_date": False})
        self.assertFalse(activity.exists())
        self.assertFalse(self.customer.date_next_contact)

    def test_a_dropped_step_is_not_planned_again_by_an_edit(self):
        entry = self._log(next_step="Call", next_date=date.today())
        entry.next_activity_id.with_user(self.user_sales_own).action_cancel()
        self.assertEqual(entry.next_step_state, "dropped")
        entry.next_step = "Call once more"
        self.assertFalse(entry.next_activity_id)
        entry.next_date = date.today() + timedelta(days=1)
        self.assertEqual(entry.next_activity_id.summary, "Call once more")

    def test_a_new_contact_is_offered_to_settle_the_step_that_is_due(self):
        first = self._log(next_step="Call again", next_date=date.today())
        self._log(next_step="Later", next_date=date.today() + timedelta(days=9))
        form = self._quick_form(partner_id=self.customer.id)
        self.assertEqual(form.activity_id, first.next_activity_id)
        form.subject = "Called as agreed"
        entry = form.save()
        self.assertEqual(first.next_step_state, "done")
        self.assertEqual(first.next_activity_id.feedback, "Called as agreed")
        # one contact, though a done call counts as one as well
        self.assertEqual(len(self._log_of(self.customer)), 3)
        self.assertEqual(entry.activity_id, first.next_activity_id)
        # and who does not want to settle it, does not
        second = self._log(next_step="Again", next_date=date.today())
        form = self._quick_form(partner_id=self.customer.id)
        form.activity_id = self.env["mail.activity"]
        form.save()
        self.assertEqual(second.next_step_state, "open")

    def test_an_activity_with_another_customer_is_not_settled(self):
        other = self._create_customer(name="Else")
        activity = self._plan(other)
        with self.assertRaisesRegex(ValidationError, "is not with Log Customer"):
            self._log(activity_id=activity.id)

    # ------------------------------------------------------------
    # Partners come and go
    # ------------------------------------------------------------

    def test_who_joins_a_company_brings_his_history(self):
        freelancer = self._create_customer(name="Freelancer", is_company=False)
        entry = self._log(partner_id=freelancer.id)
        freelancer.parent_id = self.customer
        self.assertEqual(entry.partner_id, self.customer)
        self.assertEqual(entry.contact_id, freelancer)
        self.assertEqual(self.customer.date_last_contact, entry.date_start)

    def test_a_merge_keeps_every_entry(self):
        other = self._create_customer(name="Log Customer 2")
        mine = self._log(date_start=datetime(2026, 1, 5, 9), contact_id=self.contact.id)
        theirs = self._log(
            partner_id=other.id,
            date_start=datetime(2026, 1, 7, 9),
            next_step="Call",
            next_date=date.today() + timedelta(days=4),
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {
                "state": "selection",
                "partner_ids": [Command.set((self.customer | other).ids)],
                "dst_partner_id": self.customer.id,
            }
        )
        wizard.action_merge()
        self.assertFalse(other.exists())
        self.assertEqual((mine | theirs).partner_id, self.customer)
        self.assertEqual(self.customer.date_last_contact, theirs.date_start)
        self.assertEqual(self.customer.date_next_contact, theirs.next_date)
        schedules = self.env["crm.contact.schedule"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(len(schedules), 1)

    def test_a_customer_merged_into_a_person_moves_the_log_to_the_company(self):
        person = self._create_customer(name="Log Contact", is_company=False)
        entry = self._log(partner_id=person.id)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (person | self.contact).ids, self.contact
        )
        self.assertEqual(entry.partner_id, self.customer)
        self.assertEqual(entry.contact_id, self.contact)
        self.assertEqual(self.customer.date_last_contact, entry.date_start)

    def test_used_channels_and_outcomes_stay(self):
        self._log(outcome_id=self.not_reached.id)
        for record in (self.phone, self.not_reached):
            with self.assertRaisesRegex(Exception, "archive it"):
                record.unlink()
