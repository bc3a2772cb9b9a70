"""Print this search: the same rows, order, groups and totals as on the screen."""

from datetime import datetime

from odoo.addons.crm_custom.report import print_search_data
from odoo.addons.crm_custom.report.print_search_data import Group

from .common import CrmCustomCase
from .print_search_common import PrintSearchMixin


class TestPrintSearch(PrintSearchMixin, CrmCustomCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_partners()

    def _screen_lines(self, domain, groupby, order, level=0):
        """What a list shows with all groups unfolded, as the web client asks for it:
        (level, count, sum) of each group and the names of the records.
        """
        model = self.env["res.partner"].with_user(self.user_sales_all)
        if not groupby:
            order = order and order.removeprefix("__count DESC, ")
            records = model.web_search_read(domain, {"name": {}}, order=order)
            return [record["name"] for record in records["records"]]
        result = model.web_read_group(
            domain, groupby[:1], ["color:sum"], order=order, limit=None
        )
        lines = []
        for group in result["groups"]:
            lines.append((level, group["__count"], group["color:sum"]))
            inner = ["&", *domain, *group["__extra_domain"]] if domain else []
            lines += self._screen_lines(inner, groupby[1:], order, level + 1)
        return lines

    def _printed_lines(self, sheet):
        color = [column.name for column in sheet.columns].index("color")
        return [
            (line.level, line.count, line.totals[color])
            if isinstance(line, Group)
            else line[0]
            for line in sheet.lines()
        ]

    def test_order_is_the_screens(self):
        for order in (
            "name ASC",
            "name DESC",
            "country_id DESC, name ASC",
            "color DESC, country_id ASC, name DESC",
            "create_date DESC, id DESC",
            "",
        ):
            with self.subTest(order=order):
                screen = self._screen_lines(self.domain, [], order or None)
                printed = self._rows(self._sheet(order=order), "name")
                self.assertEqual(len(printed), 40)
                self.assertEqual(printed, screen)

    def test_groups_are_the_screens(self):
        """Order of groups and rows, counts and sums, in up to three levels: the web
        client asks for each group by itself, the print for whole levels.
        """
        for groupby, order in (
            (["country_id"], "name ASC"),
            (["country_id"], "country_id DESC, name DESC"),
            (["country_id"], "color DESC, name ASC"),
            (["country_id"], "__count DESC, name ASC"),
            (["category_id"], "name ASC"),
            (["is_company", "country_id"], "name DESC"),
            (["create_date:month", "category_id"], "name ASC"),
            (["country_id", "category_id", "is_company"], "name ASC"),
            (["color", "is_company", "create_date:day"], "color DESC, name ASC"),
        ):
            with self.subTest(groupby=groupby, order=order):
                screen = self._screen_lines(self.domain, groupby, order)
                sheet = self._sheet(groupby=groupby, order=order, aggregated=["color"])
                self.assertEqual(self._printed_lines(sheet), screen)

    def test_a_record_is_in_all_groups_of_its_tags(self):
        sheet = self._sheet(groupby=["category_id"])
        labels = [(group.label, group.count) for group in sheet.data.groups]
        self.assertEqual(labels, [("Gold", 26), ("Silver", 13), ("None", 14)])
        self.assertEqual(sheet.data.count, 40)
        self.assertEqual(sheet.data.line_count, 53)
        # the whole counts each record once
        color = [column.name for column in sheet.columns].index("color")
        self.assertEqual(sheet.data.totals[color], sum(self.partners.mapped("color")))
        rows = dict(sheet.facts)["Rows"]
        self.assertIn("40 records in 53 rows", rows)

    def test_totals_are_the_orms(self):
        sheet = self._sheet(groupby=["country_id"])
        names = [column.name for column in sheet.columns]
        color, latitude = names.index("color"), names.index("partner_latitude")
        for group in sheet.data.groups:
            country = self.countries.filtered_domain([("name", "=", group.label)])
            members = self.partners.filtered(lambda p, c=country: p.country_id == c)
            self.assertTrue(members)
            self.assertEqual(group.count, len(members))
            self.assertEqual(group.totals[color], sum(members.mapped("color")))
            middle = sum(members.mapped("partner_latitude")) / len(members)
            self.assertAlmostEqual(group.totals[latitude], middle)

    def test_a_list_without_groups_sums_what_the_arch_asks_for(self):
        arch = """<list>
            <field name="name"/><field name="color"/>
            <field name="partner_latitude" sum="All"/>
        </list>"""
        view = self._set_up_print_view("footer", arch)
        totals = self._sheet(view=view).data.totals
        self.assertEqual(totals, {2: sum(self.partners.mapped("partner_latitude"))})
        totals = self._sheet(view=view, groupby=["country_id"]).data.totals
        self.assertEqual(totals[1], sum(self.partners.mapped("color")))

    def test_no_total_of_what_the_database_does_not_hold(self):
        """A computed column is printed all the same."""
        arch = """<list>
            <field name="name"/><field name="partner_latitude"/>
            <field name="active_lang_count" sum="Languages"/>
        </list>"""
        view = self._set_up_print_view("computed", arch)
        sheet = self._sheet(view=view, groupby=["country_id"])
        self.assertNotIn(2, sheet.data.groups[0].totals)
        count = self.partners[0].active_lang_count
        self.assertEqual(set(self._rows(sheet, "active_lang_count")), {count})

    def test_stages_without_records_are_shown(self):
        """As in the web client: their emptiness says something."""
        stage = self.env["crm.stage"].create({"name": "Nobody", "sequence": -1})
        view = self._set_up_print_view(
            "lead", '<list><field name="name"/></list>', model="crm.lead"
        )
        sheet = self._sheet(
            model="crm.lead", view=view, domain=[], groupby=["stage_id"], order=""
        )
        self.assertEqual(sheet.data.groups[0].label, stage.name)
        self.assertEqual(sheet.data.groups[0].count, 0)

    def test_amounts_of_two_currencies_are_not_added_up(self):
        """Subtotals of one currency are in it, of several in the company's."""
        company = self.env.company.currency_id
        other = self.env["res.currency"].create(
            {
                "name": "PRN",
                "symbol": "prn",
                "rate_ids": [(0, 0, {"name": "2020-01-01", "rate": 4.0})],
            }
        )
        belgian = self.partners.filtered(lambda p: p.country_id == self.countries[0])
        american = self.partners.filtered(lambda p: p.country_id == self.countries[1])
        belgian.write({"annual_revenue": 100, "annual_revenue_currency_id": other.id})
        american.write(
            {"annual_revenue": 100, "annual_revenue_currency_id": company.id}
        )
        arch = '<list><field name="name"/><field name="annual_revenue" sum="x"/></list>'
        view = self._set_up_print_view("revenue", arch)
        sheet = self._sheet(
            view=view,
            groupby=["country_id"],
            domain=[*self.domain, ["annual_revenue", ">", 0]],
        )
        totals = {group.label: group.totals[1] for group in sheet.data.groups}
        self.assertEqual(totals["Belgium"], (100 * len(belgian), other.id))
        self.assertEqual(totals["United States"], (100 * len(american), company.id))
        whole = 100 * len(american) + 25 * len(belgian)
        self.assertEqual(sheet.data.totals[1], (whole, company.id))

    def test_record_rules_hold(self):
        leads = self.env["crm.lead"].create(
            [
                {"name": "Mine", "user_id": self.user_sales_own.id},
                {"name": "Theirs", "user_id": self.user_sales_all.id},
            ]
        )
        view = self._set_up_print_view(
            "rules", '<list><field name="name"/></list>', model="crm.lead"
        )
        values = {
            "model": "crm.lead",
            "view": view,
            "domain": [["id", "in", leads.ids]],
        }
        own = self._sheet(self.user_sales_own, **values)
        self.assertEqual(self._rows(own, "name"), ["Mine"])
        both = self._sheet(self.user_sales_all, **values)
        self.assertEqual(self._rows(both, "name"), ["Mine", "Theirs"])

    def test_archived_records_only_when_the_screen_shows_them(self):
        self.partners[0].active = False
        self.assertEqual(self._sheet().data.count, 39)
        self.assertEqual(self._sheet(context={"active_test": False}).data.count, 40)

    def test_dates_are_the_users(self):
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = '2026-03-31 23:30' WHERE id IN %s",
            [tuple(self.partners.ids)],
        )
        self.partners.invalidate_recordset()
        context = {"lang": "en_US", "tz": "Asia/Shanghai"}
        sheet = self._sheet(context=context, groupby=["create_date:month"])
        self.assertEqual([g.label for g in sheet.data.groups], ["April 2026"])
        value = self._rows(sheet, "create_date")[0]
        self.assertEqual(value, datetime(2026, 4, 1, 7, 30))

    def test_batches_change_nothing(self):
        whole = self._printed_lines(self._sheet(groupby=["category_id"]))
        self.patch(print_search_data, "BATCH_SIZE", 7)
        self.assertEqual(
            self._printed_lines(self._sheet(groupby=["category_id"])), whole
        )

    def test_cells_are_what_the_records_say(self):
        """Columns are read as a whole: each kind of value, there or not, in the user's
        language and company, must be the one that the record itself gives.
        """
        tag = self.env["res.partner.industry"].create({"name": "Printing"})
        tag.with_context(lang="zh_CN").name = "印刷"
        full = self.partners[0]
        full.write(
            {
                "comment": "<p>Bold</p>",
                "industry_id": tag.id,
                "customer_status": "at_risk",
                "credit_limit": 750.0,
                "country_id": self.countries[0].id,
            }
        )
        other = self.env["res.company"].create({"name": "Elsewhere"})
        full.with_company(other).write(
            {"customer_status": "lost", "credit_limit": 12.0}
        )
        names = "comment industry_id customer_status credit_limit country_id is_company"
        names = [*names.split(), "phone", "color", "partner_latitude", "user_id"]
        arch = "".join(f'<field name="{name}"/>' for name in names)
        view = self._set_up_print_view("kinds", f"<list>{arch}</list>")
        context = {"lang": "zh_CN", "tz": "UTC"}
        domain = [["id", "in", self.partners[:2].ids]]
        user = self.user_accountant
        sheet = self._sheet(user, view=view, domain=domain, context=context)
        filled, empty = self._rows(sheet)
        records = self.partners.with_user(user).with_context(**context)
        status = dict(
            records._fields["customer_status"]._description_selection(records.env)
        )
        expected = [
            "Bold",
            "印刷",
            status["at_risk"],
            750.0,
            records[0].country_id.name,
            "是",
        ]
        self.assertEqual(list(filled[:6]), expected)
        self.assertEqual(empty[0], "")
        self.assertEqual(empty[1], "")
        self.assertEqual(empty[6:], ("", 1, 0.5, ""))

    def test_what_waits_to_be_written_is_printed(self):
        self.partners[0].name = "Printed 99"
        arch = '<list><field name="name"/><field name="complete_name"/></list>'
        view = self._set_up_print_view("waiting", arch)
        domain = [["id", "=", self.partners[0].id]]
        [row] = self._rows(self._sheet(view=view, domain=domain))
        self.assertEqual(row, ("Printed 99", "Printed 99"))

    def test_queries_do_not_grow_with_rows(self):
        self.env["res.partner"].create(
            [
                {"name": f"More {index}", "city": "Manyville", "color": index % 5}
                for index in range(1_000)
            ]
        )
        self.env.flush_all()

        def count_queries(domain):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            sheet = self._sheet(domain=domain, groupby=["color"])
            rows = len(self._rows(sheet))
            return rows, self.env.cr.sql_log_count - before

        few = [["id", "in", self.partners[:10].ids]]
        count_queries(few)
        rows, queries = count_queries(few)
        self.assertEqual(rows, 10)
        rows, more_queries = count_queries([["city", "=", "Manyville"]])
        self.assertEqual(rows, 1_000)
        self.assertLessEqual(more_queries, queries)

    def test_the_sheet_says_what_it_is(self):
        sheet = self._sheet(
            groupby=["country_id", "create_date:month"],
            order="country_id DESC, name ASC",
            facets=[
                {"title": "City", "values": ["Printville", "Paris"], "separator": "or"},
                {"values": ["My customers"], "separator": "or"},
            ],
        )
        facts = dict(sheet.facts)
        self.assertEqual(facts["City"], "Printville or Paris")
        self.assertEqual(facts["Filter"], "My customers")
        self.assertEqual(facts["Grouped by"], "Country > Created on")
        self.assertEqual(facts["Sorted by"], "Country ↓, Name ↑")
        self.assertEqual(facts["Rows"], "40")
        self.assertEqual(facts["Printed by"], self.user_sales_all.name)
        self.assertIn("(UTC)", facts["Printed on"])
        self.assertIn(self.user_sales_all.company_id.name, facts["Company"])

    def test_the_sheet_calls_a_field_as_its_column_does(self):
        view = self._set_up_print_view(
            "labels",
            """<list>
                <field name="name" string="Customer"/>
                <field name="user_id" string="Who sells"/>
            </list>""",
        )
        sheet = self._sheet(view=view, order="name ASC, user_id")
        facts = dict(sheet.facts)
        self.assertEqual(facts["Sorted by"], "Customer ↑, Who sells ↑")

    def test_groups_are_called_as_on_the_screen(self):
        groupby = ["country_id", "create_date:month"]
        for labels, expected in (
            (["Where", "Created on: Month"], "Where > Created on: Month"),
            # a view that groups by itself has no such words
            ([], "Country > Created on"),
            (["Where"], "Country > Created on"),
            (["Where", {"x": 1}], "Country > Created on"),
        ):
            sheet = self._sheet(groupby=groupby, grouping=labels)
            self.assertEqual(dict(sheet.facts)["Grouped by"], expected)
