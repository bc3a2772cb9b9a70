from odoo import models


class Base(models.AbstractModel):
    _inherit = "base"

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        """Leave hidden contacts out of the suggestions, instead of failing on them.

        A hidden contact may have written on a document of a limited salesperson; the
        chatter, when it opens, and the e-mail form ask whom the answer is for.
        """
        # the e-mail form asks as superuser, on the behalf of the user
        if not self.env.user.crm_is_limited_to_own_customers():
            return super()._message_get_suggested_recipients_batch(*args, **kwargs)
        # sudo: the method reads authors and recipients; who is hidden is left out below
        suggested = super(Base, self.sudo())._message_get_suggested_recipients_batch(
            *args, **kwargs
        )
        ids = {
            recipient["partner_id"]
            for recipients in suggested.values()
            for recipient in recipients
            if recipient["partner_id"]
        }
        partners = self.env["res.partner"].sudo(False).browse(ids)
        visible_ids = {False, *partners._filtered_access("read").ids}
        return {
            record_id: [
                recipient
                for recipient in recipients
                if recipient["partner_id"] in visible_ids
            ]
            for record_id, recipients in suggested.items()
        }
