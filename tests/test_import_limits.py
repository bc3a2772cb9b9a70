"""What an import costs, and who may see what it refused."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import CrmCustomCase
from .import_common import ImportMixin


@tagged("post_install", "-at_install")
class TestImportLimits(ImportMixin, CrmCustomCase):
    def _count_creations(self, rows):
        """How many records were tried, and how many queries it took."""
        tried = []
        partner = self.env.registry["res.partner"]
        create = partner._load_records_create

        def spy(model, vals_list):
            tried.append(len(vals_list))
            return create(model, vals_list)

        self.env.flush_all()
        queries = self.env.cr.sql_log_count
        with patch.object(partner, "_load_records_create", spy):
            result = self._import(rows)
        return result, sum(tried), self.env.cr.sql_log_count - queries

    def test_one_bad_row_of_a_thousand(self):
        rows = [["name", "headcount"], *([f"N{i}", "1"] for i in range(1000))]
        rows[701][1] = "-1"
        result, tried, _queries = self._count_creations(rows)
        self.assertEqual(len(result["ids"]), 999)
        self.assertIn("Row 701: ", self._reasons(result)[0])
        self.assertLess(tried, 1000 + 256 + 32 + 4 + 2)

    def test_cost_grows_with_the_rows(self):
        def bad(count):
            return [["name", "headcount"], *([f"N{i}", "-1"] for i in range(count))]

        self._count_creations(bad(1))
        queries = self._count_creations(bad(64))[2]
        result, tried, more_queries = self._count_creations(bad(256))
        self.assertEqual(len(result["crm_refused"]), 256)
        self.assertLessEqual(tried, 4 * 256)
        self.assertLess(more_queries / queries, 4.5)

    def test_names_are_looked_up_once(self):
        def good(count):
            return [["name", "country_id"], *([f"N{i}", "Peru"] for i in range(count))]

        self._count_creations(good(1))
        queries = self._count_creations(good(10))[2]
        self.assertLess(self._count_creations(good(110))[2], queries + 50)

    def test_who_may_not_create(self):
        reader = new_test_user(self.env, login="imp_reader", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._import([["name"], ["Alpha"]], user=reader)
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Alpha")]))

    def test_refused_file_is_for_its_user_alone(self):
        upload = self._upload([["name", "headcount"], ["Alpha", "-1"]])
        result, options = self._run(upload)
        made, _content = self._get_refused_file(upload, result, options)
        attachment_id = int(made["url"].split("/")[-1].split("?")[0])
        attachment = self.env["ir.attachment"].browse(attachment_id)
        self.assertTrue(attachment.with_user(self.user_sales_all).raw)
        with self.assertRaises(AccessError):
            attachment.with_user(self.user_sales_manager).read(["raw"])
        with self.assertRaises(AccessError):
            upload.with_user(self.user_sales_manager).crm_make_refused_file(
                ["name", "headcount"], options, [[0, 0, ""]]
            )

    def test_refused_files_are_deleted_with_time(self):
        upload = self._upload([["name", "headcount"], ["Alpha", "-1"]])
        result, options = self._run(upload)
        ids = []
        for _file in range(2):
            made, _content = self._get_refused_file(upload, result, options)
            ids.append(int(made["url"].split("/")[-1].split("?")[0]))
        old, new = self.env["ir.attachment"].browse(ids)
        other = self.env["ir.attachment"].create({"name": "mine", "raw": b"x"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET create_date = create_date - interval '1 day'"
            " WHERE id IN %s",
            [(old.id, other.id)],
        )
        self.env.invalidate_all()
        self.env["base_import.import"]._gc_refused_files()
        self.assertFalse(old.exists())
        self.assertTrue(new.exists())
        self.assertTrue(other.exists())

    def test_what_a_client_puts_into_the_context_is_nothing(self):
        partners = self.env["res.partner"].with_context(crm_import_refusals={"a": 1})
        result = partners.load(["name", "headcount"], [["Alpha", "1"]])
        self.assertEqual(len(result["ids"]), 1)
