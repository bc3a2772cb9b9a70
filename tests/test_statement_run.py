"""Statement runs: from the filter to the outbox, each customer once."""

import io
from unittest.mock import patch

from psycopg2 import IntegrityError
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from odoo.addons.crm_custom.models import crm_outbox_run as jobs

from .statement_common import RUN_DAY, StatementRunCase


class TestStatementRun(StatementRunCase):
    # ------------------------------------------------------------------
    # The list
    # ------------------------------------------------------------------

    def test_everyone_who_owes_most_first(self):
        run = self._run()
        self.assertEqual(self._names(run), ["Rich", "Owing Customer", "No Mail"])
        # 180 USD and 80 EUR at 2.0
        owing = run.line_ids[1]
        self.assertEqual((owing.amount, owing.overdue), (220, 210))
        self.assertEqual(run.line_ids[0].overdue, 0)
        without = run.line_ids[2]
        self.assertEqual(
            (without.state, without.reason), ("failed", "No e-mail address")
        )
        self.assertEqual(
            (run.line_count, run.pending_count, run.failed_count), (3, 2, 1)
        )

    def test_filters(self):
        tag = self.env["res.partner.category"].create({"name": "Tagged"})
        self.rich.category_id = tag
        kind = self.env["crm.customer.type"].sudo().create({"name": "Kind"})
        self.no_mail.customer_type_id = kind
        for vals, names in (
            ({"amount_min": 100}, ["Rich", "Owing Customer"]),
            ({"overdue_only": True}, ["Owing Customer", "No Mail"]),
            ({"user_ids": self.user_sales_own.ids}, ["Owing Customer"]),
            ({"category_ids": tag.ids}, ["Rich"]),
            ({"customer_type_ids": kind.ids}, ["No Mail"]),
            ({"country_ids": self.env.ref("base.fr").ids}, ["Rich"]),
            ({"partner_ids": (self.rich + self.no_mail).ids}, ["Rich", "No Mail"]),
            ({"date": "2026-02-15"}, ["Owing Customer", "No Mail"]),
        ):
            self.assertEqual(self._names(self._run(**vals)), names, vals)

    def test_who_gets_it(self):
        contact = self._create_contact(self.rich, name="Boss", email="boss@example.com")
        self.rich.primary_contact_id = contact
        line = self._run(partner_ids=self.rich.ids).line_ids
        self.assertEqual(line.contact_id, contact)
        address = self._create_contact(
            self.rich, name="Accounts", type="invoice", email="ap@example.com"
        )
        line = self._run(partner_ids=self.rich.ids).line_ids
        self.assertEqual((line.contact_id, line.email), (address, "ap@example.com"))

    def test_the_list_goes_with_its_filter(self):
        run = self._run()
        run.amount_min = 500
        self.assertFalse(run.line_ids)
        run.action_preview()
        run.action_preview()
        self.assertEqual(self._names(run), ["Rich"])

    def test_a_customer_is_in_a_run_once(self):
        run = self._run(partner_ids=self.rich.ids)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            line = {"run_id": run.id, "partner_id": self.rich.id}
            self.env["crm.statement.run.line"].sudo().create(line)

    def test_queries_of_the_list_do_not_grow(self):
        customers = self.env["res.partner"].create(
            [
                {"name": f"N {number}", "is_company": True, "email": "n@example.com"}
                for number in range(1_000)
            ]
        )
        revenue = self.company_data["default_account_revenue"]
        self._entry(
            "2026-01-10",
            [
                *((self.receivable, 10, {"partner_id": one.id}) for one in customers),
                (revenue, -10_000, {}),
            ],
        )
        counts = []
        for some in (customers[:10], customers[:10], customers):
            run = self._run(preview=False, partner_ids=some.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run.action_preview()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(run.line_count, len(some))
        # the ORM inserts a hundred rows at once
        self.assertEqual(counts[2], counts[1] + 9)

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def test_from_the_filter_to_the_sent_mails(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rich.lang = "zh_CN"
        run = self._run()
        run.action_send()
        self.assertEqual(run.state, "running")
        self._work()
        self.assertEqual(run.state, "done")
        self.assertEqual(
            self._states(run),
            {"Rich": "queued", "Owing Customer": "queued", "No Mail": "failed"},
        )
        mails = run.line_ids.sudo().mail_mail_id
        with self.mock_mail_gateway():
            mails.send()
        self.env.invalidate_all()
        self.assertEqual(
            self._states(run),
            {"Rich": "sent", "Owing Customer": "sent", "No Mail": "failed"},
        )
        sent = {mail["email_to"][0]: mail for mail in self._mails}
        self.assertEqual(len(sent), 2)
        owing = next(mail for to, mail in sent.items() if "owing@" in to)
        rich = next(mail for to, mail in sent.items() if "rich@" in to)
        self.assertIn("Your statement of account", owing["subject"])
        self.assertIn("220.00", owing["body"])
        self.assertIn("Your Statement of account", " ".join(owing["body"].split()))
        self.assertIn("user_invoicing@example.com", owing["reply_to"])
        ((name, content, mimetype),) = owing["attachments"]
        self.assertEqual(
            (name, mimetype), (f"Statement C-1 {RUN_DAY}.pdf", "application/pdf")
        )
        text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
        self.assertIn("180.00", text)
        # in his language
        self.assertIn("对账单", rich["subject"])
        text = PdfReader(io.BytesIO(rich["attachments"][0][1])).pages[0].extract_text()
        self.assertIn("客户对账单", text)
        # the history of the customer tells of it, without a figure
        note = self.customer.message_ids[:1]
        self.assertIn("Statement of account sent by e-mail", note.body)
        self.assertIn(run.name, note.body)
        self.assertNotIn("220", note.body)
        self.assertFalse(note.attachment_ids)
        self.assertEqual(note.author_id, self.user_invoicing.partner_id)

    def test_begun_again_nobody_gets_two(self):
        run = self._run()
        run.action_send()
        self._work()
        mails = run.line_ids.sudo().mail_mail_id
        self.assertEqual(len(mails), 2)
        run.sudo().state = "running"
        self._work()
        self.assertEqual(run.line_ids.sudo().mail_mail_id, mails)
        domain = [
            ("model", "=", run.line_ids._name),
            ("res_id", "in", run.line_ids.ids),
        ]
        self.assertEqual(self.env["mail.mail"].search_count(domain), 2)

    def test_one_who_fails_holds_nobody_up(self):
        run = self._run()
        run.action_send()
        make = type(run)._make_lines

        def broken(self, lines):
            if "Rich" in lines.mapped("partner_id.name"):
                raise ValueError("something unforeseen")
            return make(self, lines)

        with (
            patch.object(type(run), "_make_lines", broken),
            mute_logger("odoo.addons.crm_custom.models.crm_outbox_run"),
        ):
            self._work()
        self.assertEqual(self._states(run)["Owing Customer"], "queued")
        failed = run.line_ids.filtered(lambda line: line.partner_id == self.rich)
        self.assertEqual(failed.state, "failed")
        self.assertIn("could not be made", failed.reason)
        # later it works
        run.action_retry()
        self.assertEqual(run.state, "running")
        self._work()
        self.assertEqual(self._states(run)["Rich"], "queued")
        self.assertEqual(self._states(run)["No Mail"], "failed")

    def test_stop_and_go_on(self):
        run = self._run()
        run.action_send()
        run.action_stop()
        self._work()
        self.assertEqual(self._states(run)["Rich"], "pending")
        run.action_send()
        self._work()
        self.assertEqual(self._states(run)["Rich"], "queued")

    def test_a_sender_who_lost_his_rights(self):
        run = self._run()
        run.action_send()
        self.user_invoicing.group_ids -= self.env.ref("account.group_account_invoice")
        self._work()
        self.assertEqual(set(self._states(run.sudo()).values()), {"failed"})

    def test_batches(self):
        self.patch(jobs, "BATCH", 1)
        run = self._run()
        run.action_send()
        self._work()
        self.assertEqual(self._states(run)["Owing Customer"], "queued")
        self.assertEqual(self._states(run)["Rich"], "queued")

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------

    def test_roles(self):
        for user in (self.user_sales_manager, self.user_portal):
            with self.assertRaises(AccessError):
                self._run(user=user, preview=False)
        run = self._run(user=self.user_accountant)
        self.assertEqual(run.user_id, self.user_accountant)
        # nobody sends in another one's name
        forged = self._run(user_id=self.user_accountant.id)
        self.assertEqual(forged.user_id, self.user_invoicing)
        with self.assertRaises(AccessError):
            forged.write({"user_id": self.user_accountant.id})
        with self.assertRaises(AccessError):
            forged.write({"state": "running"})
        with self.assertRaises(AccessError):
            forged.line_ids.write({"contact_id": self.user_portal.partner_id.id})
        with self.assertRaises(AccessError):
            run.with_user(self.user_sales_all).action_send()

    def test_of_another_company(self):
        run = self._run()
        other = self.setup_other_company()["company"]
        user = self.user_accountant
        user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            run.with_user(user).with_context(
                allowed_company_ids=other.ids
            ).action_send()
        self.assertFalse(
            run.with_user(user)
            .with_context(allowed_company_ids=other.ids)
            .search([("id", "=", run.id)])
        )

    def test_what_was_sent_is_kept(self):
        run = self._run()
        line = run.line_ids[2]
        line.unlink()
        self.assertEqual(run.line_count, 2)
        run.action_send()
        for change in (
            run.unlink,
            run.line_ids.unlink,
            run.action_preview,
            lambda: run.write({"amount_min": 5}),
        ):
            with self.assertRaises(UserError):
                change()
        with self.assertRaises(ValidationError):
            run.template_id = self.env["mail.template"].create(
                {"name": "x", "model_id": self.env["ir.model"]._get_id("res.partner")}
            )
        self._work()
        with self.assertRaises(UserError):
            run.action_send()
