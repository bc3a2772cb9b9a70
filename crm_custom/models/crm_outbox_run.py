import logging

from psycopg2 import InterfaceError, OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

#: lines of a commit; what a kill makes anew
BATCH = 20
PENDING = [("state", "=", "pending"), ("run_id.state", "=", "running")]


class CrmOutboxRun(models.AbstractModel):
    """A run that a job works off, some lines at a time and each line once.

    A room names the model of its lines and the job, and makes what goes out in
    `_make_lines`. Its lines have a ``run_id``, a ``state`` that is ``pending`` until
    they are made, and a method ``_fail``.
    """

    _name = "crm.outbox.run"
    _description = "Run"

    #: of the lines
    _outbox_model = None
    #: the job, which is also the name under which one at a time is at work
    _outbox_job = None

    user_id = fields.Many2one(
        "res.users",
        string="Sender",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        help="Under whose rights and from whose address it is sent.",
    )
    state = fields.Selection(
        [
            ("draft", "To check"),
            ("running", "Sending"),
            ("stopped", "Stopped"),
            ("done", "Done"),
        ],
        string="Sending status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
    )

    def action_stop(self):
        self.check_access("write")
        # sudo: the state is set by the buttons, whose user was checked
        self.filtered(lambda run: run.state == "running").sudo().state = "stopped"

    def _start(self):
        """Hand the run over to the job."""
        # sudo: the state is set by the buttons, whose user was checked
        self.sudo().state = "running"
        # sudo: the job is the system's
        self.env.ref(self._outbox_job).sudo()._trigger()

    @api.model
    def _cron_send(self):
        """Make the lines of all runs that are being sent.

        What goes out and the note that it did are committed together, some lines at a
        time: killed in between, neither is there and the next run makes both. A second
        job at the same time leaves the work to the first. The outbox is Odoo's, which
        sends each of its e-mails once.
        """
        cron = self.env["ir.cron"]
        while True:
            if not cron._crm_is_alone(self._outbox_job):
                return
            lines = self._get_next_lines()
            if not lines:
                break
            lines.run_id._send_lines(lines)
            left = self.env[self._outbox_model].search_count(PENDING)
            # never 0: whether the runs are done is not said yet
            if not cron._commit_progress(len(lines), remaining=max(left, 1)):
                return
        # somebody may hold a line just now: its run is not done
        held = self.env[self._outbox_model].search(PENDING)
        (self.search([("state", "=", "running")]) - held.run_id).state = "done"
        cron._commit_progress(remaining=len(held))

    @api.model
    def _get_next_lines(self):
        """The next lines of one run, locked for this transaction."""
        model = self.env[self._outbox_model]
        run = model.search(PENDING, order="id", limit=1).run_id
        lines = model.search(
            [("run_id", "=", run.id), ("state", "=", "pending")],
            order="id",
            limit=BATCH,
        )
        return lines.try_lock_for_update(allow_referencing=True)

    def _send_lines(self, lines):
        """Make some lines; one by one where together they fail."""
        try:
            with self.env.cr.savepoint():
                self._make_lines(lines)
        except (InterfaceError, OperationalError):
            # another transaction, or no connection: no fault of the customers
            raise
        except Exception as error:
            if len(lines) > 1:
                for line in lines:
                    self._send_lines(line)
                return
            sender = self.with_context(lang=self.user_id.lang)
            if isinstance(error, UserError):
                reason = str(error)
            else:
                _logger.exception("%s of a run: nothing could be made", lines)
                reason = sender.env._("It could not be made: see the server's log.")
            lines._fail(reason)

    def _make_lines(self, lines):
        """Make what goes out, under the rights of who sends. A room overrides it."""
        raise NotImplementedError

    def _as_sender(self):
        """The run under the rights of who sends, in its company and his language."""
        self.ensure_one()
        return self.with_user(self.user_id).with_context(
            allowed_company_ids=self.company_id.ids, lang=self.user_id.lang
        )
