from odoo import SUPERUSER_ID, api

BEGINNINGS = (
    "surely it has only escaped",
    "we have reminded you already",
    "in spite of our reminders",
    "please find attached the statement",
    "some goods of your order",
)
TEMPLATES = ("mail_template_crm_statement", "mail_template_late_stock")


def migrate(cr, version):
    """In English the sentence after the salutation begins with a capital.

    What somebody has written anew stays as it is, and so do the other languages.
    """
    env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
    levels = env["crm.dunning.level"].with_context(active_test=False).search([])
    templates = (
        env.ref(f"crm_custom.{name}", raise_if_not_found=False) for name in TEMPLATES
    )
    for record, name in (
        *((level, "body") for level in levels),
        *((template, "body_html") for template in templates if template),
    ):
        text = record[name] or ""
        for beginning in BEGINNINGS:
            text = text.replace(beginning, beginning[0].upper() + beginning[1:])
        if text != record[name]:
            record[name] = text
