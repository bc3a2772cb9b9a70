from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# what decides whether a partner is a commercial entity, and with it a customer
STANDING_FIELDS = {"is_crm_customer", "is_company", "parent_id"}

# what we think of a customer: no portal user reads it, though he may read his company
INTERNAL_FIELDS = {
    "annual_revenue",
    "annual_revenue_currency_id",
    "customer_source_id",
    "customer_status",
    "customer_type_id",
    "has_duplicate_ref",
    "headcount",
    "hobby_ids",
    "is_customer_incomplete",
}


class ResPartner(models.Model):
    """The customer: a commercial entity that the addon's own flag says is one."""

    _inherit = "res.partner"

    is_crm_customer = fields.Boolean(
        string="Customer",
        help="Set here, by the first confirmed order or by the first customer invoice.",
    )
    customer_type_id = fields.Many2one(
        "crm.customer.type",
        index="btree_not_null",
        check_company=True,
    )
    customer_source_id = fields.Many2one(
        "utm.source",
        index="btree_not_null",
        help="How the customer came to us.",
    )
    annual_revenue = fields.Monetary(
        currency_field="annual_revenue_currency_id",
    )
    annual_revenue_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the annual revenue",
        compute="_compute_annual_revenue_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    headcount = fields.Integer(string="Employees")
    is_customer_incomplete = fields.Boolean(
        string="Incomplete",
        compute="_compute_is_customer_incomplete",
        search="_search_is_customer_incomplete",
        help="A customer without name, code or country.",
    )

    _annual_revenue_positive = models.Constraint(
        "CHECK(annual_revenue >= 0)", "The annual revenue cannot be negative."
    )
    _headcount_positive = models.Constraint(
        "CHECK(headcount >= 0)", "The number of employees cannot be negative."
    )
    # in the list's own order, so that its first page is read from the index
    _crm_customer_index = models.Index(
        "(complete_name, id DESC) WHERE is_crm_customer IS TRUE"
    )

    @api.depends("annual_revenue")
    def _compute_annual_revenue_currency_id(self):
        for partner in self:
            if partner.annual_revenue and not partner.annual_revenue_currency_id:
                company = partner.company_id or self.env.company
                partner.annual_revenue_currency_id = company.currency_id

    @api.depends("is_crm_customer", "name", "ref", "country_id")
    def _compute_is_customer_incomplete(self):
        for partner in self:
            partner.is_customer_incomplete = partner.is_crm_customer and not (
                partner.name and partner.ref and partner.country_id
            )

    @api.model
    def _search_is_customer_incomplete(self, operator, value):
        if operator != "in":
            return NotImplemented
        missing = Domain.OR(
            Domain(name, "=", False) for name in ("name", "ref", "country_id")
        )
        return Domain("is_crm_customer", "=", True) & missing

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("crm_customer_form"):
            for vals in vals_list:
                # the action's defaults are meant for the customer, not for the people
                # who are created with it
                if vals.get("parent_id") and "is_company" not in vals:
                    vals.update(is_company=False, is_crm_customer=False)
        partners = super().create(vals_list)
        partners._hand_over_customer_flag()
        partners._check_customer_form()
        return partners

    def write(self, vals):
        # Odoo's own write takes keys out of vals
        standing = bool(STANDING_FIELDS & vals.keys())
        to_check = standing or "country_id" in vals or "ref" in vals
        before = self._get_customer_standing() if standing else {}
        result = super().write(vals)
        if standing:
            self._hand_over_customer_flag()
            self._refresh_status_after(before)
        if to_check:
            self._check_customer_form()
        return result

    def _get_customer_standing(self):
        return {p: (p.commercial_partner_id, p.is_crm_customer) for p in self}

    def _refresh_status_after(self, before):
        """New customers may have bought already; people take their orders along."""
        customers = self.browse()
        for partner, (customer, was_customer) in before.items():
            if customer != partner.commercial_partner_id:
                customers |= customer | partner.commercial_partner_id
            elif partner.is_crm_customer and not was_customer:
                customers |= partner
        if customers:
            customers._refresh_customer_status_in_all_companies()

    def _hand_over_customer_flag(self):
        """Keep the flag on commercial entities alone.

        A customer who comes to belong to a company stops to be one himself: the
        company is the customer from now on.
        """
        contacts = self.filtered(
            lambda p: p.is_crm_customer and p.commercial_partner_id != p
        )
        if contacts:
            super(ResPartner, contacts).write({"is_crm_customer": False})
            contacts._mark_as_crm_customers()

    def _mark_as_crm_customers(self):
        """Make customers of the commercial entities of these partners.

        Called where business begins (first order, first invoice), so it refuses
        nothing: a customer without country is shown as incomplete, one whose code is
        there twice is listed.

        :return: those who were no customers before, in sudo
        """
        # sudo: whoever confirms an order or posts an invoice may have no right to
        # write partners; nothing but the flag and the code is written
        customers_sudo = self.sudo().commercial_partner_id.filtered(
            lambda p: not p.is_crm_customer
        )
        if customers_sudo:
            customers_sudo._fetch_people()
            customers_sudo.with_context(
                crm_customer_form=False, tracking_disable=True
            )._without_code_check().write({"is_crm_customer": True})
        return customers_sudo

    def _fetch_people(self):
        """Read at once what Odoo's write looks for at each customer: the users of his
        people, and people of theirs.
        """
        # sudo: as Odoo itself reads them there
        self.sudo().child_ids.fetch(["child_ids", "user_ids"])

    def _check_customer_form(self):
        """What the addon's own form and import ask for, and nobody else."""
        if not self.env.context.get("crm_customer_form"):
            return
        for partner in self:
            if not partner.is_crm_customer:
                continue
            if not partner.country_id:
                raise ValidationError(
                    self.env._(
                        "%(customer)s: a customer needs a country.",
                        customer=partner.display_name,
                    )
                )
            if not partner.ref:
                raise ValidationError(
                    self.env._(
                        "%(customer)s: a customer needs a code, and no codes are"
                        " given automatically.",
                        customer=partner.display_name,
                    )
                )
