"""What users do already is in the log: done activities and past meetings, once."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.fields import Command, Datetime

from odoo.addons.crm_custom.models import crm_interaction_jobs

from .interaction_common import InteractionCase


class TestInteractionCapture(InteractionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "partner_id": cls.contact.id,
                "user_id": cls.user_sales_own.id,
            }
        )
        cls.order = cls._create_order(cls.customer, user_id=cls.user_sales_own.id)
        cls.env["ir.config_parameter"].search(
            [("key", "=", crm_interaction_jobs.MEETINGS_UNTIL)]
        ).unlink()

    def _forget(self, entries):
        """As if the addon had not been there when they were taken in."""
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM crm_interaction WHERE id = ANY(%s)", [entries.ids]
        )
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # Done activities
    # ------------------------------------------------------------

    def test_a_done_activity_is_a_contact_wherever_it_was(self):
        email_type = self.env.ref("mail.mail_activity_data_email")
        for document, kind, link in (
            (self.customer, self.call_type, None),
            (self.contact, email_type, None),
            (self.lead, self.meeting_type, "lead_id"),
            (self.order, self.call_type, "order_id"),
        ):
            activity = self._plan(
                document, activity_type_id=kind.id, summary="As agreed", note="<p>N</p>"
            )
            before = self._log_of(self.customer)
            activity.action_feedback(feedback="All fine")
            entry = self._log_of(self.customer) - before
            with self.subTest(model=document._name):
                self.assertEqual(len(entry), 1)
                self.assertEqual(entry.channel_id, kind.interaction_channel_id)
                self.assertEqual(entry.subject, "As agreed")
                self.assertIn("N", entry.note)
                self.assertIn("All fine", entry.note)
                self.assertEqual(entry.user_id, self.user_sales_own)
                self.assertEqual(entry.origin, "activity")
                self.assertEqual(entry.activity_id, activity)
                if link:
                    self.assertEqual(entry[link], document)
                person = (
                    document if document._name == "res.partner" else document.partner_id
                )
                self.assertEqual(
                    entry.contact_id,
                    person if person != self.customer else entry.contact_id.browse(),
                )
                self.assertEqual(self.customer.date_last_contact, entry.date_start)

    def test_other_activities_are_no_contacts(self):
        supplier = self.env["res.partner"].create(
            {"name": "Supplier", "supplier_rank": 1}
        )
        colleague = self.user_sales_all.partner_id
        activities = self._plan(self.customer, activity_type_id=self.to_do_type.id)
        for document in (supplier, colleague, self.env.company.partner_id):
            activities |= self._plan(document, user=self.user_sales_manager)
        lead = self.env["crm.lead"].create({"name": "Nobody's"})
        activities |= self._plan(lead, user=self.user_sales_manager)
        count = self.env["crm.interaction"].search_count([])
        for activity in activities:
            activity.sudo().action_done()
        self.assertEqual(self.env["crm.interaction"].search_count([]), count)

    def test_which_types_count_is_the_administrator_s(self):
        self.to_do_type.interaction_channel_id = self.visit
        self.call_type.interaction_channel_id = False
        self._plan(self.customer, activity_type_id=self.to_do_type.id).action_done()
        self._plan(self.customer).action_done()
        self.assertEqual(self._log_of(self.customer).channel_id, self.visit)

    def test_the_entry_stays_when_the_activity_is_deleted(self):
        activity = self._plan(self.lead)
        activity.action_done()
        entry = self._log_of(self.customer)
        activity.sudo().unlink()
        self.assertTrue(entry.exists())
        self.assertEqual(entry.lead_id, self.lead)
        self._run("setup")
        self.assertEqual(self._log_of(self.customer), entry)

    def test_a_cancelled_activity_is_no_contact(self):
        self._plan(self.customer).action_cancel()
        self.assertFalse(self._log_of(self.customer))

    def test_who_did_it_counts_and_a_program_does_it_for_somebody(self):
        activity = self._plan(self.customer, user=self.user_sales_own)
        activity.with_user(self.user_sales_all).action_done()
        self.assertEqual(self._log_of(self.customer).user_id, self.user_sales_all)
        other = self._create_customer(name="Else")
        self._plan(other).with_user(self.env.ref("base.user_root")).action_done()
        self.assertEqual(self._log_of(other).user_id, self.user_sales_own)

    def test_captured_entries_are_archived_and_not_deleted(self):
        self._plan(self.customer).action_done()
        entry = self._log_of(self.customer).with_user(self.user_sales_own)
        with self.assertRaisesRegex(Exception, "archive it instead"):
            entry.unlink()
        entry.action_archive()
        self.assertFalse(self.customer.date_last_contact)
        self._run("setup")
        self.assertFalse(self._log_of(self.customer))

    def test_many_done_at_once_cost_no_more_queries_than_two(self):
        def cost(count):
            customers = self.env["res.partner"].create(
                [
                    {
                        "name": f"{count} {n}",
                        "is_company": True,
                        "is_crm_customer": True,
                    }
                    for n in range(count)
                ]
            )
            activities = self.env["mail.activity"]
            for customer in customers:
                activities |= self._plan(customer)
            self.env.flush_all()
            self.env.invalidate_all()
            # Odoo notes and archives them one by one; what we add is counted
            start = self.env.cr.sql_log_count
            contacts = activities._prepare_contacts_made(False)
            cost = self.env.cr.sql_log_count - start
            activities.action_archive()
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            activities._log_contacts_made(contacts, self.env["mail.message"])
            logged = self._log_of(customers)
            self.assertEqual(len(logged), count)
            return cost + self.env.cr.sql_log_count - start

        cost(1)
        self.assertGreaterEqual(cost(2), cost(50))

    # ------------------------------------------------------------
    # Before the install
    # ------------------------------------------------------------

    def test_activities_done_before_the_install_are_taken_in_once(self):
        done = self._plan(self.lead, summary="First")
        done.action_feedback(feedback="Old words")
        gone = self._plan(self.contact, summary="Second")
        gone.action_done()
        gone.sudo().unlink()
        self._plan(self.customer, activity_type_id=self.to_do_type.id).action_done()
        moments = self._log_of(self.customer).mapped("date_start")
        self._forget(self._log_of(self.customer))
        cron = self.env.ref("crm_custom.ir_cron_crm_interaction_setup")
        cron.active = True
        self._run("setup")
        entries = self._log_of(self.customer).sorted("id")
        self.assertEqual(entries.mapped("lead_id"), self.lead)
        self.assertEqual(entries.activity_id, done)
        self.assertEqual(entries[0].subject, "First")
        self.assertIn("Old words", entries[0].note)
        self.assertEqual(entries[1].contact_id, self.contact)
        self.assertEqual(entries.user_id, self.user_sales_own)
        self.assertEqual(sorted(entries.mapped("date_start")), sorted(moments))
        self.assertEqual(len(entries), 2)
        self.assertFalse(cron.active, "it puts itself out")
        self._run("setup")
        self.assertEqual(self._log_of(self.customer).sorted("id"), entries)

    def test_a_job_that_is_killed_goes_on_where_it_was(self):
        customers = self.env["res.partner"]
        for number in range(5):
            customers |= self._create_customer(name=f"Killed {number}")
            self._plan(customers[-1]).action_done()
            self._meet(customers[-1])
        log = self.env["crm.interaction"]
        self._forget(log.search([("partner_id", "in", customers.ids)]))
        for cron, work in (("setup", "_log_messages"), ("meetings", "_log_meetings")):
            calls = []
            original = getattr(type(log), work)

            def killed_on_the_third(self, ids, calls=calls, original=original):
                calls.append(ids)
                if len(calls) == 3:
                    raise KeyboardInterrupt
                return original(self, ids)

            before = log.search_count([("partner_id", "in", customers.ids)])
            with patch.object(crm_interaction_jobs, "JOB_BATCH", 1):
                with (
                    patch.object(type(log), work, killed_on_the_third),
                    self.assertRaises(KeyboardInterrupt),
                ):
                    self._run(cron)
                done = log.search_count([("partner_id", "in", customers.ids)]) - before
                self.assertGreater(len(customers), done)
                self._run(cron)
            done = log.search_count([("partner_id", "in", customers.ids)]) - before
            self.assertEqual(done, len(customers), cron)

    def test_a_bad_record_is_logged_and_tried_again(self):
        customers = self.env["res.partner"]
        for number in range(3):
            customers |= self._create_customer(name=f"Bad {number}")
            self._plan(customers[-1]).action_done()
            self._meet(customers[-1])
        log = self.env["crm.interaction"]
        self._forget(log.search([("partner_id", "in", customers.ids)]))
        prepare = type(log)._create_once

        def fail(entries, vals_list):
            if customers[1].id in [vals["partner_id"] for vals in vals_list]:
                raise ValueError("bad")
            return prepare(entries, vals_list)

        for _time in range(2):
            with (
                patch.object(type(log), "_create_once", fail),
                self.assertLogs("odoo.addons.crm_custom.models.ir_cron", "ERROR"),
            ):
                self._run("setup")
                self._run("meetings")
            self.assertEqual(
                [len(self._log_of(customer)) for customer in customers], [2, 0, 2]
            )
        self._run("setup")
        self._run("meetings")
        self.assertEqual(
            [len(self._log_of(customer)) for customer in customers], [2, 2, 2]
        )

    # ------------------------------------------------------------
    # Meetings
    # ------------------------------------------------------------

    def test_a_past_meeting_is_a_contact_with_each_customer_in_it(self):
        other = self._create_customer(name="Else")
        supplier = self.env["res.partner"].create(
            {"name": "Supplier", "supplier_rank": 1}
        )
        event = self._meet(
            self.contact | other | supplier | self.user_sales_all.partner_id,
            notes="<p>Minutes</p>",
        )
        future = self._meet(self.contact, start=Datetime.now() + timedelta(days=2))
        cancelled = self._meet(self.contact)
        cancelled.active = False
        self.assertEqual(
            self.customer.date_next_contact, future.start.date(), "it is planned"
        )
        self._run("meetings")
        entries = self.env["crm.interaction"].search([("event_id", "!=", False)])
        entries = entries.filtered(
            lambda entry: entry.event_id in event | future | cancelled
        )
        self.assertEqual(entries.partner_id, self.customer | other)
        entry = self._log_of(self.customer)
        self.assertEqual(entry.event_id, event)
        self.assertEqual(entry.contact_id, self.contact)
        self.assertEqual(entry.date_start, event.start)
        self.assertEqual(entry.duration, 1)
        self.assertEqual(entry.user_id, self.user_sales_own)
        self.assertEqual(entry.note, "<p>Minutes</p>")
        self.assertEqual(self.customer.date_last_contact, event.start)
        self._run("meetings")
        self.assertEqual(self._log_of(self.customer), entry)
        event.unlink()
        self.assertTrue(entry.exists())

    def test_a_meeting_entered_later_is_found_and_who_declined_was_not_met(self):
        self._run("meetings")
        event = self._meet(self.contact, start=datetime(2026, 1, 5, 9))
        declined = self._meet(self.contact, start=datetime(2026, 1, 6, 9))
        declined.attendee_ids.filtered(
            lambda attendee: attendee.partner_id == self.contact
        ).state = "declined"
        self._run("meetings")
        self.assertEqual(self._log_of(self.customer).event_id, event)

    def test_a_private_meeting_tells_its_time_and_nothing_else(self):
        self._meet(
            self.contact, name="Secret", notes="<p>Secret</p>", privacy="private"
        )
        self._run("meetings")
        entry = self._log_of(self.customer)
        self.assertFalse(entry.subject)
        self.assertFalse(entry.note)

    def test_an_activity_and_its_meeting_are_one_contact(self):
        for first in ("activity", "meeting", "before"):
            customer = self._create_customer(name=first)
            activity = self._plan(customer, activity_type_id=self.meeting_type.id)
            event = self._meet(customer, activity_ids=[Command.set(activity.ids)])
            self.assertEqual(activity.calendar_event_id, event)
            if first == "meeting":
                self._run("meetings")
            activity.with_user(self.user_sales_own).action_done()
            if first == "before":
                self._forget(self._log_of(customer))
                self._run("setup")
            self._run("meetings")
            entry = self._log_of(customer)
            with self.subTest(first=first):
                self.assertEqual(len(entry), 1)
                self.assertEqual(entry.event_id, event)
                self.assertEqual(entry.activity_id, activity)
                self.assertEqual(entry.date_start, event.start)

    def test_a_visit_logged_by_hand_is_the_meeting_in_the_calendar(self):
        event = self._meet(self.contact)
        entry = self._log(
            channel_id=self.visit.id, date_start=event.start + timedelta(minutes=20)
        )
        call = self._log(date_start=event.start + timedelta(minutes=20))
        self._run("meetings")
        self.assertEqual(self._log_of(self.customer), entry | call)
        self.assertEqual(entry.event_id, event)

    def test_a_step_settled_by_a_contact_is_not_taken_in_again(self):
        activity = self._plan(self.customer)
        entry = self._log(activity_id=activity.id)
        self.assertFalse(activity.active)
        self._run("setup")
        self.assertEqual(self._log_of(self.customer), entry)
