from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """How customers come to us with what they have to say."""

    _inherit = "res.company"

    crm_feedback_reopen_days = fields.Integer(string="Reopen within", default=14)
    crm_feedback_public = fields.Boolean(string="Public feedback page")
    crm_feedback_public_limit = fields.Integer(
        string="Messages of one address an hour", default=10
    )

    @api.constrains("crm_feedback_reopen_days", "crm_feedback_public_limit")
    def _check_crm_feedback_limits(self):
        for company in self:
            if company.crm_feedback_reopen_days < 0:
                raise ValidationError(
                    self.env._("The days within which a case opens again: 0 or more.")
                )
            if company.crm_feedback_public_limit < 1:
                raise ValidationError(
                    self.env._("The public page takes at least one message an hour.")
                )

    @api.model
    def _get_crm_feedback_company(self, company_id, host):
        """The company whose public page is asked for; empty where it has none.

        Without an id it is the one whose website has this host, else the visitor's own.
        """
        # sudo: whether a company has a public page is public
        companies_sudo = self.sudo()
        if company_id:
            companies_sudo = companies_sudo.browse(company_id).exists()
        else:
            companies_sudo = (
                companies_sudo.search([("crm_feedback_public", "=", True)]).filtered(
                    lambda one: one._get_crm_feedback_host() == host
                )
                or self.env.company.sudo()
            )[:1]
        return companies_sudo.filtered("crm_feedback_public")

    def _get_crm_feedback_host(self):
        website = (self.website or "").lower()
        return website.partition("://")[2].partition("/")[0].partition(":")[0]
