"""Where promises are taken down and seen: customers, invoices, logged contacts."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .crm_promise import SETTLED
from .res_partner_receivable import READERS


class ResPartner(models.Model):
    _inherit = "res.partner"

    crm_promise_count = fields.Integer(
        string="Promises to pay", compute="_compute_crm_promises", groups=READERS
    )
    crm_promise_rate = fields.Float(
        string="Promises kept (%)",
        compute="_compute_crm_promises",
        aggregator=None,
        groups=READERS,
        help="How much of what he promised he paid in time, on average of his promises"
        " whose day has passed.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_crm_promises(self):
        """One query, for any number of customers."""
        counts, rates = {}, {}
        for customer, state, count, share in self.env["crm.promise"]._read_group(
            [("partner_id", "in", self._origin.ids), ("state", "!=", "cancelled")],
            ["partner_id", "state"],
            ["__count", "share_kept:avg"],
        ):
            counts[customer.id] = counts.get(customer.id, 0) + count
            if state in SETTLED:
                total, known = rates.get(customer.id, (0.0, 0))
                rates[customer.id] = total + count * (share or 0.0), known + count
        for partner in self:
            total, known = rates.get(partner._origin.id, (0.0, 0))
            partner.crm_promise_count = counts.get(partner._origin.id, 0)
            partner.crm_promise_rate = total / known if known else 0.0

    def action_crm_promise(self):
        """A new promise of an amount."""
        self.ensure_one()
        return self.env["crm.promise"]._get_new_action(default_partner_id=self.id)

    def action_view_crm_promises(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_promise_action"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {
            "default_partner_id": self.id,
            "crm_print_view": "crm_custom.crm_promise_view_list_print",
        }
        return action

    def _hand_over_interactions(self):
        # promises go along with the contacts in which they were made
        super()._hand_over_interactions()
        moved = self.filtered(lambda partner: partner.commercial_partner_id != partner)
        # sudo: all of them move, whoever took them down
        promises_sudo = (
            self.env["crm.promise"].sudo().search([("partner_id", "in", moved.ids)])
        )
        for promise in promises_sudo:
            promise.write(
                {
                    "partner_id": promise.partner_id.commercial_partner_id.id,
                    "contact_id": (promise.contact_id or promise.partner_id).id,
                    "slot": promise.id,
                }
            )


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_crm_promise(self):
        """A new promise to pay what is open of these invoices."""
        items = self.env["crm.receivable"].search(self._get_disputable_domain())
        if not items:
            raise UserError(
                self.env._(
                    "Nothing that your customers owe is open here: there is nothing to"
                    " promise."
                )
            )
        return items.action_promise()


class CrmInteraction(models.Model):
    _inherit = "crm.interaction"

    def action_crm_promise(self):
        """What was promised in this contact."""
        self.ensure_one()
        return self.env["crm.promise"]._get_new_action(
            default_partner_id=self.partner_id.id,
            default_contact_id=self.contact_id.id,
            default_channel_id=self.channel_id.id,
            default_company_id=self.company_id.id,
            default_interaction_id=self.id,
        )


class CrmPromise(models.Model):
    _inherit = "crm.promise"

    @api.model
    def _get_new_action(self, **defaults):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_promise_action_new"
        )
        return {**action, "context": defaults}

    @api.model
    def _crm_before_partner_merge(self, src_partners, dst_partner):
        """Open promises of an amount that come together stay, each of its own."""
        # sudo: all of them, whoever may read them
        for promise in self.sudo().search(
            [("partner_id", "in", src_partners.ids), ("state", "=", "open")]
        ):
            promise.slot = promise.id
