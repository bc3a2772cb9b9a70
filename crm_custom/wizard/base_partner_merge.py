from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Keep codes, status and contact dates right through Odoo's merge.

        Odoo writes the source's code on the destination before it deletes the source:
        the codes of the merged partners are not compared. It moves orders by SQL, past
        the status; and the destination's own status would win over a blacklist. The
        contacts made are moved by SQL as well, to a person where that is left over.
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        customers = partners.commercial_partner_id
        blacklisting_companies = partners._get_blacklisting_companies()
        context = {
            **partners._without_code_check().env.context,
            "crm_customer_form": False,
        }
        if dst_partner:
            dst_partner = dst_partner.with_context(**context)
        wizard = self.with_context(**context)
        result = super(BasePartnerMergeAutomaticWizard, wizard)._merge(
            partner_ids, dst_partner, extra_checks
        )
        left = partners.exists()
        left.commercial_partner_id._refresh_customer_status_in_all_companies()
        left._hand_over_interactions()
        (left | customers.exists())._refresh_contact_schedule()
        for company in blacklisting_companies:
            # sudo: it must stay so in companies that the user does not see, too
            left.sudo().with_company(company).action_blacklist()
        return result
