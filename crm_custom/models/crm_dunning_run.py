from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..report.crm_ageing_options import PARTNER_FILTERS

#: what decides who is proposed
LIST_FIELDS = frozenset({"company_id", "date", *PARTNER_FILTERS})
COUNTED = ("pending", "queued", "done", "failed")


class CrmDunningRun(models.Model):
    """Everybody with whom something is overdue, once: proposed, checked, confirmed.

    Stored, since a job goes on with it when the browser is long closed, and since who
    was reminded of what decides what he is told the next time.
    """

    _name = "crm.dunning.run"
    _inherit = ["crm.outbox.run", "crm.customer.filter"]
    _description = "Dunning run"
    _order = "id DESC"
    _check_company_auto = True

    _outbox_model = "crm.dunning.letter"
    _outbox_job = "crm_custom.ir_cron_crm_dunning_run"

    name = fields.Char(
        required=True, default=lambda self: self._default_name(), copy=False
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        string="In charge",
        help="Under whose rights the run is made and in whose name e-mails and letters"
        " go out; who calls where a customer has no salesperson.",
    )
    state = fields.Selection(
        # an e-mail is sent, a letter printed, a call planned
        selection_add=[("running", "Under way"), ("cancelled", "Cancelled")],
        ondelete={"cancelled": "set default"},
        string="Dunning status",
    )
    date = fields.Date(
        string="On",
        required=True,
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="The day as of which it counts how long an item is overdue.",
    )
    is_proposed = fields.Boolean(
        readonly=True, copy=False, export_string_translation=False
    )
    letter_ids = fields.One2many("crm.dunning.letter", "run_id", copy=False)
    excluded_ids = fields.One2many(
        "crm.dunning.line",
        "run_id",
        domain=[("kind", "=", "excluded")],
        copy=False,
    )
    line_count = fields.Integer(string="To be reminded", compute="_compute_counts")
    pending_count = fields.Integer(string="To make", compute="_compute_counts")
    queued_count = fields.Integer(string="In the outbox", compute="_compute_counts")
    sent_count = fields.Integer(string="Made", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")
    email_count = fields.Integer(string="E-mails", compute="_compute_counts")
    call_count = fields.Integer(string="Calls", compute="_compute_counts")
    to_print_count = fields.Integer(string="To print", compute="_compute_counts")
    paper_count = fields.Integer(string="Letters", compute="_compute_counts")
    excluded_count = fields.Integer(string="Left out", compute="_compute_counts")
    amount = fields.Monetary(
        string="Amount due",
        compute="_compute_counts",
        help="Of all reminders, open credits taken off, in the currency of the"
        " company.",
    )

    @api.model
    def _default_name(self):
        day = self.env.company._crm_today()
        return self.env._(
            "Dunning of %s", self.env["ir.qweb.field.date"].value_to_html(day, {})
        )

    @api.depends("company_id")
    def _compute_date(self):
        for run in self:
            run.date = (run.company_id or self.env.company)._crm_today()

    @api.constrains("date", "company_id")
    def _check_date(self):
        for run in self:
            if run.date > run.company_id._crm_today():
                raise ValidationError(
                    run.env._(
                        "A run is of today or of an earlier day: nobody is reminded of"
                        " what is not due yet."
                    )
                )

    def _compute_counts(self):
        """Two queries, for any number of runs."""
        values = {run.id: dict.fromkeys(self._get_count_names(), 0) for run in self}
        for run, state, channel, printed, count, amount in self.env[
            "crm.dunning.letter"
        ]._read_group(
            [("run_id", "in", self.ids), ("state", "in", COUNTED)],
            ["run_id", "state", "channel", "is_printed"],
            ["__count", "amount:sum"],
        ):
            found = values[run.id]
            found["line_count"] += count
            found["amount"] += amount
            found[f"{'sent' if state == 'done' else state}_count"] += count
            if state != "done":
                continue
            if channel == "letter":
                found["paper_count"] += count
                found["to_print_count"] += 0 if printed else count
            else:
                found[f"{channel}_count"] += count
        for run, count in self.env["crm.dunning.line"]._read_group(
            [("run_id", "in", self.ids), ("kind", "=", "excluded")],
            ["run_id"],
            ["__count"],
        ):
            values[run.id]["excluded_count"] = count
        for run in self:
            run.update(values.get(run.id) or dict.fromkeys(self._get_count_names(), 0))

    @api.model
    def _get_count_names(self):
        return [
            name
            for name, field in self._fields.items()
            if field.compute == "_compute_counts"
        ]

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                vals["user_id"] = self.env.uid
                vals["state"] = "draft"
                vals["is_proposed"] = False
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and not {"user_id", "state", "is_proposed"}.isdisjoint(vals):
            raise AccessError(self.env._("A run is made by its buttons."))
        if not LIST_FIELDS.isdisjoint(vals):
            if any(run.state != "draft" for run in self):
                raise UserError(
                    self.env._("Who is reminded can't be changed after confirming.")
                )
            self._clear()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_not_sent(self):
        if any(run.state != "draft" for run in self):
            raise UserError(
                self.env._(
                    "A run that was confirmed or cancelled is kept: it says who was"
                    " told what."
                )
            )

    def _clear(self):
        """Forget what was proposed."""
        # sudo: letters and lines are written by buttons and the job alone
        self_sudo = self.sudo()
        self.env["crm.dunning.line"].flush_model()
        # of thousands of rows, none of which anybody has seen outside of the run
        self.env.cr.execute(
            SQL("DELETE FROM crm_dunning_line WHERE run_id = ANY(%s)", self.ids)
        )
        self.env["crm.dunning.line"].invalidate_model()
        self_sudo.letter_ids.unlink()
        self_sudo.is_proposed = False

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_propose(self):
        """Draw up the letters: a fixed number of queries, for any number of items."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This run was confirmed already."))
        self._clear()
        self._propose()
        # sudo: set by the buttons, whose user was checked
        self.sudo().is_proposed = True

    def action_confirm(self):
        """Hand the run over to the job; whoever confirms second is told so."""
        self.ensure_one()
        self.check_access("write")
        # sudo: the lock of a row that may be written
        if not self.sudo().try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._("Somebody else is confirming this run just now.")
            )
        self.invalidate_recordset()
        if self.state not in ("draft", "stopped"):
            raise UserError(
                self.env._("This run was confirmed already: nobody is reminded twice.")
            )
        # since it was drawn up, the company may have got another time zone
        self._check_date()
        if not self.pending_count:
            raise UserError(
                self.env._("There is nobody to remind. Propose the run first.")
            )
        if self.state == "draft":
            # sudo: as above; who confirms is who sends
            self.sudo().user_id = self.env.uid
        self._start()

    def action_cancel(self):
        """What was not made yet never will be; what was made can be taken back.

        A letter whose e-mail could not leave was made and told nothing: its items have
        their levels again.
        """
        self.check_access("write")
        # sudo: as above
        for run in self.sudo():
            if not run.try_lock_for_update(allow_referencing=True):
                raise UserError(
                    self.env._("Somebody else is at work on this run just now.")
                )
            run.invalidate_recordset()
            if run.state in ("done", "cancelled"):
                raise UserError(
                    self.env._(
                        "Everything of this run was made. Take back the reminders that"
                        " were a mistake."
                    )
                )
            run.state = "cancelled"
            failed = run.letter_ids.filtered(lambda letter: letter.state == "failed")
            made = failed.filtered("date_sent")
            if made:
                made._take_back(self.env._("The run was cancelled."))
            pending = run.letter_ids.filtered(lambda letter: letter.state == "pending")
            (failed - made + pending).state = "cancelled"

    def action_retry(self):
        """Try those again that could not be made."""
        self.ensure_one()
        self.check_access("write")
        failed = self.letter_ids.filtered(lambda letter: letter.state == "failed")
        # sudo: letters are written by buttons and the job alone
        failed.sudo()._try_again()
        if any(letter.state == "pending" for letter in failed):
            self._start()

    def action_print(self):
        """The letters that go by post, as one PDF: those that were not printed yet,
        or all when there are none.
        """
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "crm_custom.download",
            "params": {
                "url": "/crm_custom/dunning/letters",
                "data": {"run_id": self.id},
            },
        }

    def _take_to_print(self):
        """:return: the letters that go by post and were not printed yet, or all; from
        now on they are printed
        """
        self.ensure_one()
        paper = self.letter_ids.filtered(
            lambda letter: letter.channel == "letter" and letter.state == "done"
        )
        letters = paper.filtered(lambda letter: not letter.is_printed) or paper
        if not letters:
            raise UserError(self.env._("No letter of this run goes by post."))
        # sudo: letters are written by buttons, whose user was checked
        letters.sudo().is_printed = True
        return letters

    def action_open_letters(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_dunning_letter_action"
        )
        name = self.env.context.get("crm_dunning_filter")
        return {
            **action,
            "domain": [("run_id", "=", self.id)],
            "context": {
                "crm_print_view": "crm_custom.crm_dunning_letter_view_list_print",
                **({f"search_default_{name}": 1} if name else {}),
            },
        }

    def action_open_excluded(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_dunning_line_action"
        )
        return {
            **action,
            "domain": [("run_id", "=", self.id), ("kind", "=", "excluded")],
            "context": {
                "search_default_group_reason": 1,
                "crm_print_view": "crm_custom.crm_dunning_line_view_list_print",
            },
        }
