"""A customer who is there already, and others who may be the same."""

import itertools
from contextlib import contextmanager

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command
from odoo.service.server import thread_local

from .common import CrmCustomMixin


class DuplicateMixin(CrmCustomMixin):
    numbers = itertools.count(1)

    @classmethod
    def _create_company(cls, name="Meridian Optics Co., Ltd.", **vals):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "country_id": cls.env.ref("base.be").id,
                **vals,
            }
        )

    @classmethod
    def _set_policy(cls, company=None, **choices):
        company = company or cls.env.company
        company.write(
            {f"crm_duplicate_{kind}": choice for kind, choice in choices.items()}
        )

    @contextmanager
    def _calling(self, method):
        """As a client that calls just this method."""
        before = getattr(thread_local, "rpc_model_method", "")
        thread_local.rpc_model_method = method
        try:
            yield
        finally:
            thread_local.rpc_model_method = before

    def _type(self, user, model="res.partner", **values):
        """A form in which somebody has typed these values, before it is saved."""
        return self.env[model].with_user(user).new(values)

    def _hints(self, user, model="res.partner", **values):
        return self._type(user, model, **values).crm_duplicate_hints or []

    def _hint_ids(self, *args, **values):
        return [line.get("id") for line in self._hints(*args, **values)]

    def _run_review(self):
        job = self.env.ref("crm_custom.ir_cron_crm_duplicate")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.env.invalidate_all()

    def _find_pair(self, first, second):
        a, b = sorted((first.id, second.id))
        return self.env["crm.duplicate"].search(
            [("partner_a_id", "=", a), ("partner_b_id", "=", b)]
        )

    # ------------------------------------------------------------
    # A row of any model that names a partner
    # ------------------------------------------------------------

    def _make_row(self, model, field, partner):
        value = [Command.set(partner.ids)] if field.type == "many2many" else partner.id
        if existing := model.search([(field.name, "=", partner.id)], limit=1):
            return existing
        if "partner_id" in model._fields and field.type == "many2one":
            # of some there is one of a customer
            mine = [("partner_id", "=", partner.id), (field.name, "=", False)]
            if existing := model.search(mine, limit=1):
                existing[field.name] = value
                return existing
        return self._make_record(model, partner, {field.name: value})

    def _make_record(self, model, partner, values):
        for name, other in model._fields.items():
            if other.required and name not in values and not other.compute:
                values[name] = self._make_value(model, name, other, partner)
        return model.create({key: v for key, v in values.items() if v is not None})

    def _make_value(self, model, name, field, partner):
        default = model.default_get([name]).get(name)
        if default:
            return default
        if field.type == "many2one":
            if field.comodel_name == "res.partner":
                return partner.id
            comodel = self.env[field.comodel_name]
            ours = comodel._original_module == "crm_custom"
            if field.ondelete == "cascade" and ours:
                # a document of its own for each row: it names a customer once
                return self._make_record(comodel, partner, {}).id
            found = comodel.search([], limit=1)
            if not found and ours:
                found = self._make_record(comodel, partner, {})
            return found.id or None
        if field.type == "selection":
            return field.get_values(self.env)[0]
        return {
            "char": f"X {next(self.numbers)}",
            "text": "X",
            "date": self._make_date(name),
            "datetime": "2026-01-15 10:00:00",
            "float": 1.0,
            "monetary": 1.0,
        }.get(field.type)

    def _make_date(self, name):
        """Neither past nor to come; each month once."""
        today = fields.Date.today()
        if name == "month":
            return today.replace(day=1) - relativedelta(months=next(self.numbers))
        return today
