from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Keep codes and primary contacts right through Odoo's merge.

        Odoo writes the source's code on the destination before it deletes the source:
        the codes of the merged partners are not compared. And it moves contacts by
        SQL, past all that depends on them. Who was blacklisted stays so: the
        destination's own status would win.
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        customers = partners.commercial_partner_id
        blacklisting_companies = partners._get_blacklisting_companies()
        context = {
            **partners._without_code_check().env.context,
            "crm_customer_form": False,
        }
        wizard = self.with_context(context)
        if dst_partner:
            dst_partner = dst_partner.with_context(context)
        result = super(BasePartnerMergeAutomaticWizard, wizard)._merge(
            partner_ids, dst_partner, extra_checks
        )
        (partners | customers).exists()._recompute_after_merge()
        for company in blacklisting_companies:
            # sudo: it must stay so in companies that the user does not see, too
            partners.exists().sudo().with_company(company).action_blacklist()
        return result
