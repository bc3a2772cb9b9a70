from odoo import api, models


class ResPartner(models.Model):
    """Import of customers with their contacts, by Odoo's own import."""

    _inherit = "res.partner"

    @api.model
    def get_import_templates(self):
        if not self.env.context.get("crm_customer_form"):
            return super().get_import_templates()
        name = "crm_customers_import"
        if self.env.lang == "zh_CN":
            name += "_zh_CN"
        return [
            {
                "label": self.env._("Import Template for Customers with Contacts"),
                "template": f"/crm_custom/static/xls/{name}.xlsx",
            }
        ]

    def _crm_prepare_load(self, data_list):
        # once, before any part is tried again: a code that was drawn is used up
        self._add_missing_customer_codes(
            [
                data["values"]
                for data in data_list
                if not data.get("xml_id") and not data["values"].get("id")
            ]
        )
        return super()._crm_prepare_load(data_list)

    def _load_records_create(self, vals_list):
        for vals in vals_list:
            # an empty cell is no choice: the company's currency comes in
            if not vals.get("annual_revenue_currency_id", True):
                del vals["annual_revenue_currency_id"]
        return super()._load_records_create(vals_list)

    def _convert_fields_to_values(self, field_names):
        if not self.env.context.get("import_file"):
            return super()._convert_fields_to_values(field_names)
        self.check_access("read")
        # sudo: a contact gets the commercial values of its company. Odoo copies them in
        # sudo when a form is saved, but reads them as the user when a file is imported:
        # no salesperson could import a contact, for he may not read the credit limit
        return super(ResPartner, self.sudo())._convert_fields_to_values(field_names)
