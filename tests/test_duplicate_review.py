"""The review list: what the job finds, what it does not ask again, and the merge."""

import unittest.mock
from hashlib import md5

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.crm_custom.models import crm_duplicate_jobs

from .common import CrmCustomCase
from .duplicate_common import DuplicateMixin


class TestDuplicateReview(DuplicateMixin, CrmCustomCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_sales_manager.group_ids += cls.env.ref("base.group_partner_manager")
        cls.first = cls._create_company(
            "Meridian Optics Co., Ltd.", email="sales@meridian.test", ref="MER-1"
        )
        cls.second = cls._create_company(
            "MERIDIAN Optics GmbH", phone="+32 470 98 76 54", ref="MER-2"
        )

    def _pair(self):
        return self._find_pair(self.first, self.second)

    def _open_merge(self, user=None, **vals):
        user = user or self.user_sales_manager
        pair = self._pair().with_user(user)
        action = pair.action_merge()
        return (
            self.env["crm.duplicate.merge"]
            .with_user(user)
            .with_context(**action["context"])
            .create(vals)
        )

    def test_job_finds_pairs_and_says_why(self):
        self._run_review()
        pair = self._pair()
        self.assertEqual(pair.state, "to_review")
        self.assertEqual(pair.reasons, "same name")
        self.assertAlmostEqual(pair.score, 0.8)
        self.assertEqual(pair.with_context(lang="zh_CN").reasons, "名称相同")

    def test_nothing_is_left_when_they_differ_again(self):
        self._run_review()
        self.second.write({"name": "Brandner"})
        self._run_review()
        self.assertFalse(self._pair())
        # and nothing at all of who has no keys any more
        self.second.write({"name": "Meridian Optics"})
        self._run_review()
        self.assertTrue(self._pair())
        self.second.unlink()
        self.assertFalse(self.env["crm.duplicate"].search([("id", "=", self.first.id)]))

    def test_more_in_common_makes_surer(self):
        self._run_review()
        before = self._pair().score
        self.second.email = "SALES@meridian.test"
        self._run_review()
        self.assertGreater(self._pair().score, before)
        self.assertEqual(self._pair().reasons, "same e-mail address, same name")

    def test_these_are_two_is_remembered(self):
        self._run_review()
        self._pair().with_user(self.user_sales_manager).action_keep_apart()
        self.assertEqual(self._pair().decided_by_id, self.user_sales_manager)
        self.second.email = "sales@meridian.test"
        self._run_review()
        self.assertEqual(self._pair().state, "distinct")
        hints = self.second.with_user(self.user_sales_own).crm_duplicate_hints or []
        self.assertNotIn(self.first.id, [line["id"] for line in hints])
        # until somebody takes it back
        self._pair().with_user(self.user_sales_manager).action_review_again()
        self.second.invalidate_recordset(["crm_duplicate_hints"])
        hints = self.second.with_user(self.user_sales_own).crm_duplicate_hints
        self.assertIn(self.first.id, [line["id"] for line in hints])

    def test_job_goes_on_where_it_was_stopped(self):
        self._create_company("Hangzhou Linjia", email="one@shared-linjia.test")
        self._create_company("Linjia Hangzhou", email="one@shared-linjia.test")
        self._run_review()
        keys = self.env["crm.partner.key"]
        self.env.cr.execute("UPDATE crm_partner_key SET is_checked = FALSE")
        self.env.cr.execute("DELETE FROM crm_duplicate")
        self.env.invalidate_all()
        review = type(self.env["crm.duplicate"])._review
        calls = []

        def killed(duplicates, entity_ids):
            calls.append(entity_ids)
            if len(calls) >= 2:
                raise KeyboardInterrupt
            return review(duplicates, entity_ids)

        job = self.env.ref("crm_custom.ir_cron_crm_duplicate")
        with (
            unittest.mock.patch.object(crm_duplicate_jobs, "REVIEW_BATCH", 1),
            unittest.mock.patch.object(
                type(self.env["crm.duplicate"]), "_review", killed
            ),
            self.enter_registry_test_mode(),
            self.assertRaises(KeyboardInterrupt),
        ):
            job.method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(keys.search_count([("is_checked", "=", False)]))
        self._run_review()
        self.assertFalse(keys.search_count([("is_checked", "=", False)]))
        self.assertEqual(len(self._pair()), 1)

    def test_a_bad_record_keeps_no_other_from_being_compared(self):
        bad = self._create_company("Hangzhou Linjia", email="one@shared-linjia.test")
        review = type(self.env["crm.duplicate"])._review

        def fail(duplicates, entity_ids):
            if bad.id in entity_ids:
                raise ValueError("bad")
            return review(duplicates, entity_ids)

        with (
            unittest.mock.patch.object(
                type(self.env["crm.duplicate"]), "_review", fail
            ),
            self.assertLogs("odoo.addons.crm_custom.models.ir_cron", "ERROR") as logs,
        ):
            self._run_review()
        self.assertEqual(len(logs.records), 1)
        self.assertTrue(self._pair())

    def test_keys_of_a_living_database_are_set_up_once(self):
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM crm_partner_key")
        job = self.env.ref("crm_custom.ir_cron_crm_partner_keys_setup")
        job.active = True
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(crm_duplicate_jobs.KEYS_PARAMETER, 0)
        with self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.env.invalidate_all()
        keys = self.env["crm.partner.key"]
        self.assertFalse(job.active)
        stored = keys.search([("partner_id", "=", self.first.id)])
        self.assertEqual(set(stored.mapped("kind")), {"name", "email", "domain"})
        # again: nothing is there twice
        count = keys.search_count([])
        parameters.set_param(crm_duplicate_jobs.KEYS_PARAMETER, 0)
        job.active = True
        with self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(keys.search_count([]), count)

    def test_keys_are_made_anew_when_they_are_spelt_otherwise(self):
        """An update raises the version: what was stored by the old one is replaced."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_partner_key SET value = 'old' WHERE partner_id = %s",
            [self.first.id],
        )
        keys = self.env["crm.partner.key"]
        job = self.env.ref("crm_custom.ir_cron_crm_partner_keys_setup")
        job.active = False
        keys._update_version()
        self.assertFalse(job.active, "the version is the same")
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(crm_duplicate_jobs.VERSION_PARAMETER, "0")
        keys._update_version()
        self.assertTrue(job.active)
        with self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(job.active)
        stored = keys.search([("partner_id", "=", self.first.id)])
        self.assertEqual(set(stored.mapped("kind")), {"name", "email", "domain"})
        self.assertNotIn("old", stored.mapped("value"))
        keys._update_version()
        self.assertFalse(job.active)

    def test_two_customers_of_two_companies_are_no_pair(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.first.company_id = self.env.company
        self.second.company_id = other
        self._run_review()
        self.assertFalse(self._pair())
        self.second.company_id = False
        self._run_review()
        self.assertEqual(self._pair().company_id, self.env.company)
        self.first.company_id = other
        self.user_sales_manager.company_ids = self.env.company
        self._run_review()
        pair = self._pair()
        self.assertEqual(pair.company_id, other)
        self.assertFalse(pair.with_user(self.user_sales_manager).has_access("read"))

    def test_cost_of_a_batch_does_not_grow(self):
        def review(count):
            companies = self.env["res.partner"].create(
                [
                    {
                        "name": md5(f"{count} {n // 2}".encode()).hexdigest(),
                        "is_company": True,
                    }
                    for n in range(count)
                ]
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["crm.duplicate"]._review(companies.ids)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        review(4)
        few = review(10)
        self.assertLessEqual(review(100), few + 1)

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def test_values_that_differ_and_who_stays(self):
        self._run_review()
        self._create_order(self.second)
        self.second.write({"website": "www.meridian.test", "city": "Gent"})
        self.first.city = "Brugge"
        merge = self._open_merge()
        self.assertEqual(merge.survivor, "right", "who has the orders")
        lines = {line.name: line for line in merge.line_ids}
        self.assertLessEqual({"name", "city", "ref"}, lines.keys())
        self.assertNotIn("email", lines, "only one has it")
        self.assertEqual(lines["city"].left_value, "Brugge")
        self.assertEqual(lines["ref"].label, "Customer code")
        self.assertEqual(lines["city"].right_value, "Gent")
        lines["city"].keep = "left"
        lines["ref"].keep = "left"
        merge.action_merge()
        self.assertFalse(self.first.exists())
        self.assertEqual(self.second.city, "Brugge")
        self.assertEqual(self.second.ref, "MER-1")
        self.assertEqual(self.second.name, "MERIDIAN Optics GmbH")
        self.assertEqual(self.second.email, "sales@meridian.test")
        row = self.env["crm.duplicate"].search([("partner_a_id", "=", self.second.id)])
        self.assertEqual(row.state, "merged")
        self.assertIn("Meridian Optics Co., Ltd.", row.note)

    def test_who_is_merged_is_found_under_the_one_who_stays(self):
        self._run_review()
        merge = self._open_merge(survivor="left")
        merge.action_merge()
        ids = self._hint_ids(self.user_sales_own, phone="+32 470 98 76 54")
        self.assertEqual(ids, [self.first.id])
        keys = self.env["crm.partner.key"].search([("partner_id", "=", self.first.id)])
        pairs = keys.mapped(lambda key: (key.kind, key.value))
        self.assertEqual(len(pairs), len(set(pairs)))

    def test_pairs_with_others_move_and_a_decision_wins(self):
        third = self._create_company("Meridian Optics Inc", ref="MER-3")
        self._run_review()
        self._find_pair(self.first, third).action_keep_apart()
        self._open_merge(survivor="right").action_merge()
        pair = self._find_pair(self.second, third)
        self.assertEqual(len(pair), 1)
        self.assertEqual(pair.state, "distinct")

    def test_person_is_merged_into_the_contact_that_he_is(self):
        person = self.env["res.partner"].create(
            {"name": "Li Wei", "email": "li@meridian.test"}
        )
        contact = self._create_contact(
            self.first, name="Wei Li", email="li@meridian.test"
        )
        self._run_review()
        self.second = person
        merge = self._open_merge()
        self.assertEqual(merge.left_id | merge.right_id, person | contact)
        merge.survivor = "left" if merge.left_id == contact else "right"
        merge.action_merge()
        self.assertTrue(contact.exists())
        self.assertFalse(person.exists())
        self.assertEqual(contact.parent_id, self.first)

    def test_rights_and_what_a_client_may_not_send(self):
        self._run_review()
        with self.assertRaises(AccessError):
            self._open_merge(self.user_sales_all)
        # whom the pair is of is not for a client to say
        third = self._create_company("Third")
        merge = self._open_merge(left_id=third.id, survivor="left")
        merge.action_merge()
        self.assertTrue(third.exists())
        self.assertFalse(self.second.exists())
        self.second = self._create_company("Meridian Optics", ref="MER-2")
        self._run_review()
        # a field that does not conflict is not written, whatever the line says
        merge = self._open_merge(survivor="left")
        merge.line_ids = [
            Command.create({"name": "comment", "label": "x", "keep": "right"})
        ]
        self.second.comment = "Nobody chose it"
        self.first.comment = False
        self.user_sales_manager.group_ids -= self.env.ref("base.group_partner_manager")
        with self.assertRaises(AccessError):
            merge.action_merge()
        self._pair().action_keep_apart()
        with self.assertRaises(UserError):
            self._open_merge().action_merge()

    def test_every_row_that_names_a_partner_survives(self):
        """Each model of the addon, those of later rooms as well, with a row of each."""
        made = {}
        for model, field in self._get_links():
            with self.subTest(f"{model._name}.{field.name}"):
                rows = self._make_row(model, field, self.first)
                rows += self._make_row(model, field, self.second)
                made[model._name, field.name] = (
                    rows,
                    self._becomes_one_row(rows, field.name),
                )
        rooms = {model_name for model_name, _field_name in made}
        self.assertLess(
            {"crm.interaction", "crm.promise", "crm.dunning.letter", "crm.feedback"},
            rooms,
        )
        self.env.flush_all()
        self._run_review()
        self._open_merge(survivor="left").action_merge()
        self.env.invalidate_all()
        for (model_name, field_name), (rows, becomes_one) in made.items():
            with self.subTest(f"{model_name}.{field_name}"):
                left = rows.exists()
                if becomes_one:
                    self.assertEqual(len(left), 1)
                else:
                    self.assertEqual(left, rows)
                for row in left:
                    self.assertIn(self.first, row[field_name])

    def _get_links(self):
        """The stored fields of our own models that name partners."""
        ours = (
            self.env["ir.model.data"]
            .search([("module", "=", "crm_custom"), ("model", "=", "ir.model")])
            .mapped("res_id")
        )
        # the addon's own tables of keys and pairs have tests of their own
        own = {"crm.partner.key", "crm.duplicate"}
        for name in self.env["ir.model"].browse(ours).mapped("model"):
            model = self.env.get(name)
            if model is None or model._abstract or model._transient or name in own:
                continue
            # a read model has no rows to lose
            if model._original_module != "crm_custom" or not model._auto:
                continue
            for field in model._fields.values():
                if field.store and field.comodel_name == "res.partner":
                    yield model, field

    def _becomes_one_row(self, rows, field_name):
        """Whether a constraint leaves one of rows that differ by this field alone."""
        for constraint in rows._table_objects.values():
            if not isinstance(constraint, models.Constraint):
                continue
            kind, _bracket, names = constraint.get_definition(self.registry).partition(
                "("
            )
            names = [name.strip() for name in names.rstrip(")").split(",")]
            if kind.strip().upper() == "UNIQUE" and field_name in names:
                names.remove(field_name)
                return all(rows[0][name] == rows[1][name] for name in names)
        return False
