"""Payables: the same lists without salespeople; and statements from the ageing."""

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError

from odoo.addons.crm_custom.report.crm_ageing_sheet import AgeingSheet

from .receivable_common import ReceivableCase


class TestReceivablePayable(ReceivableCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create(
            {"name": "Vendor", "is_company": True, "user_id": cls.user_sales_own.id}
        )
        cls.bill = cls._invoice(
            "2026-01-10", 70.0, cls.vendor, move_type="in_invoice", ref="B 1"
        )
        cls._invoice("2026-02-01", 20.0, cls.vendor, move_type="in_refund", ref="B 2")
        france = cls.env.ref("base.fr")
        cls.other = cls._create_customer(name="Other", country_id=france.id)
        cls._invoice("2026-01-10", 100.0)
        cls._invoice("2026-02-10", 300.0, cls.other)

    def test_kinds(self):
        payables = self._items([("is_payable", "=", True)])
        labels = dict(payables._fields["kind"]._description_selection(self.env))
        self.assertEqual(
            payables.mapped(lambda item: (labels[item.kind], item.amount_residual)),
            [("Bill", 70.0), ("Vendor credit note", -20.0)],
        )
        self.assertEqual(
            set(self._items([("is_payable", "=", False)]).mapped("kind")), {"invoice"}
        )

    def test_lists_without_salespeople(self):
        model = self.env["crm.receivable"].with_user(self.user_accountant)
        actions = [
            self.env.ref("crm_custom.crm_receivable_action_payable")
            .with_user(self.user_accountant)
            .sudo()
            ._get_action_dict(),
            self._ageing().get_drill_down({"payable": True}, self.vendor.id),
        ]
        for action in actions:
            views = {kind: view for view, kind in action["views"]}
            views["search"] = action["search_view_id"][0]
            for kind in ("search", "list", "pivot"):
                arch = etree.fromstring(model.get_view(views[kind], kind)["arch"])
                names = arch.xpath("//field/@name | //filter/@name")
                self.assertIn("partner_id", names)
                for name in ("user_id", "team_id", "group_user", "my_customers"):
                    self.assertNotIn(name, names, (kind, name))
            self.assertIn("print_payable", str(action["context"]))
        drilled = self._ageing().get_drill_down({}, self.other.id)
        arch = model.get_view(dict(map(reversed, drilled["views"]))["list"], "list")
        self.assertIn("user_id", arch["arch"])

    @freeze_time("2026-03-01")
    def test_ageing_on_paper_names_vendors(self):
        sheet = AgeingSheet(self._ageing().env, {"payable": True})
        self.assertEqual(sheet.columns[0].label, "Vendor")
        self.assertEqual(
            AgeingSheet(self._ageing().env, {}).columns[0].label, "Customer"
        )

    def _ageing(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        model = self.env["crm.ageing.report"].with_user(user or self.user_invoicing)
        return model.with_context(allowed_company_ids=self.env.company.ids)

    # ------------------------------------------------------------------
    # Statements from the ageing
    # ------------------------------------------------------------------

    def _statement_action(self, options, ticked=(), user=None):
        """The action, and the new record of its form."""
        ageing = self._ageing(user)
        action = ageing.get_statement_action(options, list(ticked))
        model = ageing.env[action["res_model"]].with_context(**action["context"])
        return action["res_model"], model.create({})

    def test_of_those_who_are_ticked(self):
        model, wizard = self._statement_action(
            {"date": "2026-02-20"}, self.other.ids, self.user_accountant
        )
        self.assertEqual(model, "crm.statement.print")
        self.assertEqual(wizard.partner_ids, self.other)
        self.assertEqual(str(wizard.date), "2026-02-20")
        wizard.action_pdf()

    def test_a_run_for_the_filters(self):
        france = self.env.ref("base.fr")
        model, run = self._statement_action(
            {"date": "2026-02-20", "country_ids": france.ids}
        )
        self.assertEqual(model, "crm.statement.run")
        self.assertEqual((run.country_ids, str(run.date)), (france, "2026-02-20"))
        self.assertFalse(run.partner_ids)
        run.action_preview()
        self.assertEqual(run.line_ids.partner_id, self.other)

    def test_a_run_for_where_the_risk_is(self):
        """What a run has no filter for becomes the list of customers."""
        self.env.company.crm_large_share = 50
        _model, run = self._statement_action(
            {"only": "share", "groupby": "country_id", "offset": 80}
        )
        self.assertEqual(run.partner_ids, self.other)

    def test_a_salesperson_prints_those_of_his_own(self):
        model, wizard = self._statement_action({}, user=self.user_sales_own)
        self.assertEqual(model, "crm.statement.print")
        self.assertEqual(wizard.partner_ids, self.customer)
        wizard.action_pdf()
        _model, wizard = self._statement_action(
            {}, self.other.ids, user=self.user_sales_own
        )
        with self.assertRaises(AccessError):
            wizard.action_pdf()
