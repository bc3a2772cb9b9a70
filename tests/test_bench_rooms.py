"""What later rooms add to the data set of ./dev bench."""

import json

from odoo import fields

from benchmarks import dataset, roles, rooms

from .common import CrmCustomCase


class TestBenchRooms(CrmCustomCase):
    def test_a_room_is_filled_once_and_by_the_seed(self):
        """With dates and planned calls that follow, and again when it has changed."""
        user = self.env["res.users"].create(
            {"name": "His", "login": f"{roles.PREFIX}sales_own"}
        )
        customers = [self._create_customer(name=f"Room {n}") for n in range(30)]
        self.env.flush_all()
        parameters = self.env["ir.config_parameter"]
        facts = {"seed": 1, "today": str(fields.Date.today())}
        parameters.set_param(dataset.MARK, json.dumps(facts))

        def contacts():
            self.env.invalidate_all()
            found = self.env["crm.interaction"].search([("origin", "=", "manual")])
            return sorted(
                (c.partner_id.id, c.date_start, c.outcome_id.id) for c in found
            )

        self.assertTrue(rooms.ensure(self.env, lambda text: None))
        first = contacts()
        self.assertGreater(len(first), 100)
        self.assertEqual(customers[0].user_id, user)
        self.assertTrue(any(c.date_last_contact for c in customers))
        self.assertFalse(rooms.ensure(self.env, lambda text: None))
        parameters.set_param(f"{dataset.MARK}.interactions", "older")
        self.assertTrue(rooms.ensure(self.env, lambda text: None))
        self.assertEqual(contacts(), first)
