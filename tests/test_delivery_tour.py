from unittest.mock import patch

from odoo.fields import Datetime
from odoo.tests import HttpCase

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from .test_delivery import DeliveryCase


class TestDeliveryTour(DeliveryCase, HttpCase):
    def test_from_late_to_delivered(self):
        """In the browser: the late delivery, its printed slip, and it is done."""
        self.user_sales_own.group_ids += self.env.ref("stock.group_stock_user")
        late = self._promised(
            Datetime.subtract(Datetime.now(), days=3), user_id=self.user_sales_own.id
        )
        self._promised(
            Datetime.add(Datetime.now(), days=3), user_id=self.user_sales_own.id
        )
        rendered = []
        render = IrActionsReport._render_qweb_pdf

        def watch(report, report_ref, res_ids=None, data=None):
            rendered.append((report_ref, res_ids))
            return render(report, report_ref, res_ids, data)

        with patch.object(IrActionsReport, "_render_qweb_pdf", watch):
            self.start_tour(
                "/odoo/crm-deliveries",
                "crm_custom_delivery",
                login="user_sales_own",
                timeout=180,
            )
        self.assertEqual(late.picking_ids.state, "done")
        self.assertIn(
            ("stock.report_deliveryslip", late.picking_ids.ids),
            rendered,
        )
