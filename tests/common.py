"""Base classes of the suite: one user of each role, factories, no demo data.

Every class carries its tags here: Odoo gives default tags only to modules below
``odoo.addons``, and pytest refuses a class that has none.
"""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, mute_logger, tagged

from odoo.addons import crm_custom as addon
from odoo.addons.account.tests import common as account_common
from odoo.addons.base.tests import common as base_common

# attribute and login of the user -> groups; the password is the login
ROLES = {
    "user_sales_own": "sales_team.group_sale_salesman",
    "user_sales_all": "sales_team.group_sale_salesman_all_leads",
    "user_sales_manager": "sales_team.group_sale_manager",
    "user_crm_admin": "crm_custom.group_crm_custom_admin",
    "user_invoicing": "account.group_account_invoice",
    "user_accountant": "account.group_account_manager",
    "user_portal": "base.group_portal",
}


def load_migration(version, name):
    """The module of a migration script, such as ``("19.0.1.1.0", "post-rules")``."""
    folder = Path(addon.__file__).parent / "migrations" / version
    spec = spec_from_file_location("migration", folder / f"{name}.py")
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


class CrmCustomMixin:
    """Users by role and factories, for each kind of Odoo test class."""

    @classmethod
    def _set_up_crm_roles(cls, **user_vals):
        """Make the users of all roles, at once for it is half the time."""
        users = cls.env["res.users"].with_context(**base_common.DISABLED_MAIL_CONTEXT)
        vals_list = []
        for login, role in ROLES.items():
            groups = {role} if login == "user_portal" else {"base.group_user", role}
            vals_list.append(
                {
                    "login": login,
                    "password": login,
                    "name": login.replace("_", " ").title(),
                    "email": f"{login}@example.com",
                    "group_ids": [Command.set([cls.env.ref(g).id for g in groups])],
                    **user_vals,
                }
            )
        for user in users.create(vals_list).with_env(cls.env):
            setattr(cls, user.login, user)

    @classmethod
    def _set_up_crm_product(cls):
        """A service: confirming its order makes neither a delivery nor a task."""
        cls.crm_product = cls.env["product.product"].create(
            {
                "name": "Test Service",
                "type": "service",
                "invoice_policy": "order",
                "list_price": 100.0,
                "taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def _create_customer(cls, **vals):
        """A customer of the addon: a company in Belgium, shared by all companies."""
        return cls.env["res.partner"].create(
            {
                "name": "Test Customer",
                "is_company": True,
                "is_crm_customer": True,
                "country_id": cls.env.ref("base.be").id,
                **vals,
            }
        )

    @classmethod
    def _create_contact(cls, customer, **vals):
        """A person of the customer."""
        return cls.env["res.partner"].create(
            {"name": "Test Contact", "parent_id": customer.id, **vals}
        )

    @classmethod
    def _create_order(cls, customer, **vals):
        """A quotation of one line of 100; ``confirm=True`` makes it an order.

        A ``date_order`` that is given survives the confirmation.
        """
        confirm = vals.pop("confirm", False)
        line = {"product_id": cls.crm_product.id, "tax_ids": [Command.clear()]}
        order = cls.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "order_line": [Command.create(line)],
                **vals,
            }
        )
        if confirm:
            order.action_confirm()
            if "date_order" in vals:
                order.date_order = vals["date_order"]
        return order

    def assertWritten(self, record, user, names):
        """What a client of this user may write of a record are these fields.

        Each is written as it is: it is asked who may, not what.
        """
        record = record.with_user(user)
        written = set()
        for name, field in record._fields.items():
            if not field.store or name in models.MAGIC_COLUMNS:
                continue
            value = field.convert_to_write(record.sudo()[name], record)
            if field.type in ("one2many", "many2many"):
                value = [Command.create({})]
            try:
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    record.write({name: value})
            except (AccessError, UserError):
                continue
            written.add(name)
        self.assertEqual(written, set(names))


@tagged("standard", "post_install", "-at_install")
class CrmCustomCase(CrmCustomMixin, base_common.BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_crm_roles()
        cls._set_up_crm_product()


@tagged("standard", "post_install", "-at_install")
class CrmCustomHttpCase(CrmCustomMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_crm_roles()
        cls._set_up_crm_product()

    def url_open(self, *args, timeout=120, **kwargs):
        """Odoo's 12 seconds are short for a PDF on a machine that is busy."""
        return super().url_open(*args, timeout=timeout, **kwargs)


@tagged("standard", "post_install", "-at_install")
class CrmCustomAccountCase(CrmCustomMixin, account_common.AccountTestInvoicingCommon):
    """In a company of its own with a chart of accounts; its setup takes seconds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env.company
        cls._set_up_crm_roles(
            company_id=company.id, company_ids=[Command.set(company.ids)]
        )
        cls._set_up_crm_product()

    @classmethod
    def _create_invoice_of(cls, customer, **vals):
        """A draft invoice of 100; ``post=True`` posts it."""
        post = vals.pop("post", False)
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": "2026-01-15",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": cls.crm_product.id,
                            "price_unit": 100.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **vals,
            }
        )
        if post:
            move.action_post()
        return move
