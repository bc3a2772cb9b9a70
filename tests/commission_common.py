"""The world of the tests of commission: plans, and months that are made and closed."""

from odoo.fields import Command, Date

from .sales_common import SalesCase


class CommissionCase(SalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods.categ_id = cls.env["product.category"].create({"name": "Desks"})
        cls.oak = cls._product(
            "Oak desk",
            list_price=200,
            invoice_policy="order",
            categ_id=cls.env["product.category"]
            .create({"name": "Oak", "parent_id": cls.goods.categ_id.id})
            .id,
        )

    def _plan(self, *tiers, **vals):
        return self.env["crm.commission.plan"].create(
            {
                "name": "Plan",
                "date_from": "2026-01-01",
                "user_ids": [Command.set(self.user_sales_own.ids)],
                "tier_ids": [
                    Command.create(
                        {
                            "threshold": start,
                            "rate": rate,
                            "categ_id": categ[0].id if categ else False,
                        }
                    )
                    for start, rate, *categ in tiers
                ],
                **vals,
            }
        )

    def _make(self, month):
        """The statement of the salesperson for a month, made by a manager."""
        self.env.flush_all()
        self.env.invalidate_all()
        model = self.env["crm.commission.statement"].with_user(self.user_sales_manager)
        statements = model._make_month(self.env.company, Date.to_date(month))
        return statements.filtered(lambda each: each.user_id == self.user_sales_own)

    def _close(self, month):
        statement = self._make(month)
        statement.action_close()
        return statement

    def _of(self, statement):
        lines = statement.line_ids.sorted()
        return [(line.base, line.rate, line.commission) for line in lines]

    def _sell(self, product, quantity, date, **vals):
        return self._invoice_order(self._order((product, quantity), **vals), date)
