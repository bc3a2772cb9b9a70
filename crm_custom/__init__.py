from odoo.tools.sql import column_exists, create_column

from . import controllers, models, report, wizard
from .models.account_move import AccountMove
from .models.account_move_line import AccountMoveLine
from .models.account_partial_reconcile import AccountPartialReconcile
from .models.sale_order_line import SaleOrderLine

# extensions of tables that have millions of rows in a living database
LARGE = (AccountMove, AccountMoveLine, AccountPartialReconcile, SaleOrderLine)
# computed, and empty as long as there are no customers
EMPTY_AT_FIRST = ("annual_revenue_currency_id", "primary_contact_id")


def _pre_init(env):
    """Do what takes long before Odoo alters the table of partners, which nobody can
    read from then on until all tables are made: build indexes of large tables, and make
    the columns that Odoo would else compute for each partner there is.
    """
    for extension in LARGE:
        for index in extension._table_object_definitions:
            index.apply_to_database(env[extension._name])
    for name in EMPTY_AT_FIRST:
        if not column_exists(env.cr, "res_partner", name):
            create_column(env.cr, "res_partner", name, "int4")


def _post_init(env):
    env["res.partner"]._schedule_customer_night()


def _uninstall(env):
    """Odoo deletes the data of a module before its tables: what is in use would refuse
    that, with an error in the log.
    """
    env.cr.execute("DELETE FROM crm_feedback")
    env.cr.execute("DELETE FROM crm_feedback_solution")
    env.cr.execute("DELETE FROM crm_interaction")
    env.cr.execute("DELETE FROM crm_statement_run")
    env.cr.execute("DELETE FROM crm_dunning_run")
    env["crm.dispute"]._take_back_followup()
    env.cr.execute("DELETE FROM crm_dispute")
    env.cr.execute("DELETE FROM crm_promise")
    # how far a job got: another install begins anew
    env["ir.config_parameter"].search([("key", "=like", "crm_custom.%")]).unlink()
