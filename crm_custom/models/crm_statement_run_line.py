from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmStatementRunLine(models.Model):
    """One customer of a run: whether his statement is on its way, and why not."""

    _name = "crm.statement.run.line"
    _inherit = ["crm.outbox.line"]
    # what the customer reads above his e-mail
    _description = "Statement of account"
    _order = "run_id DESC, id"
    _rec_name = "partner_id"

    run_id = fields.Many2one(
        "crm.statement.run",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        related="run_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
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

    _once = models.Constraint(
        "UNIQUE (run_id, partner_id, merged_key)", "A customer is in a run once."
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

    def _mail_sent(self):
        self.write({"state": "sent", "reason": False})
        self._log_sent()

    def _mail_failed(self, _failure_type, reason):
        self.write({"state": "failed", "reason": reason})

    def _mail_bounced(self, reason):
        if self.state == "sent":
            self.write({"state": "failed", "reason": reason})

    def _log_sent(self):
        """Tell the history of the customers, without a figure."""
        for run, lines in self.grouped("run_id").items():
            local = run.with_context(lang=run.user_id.lang)
            note = Markup("<p>%s %s</p>") % (
                local.env._("Statement of account sent by e-mail:"),
                local._get_html_link(),
            )
            lines.partner_id._message_log_batch(
                dict.fromkeys(lines.partner_id.ids, note),
                author_id=run.user_id.partner_id.id,
            )

    @api.model
    def _crm_before_partner_merge(self, src_partners, dst_partner):
        """Of the lines of one run one goes on, the others tell under their old name.

        What was sent counts before what is to be sent, so nobody is written to twice.
        """
        customer = dst_partner.commercial_partner_id
        # sudo: runs of companies that the user does not see keep their lines, too
        lines_sudo = self.sudo().search(
            [
                ("partner_id", "in", (src_partners | customer).ids),
                ("merged_key", "=", 0),
            ]
        )
        order = ("sent", "queued", "pending", "failed")
        for same_sudo in lines_sudo.grouped("run_id").values():
            same_sudo = same_sudo.sorted(
                lambda line: (
                    order.index(line.state),
                    line.partner_id != customer,
                    line.id,
                )
            )
            for line_sudo in same_sudo[1:]:
                local = self.with_context(lang=line_sudo.run_id.user_id.lang)
                line_sudo.merged_key = line_sudo.id
                line_sudo.merged_name = line_sudo.partner_id.display_name
                if line_sudo.state == "pending":
                    line_sudo._fail(
                        local.env._("Merged with a customer who is on the list.")
                    )
        lines_sudo.partner_id = customer
