from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """No row of this addon is lost in Odoo's merge, and the keys stay right."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        for model_name, model_class in self.env.registry.items():
            if model_class._abstract or model_class._transient:
                continue
            if hasattr(model_class, "_crm_before_partner_merge"):
                self.env[model_name]._crm_before_partner_merge(
                    src_partners, dst_partner
                )
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids).exists()
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        # Odoo has moved contacts by SQL: all that belongs to the customer is compared
        # again. sudo: contacts that the user may not see belong to him as well
        family = (
            self.env["res.partner"]
            .sudo()
            .with_context(active_test=False)
            .search([("id", "child_of", partners.exists().commercial_partner_id.ids)])
        )
        keys = self.env["crm.partner.key"]
        keys._refresh_keys(family)
        keys._uncheck(family.ids)
        return result
