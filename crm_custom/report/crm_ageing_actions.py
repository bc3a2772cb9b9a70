"""Where the ageing leads to: the items of a row, and statements of its customers."""

from odoo import api, fields, models
from odoo.fields import Command

from .crm_ageing_options import PARTNER_FILTERS, AgeingOptions


class CrmAgeingReport(models.AbstractModel):
    _inherit = "crm.ageing.report"

    @api.model
    def get_drill_down(self, options, key):
        """The action that lists the items of one row, on the day of the report."""
        options = AgeingOptions(self.env, options)
        domain = [*options.item_domain(), (options.groupby, "=", key or False)]
        suffix = "_payable" if options.payable else ""
        views = f"crm_custom.crm_receivable_view_%s{suffix}"
        context = {"crm_print_view": views % "list_print"}
        if options.payable:
            context["crm_payable"] = True
        if options.date:
            context["crm_receivable_date"] = fields.Date.to_string(options.date)
            if options.groupby == "partner_id" and key:
                context["crm_receivable_partner_ids"] = [key]
        return {
            "type": "ir.actions.act_window",
            "name": options.title(),
            "res_model": "crm.receivable",
            "views": [
                (self.env.ref(views % "list").id, "list"),
                (self.env.ref(views % "pivot").id, "pivot"),
                (False, "graph"),
            ],
            "search_view_id": [self.env.ref(views % "search").id, "search"],
            "domain": domain,
            "context": context,
        }

    @api.model
    def get_statement_action(self, options, partner_ids):
        """Statements of the customers that were ticked, else to all of the report.

        Whoever may send them gets a new run with the filters of the report.
        """
        options = AgeingOptions(self.env, options)
        context = {}
        if options.date:
            context["default_date"] = fields.Date.to_string(options.date)
        runs = self.env["crm.statement.run"]
        if not partner_ids and runs.has_access("create"):
            context.update(self._get_run_defaults(options))
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Statement run"),
                "res_model": runs._name,
                "views": [(False, "form")],
                "context": context,
            }
        partner_ids = partner_ids or self._get_customer_ids(options)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_statement_print_action"
        )
        context.update(active_model="res.partner", active_ids=partner_ids)
        return {**action, "context": context}

    @api.model
    def _get_run_defaults(self, options):
        """A run knows filters of customers; what else was chosen becomes a list."""
        ids = {name: options.ids[name] for name in PARTNER_FILTERS}
        if options.only or options.ids["account_ids"]:
            ids = {"partner_ids": self._get_customer_ids(options)}
        defaults = {
            f"default_{name}": [Command.set(found)]
            for name, found in ids.items()
            if found
        }
        if len(options.ids["company_ids"]) == 1:
            defaults["default_company_id"] = options.ids["company_ids"][0]
        return defaults

    @api.model
    def _get_customer_ids(self, options):
        options.groupby, options.with_credit = "partner_id", False
        rows = self._get_figures(options)["rows"]
        return [row["id"] for row in rows if row["id"]]
