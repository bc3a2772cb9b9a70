"""The doors through which a piece of work is done: ORM, RPC, HTTP, or plain SQL."""

import contextlib
import http.client
import json
import os
import tempfile
import time
from urllib.parse import urlencode

from odoo import api, sql_db
from odoo import http as odoo_http
from odoo.service import security
from odoo.service.model import call_kw
from odoo.service.server import ThreadedServer

from odoo.addons.base.models import ir_actions_report

HOST = "127.0.0.1"


class Door:
    """One user in one database. Each ``open()`` is a fresh transaction with an empty
    cache, rolled back at the end; the registry's caches stay warm, as on a server.
    """

    def __init__(self, registry, uid):
        self.registry = registry
        self.uid = uid
        self.notes = {}
        self.queries = None
        self._server = None

    @contextlib.contextmanager
    def open(self):
        with self.registry.cursor() as cr:
            user = api.Environment(cr, self.uid, {})["res.users"].browse(self.uid)
            # the user's own company comes first, as in the web client
            own = user.company_id.id
            context = {
                **user.context_get(),
                "allowed_company_ids": sorted(
                    user._get_company_ids(), key=lambda res_id: (res_id != own, res_id)
                ),
            }
            self.env = api.Environment(cr, self.uid, context)
            self.env.invalidate_all()
            try:
                yield self
            finally:
                cr.rollback()
                self.env = None

    # ------------------------------------------------------------------
    # What works call
    # ------------------------------------------------------------------

    def rpc(self, model, method, *args, **kwargs):
        """As the web client calls a method, up to the text of the answer."""
        kwargs["context"] = {**self.env.context, **kwargs.get("context", {})}
        result = call_kw(self.env(context={})[model], method, list(args), kwargs)
        json.dumps(result, default=str)
        return result

    def sql(self, query, params=None):
        """The rows of a statement, over Odoo's own connection."""
        self.env.cr.execute(query, params)
        return self.env.cr.fetchall()

    def post(self, path, form):
        """Send a form as the user's browser does; return (status, path of a file)."""
        port, session = self._listen()
        secret = odoo_http.Request.csrf_token(_Csrf(self.superuser(), session))
        body = urlencode({**form, "csrf_token": secret})
        connection = http.client.HTTPConnection(HOST, port, timeout=3600)
        connection.request(
            "POST",
            path,
            body,
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": f"session_id={session.sid}",
            },
        )
        response = connection.getresponse()
        handle, name = tempfile.mkstemp(prefix="crm_custom_bench.")
        with open(handle, "wb") as file:
            while chunk := response.read(1 << 16):
                file.write(chunk)
        connection.close()
        return response.status, name

    def note(self, name, value):
        """Take down a figure of the work's own; the median of the runs is reported."""
        self.notes[name] = value

    # ------------------------------------------------------------------
    # What works need while they prepare
    # ------------------------------------------------------------------

    @property
    def has_addon(self):
        """Whether crm_custom is installed here."""
        return "is_crm_customer" in self.env["res.partner"]._fields

    def superuser(self):
        return self.env(user=api.SUPERUSER_ID, context={})

    def _listen(self):
        """Odoo's own HTTP server in this process, and a session of the user."""
        if self._server and self._server[0] == os.getpid():
            return self._server[1:]
        server = ThreadedServer(odoo_http.root)
        server.interface, server.port = HOST, 0
        server.http_spawn()
        port = server.httpd.server_port
        # The PDF engine fetches from here what the pages link to.
        ir_actions_report.IrActionsReport._get_report_url = lambda *_args, **_kwargs: (
            f"http://{HOST}:{port}"
        )
        session = odoo_http.root.session_store.new()
        session.update(
            odoo_http.get_default_session(),
            db=self.registry.db_name,
            uid=self.uid,
            login=self.env.user.login,
            context=dict(self.env.context),
            _trace_disable=True,
        )
        session.session_token = security.compute_session_token(session, self.env)
        odoo_http.root.session_store.save(session)
        self._server = (os.getpid(), port, session)
        return port, session


class _Csrf:
    """What ``Request.csrf_token`` looks at."""

    def __init__(self, env, session):
        self.env = env
        self.session = session


@contextlib.contextmanager
def time_in_pdf_engine():
    """Yield a function that tells the seconds spent in the PDF engine so far."""
    spent = 0.0
    run = ir_actions_report._run_wkhtmltopdf

    def timed(args):
        nonlocal spent
        started = time.perf_counter()
        try:
            return run(args)
        finally:
            spent += time.perf_counter() - started

    ir_actions_report._run_wkhtmltopdf = timed
    try:
        yield lambda: spent
    finally:
        ir_actions_report._run_wkhtmltopdf = run


#: Connections of the processes that this one was forked from: never closed here, since
#: that would tell the server to close what they still use.
_inherited = []


def forget_connections(registry):
    """After a fork: leave the parent's connections alone and open new ones."""
    _inherited.append(
        (sql_db._Pool, sql_db._Pool_readonly, registry._db, registry._db_readonly)
    )
    sql_db._Pool = sql_db._Pool_readonly = None
    registry._db = sql_db.db_connect(registry.db_name)
    if registry._db_readonly is not None:
        registry._db_readonly = sql_db.db_connect(registry.db_name, readonly=True)
