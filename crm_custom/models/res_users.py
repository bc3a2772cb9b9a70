from odoo import api, models

# The roles whose holder works on everybody's customers. Some belong to apps that need
# not be installed: nobody holds those then.
ROLES_WITH_ALL_CUSTOMERS = (
    "sales_team.group_sale_salesman_all_leads",
    "account.group_account_invoice",
    "account.group_account_readonly",
    "stock.group_stock_user",
    "purchase.group_purchase_user",
    "point_of_sale.group_pos_user",
    "hr.group_hr_user",
    "base.group_erp_manager",
)


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.private
    def crm_works_on_own_customers(self):
        """Whether the user is an own-documents salesperson and nothing beyond it.

        The rules of all groups of a user add up, so a role with all customers must
        lift the limit of the salesperson's role; asked here, once for every rule.
        """
        self.ensure_one()
        return self.has_group("sales_team.group_sale_salesman") and not any(
            self.has_group(role) for role in ROLES_WITH_ALL_CUSTOMERS
        )

    @api.private
    def crm_is_limited_to_own_customers(self):
        """As `crm_works_on_own_customers`, while the setting is on."""
        return (
            self.crm_works_on_own_customers()
            and self.env["crm.custom.settings"]._is_limited_to_own_customers()
        )
