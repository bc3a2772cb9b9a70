"""The import screen, in a browser."""

from odoo.tests import tagged

from .common import CrmCustomHttpCase


@tagged("post_install", "-at_install")
class TestImportTour(CrmCustomHttpCase):
    def test_refused_rows_are_handed_back_and_loaded_again(self):
        # the tour reads the words of the screen
        self.env["res.lang"]._activate_lang("en_US")
        self.user_sales_all.lang = "en_US"
        self.start_tour(
            "/odoo/crm-customers",
            "crm_custom_import_refused_rows",
            login=self.user_sales_all.login,
        )
        customers = self.env["res.partner"].search([("name", "=like", "Tour %")])
        self.assertEqual(sorted(customers.mapped("name")), ["Tour Alpha", "Tour Beta"])
        self.assertEqual(set(customers.mapped("is_crm_customer")), {True})
        alpha = customers.filtered(lambda c: c.name == "Tour Alpha")
        self.assertEqual(alpha.primary_contact_id.name, "Arthur")
        self.assertEqual(customers.child_ids.mapped("is_company"), [False] * 3)
