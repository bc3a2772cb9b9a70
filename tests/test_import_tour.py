"""The import screen, in a browser."""

from odoo.tests import tagged

from .common import CrmCustomHttpCase


@tagged("post_install", "-at_install")
class TestImportTour(CrmCustomHttpCase):
    def _import_by_tour(self, name):
        # the tours read the words of the screen
        self.env["res.lang"]._activate_lang("en_US")
        self.user_sales_all.lang = "en_US"
        login = self.user_sales_all.login
        self.start_tour("/odoo/crm-customers", name, login=login, timeout=300)

    def test_refused_rows_are_handed_back_and_loaded_again(self):
        self._import_by_tour("crm_custom_import_refused_rows")
        customers = self.env["res.partner"].search([("name", "=like", "Tour %")])
        self.assertEqual(sorted(customers.mapped("name")), ["Tour Alpha", "Tour Beta"])
        self.assertEqual(set(customers.mapped("is_crm_customer")), {True})
        alpha = customers.filtered(lambda c: c.name == "Tour Alpha")
        self.assertEqual(alpha.primary_contact_id.name, "Arthur")
        self.assertEqual(customers.child_ids.mapped("is_company"), [False] * 3)

    def test_batches_are_stopped_and_resumed(self):
        self._import_by_tour("crm_custom_import_refused_rows_batches")
        customers = self.env["res.partner"].search([("name", "=like", "Batch %")])
        self.assertEqual(len(customers), 147)
        self.assertEqual(len(set(customers.mapped("name"))), 147)
