from odoo import api, models

from .crm_partner_key_lookup import Subject

# what a lead is recognised by, and what takes it out of the comparison
KEY_FIELDS = (
    "partner_id",
    "partner_name",
    "contact_name",
    "email_from",
    "phone",
    "website",
    "country_id",
    "company_id",
)


class CrmLead(models.Model):
    """A lead without a customer is compared with the customers that there are.

    One that names its customer is business with somebody known: nothing is to be found.
    """

    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.duplicate.guard"]

    @api.depends(*KEY_FIELDS)
    def _compute_crm_duplicate_hints(self):
        super()._compute_crm_duplicate_hints()

    def _get_duplicate_subjects(self):
        return [
            Subject(
                keys=lead._get_duplicate_keys(),
                company_id=lead.company_id.id,
                is_company=bool(lead.partner_name),
            )
            for lead in self
        ]

    def _get_duplicate_keys(self):
        if self.partner_id:
            return set()
        # sudo: as in the keys of partners
        country = self.country_id or self._get_duplicate_company().country_id
        return self.env["crm.partner.key"]._get_keys(
            country_code=country.code,
            name=self.partner_name or self.contact_name,
            emails=[self.email_from],
            phones=[self.phone],
            website=self.website,
        )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        reasons = [self._take_duplicate_reason(vals) for vals in vals_list]
        leads = super().create(vals_list)
        leads._refuse_duplicates(reasons)
        return leads

    def write(self, vals):
        vals = dict(vals)
        reason = self._take_duplicate_reason(vals)
        if not vals.keys() & set(KEY_FIELDS) or not self._is_saved_by_user():
            return super().write(vals)
        before = [lead._get_duplicate_keys() for lead in self]
        result = super().write(vals)
        self._refuse_duplicates([reason] * len(self), before)
        return result
