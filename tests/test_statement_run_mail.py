"""The e-mails of a statement run: who reads them, what comes back, who is merged."""

from email import message_from_string, policy
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from .statement_common import StatementRunCase


class TestStatementRunMail(StatementRunCase):
    def test_who_reads_the_mail(self):
        run = self._run(partner_ids=self.customer.ids)
        run.action_send()
        self._work()
        mail = run.line_ids.sudo().mail_mail_id
        with self.mock_mail_gateway():
            mail.send()
        message, attachment = mail.mail_message_id, mail.attachment_ids
        self.assertEqual(len(attachment), 1)
        self.assertEqual(message.author_id, self.user_invoicing.partner_id)
        attachment.generate_access_token()
        for user in (self.user_invoicing, self.user_accountant):
            line = run.line_ids.with_user(user)
            self.assertIn("220.00", line.message_ids.body)
            self.assertTrue(attachment.with_user(user).raw)
        self.assertTrue(self.customer.with_user(self.user_sales_own).message_ids)
        for user in (
            self.user_sales_own,
            self.user_sales_all,
            self.user_sales_manager,
            self.user_portal,
        ):
            # by the history of the customer, by id, by search
            history = self.customer.sudo().message_ids.with_user(user).sudo(False)
            self.assertNotIn(message, history)
            self.assertFalse(history.sudo().attachment_ids)
            for record in (message, attachment, mail):
                model = self.env[record._name].with_user(user)
                with self.assertRaises(AccessError):
                    model.browse(record.id).read()
            for record in (message, attachment):
                model = self.env[record._name].with_user(user)
                self.assertFalse(model.search([("id", "=", record.id)]))
            # what /web/content asks
            with self.assertRaises(AccessError):
                self.env["ir.binary"].with_user(user)._find_record(
                    res_model=attachment._name, res_id=attachment.id, field="raw"
                )

    def test_what_comes_back_is_a_failure(self):
        run = self._run(partner_ids=self.customer.ids)
        run.action_send()
        self._work()
        mail = run.line_ids.sudo().mail_mail_id
        with self.mock_mail_gateway():
            mail.send()
        self.assertEqual(run.line_ids.state, "sent")
        email = message_from_string(
            f"""From: MAILER-DAEMON@example.com
To: bounce@example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <returned@example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

This is the mail system. Your message could not be delivered.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; owing@example.com
Action: failed
Status: 5.1.1
--x
Content-Type: text/rfc822-headers

Message-ID: {mail.message_id}
--x--
""",
            policy=policy.SMTP,
        )
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(None, email.as_string())
        self.env.invalidate_all()
        self.assertEqual(
            (run.line_ids.state, run.line_ids.reason), ("failed", "Bounce")
        )
        self.assertEqual(run.failed_count, 1)

    def test_what_he_is_told_is_of_the_moment(self):
        """Between the list and the sending one pays a part, one all of it."""
        run = self._run()
        invoice = self._invoice("2026-03-01", 10)
        self._match(self._payment("2026-04-02", 900, self.rich))
        run.action_send()
        self._work()
        self.assertTrue(invoice)
        owing, rich = run.line_ids[1], run.line_ids[0]
        self.assertEqual((owing.amount, owing.state), (230, "queued"))
        self.assertIn("230.00", owing.sudo().mail_mail_id.body_html)
        self.assertEqual(
            (rich.state, rich.reason), ("failed", "He owes nothing any more.")
        )

    def test_addresses_that_cannot_be_written_to(self):
        self.env["mail.blacklist"]._add("rich@example.com")
        self.no_mail.email = "no address at all"
        run = self._run()
        reasons = {line.partner_id.name: line.reason for line in run.line_ids}
        self.assertIn("blacklist", reasons["Rich"])
        self.assertEqual(reasons["No Mail"], "Not an e-mail address")
        # on it since the list was drawn up
        self.env["mail.blacklist"]._add("owing@example.com")
        run.action_send()
        self._work()
        self.assertEqual(set(self._states(run).values()), {"failed"})
        self.assertEqual(run.state, "done")

    def test_what_the_mail_server_refuses(self):
        run = self._run(partner_ids=self.rich.ids)
        run.action_send()
        self._work()
        mail = run.line_ids.sudo().mail_mail_id

        servers = type(self.env["ir.mail_server"])
        with (
            self.mock_mail_gateway(),
            patch.object(servers, "_connect__", side_effect=OSError("hung up")),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            mail.send()
        self.env.invalidate_all()
        self.assertEqual(run.line_ids.state, "failed")
        self.assertTrue(run.line_ids.reason)
        run.action_retry()
        self.assertEqual(mail.state, "cancel")
        self._work()
        with self.mock_mail_gateway():
            run.line_ids.sudo().mail_mail_id.send()
        self.env.invalidate_all()
        self.assertEqual((run.line_ids.state, run.line_ids.reason), ("sent", False))

    # ------------------------------------------------------------------
    # Two customers of a run are merged
    # ------------------------------------------------------------------

    def _merge(self, source, destination):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((source | destination).ids, destination, extra_checks=False)
        self.env.invalidate_all()

    def test_merged_after_sending_both_stay_told(self):
        run = self._run()
        run.action_send()
        self._work()
        lines = run.line_ids
        mails = lines.sudo().mail_mail_id
        self._merge(self.rich, self.customer)
        self.assertEqual(run.line_ids, lines)
        self.assertEqual(run.line_ids.sudo().mail_mail_id, mails)
        self.assertEqual(
            [(line.partner_id.name, line.merged_name, line.state) for line in lines],
            [
                ("Owing Customer", "Rich", "queued"),
                ("Owing Customer", False, "queued"),
                ("No Mail", False, "failed"),
            ],
        )
        self._merge(self.no_mail, self.customer)
        self.assertEqual(run.line_ids, lines)
        with self.mock_mail_gateway():
            mails.send()
        self.assertEqual(run.sent_count, 2)

    def test_merged_before_sending_one_is_written_to(self):
        run = self._run()
        self._merge(self.rich, self.customer)
        self.assertEqual(run.line_count, 3)
        run.action_send()
        self._work()
        rich, owing, _no_mail = run.line_ids
        self.assertEqual((owing.state, owing.amount), ("queued", 1120))
        self.assertEqual(rich.state, "failed")
        self.assertIn("Merged", rich.reason)
        run.action_retry()
        self._work()
        self.assertEqual(rich.state, "failed")
        domain = [
            ("model", "=", run.line_ids._name),
            ("res_id", "in", run.line_ids.ids),
        ]
        self.assertEqual(self.env["mail.mail"].search_count(domain), 1)

    def test_merged_into_a_contact_the_line_is_his_company_s(self):
        boss = self._create_contact(self.customer, name="Boss")
        run = self._run(partner_ids=self.rich.ids)
        self._merge(self.rich, boss)
        self.assertEqual(run.line_ids.partner_id, self.customer)
