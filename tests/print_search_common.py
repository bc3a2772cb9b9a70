"""What the tests of "print this search" share: views for paper, requests, results."""

import io
import json

import openpyxl

from odoo.addons.crm_custom.report.print_search_data import Group
from odoo.addons.crm_custom.report.print_search_pdf import HtmlTables
from odoo.addons.crm_custom.report.print_search_request import PrintSearchRequest
from odoo.addons.crm_custom.report.print_search_sheet import PrintSearchSheet
from odoo.addons.crm_custom.report.print_search_xlsx import write_xlsx

PARTNER_ARCH = """
    <list>
        <field name="name"/>
        <field name="city"/>
        <field name="country_id"/>
        <field name="category_id" widget="many2many_tags"/>
        <field name="color" sum="Colours"/>
        <field name="partner_latitude" avg="Middle"/>
        <field name="create_date"/>
        <field name="is_company"/>
    </list>
"""


class PrintSearchMixin:
    """For classes that derive from those of ``common``."""

    @classmethod
    def _set_up_print_view(cls, name, arch, model="res.partner", **vals):
        """A list view for paper; returns its xml id."""
        view = cls.env["ir.ui.view"].create(
            {
                "name": f"test.print.{name}",
                "model": model,
                "type": "list",
                "priority": 999,
                "arch": arch,
                **vals,
            }
        )
        return cls._set_up_xmlid(view, name)

    @classmethod
    def _set_up_xmlid(cls, record, name):
        cls.env["ir.model.data"].create(
            {
                "module": "test_print_search",
                "name": name,
                "model": record._name,
                "res_id": record.id,
            }
        )
        return f"test_print_search.{name}"

    @classmethod
    def _set_up_partners(cls):
        """40 partners of a city of their own, with all that lists group and sum by."""
        cls.env["res.lang"]._activate_lang("en_US")
        cls.countries = cls.env.ref("base.be") + cls.env.ref("base.us")
        cls.tags = cls.env["res.partner.category"].create(
            [{"name": "Gold", "color": 1}, {"name": "Silver", "color": 2}]
        )
        cls.partners = cls.env["res.partner"].create(
            [
                {
                    "name": f"Printed {index:02d}",
                    "city": "Printville",
                    "country_id": (*cls.countries.ids, False)[index % 3],
                    "category_id": [(6, 0, cls.tags[: index % 3].ids)],
                    "color": index % 7,
                    "partner_latitude": index / 2,
                    "is_company": index % 2 == 0,
                }
                for index in range(40)
            ]
        )
        cls.domain = [["city", "=", "Printville"]]
        cls.partner_view = cls._set_up_print_view("partner", PARTNER_ARCH)

    def _payload(self, **values):
        return {
            "model": "res.partner",
            "view": self.partner_view,
            "domain": self.domain,
            "order": "name ASC",
            "title": "Printed partners",
            "context": {"lang": "en_US", "tz": "UTC"},
            **values,
        }

    def _request(self, user=None, **values):
        user = user or self.user_sales_all
        env = self.env(user=user, context={})
        return PrintSearchRequest(env, json.dumps(self._payload(**values)))

    def _sheet(self, user=None, limit=None, **values):
        return PrintSearchSheet(self._request(user, **values), limit=limit)

    def _rows(self, sheet, column=None):
        """The rows of the sheet, or the values of one column, groups left out."""
        names = [column.name for column in sheet.columns]
        rows = [line for line in sheet.lines() if not isinstance(line, Group)]
        if column is None:
            return rows
        return [row[names.index(column)] for row in rows]

    def _workbook(self, sheet):
        file = io.BytesIO()
        write_xlsx(sheet, file)
        return openpyxl.load_workbook(file)

    def _html(self, sheet):
        """The page that the PDF engine gets."""
        tables = HtmlTables(sheet)
        return "".join(tables.parts), tables
