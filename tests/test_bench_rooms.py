"""What later rooms add to the data set of ./dev bench."""

import json

from odoo import api, fields

from benchmarks import dataset, roles, rooms

from .common import CrmCustomCase
from .receivable_common import ReceivableCase


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


class TestBenchCollections(ReceivableCase):
    def test_what_is_owed_is_promised_disputed_and_dunned(self):
        self._make_many_owe(300)
        # for the rooms beside this one
        self.env["res.users"].create(
            {"name": "His", "login": f"{roles.PREFIX}sales_own"}
        )
        self.env.flush_all()
        facts = {"seed": 1, "today": str(fields.Date.today())}
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(dataset.MARK, json.dumps(facts))

        def marked():
            items = self._items([])
            return [
                sorted(items.filtered(name).mapped("partner_id.name"))
                for name in ("date_promised", "is_disputed", "dunning_level_id")
            ]

        # the bench's company is the first, that of the test is one of the others
        env = api.Environment(self.cr, api.SUPERUSER_ID, {})
        rooms.ensure(env, lambda text: None)
        first = marked()
        self.assertTrue(all(first))
        mine = [("state", "=", "open"), ("company_id", "=", self.env.company.id)]
        promises = self.env["crm.promise"].search(mine)
        self.assertEqual(set(promises.mapped("has_items")), {True, False})
        self.assertTrue(promises.item_ids)
        parameters.set_param(f"{dataset.MARK}.collections", "older")
        rooms.ensure(env, lambda text: None)
        self.assertEqual(marked(), first)
