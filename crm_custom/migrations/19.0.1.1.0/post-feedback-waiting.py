from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """The stage for cases that wait for the customer stops their clock now."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    stage = env.ref("crm_custom.crm_feedback_stage_waiting", raise_if_not_found=False)
    if stage and not (stage.is_solved or stage.is_closed):
        stage.is_waiting = True
