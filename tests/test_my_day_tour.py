"""My day in a browser: worked down to empty."""

from datetime import datetime, timedelta

from odoo import fields

from .common import CrmCustomHttpCase
from .my_day_common import MyDayMixin


class TestMyDayTour(MyDayMixin, CrmCustomHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_my_day()

    def _set_up_work(self):
        # nobody works on a day that ends while the tour runs
        self.salesperson.tz = self._get_zone_at_noon()
        today = fields.Date.context_today(self.salesperson)
        due = self._create_customer(
            name="Tour Due", user_id=self.salesperson.id, contact_cadence_days=30
        )
        self.due_entry = self.env["crm.interaction"].create(
            {
                "partner_id": due.id,
                "user_id": self.salesperson.id,
                "date_start": fields.Datetime.now() - timedelta(days=33),
            }
        )
        self._plan(self.customer, today - timedelta(days=1))
        self._quote(today - timedelta(days=2))
        self._special_day(str(today.replace(year=today.year - 30)))
        picking = self._deliver(str(datetime.now()))
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        # who delivers needs a role of the warehouse
        self.salesperson.group_ids += self.env.ref("stock.group_stock_user")

    @staticmethod
    def _get_zone_at_noon():
        shift = 12 - datetime.utcnow().hour
        return f"Etc/GMT{-shift:+d}"

    def test_work_my_day_down_to_empty(self):
        self._set_up_work()
        self.env["crm.team"].create(
            {"name": "Tour Team", "member_ids": [(4, self.salesperson.id)]}
        )
        self.user_sales_manager.tz = self.salesperson.tz
        self.start_tour(
            "/odoo/my-day", "crm_custom_my_day_whose", login="user_sales_manager"
        )
        self._work_down()

    def test_on_a_phone_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.salesperson.lang = "zh_CN"
        self.browser_size = "390x844"
        self.touch_enabled = True
        self._set_up_work()
        self._work_down()

    def _work_down(self):
        self.start_tour("/odoo/my-day", "crm_custom_my_day", login="user_sales_own")
        for key in ("activity", "contact", "quotation", "delivery", "special.day"):
            self.assertFalse(any(self._counts(key)), key)
        logged = self.due_entry.partner_id.date_last_contact
        self.assertGreater(logged, self.due_entry.date_start)
