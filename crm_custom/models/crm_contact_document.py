from odoo import models
from odoo.tools import SQL


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
        before = {document: document.partner_id for document in self.sudo()}
        result = super().write(vals)
        moved_sudo = self.sudo().filtered(
            lambda document: document.partner_id != before[document]
        )
        if not moved_sudo:
            return result
        is_planned, is_done = moved_sudo._find_activities()
        if is_planned:
            people_sudo = moved_sudo.partner_id
            for document in moved_sudo:
                people_sudo |= before[document]
            people_sudo._refresh_contact_schedule()
        if is_done:
            fresh_sudo = moved_sudo.filtered(lambda document: not before[document])
            self.env["crm.interaction"]._log_done_on(fresh_sudo)
        return result

    def unlink(self):
        # sudo: as above; asked before, for nothing tells afterwards
        people_sudo = self.sudo().partner_id
        is_planned = people_sudo and self._find_activities()[0]
        result = super().unlink()
        if is_planned:
            people_sudo._refresh_contact_schedule()
        return result

    def _find_activities(self):
        """One look-up spares hundreds when many fresh leads get their customers.

        :return: whether something is planned on these, and whether something was done
        """
        self.env["mail.activity"].flush_model(["res_model", "res_id", "active"])
        self.env["mail.message"].flush_model(
            ["model", "res_id", "mail_activity_type_id"]
        )
        query = SQL(
            """
            SELECT EXISTS (
                    SELECT FROM mail_activity
                     WHERE res_model = %(model)s AND res_id = ANY(%(ids)s) AND active
                   ),
                   EXISTS (
                    SELECT FROM mail_message
                     WHERE model = %(model)s AND res_id = ANY(%(ids)s)
                       AND mail_activity_type_id IS NOT NULL
                   )
            """,
            model=self._name,
            ids=self.ids,
        )
        return self.env.execute_query(query)[0]


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.contact.document"]


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "crm.contact.document"]
