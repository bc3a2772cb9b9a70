from odoo.tools.sql import column_exists, create_column

from . import controllers, models, report, wizard

# computed, and empty as long as there are no customers
EMPTY_AT_FIRST = ("annual_revenue_currency_id", "primary_contact_id")


def _pre_init(env):
    """Make the columns that Odoo would else compute for each partner there is, while
    nobody can read one.
    """
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
