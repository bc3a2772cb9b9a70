from odoo import models


class CrmContactDocument(models.AbstractModel):
    """A document of a customer: activities on it are contacts with him.

    His dates follow at once when it is handed to another customer or deleted. What was
    done on it before it had a customer comes into the log when it gets one; what was
    done with its former customer stays his.
    """

    _name = "crm.contact.document"
    _description = "Document whose activities are contacts with its customer"

    def write(self, vals):
        if "partner_id" not in vals:
            return super().write(vals)
        # sudo: the dates follow, whoever may see the customer
        documents_sudo = self.sudo()
        people_sudo = documents_sudo.partner_id
        fresh_sudo = documents_sudo.filtered(lambda document: not document.partner_id)
        result = super().write(vals)
        if self._has_activities():
            (people_sudo | documents_sudo.partner_id)._refresh_contact_schedule()
        if fresh := fresh_sudo.filtered("partner_id"):
            self.env["crm.interaction"]._log_done_on(fresh)
        return result

    def unlink(self):
        people_sudo = self.env["res.partner"].sudo()
        if self._has_activities():
            # sudo: as above; asked before, for nothing tells afterwards
            people_sudo = self.sudo().partner_id
        result = super().unlink()
        people_sudo._refresh_contact_schedule()
        return result

    def _has_activities(self):
        """One look-up spares hundreds when many fresh leads get their customers."""
        # sudo: planned is planned, whoever may read it
        activities_sudo = self.env["mail.activity"].sudo()
        return activities_sudo.with_context(active_test=False).search_count(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)], limit=1
        )


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.contact.document"]


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "crm.contact.document"]
