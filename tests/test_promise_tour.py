"""A promise in a browser: taken down, broken, settled by a call."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase

from .promise_common import PromiseCase


class TestPromiseTour(PromiseCase, HttpCase):
    def test_from_the_promise_to_the_broken_one_in_my_day(self):
        self._invoice("2026-01-10")
        self.start_tour(
            "/odoo/crm-receivables", "crm_custom_promise", login="user_sales_own"
        )
        promise = self.env["crm.promise"].search(
            [("partner_id", "=", self.customer.id)]
        )
        today = fields.Date.context_today(self.user_sales_own)
        self.assertEqual(promise.date_promised, today + timedelta(days=6))
        self.assertEqual((promise.amount, len(promise.item_ids)), (100, 1))
        # a week later
        promise.sudo().write(
            {
                "date_made": today - timedelta(days=7),
                "date_promised": today - timedelta(days=1),
            }
        )
        self._run_job()
        self.assertEqual(promise.state, "broken")
        self.start_tour(
            "/odoo/my-day", "crm_custom_promise_broken", login="user_sales_own"
        )
