from odoo import models


class CrmFeedback(models.Model):
    """Who follows a case, and who is told."""

    _inherit = "crm.feedback"

    def _subscribe_owners(self):
        """As Odoo does record by record. One case tells its owner; a set, such as an
        import, tells nobody.
        """
        for owner, cases in self.grouped("user_id").items():
            if not owner:
                continue
            # sudo: the owner's partner, whoever may read him
            partner_sudo = owner.sudo().partner_id
            cases._message_subscribe(partner_ids=partner_sudo.ids)
            if len(self) == 1 and owner != self.env.user:
                cases.with_context(
                    lang=partner_sudo.lang
                )._message_auto_subscribe_notify(
                    partner_sudo.ids, "mail.message_user_assigned"
                )

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        if self.env.context.get("crm_feedback_creating"):
            return []
        return super()._message_auto_subscribe_followers(
            updated_values, default_subtype_ids
        )

    def _mail_get_partners(self, introspect_fields=False):
        """Whom a message goes to: the person, else the house."""
        return {case.id: case.contact_id or case.partner_id for case in self}
