from . import controllers, models, report, wizard


def _post_init(env):
    env["res.partner"]._schedule_customer_night()
