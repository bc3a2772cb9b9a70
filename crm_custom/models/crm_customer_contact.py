from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmCustomerContact(models.AbstractModel):
    """A document of a customer, and of one of its people.

    It belongs to the commercial entity (``partner_id``); ``contact_id`` is one of its
    people. A person who is named as the customer stands for both.
    """

    _name = "crm.customer.contact"
    _description = "Document of a customer and its contact"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        check_company=True,
        help="Choose a person, and the customer is the company that he belongs to.",
    )
    contact_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="set null",
        domain="[('commercial_partner_id', '=', partner_id),"
        " ('is_company', '=', False), ('type', '=', 'contact')]",
    )

    @api.model
    def default_get(self, fields):
        (values,) = self._with_commercial_entities([super().default_get(fields)])
        return values

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """The person who was chosen, else whom one calls first at the customer."""
        customer = self.partner_id.commercial_partner_id
        if self.partner_id != customer:
            self.contact_id = self.partner_id
            self.partner_id = customer
        elif self.contact_id.commercial_partner_id != customer:
            primary = customer.primary_contact_id
            self.contact_id = primary if primary != customer else False

    @api.constrains("partner_id", "contact_id")
    def _check_contact_id(self):
        # sudo: which company a person belongs to, whoever may read it
        for document in self.sudo():
            contact = document.contact_id
            if contact and contact.commercial_partner_id != document.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s does not belong to %(customer)s: choose one of"
                        " its people, or the customer that the person belongs to.",
                        contact=contact.name,
                        customer=document.partner_id.name,
                    )
                )

    def write(self, vals):
        if "partner_id" in vals:
            (vals,) = self._with_commercial_entities([dict(vals)])
        return super().write(vals)

    @api.model
    def _with_commercial_entities(self, vals_list):
        """Let a person who is named as the customer stand for both, in these values."""
        ids = {int(vals["partner_id"]) for vals in vals_list if vals.get("partner_id")}
        # sudo: which company somebody belongs to; whether he may be named at all is
        # the guard's question
        people_sudo = self.env["res.partner"].sudo().browse(ids).exists()
        customer_ids = {
            person.id: person.commercial_partner_id.id for person in people_sudo
        }
        for vals in vals_list:
            person_id = vals.get("partner_id")
            customer_id = customer_ids.get(person_id, person_id)
            if customer_id != person_id:
                vals["partner_id"] = customer_id
                vals["contact_id"] = vals.get("contact_id") or person_id
        return vals_list
