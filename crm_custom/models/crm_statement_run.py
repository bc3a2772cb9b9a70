from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..report.crm_ageing_options import PARTNER_FILTERS, AgeingOptions
from ..report.crm_statement_options import KINDS, StatementOptions, default_date_from

#: what decides who is on the list and what he is told; fixed once it is sent
LIST_FIELDS = frozenset(
    {
        "company_id",
        "kind",
        "date",
        "date_from",
        "amount_min",
        "overdue_only",
        *PARTNER_FILTERS,
    }
)


class CrmStatementRun(models.Model):
    """Statements to everybody who owes, by a filter, by e-mail.

    Stored, since a job goes on with it when the browser is long closed, since who was
    written to must be known when it is begun again, and because the list of failures
    is somebody's work.
    """

    _name = "crm.statement.run"
    _inherit = ["crm.outbox.run", "crm.customer.filter"]
    _description = "Statement run"
    _order = "id DESC"
    _check_company_auto = True

    name = fields.Char(
        required=True, default=lambda self: self._default_name(), copy=False
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, string="Content", required=True, default="open")
    date = fields.Date(
        string="Until", required=True, default=fields.Date.context_today, copy=False
    )
    date_from = fields.Date(
        string="From",
        default=lambda self: default_date_from(fields.Date.context_today(self)),
        copy=False,
    )
    template_id = fields.Many2one(
        "mail.template",
        string="E-mail",
        required=True,
        ondelete="restrict",
        domain="[('model', '=', 'crm.statement.run.line')]",
        default=lambda self: self._default_template_id(),
        help="Its text is translated: each customer gets it in his language.",
    )

    user_ids = fields.Many2many(relation="crm_statement_run_user_rel")
    amount_min = fields.Monetary(
        string="Owes at least",
        help="In the currency of the company, all taken together.",
    )
    overdue_only = fields.Boolean(string="Something is overdue")

    line_ids = fields.One2many("crm.statement.run.line", "run_id", copy=False)
    line_count = fields.Integer(string="Customers on it", compute="_compute_counts")
    pending_count = fields.Integer(string="To send", compute="_compute_counts")
    queued_count = fields.Integer(string="In the outbox", compute="_compute_counts")
    sent_count = fields.Integer(string="Sent", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")

    @api.model
    def _default_name(self):
        day = fields.Date.context_today(self)
        return self.env._(
            "Statements of %s", self.env["ir.qweb.field.date"].value_to_html(day, {})
        )

    @api.model
    def _default_template_id(self):
        return self.env.ref("crm_custom.mail_template_crm_statement", False)

    def _compute_counts(self):
        counts = {}
        for run, state, count in self.env["crm.statement.run.line"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        ):
            counts[run.id, state] = count
        for run in self:
            states = {
                state: counts.get((run.id, state), 0)
                for state in ("pending", "queued", "sent", "failed")
            }
            run.line_count = sum(states.values())
            for state, count in states.items():
                run[f"{state}_count"] = count

    @api.constrains("template_id")
    def _check_template(self):
        if any(run.template_id.model != "crm.statement.run.line" for run in self):
            raise ValidationError(
                self.env._("Choose an e-mail template that is made for statements.")
            )

    @api.constrains("kind", "date", "date_from")
    def _check_dates(self):
        for run in self:
            run._get_options()

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                vals["user_id"] = self.env.uid
                vals["state"] = "draft"
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and not {"user_id", "state"}.isdisjoint(vals):
            raise AccessError(self.env._("A run is sent by its buttons."))
        if not LIST_FIELDS.isdisjoint(vals):
            if any(run.state != "draft" for run in self):
                raise UserError(
                    self.env._("Who is on the list can't be changed after sending.")
                )
            # sudo: the list is of the old filter
            self.sudo().line_ids.unlink()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_not_sent(self):
        if any(run.state != "draft" for run in self):
            raise UserError(
                self.env._("A run that was sent is kept: it says who was told what.")
            )

    # ------------------------------------------------------------------
    # The list
    # ------------------------------------------------------------------

    def _get_options(self):
        self.ensure_one()
        return StatementOptions(
            self.env,
            {"kind": self.kind, "date": self.date, "date_from": self.date_from},
        )

    def action_preview(self):
        """Draw up the list: everybody who owes and whom the filter lets through."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This run was sent already."))
        run = self.with_context(allowed_company_ids=self.company_id.ids)
        owing = run._get_owing()
        partners = run.env["res.partner"].browse(owing)
        model = run.env["crm.statement"]
        recipients = model._get_recipients(partners)
        refusals = model._get_refusals(set(recipients.values()))
        # sudo: lines are written here and by the job alone
        lines_sudo = self.env["crm.statement.run.line"].sudo()
        lines_sudo = lines_sudo.with_context(tracking_disable=True)
        lines_sudo.search([("run_id", "=", self.id)]).unlink()
        lines_sudo.create(
            [
                {
                    "run_id": self.id,
                    "partner_id": partner.id,
                    "contact_id": contact.id,
                    "amount": owing[partner.id][0],
                    "overdue": owing[partner.id][1],
                    "state": "failed" if contact in refusals else "pending",
                    "reason": refusals.get(contact, False),
                }
                for partner, contact in recipients.items()
            ]
        )

    def _get_owing(self, partners=None):
        """Who owes what on the day, of whom the filter lets through or of ``partners``.

        :return: {customer id: (what he owes, what of it is overdue)}, most first;
            1 query
        """
        if partners is None:
            filters = {name: self[name].ids for name in PARTNER_FILTERS}
        else:
            filters = {"partner_ids": partners.ids}
        options = AgeingOptions(
            self.env,
            {"date": self.date, "company_ids": self.company_id.ids, **filters},
        )
        model, domain = self.env["crm.ageing.report"]._get_items(options)
        owing = model._get_owing(Domain(domain))
        if partners is None:
            owing.at_least(self.amount_min)
            if self.overdue_only:
                owing.something_overdue()
        query = owing.query
        query.order = SQL("2 DESC, 1")
        rows = self.env.execute_query(
            query.select(
                owing.partner,
                SQL("%s::float8", owing.amount),
                SQL("%s::float8", owing.overdue),
            )
        )
        return {partner_id: amounts for partner_id, *amounts in rows}

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_send(self):
        """Hand the run over to the job, or go on where it was stopped."""
        self.ensure_one()
        self.check_access("write")
        if not self.pending_count:
            raise UserError(
                self.env._("Nobody is left to be written to. Look at the list first.")
            )
        self._start()

    def action_retry(self):
        """Try those again who failed, by the addresses as they are now."""
        self.ensure_one()
        self.check_access("write")
        # sudo: lines are written by buttons and the job alone
        failed = self.line_ids.sudo().filtered(
            lambda line: line.state == "failed" and not line.merged_key
        )
        # who tries the old e-mail again by hand must not send a second one
        failed.mail_mail_id.filtered(lambda mail: mail.state != "sent").state = "cancel"
        failed.write({"state": "pending", "reason": False, "mail_mail_id": False})
        if failed and self.state != "draft":
            self._start()

    def action_open_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_statement_run_line_action"
        )
        state = self.env.context.get("crm_statement_state")
        return {
            **action,
            "domain": [("run_id", "=", self.id)],
            "context": {f"search_default_{state}": 1} if state else {},
        }
