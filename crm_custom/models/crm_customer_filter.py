from odoo import fields, models


class CrmCustomerFilter(models.AbstractModel):
    """Which customers a run is about; nothing chosen is everybody.

    The names are those of the ageing's options, see `PARTNER_FILTERS`.
    """

    _name = "crm.customer.filter"
    _description = "Filter of customers"

    partner_ids = fields.Many2many("res.partner", string="Customers")
    user_ids = fields.Many2many("res.users", string="Salespeople")
    team_ids = fields.Many2many("crm.team", string="Sales teams")
    category_ids = fields.Many2many("res.partner.category", string="Tags")
    customer_type_ids = fields.Many2many("crm.customer.type", string="Customer types")
    country_ids = fields.Many2many("res.country", string="Countries")
