from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command

from odoo.addons.crm_custom.models import crm_late_stock_notice

from .concurrency_common import ConcurrencyCase
from .job_concurrency_common import COUNT, NAME, JobConcurrencyMixin


class TestLateStockConcurrency(JobConcurrencyMixin, ConcurrencyCase):
    _job = ("crm.notice", "_cron_tell_late_stock")
    _tell = ("sale.order", "_tell_late_stock")
    _list = ("sale.order", "_get_untold_late_stock")

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(crm_late_stock_notice, "BATCH", 1))
        with self._transaction() as env:
            user = self._make_salespeople(env)
            customer = env["res.partner"].create({"name": f"{NAME} buyer"})
            product = env["product.product"].create(
                {"name": f"{NAME} goods", "type": "consu", "is_storable": True}
            )
            # nobody is told of what waits in this database already
            self.others = env["sale.order"].search(
                [("state", "=", "sale"), ("user_id", "!=", False)]
            )
            self.users = {order.id: order.user_id.id for order in self.others}
            self.teams = {order.id: order.team_id.id for order in self.others}
            self.others.write({"user_id": False, "team_id": False})
            orders = env["sale.order"].create(
                [
                    {
                        "partner_id": customer.id,
                        "user_id": user.id,
                        "commitment_date": fields.Datetime.now() + timedelta(days=2),
                        "order_line": [
                            Command.create(
                                {"product_id": product.id, "product_uom_qty": 5}
                            )
                        ],
                    }
                    for _number in range(COUNT)
                ]
            )
            orders.action_confirm()
            self.order_ids, self.product_id = orders.ids, product.id

    def _clean_up(self):
        with self._transaction() as env:
            orders = env["sale.order"].browse(self.order_ids)
            orders._action_cancel()
            orders.picking_ids.unlink()
            orders.unlink()
            env["product.product"].browse(self.product_id).unlink()
            for order in env["sale.order"].browse(self.users):
                order.write(
                    {
                        "user_id": self.users[order.id],
                        "team_id": self.teams[order.id],
                    }
                )
        super()._clean_up()
        with self._transaction() as env:
            env["res.partner"].search([("name", "=", f"{NAME} buyer")]).unlink()

    def _count_told(self):
        return self._count_activities("sale.order", self.order_ids)
