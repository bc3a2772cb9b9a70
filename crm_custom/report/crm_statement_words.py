from odoo import api, models
from odoo.tools import email_normalize, str2bool


class CrmStatement(models.AbstractModel):
    """Whom a statement goes to, and how he can pay."""

    _inherit = "crm.statement"

    @api.model
    def _get_addresses(self, partners):
        """{customer: his first invoice address, or himself}; 1 query."""
        # sudo: the address of a customer who may be read belongs to him
        found = (
            self.env["res.partner"]
            .sudo()
            .search_fetch(
                [
                    ("commercial_partner_id", "in", partners.ids),
                    ("type", "=", "invoice"),
                ],
                ["commercial_partner_id"],
                order="id DESC",
            )
        )
        first = {address.commercial_partner_id.id: address for address in found}
        return {
            partner: first.get(partner.id, partner).with_env(self.env)
            for partner in partners
        }

    @api.model
    def _get_recipients(self, partners):
        """{customer: who gets his statement by e-mail}.

        The first of the invoice address, the primary contact and the customer himself
        that has an e-mail address; without any, the customer.
        """
        recipients = {}
        for partner, address in self._get_addresses(partners).items():
            # sudo: whoever it goes to is told, whether the sender may read him
            person = partner.sudo().primary_contact_id
            candidates = [person, partner]
            if address != partner:
                candidates.insert(0, address)
            recipients[partner] = next(
                (one.with_env(self.env) for one in candidates if one.sudo().email),
                partner,
            )
        return recipients

    @api.model
    def _get_refusals(self, recipients):
        """{contact: why he can't be written to, in the user's words}; 1 query."""
        # sudo: the address alone, of who is written to
        addresses = {
            contact: email_normalize(contact.sudo().email) for contact in recipients
        }
        # sudo: the list of those who want no e-mail is the mail manager's
        refused = set(
            self.env["mail.blacklist"]
            .sudo()
            .search([("email", "in", list(filter(None, addresses.values())))])
            .mapped("email")
        )
        reasons = {}
        for contact, address in addresses.items():
            # sudo: as above
            if not contact.sudo().email:
                reasons[contact] = self.env._("No e-mail address")
            elif not address:
                reasons[contact] = self.env._("Not an e-mail address")
            elif address in refused:
                reasons[contact] = self.env._("Wants no e-mail: on the blacklist")
        return reasons

    @api.model
    def _get_banks(self):
        """The company's bank accounts, as its invoices name them."""
        company = self.env.company
        # sudo: they are printed for everybody
        accounts = company.sudo().partner_id.bank_ids
        return accounts.filtered(
            lambda account: account.company_id in (company, self.env["res.company"])
        )

    @api.model
    def _get_portal_url(self):
        """The page where a customer with a login finds the same."""
        return f"{self.env['res.partner'].get_base_url()}/my/statement"

    @api.model
    def _is_paid_online(self):
        """Whether invoices of the company can be paid in the portal."""
        # sudo: a fact that each invoice in the portal tells
        env = self.sudo().env
        enabled = env["ir.config_parameter"].get_param(
            "account_payment.enable_portal_payment"
        )
        return str2bool(enabled or "", False) and bool(
            env["payment.provider"].search_count(
                [
                    ("company_id", "parent_of", env.company.ids),
                    ("state", "in", ("enabled", "test")),
                    ("is_published", "=", True),
                ],
                limit=1,
            )
        )
