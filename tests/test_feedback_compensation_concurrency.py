"""Two who compensate the same at once: one of them is told."""

from threading import Event

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import mute_logger

from .concurrency_common import WAIT, ConcurrencyCase


class TestFeedbackCompensationConcurrency(ConcurrencyCase):
    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            product = env["product.product"].create({"name": "Concurrent"})
            customer = env["res.partner"].create({"name": "Concurrent"})
            case = env["crm.feedback"].create(
                {
                    "subject": "Concurrent",
                    "partner_id": customer.id,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "quantity": 2,
                                "unsold_reason": "From a dealer",
                            }
                        )
                    ],
                }
            )
            self.case_id = case.id
            self.made = [(r._name, r.ids) for r in (case, product, customer)]

    def _clean_up(self):
        with self._transaction() as env:
            for model, ids in self.made:
                env[model].browse(ids).unlink()

    def _propose(self, env):
        case = env["crm.feedback"].browse(self.case_id)
        case._propose_compensation("replacement", [(case.line_ids, 2, 0)])
        env.flush_all()

    def test_the_same_pieces_twice(self):
        looked, saved = Event(), Event()

        def second(env):
            # he has looked before the other has saved
            self.assertFalse(env["crm.feedback"].browse(self.case_id).compensation_ids)
            looked.set()
            saved.wait(WAIT)
            self._propose(env)

        late = self._in_thread(second)
        looked.wait(WAIT)
        with self._transaction() as env:
            self._propose(env)
        saved.set()
        # Odoo does such a request again, and then it is refused in words
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            late.result(WAIT)
        with self._transaction() as env:
            with self.assertRaisesRegex(UserError, "There is already: Replacement"):
                self._propose(env)
            case = env["crm.feedback"].browse(self.case_id)
            self.assertEqual(len(case.compensation_ids), 1)
