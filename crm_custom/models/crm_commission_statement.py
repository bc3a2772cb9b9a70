from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: marks a change of state that came through `action_close` or the wizard that reopens;
#: no client can send it
BY_ACTION = object()


class CrmCommissionStatement(models.Model):
    """The commission of a salesperson for a month: made, checked, closed."""

    _name = "crm.commission.statement"
    _description = "Commission statement"
    _inherit = ["mail.thread"]
    _order = "month desc, user_id, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    month = fields.Date(required=True, readonly=True, help="Its first day.")
    period = fields.Char(compute="_compute_period")
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("open", "Not closed"), ("closed", "Month closed")],
        string="Status",
        required=True,
        default="open",
        readonly=True,
        tracking=True,
        copy=False,
        help="Not closed: it is made anew from the documents as often as you like."
        " Month closed: it does not change, and what comes later goes to the next"
        " open month.",
    )
    date_closed = fields.Datetime(string="Closed on", readonly=True, copy=False)
    line_ids = fields.One2many("crm.commission.line", "statement_id", readonly=True)
    base = fields.Monetary(
        compute="_compute_totals",
        store=True,
        help="What commission is paid on, less what is paid back.",
    )
    commission = fields.Monetary(compute="_compute_totals", store=True, tracking=True)

    _once = models.Constraint(
        "UNIQUE (company_id, user_id, month)",
        "A salesperson has one commission statement a month.",
    )

    @api.depends("line_ids.base", "line_ids.commission")
    def _compute_totals(self):
        sums = {
            statement: amounts
            for statement, *amounts in self.env["crm.commission.line"]._read_group(
                [("statement_id", "in", self.ids)],
                ["statement_id"],
                ["base:sum", "commission:sum"],
            )
        }
        for statement in self:
            amounts = sums.get(statement._origin, (0, 0))
            statement.base, statement.commission = amounts

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_period(self):
        get_name = self.env["crm.sales.target"]._get_period_name
        for statement in self:
            statement.period = get_name(statement.month, "month")

    @api.depends("user_id", "month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for statement in self:
            parts = (statement.user_id.name, statement.period)
            statement.display_name = " · ".join(filter(None, parts))

    # ------------------------------------------------------------
    # What is closed stays
    # ------------------------------------------------------------

    def write(self, vals):
        by_action = self.env.context.get("crm_commission_by") is BY_ACTION
        if "state" in vals and not by_action:
            raise UserError(
                self.env._(
                    "A month is closed and opened again by its buttons: opening needs a"
                    " reason."
                )
            )
        fixed = {"company_id", "user_id", "month", "date_closed"}
        if not by_action and not fixed.isdisjoint(vals):
            self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_open()

    def _check_open(self):
        for statement in self:
            if statement.state == "closed":
                raise UserError(
                    self.env._(
                        "%(statement)s is closed: open it again first, with a reason.",
                        statement=statement.display_name,
                    )
                )

    def _check_manager(self):
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._("Only sales managers close and open commission months.")
            )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_make(self):
        """Make open statements anew from the documents."""
        self._check_manager()
        self._check_open()
        for (company, month), statements in self.grouped(
            lambda each: (each.company_id, each.month)
        ).items():
            self._make_month(company, month, statements.user_id)
        return True

    def action_close(self):
        self._check_manager()
        statements = self.filtered(lambda each: each.state == "open")
        # as the documents are now: what comes later is of the next month
        statements.action_make()
        statements.with_context(crm_commission_by=BY_ACTION).write(
            {"state": "closed", "date_closed": fields.Datetime.now()}
        )
        return True

    @api.private
    def reopen(self, reason):
        """Open closed months again; the reason is noted in the history of each."""
        self._check_manager()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the month is opened again."))
        statements = self.filtered(lambda each: each.state == "closed")
        statements.with_context(crm_commission_by=BY_ACTION).write(
            {"state": "open", "date_closed": False}
        )
        for statement in statements:
            statement.message_post(
                body=self.env._("Opened again: %(reason)s", reason=reason)
            )

    def action_open_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_commission_line_action"
        )
        action["domain"] = [("statement_id", "=", self.id)]
        action["display_name"] = self.display_name
        return action

    def action_export(self):
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/crm_custom/commission/xlsx?statements={ids}",
            "target": "download",
        }
