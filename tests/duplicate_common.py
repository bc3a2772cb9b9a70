"""A customer who is there already, and others who may be the same."""

from contextlib import contextmanager

from odoo.service.server import thread_local

from .common import CrmCustomMixin


class DuplicateMixin(CrmCustomMixin):
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
