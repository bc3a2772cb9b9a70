from odoo import api, fields, models, tools
from odoo.fields import Domain

from .partner_key_values import domain_of


class CrmPublicDomain(models.Model):
    """Where everybody has an address: free mail, shops and pages on a platform.

    Two customers who share such a domain have nothing else in common.
    """

    _name = "crm.public.domain"
    _description = "Public mail or web domain"
    _order = "name"

    name = fields.Char(string="Domain", required=True)
    active = fields.Boolean(string="In use", default=True)

    _name_unique = models.Constraint("UNIQUE(name)", "This domain is listed already.")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._clean_name(vals)
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self._clean_name(vals)
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _clean_name(self, vals):
        if vals.get("name"):
            name = vals["name"].strip().lower()
            vals["name"] = domain_of(name.rpartition("@")[2]) or name

    @api.model
    @tools.ormcache()
    def _get_domains(self):
        # sudo: whoever makes a customer may not read the list
        return frozenset(self.sudo().search(Domain.TRUE).mapped("name"))
