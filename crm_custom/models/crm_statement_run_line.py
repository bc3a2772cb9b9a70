from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmStatementRunLine(models.Model):
    """One customer of a run: whether his statement is on its way, and why not."""

    _name = "crm.statement.run.line"
    _description = "Customer of a statement run"
    _order = "run_id DESC, id"
    _rec_name = "partner_id"

    run_id = fields.Many2one(
        "crm.statement.run",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    contact_id = fields.Many2one(
        "res.partner",
        string="To",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        help="The first of invoice address, primary contact and customer that has an"
        " e-mail address.",
    )
    email = fields.Char(related="contact_id.email", string="E-mail address")
    amount = fields.Monetary(string="Owes", readonly=True)
    overdue = fields.Monetary(readonly=True)
    state = fields.Selection(
        [
            ("pending", "To send"),
            ("queued", "In the outbox"),
            ("sent", "Sent"),
            ("failed", "Failed"),
        ],
        string="Sending status",
        required=True,
        readonly=True,
        default="pending",
    )
    reason = fields.Char(string="Why not", readonly=True)
    mail_mail_id = fields.Many2one(
        "mail.mail",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        export_string_translation=False,
        groups=fields.NO_ACCESS,
    )

    # a constraint and no index: Odoo's merge of two customers drops one of their rows
    _once = models.Constraint(
        "UNIQUE (run_id, partner_id)", "A customer is in a run once."
    )
    _to_send_index = models.Index("(run_id, id) WHERE state = 'pending'")

    @api.ondelete(at_uninstall=False)
    def _unlink_before_sending(self):
        if any(line.run_id.state != "draft" for line in self):
            raise UserError(
                self.env._("A customer is taken off the list before it is sent.")
            )

    def _fail(self, reason):
        self.write({"state": "failed", "reason": reason, "mail_mail_id": False})


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell the runs what became of their e-mails; Odoo calls it for each."""
        lines = (
            # sudo: whoever sends the outbox knows nothing of the runs
            self.env["crm.statement.run.line"]
            .sudo()
            .search([("mail_mail_id", "in", self.ids)])
        )
        for line in lines:
            if not failure_type:
                line.write({"state": "sent", "reason": False})
                continue
            local = line.with_context(lang=line.run_id.user_id.lang)
            kinds = dict(self._fields["failure_type"]._description_selection(local.env))
            reason = kinds.get(failure_type) or failure_reason
            line.write({"state": "failed", "reason": reason})
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
