from odoo import api, models


class CrmPartnerGuard(models.AbstractModel):
    """A document that opens the customers it names to its salesperson.

    The ids come from outside, so a limited salesperson may name only partners that he
    sees already: the check runs before the document exists. It costs nothing for
    everybody else, and him one query.
    """

    _name = "crm.partner.guard"
    _description = "Names only partners that its author may see"

    # The fields that name partners, and all those that make the document somebody's.
    _crm_partner_fields = ("partner_id",)
    _crm_guarded_fields = ("partner_id", "user_id")

    @api.model
    def _prepare_create_values(self, vals_list):
        vals_list = super()._prepare_create_values(vals_list)
        partners = self.env["res.partner"]
        if partners._crm_is_limited():
            # here, for the defaults of a hostile context are in by now
            for vals in vals_list:
                partners |= self._crm_named_in(vals)
            partners.check_access("read")
        return vals_list

    def write(self, vals):
        if not vals.keys().isdisjoint(self._crm_guarded_fields) and (
            self.env["res.partner"]._crm_is_limited()
        ):
            named = self._crm_named_now() | self._crm_named_in(vals)
            named.check_access("read")
        return super().write(vals)

    def _crm_named_now(self):
        # sudo: whom a document of a colleague names is what must be found out here
        documents = self.sudo()
        partners = self.env["res.partner"]
        for name in self._crm_partner_fields:
            partners |= documents[name].sudo(False)
        return partners

    def _crm_named_in(self, vals):
        ids = set()
        for name in self._crm_partner_fields:
            value = vals.get(name)
            if not value:
                continue
            if isinstance(value, list | tuple):
                ids.update(self._crm_linked_ids(value))
            else:
                ids.add(int(value))
        return self.env["res.partner"].browse(ids).exists()

    @api.model
    def _crm_linked_ids(self, commands):
        """The ids that x2many commands link or set; new records have rules anyway."""
        for command in commands:
            if isinstance(command, int):
                yield command
            elif command[0] == 6:
                yield from command[2]
            elif command[0] == 4:
                yield command[1]


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "crm.partner.guard"]

    _crm_partner_fields = ("partner_id", "partner_invoice_id", "partner_shipping_id")
    _crm_guarded_fields = (*_crm_partner_fields, "user_id")


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.partner.guard"]


class CalendarEvent(models.Model):
    _name = "calendar.event"
    _inherit = ["calendar.event", "crm.partner.guard"]

    _crm_partner_fields = ("partner_ids",)
    _crm_guarded_fields = ("partner_ids", "attendee_ids", "user_id")

    def _crm_named_now(self):
        # Searched, for what the cache holds of the attendees is what the user may see.
        # sudo: as above
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        return partners.search([("meeting_ids", "in", self.ids)]).sudo(False)


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["mail.activity", "crm.partner.guard"]

    _crm_guarded_fields = ("res_id", "res_model", "res_model_id", "user_id")

    def _crm_named_now(self):
        # sudo: as above
        activities = self.sudo().filtered(lambda act: act.res_model == "res.partner")
        return self.env["res.partner"].browse(activities.mapped("res_id")).exists()

    def _crm_named_in(self, vals):
        partners = self.env["res.partner"]
        if vals.get("res_model_id"):
            # sudo: the name of a model
            model = self.env["ir.model"].sudo().browse(vals["res_model_id"])
            model_names = {model.model}
        elif vals.get("res_model"):
            model_names = {vals["res_model"]}
        else:
            # sudo: as above
            model_names = set(self.sudo().mapped("res_model"))
        if partners._name not in model_names:
            return partners
        # sudo: as above
        ids = [vals["res_id"]] if vals.get("res_id") else self.sudo().mapped("res_id")
        return partners.browse(ids).exists()
