from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class ResPartner(models.Model):
    """The people of a customer, and whom to call first.

    The primary contact is stored on the customer, so there is one at most. It is an
    active contact of the customer, or the customer himself when he is a person or has
    no contacts: "whom do I call" always has an answer.
    """

    _inherit = "res.partner"

    salutation = fields.Selection(
        [
            ("mr", "Mr."),
            ("mrs", "Mrs."),
            ("ms", "Ms."),
            ("miss", "Miss"),
            ("dr", "Dr."),
            ("prof", "Prof."),
        ]
    )
    department = fields.Char()
    hobby_ids = fields.Many2many(
        "res.partner.hobby",
        string="Hobbies",
        # a copy is somebody else; and who may not read them copies contacts, too
        copy=False,
        groups="sales_team.group_sale_salesman",
    )
    special_day_ids = fields.One2many(
        "res.partner.special.day",
        "partner_id",
        string="Special days",
        groups="sales_team.group_sale_salesman",
    )
    customer_contact_ids = fields.One2many(
        "res.partner",
        "commercial_partner_id",
        string="People",
        # a customer who is a person is no contact of himself
        domain=[
            ("type", "=", "contact"),
            ("is_company", "=", False),
            ("parent_id", "!=", False),
        ],
        readonly=True,
    )
    primary_contact_id = fields.Many2one(
        "res.partner",
        compute="_compute_primary_contact_id",
        store=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        domain="['|', ('id', '=', id), ('id', 'in', customer_contact_ids)]",
        help="Whom to call first.",
    )
    is_primary_contact = fields.Boolean(
        string="Primary contact",
        compute="_compute_is_primary_contact",
        # a contact may be readable where its customer is not
        compute_sudo=True,
        inverse="_inverse_is_primary_contact",
        search="_search_is_primary_contact",
    )

    @api.depends(
        "is_crm_customer",
        "is_company",
        "customer_contact_ids.active",
        "customer_contact_ids.type",
        "customer_contact_ids.is_company",
        "customer_contact_ids.parent_id",
        "customer_contact_ids.commercial_partner_id",
    )
    def _compute_primary_contact_id(self):
        """Keep the chosen one while it can stay; else the first person there is."""
        for partner in self:
            current = partner.primary_contact_id._origin
            if not current and not partner.is_crm_customer:
                partner.primary_contact_id = False
                continue
            contacts = partner._get_primary_candidates()
            if current and current in contacts:
                partner.primary_contact_id = current
            elif not partner.is_crm_customer:
                partner.primary_contact_id = False
            elif partner.is_company and contacts:
                partner.primary_contact_id = contacts[0]
            else:
                partner.primary_contact_id = partner._origin

    def write(self, vals):
        result = super().write(vals)
        if "primary_contact_id" in vals and not vals["primary_contact_id"]:
            # nobody chosen is a question, not an answer
            self.env.add_to_compute(self._fields["primary_contact_id"], self)
        return result

    def _get_primary_candidates(self):
        """The active people of this customer, those who came first before others."""
        self.ensure_one()
        return self.customer_contact_ids._origin.filtered("active").sorted("id")

    @api.constrains("primary_contact_id")
    def _check_primary_contact_id(self):
        for partner in self:
            contact = partner.primary_contact_id
            if contact and contact not in (partner | partner._get_primary_candidates()):
                raise ValidationError(
                    self.env._(
                        "The primary contact of %(customer)s must be one of its"
                        " active people.",
                        customer=partner.display_name,
                    )
                )

    @api.depends("commercial_partner_id.primary_contact_id")
    def _compute_is_primary_contact(self):
        for partner in self:
            primary = partner.commercial_partner_id.primary_contact_id
            partner.is_primary_contact = bool(primary) and primary == partner._origin

    def _inverse_is_primary_contact(self):
        # read all before the first is written: writing one changes the others
        for partner, wanted in [(p, p.is_primary_contact) for p in self]:
            customer = partner.commercial_partner_id
            if wanted == (customer.primary_contact_id == partner):
                continue
            candidates = customer._get_primary_candidates()
            if not wanted:
                # the only one stays: somebody must be called
                customer.primary_contact_id = (candidates - partner)[:1] or partner
            elif partner in candidates:
                customer.primary_contact_id = partner
            else:
                raise UserError(
                    self.env._(
                        "%(contact)s cannot be a primary contact: only an active"
                        " person of a customer can.",
                        contact=partner.display_name,
                    )
                )

    @api.model
    def _search_is_primary_contact(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: the customer need not be readable, the contacts found are filtered by
        # the rules of the user
        customers = (
            self.sudo()
            .with_context(active_test=False)
            ._search(Domain("primary_contact_id", "!=", False))
        )
        return Domain("id", "in", customers.subselect("primary_contact_id"))
