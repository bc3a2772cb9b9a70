from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import plaintext2html

from .crm_feedback_sold import sold_products

# a form's choice of more products is no choice
MAX_PRODUCTS = 500
# the first word of a customer is the case itself; files are never taken for pages
INTAKE_CONTEXT = {
    "crm_feedback_intake": True,
    "attachments_mime_plainxml": True,
    "mail_create_nosubscribe": True,
    "mail_post_autofollow_author_skip": True,
}


class CrmFeedback(models.Model):
    """What a customer may do with his cases in the portal.

    Portal users have no rights on this model at all, so nothing can be asked of it over
    RPC. What they see and do goes through the few methods below, each for the cases of
    one customer, in sudo.
    """

    _name = "crm.feedback"
    _inherit = ["crm.feedback", "portal.mixin"]

    lang = fields.Char(
        string="Language",
        help="In which who wrote read the page, when we do not know him.",
    )

    def _compute_access_url(self):
        for case in self:
            case.access_url = f"/my/feedback/{case.id}"

    @api.model
    def _get_customer_domain(self, partner):
        """The cases that somebody of a customer may see: all of his house."""
        return Domain("partner_id", "=", partner.commercial_partner_id.id)

    def _is_of_customer(self, partner):
        return bool(partner) and self.partner_id == partner.commercial_partner_id

    # ------------------------------------------------------------
    # A new one
    # ------------------------------------------------------------

    @api.model
    def _get_bought_products(self, partner, companies):
        """What his house was sold by these companies, by name, also what is sold no
        more.
        """
        self.env.flush_all()
        customer = partner.commercial_partner_id
        # sudo: the products that he was sold himself
        products_sudo = (
            self.env["product.product"].sudo().with_context(active_test=False)
        )
        return products_sudo.search(
            [("id", "in", sold_products(customer.ids, companies.ids))],
            limit=MAX_PRODUCTS,
        )

    @api.model
    def _get_public_types(self):
        """What a customer may choose."""
        # sudo: the names of types are shown to whoever writes to us
        return self.env["crm.feedback.type"].sudo().search(Domain.TRUE)

    @api.model
    def _take_in(self, company, values, files=(), about=None):
        """Make a case of what somebody wrote on a page, and tell him its number.

        :param dict values: ``subject``, ``description`` (text), ``email_from``, and at
            choice ``type_id``, ``partner_id``, ``contact_id``, ``lang``, and
            ``products``: pairs of (product id, quantity)
        :param files: pairs of (name, content)
        :param about: the case that this one goes on with
        :return: the case, in sudo
        """
        # sudo: a customer has no rights on cases; each value is put in by name here
        cases_sudo = self.sudo().with_company(company).with_context(**INTAKE_CONTEXT)
        case_sudo = cases_sudo.create(
            {
                "subject": values["subject"],
                "description": plaintext2html(values["description"]),
                "email_from": values["email_from"],
                "type_id": self._get_public_types()
                .filtered(lambda one: one.id == values.get("type_id"))
                .id,
                "partner_id": values.get("partner_id"),
                "contact_id": values.get("contact_id"),
                "lang": values.get("lang"),
                "company_id": company.id,
                "channel_id": self.env.ref(
                    "crm_custom.crm_interaction_channel_web", raise_if_not_found=False
                ).id,
                "linked_ids": [Command.set(about.ids if about else [])],
                "line_ids": [
                    Command.create({"product_id": product_id, "quantity": quantity})
                    for product_id, quantity in values.get("products", ())
                ],
            }
        )
        person_sudo = case_sudo.contact_id or case_sudo.partner_id
        if person_sudo:
            case_sudo._message_subscribe(partner_ids=person_sudo.ids)
        if files:
            case_sudo.message_post(
                author_id=person_sudo.id,
                email_from=values["email_from"],
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                attachments=list(files),
            )
        if case_sudo.team_id.send_acknowledgement:
            case_sudo._acknowledge()
        return self.sudo().browse(case_sudo.id)
