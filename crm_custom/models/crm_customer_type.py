from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmCustomerType(models.Model):
    _name = "crm.customer.type"
    _description = "Customer type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(string="In use", default=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Empty: the type is for the customers of all companies.",
    )
    color = fields.Integer()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: a customer that the user does not see keeps its type, too
        customers_sudo = self.env["res.partner"].sudo().with_context(active_test=False)
        used = customers_sudo.search(
            [("customer_type_id", "in", self.ids)], limit=1
        ).customer_type_id
        if used:
            raise UserError(
                self.env._(
                    "Customers are of the type %(name)s: archive it instead.",
                    name=used.name,
                )
            )
