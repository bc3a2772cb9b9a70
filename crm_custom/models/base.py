from odoo import models


class Base(models.AbstractModel):
    _inherit = "base"

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        """Let a limited salesperson answer whoever wrote on a document of his.

        The chatter asks this when it opens; the author may be a hidden contact.
        """
        if self.env["res.partner"]._crm_is_limited():
            # sudo: names and addresses of authors and recipients, as Odoo shows them
            # with the messages of a document that the caller has checked
            self = self.sudo()
        return super(Base, self)._message_get_suggested_recipients_batch(
            *args, **kwargs
        )
