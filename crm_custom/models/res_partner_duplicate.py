from odoo import api, models

from .crm_partner_key import KEY_FIELDS
from .crm_partner_key_lookup import Subject

# what decides with whom somebody is compared, the keys being what they were
COMPARED_WITH = {"company_id", "is_company", "parent_id"}


class ResPartner(models.Model):
    """A partner is compared with all others, and its keys are kept for them."""

    _name = "res.partner"
    _inherit = ["res.partner", "crm.duplicate.guard"]

    @api.depends(*sorted(KEY_FIELDS))
    def _compute_crm_duplicate_hints(self):
        super()._compute_crm_duplicate_hints()

    def _get_duplicate_subjects(self):
        all_keys = self.env["crm.partner.key"]._get_partner_keys(self)
        return [
            Subject(
                # a colleague is nobody's customer
                keys=keys if partner.partner_share else set(),
                entity_id=partner.commercial_partner_id._origin.id
                or partner._origin.id,
                company_id=partner.company_id.id,
                is_company=partner.is_company,
            )
            for partner, keys in zip(self, all_keys, strict=True)
        ]

    @api.depends("vat", "company_id", "company_registry", "country_id")
    def _compute_same_vat_partner_id(self):
        super()._compute_same_vat_partner_id()
        if not self._crm_is_limited():
            return
        # Odoo looks it up as superuser and tells the name
        for partner in self:
            for name in ("same_vat_partner_id", "same_company_registry_partner_id"):
                partner[name] = partner[name].sudo(False)._filtered_access("read")

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        reasons = [self._take_duplicate_reason(vals) for vals in vals_list]
        partners = super().create(vals_list)
        self.env["crm.partner.key"]._add_keys(partners)
        partners._refuse_duplicates(reasons)
        return partners

    def write(self, vals):
        vals = dict(vals)
        reason = self._take_duplicate_reason(vals)
        if KEY_FIELDS.isdisjoint(vals):
            return super().write(vals)
        keys = self.env["crm.partner.key"]
        before = keys._get_partner_keys(self) if self._is_saved_by_user() else None
        result = super().write(vals)
        keys._refresh_keys(self)
        if not COMPARED_WITH.isdisjoint(vals):
            keys._uncheck(self.ids)
        self._refuse_duplicates([reason] * len(self), before)
        return result

    def _save_all_the_same(self, reason, matches):
        super()._save_all_the_same(reason, matches)
        # what a manager has decided is not asked again
        self.env["crm.duplicate"]._remember_distinct(
            [(self.commercial_partner_id.id, match) for match in matches], reason
        )
