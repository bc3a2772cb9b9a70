from odoo import api, models, tools

from .res_partner_contact_dates import CONTACT_FIELDS
from .res_partner_customer import INTERNAL_FIELDS

# not by groups of the fields: each view that uses them would need those too
INSIDE_FIELDS = INTERNAL_FIELDS | CONTACT_FIELDS


class ResPartner(models.Model):
    """Who may use which field of a partner.

    A portal user may read his company, and not what we know of it and plan with it.
    """

    _inherit = "res.partner"

    def _has_field_access(self, field, operation):
        # asked for each cell of a list: the groups of a thousand customers' figures
        # take as long as the figures
        if not self.env.su and (
            field._module == "crm_custom" or field.name in INSIDE_FIELDS
        ):
            return self._may_use_field(field.name)
        return super()._has_field_access(field, operation)

    @api.model
    @tools.ormcache("self.env.uid", "name")
    def _may_use_field(self, name):
        if name in INSIDE_FIELDS and not self.env.user._is_internal():
            return False
        return super()._has_field_access(self._fields[name], "read")
