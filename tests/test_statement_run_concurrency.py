"""A run that is killed, and two jobs at once, on real connections."""

from odoo.fields import Command

from .outbox_concurrency_common import OutboxConcurrencyCase


class TestStatementRunConcurrency(OutboxConcurrencyCase):
    run_model = "crm.statement.run"
    job = "crm_custom.ir_cron_crm_statement_run"
    name = "Statement concurrency"

    def setUp(self):
        super().setUp()
        # these customers have no entries, which could not be taken back
        self.patch(
            self.registry["crm.statement.run"],
            "_get_owing",
            lambda run, partners: dict.fromkeys(partners.ids, (10, 0)),
        )
        with self._transaction() as env:
            run = env["crm.statement.run"].create(
                {
                    "name": self.name,
                    "line_ids": [
                        Command.create(
                            {"partner_id": partner.id, "contact_id": partner.id}
                        )
                        for partner in self._create_partners(env)
                    ],
                }
            )
            run.action_send()
            self.run_id = run.id

    def _lines(self, run):
        return run.line_ids

    def test_killed_half_way(self):
        self.assertKilledHalfWay()

    def test_two_jobs_at_once(self):
        self.assertTwoJobsAtOnce()
