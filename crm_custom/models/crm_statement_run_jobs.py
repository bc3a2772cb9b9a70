from odoo import models

from ..report.crm_statement_pdf import get_filename, render_pdfs


class CrmStatementRun(models.Model):
    _inherit = "crm.statement.run"

    _outbox_model = "crm.statement.run.line"
    _outbox_job = "crm_custom.ir_cron_crm_statement_run"

    def _make_lines(self, lines):
        run = self._as_sender()
        model = run.env["crm.statement"]
        partners = lines.partner_id.with_env(run.env)
        model._check_may_print(partners)
        recipients = model._get_recipients(partners)
        refusals = model._get_refusals(set(recipients.values()))
        owing = run._get_owing(partners)
        for line in lines:
            contact = recipients[line.partner_id.with_env(run.env)]
            # since the list was drawn up he may have paid, or been merged
            line.contact_id = contact.id
            line.amount, line.overdue = owing.get(line.partner_id.id, (0, 0))
            if contact in refusals:
                line._fail(refusals[contact])
            elif line.partner_id.id not in owing:
                line._fail(run.env._("He owes nothing any more."))
        lines = lines.filtered(lambda line: line.state == "pending")
        if not lines:
            return
        statements = model._get_statements(
            lines.partner_id.with_env(run.env), run._get_options()
        )
        files = {
            statement.partner.id: (get_filename(statement, "pdf"), content)
            for statement, content in render_pdfs(run.env, statements)
        }
        lines._put_into_outbox(self.template_id, lambda line: files[line.partner_id.id])
