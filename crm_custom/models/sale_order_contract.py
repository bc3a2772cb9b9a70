import zlib

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# advisory locks of contract numbers: one number for the class, one for each contract
CONTRACT_LOCK = 1_129_270_084


class SaleOrder(models.Model):
    """The contract that an order belongs to, and the person it was agreed with."""

    _inherit = "sale.order"

    contract_number = fields.Char(
        string="Contract number",
        copy=False,
        index="trigram",
        help="The number of the contract that you and the customer signed. Orders of"
        " one contract may share it, unless the settings say that it is unique.",
    )
    contact_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('commercial_partner_id', '=', partner_id.commercial_partner_id)]",
        help="The person at the customer with whom this order was agreed.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_contract(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_contract(vals))

    @api.model
    def _clean_contract(self, vals):
        if vals.get("contract_number"):
            vals = {**vals, "contract_number": vals["contract_number"].strip()}
        return vals

    @api.onchange("partner_id")
    def _onchange_partner_id_contact(self):
        """Who is called first, where somebody else was named or nobody."""
        customer = self.partner_id.commercial_partner_id
        if self.contact_id.commercial_partner_id != customer or not self.contact_id:
            is_person = self.partner_id != customer
            self.contact_id = (
                self.partner_id if is_person else customer.primary_contact_id
            )

    @api.constrains("contact_id", "partner_id")
    def _check_contact_id(self):
        for order in self.filtered("contact_id"):
            # sudo: who belongs to whom, whoever may read them
            contact_sudo = order.contact_id.sudo()
            customer_sudo = order.partner_id.sudo().commercial_partner_id
            if contact_sudo.commercial_partner_id != customer_sudo:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is no contact of %(customer)s: choose one of the"
                        " customer's own people for order %(order)s.",
                        contact=contact_sudo.display_name,
                        customer=customer_sudo.display_name,
                        order=order.name,
                    )
                )

    @api.constrains("contract_number", "partner_id", "company_id", "state")
    def _check_contract_number(self):
        """Refuse a number that another order of the customer has, where the company
        says so. Cancelled orders do not count.
        """
        orders = self.filtered(
            lambda order: (
                order.contract_number
                and order.state != "cancel"
                and order.company_id.crm_contract_number_unique
            )
        )
        if not orders:
            return
        orders._lock_contract_numbers()
        query = orders._get_same_contract_sql()
        found = self.env.execute_query(query)
        if not found and self.env.registry.ready:
            # What others have saved while we waited for the lock is in no snapshot as
            # old as this transaction. Never a replica: it may lag behind.
            with self.env.registry.cursor() as cr:
                cr.execute(query)
                found = [row for row in cr.fetchall() if row[1] not in self.ids]
        if found:
            order = self.browse(found[0][0])
            raise ValidationError(
                self.env._(
                    "%(customer)s has another order of contract %(number)s already.",
                    customer=order.partner_id.commercial_partner_id.display_name,
                    number=order.contract_number,
                )
            )

    def _lock_contract_numbers(self):
        """Let no other transaction give these numbers until this one ends."""
        keys = {
            zlib.crc32(
                f"{order.partner_id.commercial_partner_id.id}/"
                f"{order.contract_number}".encode()
            )
            - 2**31
            for order in self
        }
        # always in the same order, lest two transactions wait for each other
        self.env.cr.execute(
            SQL(
                "SELECT pg_advisory_xact_lock(%s, key) FROM unnest(%s) AS key",
                CONTRACT_LOCK,
                sorted(keys),
            )
        )

    def _get_same_contract_sql(self):
        """SELECT of (order of ours, another one of the same contract)."""
        self.flush_model(["contract_number", "partner_id", "company_id", "state"])
        mine = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s)",
                order.id,
                order.company_id.id,
                order.partner_id.commercial_partner_id.id,
                order.contract_number,
            )
            for order in self
        )
        return SQL(
            """SELECT mine.id, other.id
                 FROM (VALUES %s) AS mine (id, company_id, customer_id, number)
                 JOIN sale_order AS other ON other.contract_number = mine.number
                  AND other.company_id = mine.company_id
                  AND other.id <> mine.id AND other.state <> 'cancel'
                 JOIN res_partner AS partner ON partner.id = other.partner_id
                WHERE partner.commercial_partner_id = mine.customer_id""",
            mine,
        )
