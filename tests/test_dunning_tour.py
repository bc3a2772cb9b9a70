"""A dunning run in a browser, with a dispute and a promise in it; its files."""

import io
import json

from pypdf import PdfReader

from odoo import http
from odoo.tests import HttpCase

from .dunning_common import DunningCase


class TestDunningTour(DunningCase, HttpCase):
    # a browser and its session live by the real clock
    _day = None

    def test_from_the_proposal_to_what_is_taken_back(self):
        disputed, partly, promised, plain = (
            self._invoice("2026-04-01", 100) for _number in range(4)
        )
        spared = self._create_customer(name="Spared", email="spared@example.com")
        self._invoice("2026-04-01", 10, spared)
        self._dispute(self._instalments(disputed))
        self._dispute(self._instalments(partly), 60)
        today = self.env.company._crm_today()
        self._promise(str(today), self._instalments(promised))
        run = self._run(propose=False)
        self.start_tour(
            f"/odoo/crm-dunning-runs/{run.id}",
            "crm_custom_dunning",
            login="user_invoicing",
        )
        self._work()
        self.assertEqual(
            {one.partner_id.name: one.state for one in run.letter_ids},
            {"Owing Customer": "queued", "Spared": "left_out"},
        )
        self.assertEqual(self._levels_of(plain)["2026-04-01"][0], "Reminder")
        self.start_tour(
            "/odoo/crm-dunning-letters",
            "crm_custom_dunning_take_back",
            login="user_invoicing",
        )
        self.assertEqual(self._levels_of(plain)["2026-04-01"][0], "")

    def test_letters_as_one_pdf(self):
        self.first.channel = "letter"
        other = self._create_customer(name="Other")
        self._invoice("2026-04-01", 100)
        self._invoice("2026-04-01", 100, other)
        run = self._send(self._run())

        def fetch(login, run_id=run.id):
            self.authenticate(login, login)
            return self.url_open(
                "/crm_custom/dunning/letters",
                data={
                    "data": json.dumps({"run_id": run_id}),
                    "csrf_token": http.Request.csrf_token(self),
                },
            )

        response = fetch("user_invoicing")
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        pages = PdfReader(io.BytesIO(response.content)).pages
        self.assertEqual(len(pages), 2)
        self.assertIn("Owing Customer", pages[0].extract_text())
        self.env.invalidate_all()
        self.assertEqual(set(run.letter_ids.mapped("is_printed")), {True})
        self.assertEqual(fetch("user_sales_all").status_code, 403)
        for unknown in (0, "x"):
            response = fetch("user_invoicing", unknown)
            self.assertEqual(response.status_code, 400)
            self.assertIn("This is no dunning run", response.text)
