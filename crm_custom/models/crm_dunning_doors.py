"""Where dunning is seen and paused: customers and invoices."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..report.crm_dunning_sql import paused
from .crm_dunning_letter import MADE
from .res_partner_receivable import READERS


class ResPartner(models.Model):
    _inherit = "res.partner"

    crm_dunning_count = fields.Integer(
        string="Payment reminders", compute="_compute_crm_dunning", groups=READERS
    )
    crm_dunning_pause_until = fields.Date(
        string="Dunning paused until", compute="_compute_crm_dunning", groups=READERS
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_crm_dunning(self):
        """Two queries, for any number of customers."""
        counts = dict(
            self.env["crm.dunning.letter"]._read_group(
                [("partner_id", "in", self._origin.ids), ("state", "in", MADE)],
                ["partner_id"],
                ["__count"],
            )
        )
        pauses = dict(
            self.env["crm.dunning.pause"]._read_group(
                [
                    ("partner_id", "in", self._origin.ids),
                    ("move_id", "=", False),
                    ("date_until", ">=", self.env.company._crm_today()),
                ],
                ["partner_id"],
                ["date_until:max"],
            )
        )
        for partner in self:
            partner.crm_dunning_count = counts.get(partner._origin, 0)
            partner.crm_dunning_pause_until = pauses.get(partner._origin)

    def action_view_crm_dunning(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_dunning_letter_action"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {
                "crm_print_view": "crm_custom.crm_dunning_letter_view_list_print"
            },
        }

    def action_crm_dunning_pause(self):
        """Ask until when, and why, all of this customer is paused."""
        self.ensure_one()
        return self.env["crm.dunning.pause"]._get_new_action(
            default_partner_id=self.commercial_partner_id.id
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    crm_dunning_count = fields.Integer(
        string="Payment reminders", compute="_compute_crm_dunning_count", groups=READERS
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_crm_dunning_count(self):
        counts = dict(
            self.env["crm.dunning.line"]._read_group(
                [("move_id", "in", self._origin.ids), ("is_counted", "=", True)],
                ["move_id"],
                ["__count"],
            )
        )
        for move in self:
            move.crm_dunning_count = counts.get(move._origin, 0)

    def action_view_crm_dunning(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_dunning_letter_action"
        )
        return {
            **action,
            "domain": [("line_ids", "any", [("move_id", "=", self.id)])],
            "context": {
                "crm_print_view": "crm_custom.crm_dunning_letter_view_list_print"
            },
        }

    def action_crm_dunning_pause(self):
        """Ask until when, and why, this invoice is paused."""
        self.ensure_one()
        return self.env["crm.dunning.pause"]._get_new_action(
            default_partner_id=self.commercial_partner_id.id,
            default_move_id=self.id,
            default_company_id=self.company_id.id,
        )


class CrmDunningPause(models.Model):
    _inherit = "crm.dunning.pause"

    @api.model
    def _get_new_action(self, **defaults):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_dunning_pause_action_new"
        )
        return {**action, "context": defaults}


class CrmMyDayReceivable(models.AbstractModel):
    _inherit = "crm.my.day.receivable"

    @api.model
    def _get_day(self, query, work_day):
        """Who is paused is nobody's work."""
        self.env["crm.dunning.pause"].flush_model()
        item = SQL.identifier(query.table)
        query.add_where(SQL("NOT %s", paused(item, work_day.today)))
        return super()._get_day(query, work_day)


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["crm.dunning.level"]._provide_for(companies)
        return companies
