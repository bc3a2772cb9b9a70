"""The world of the tests of "My day": a Tuesday, seen from east and west."""

from datetime import date, datetime

from odoo.fields import Command

from odoo.addons.mail.tests.common import MailCase

from .common import CrmCustomCase

#: Tuesday 10 March 2026, 11:00 in Shanghai; Monday 9 March, 20:00 in Los Angeles
MOMENT = "2026-03-10 03:00:00"
SHANGHAI = "Asia/Shanghai"
LOS_ANGELES = "America/Los_Angeles"
JOB_LOGGER = "odoo.addons.crm_custom.models.ir_cron"


class MyDayMixin:
    """A salesperson, a customer, and what may wait."""

    @classmethod
    def _set_up_my_day(cls):
        cls.salesperson = cls.user_sales_own
        cls.salesperson.tz = SHANGHAI
        cls.colleague = cls.user_sales_all
        cls.customer = cls._create_customer(
            name="Tour Customer", user_id=cls.salesperson.id, phone="022903490"
        )

    def _my_day(self, user=None, tz=None):
        user = user or self.salesperson
        self.env.flush_all()
        self.env.invalidate_all()
        model = self.env["crm.my.day"].with_user(user)
        return model.with_context(tz=tz or user.tz, lang=user.lang)

    def _counts(self, source, user=None, tz=None, whose="me"):
        """(overdue, today, tomorrow, week) of a source."""
        day = self._my_day(user, tz).get_day(whose)
        counts = {s["key"]: tuple(s["counts"].values()) for s in day["sources"]}
        return counts[source]

    def _rows(self, source, bucket, user=None, tz=None, whose="me"):
        my_day = self._my_day(user, tz)
        return my_day.get_rows(bucket, whose, [source])[source]

    def _run(self, source, record, action, user=None):
        result = self._my_day(user).run_action(source, record.id, action)
        self.env.flush_all()
        return result

    # ------------------------------------------------------------
    # Work
    # ------------------------------------------------------------

    def _plan(self, record, day, user=None, **vals):
        user = user or self.salesperson
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        return activities.create(
            {
                "res_model_id": self.env["ir.model"]._get_id(record._name),
                "res_id": record.id,
                "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                "date_deadline": day,
                "user_id": user.id,
                **vals,
            }
        )

    def _quote(self, day, customer=None, user=None, **vals):
        return self._create_order(
            customer or self.customer,
            user_id=(user or self.salesperson).id,
            validity_date=day,
            **vals,
        )

    def _deliver(self, moment, user=None):
        """An order with a delivery that is to leave at this moment (UTC)."""
        goods = self.env["product.product"].create(
            {"name": "Goods", "type": "consu", "taxes_id": [Command.clear()]}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": (user or self.salesperson).id,
                "order_line": [Command.create({"product_id": goods.id})],
            }
        )
        order.action_confirm()
        picking = order.picking_ids
        picking.scheduled_date = datetime.fromisoformat(moment)
        return picking

    def _special_day(self, day, partner=None, **vals):
        return self.env["res.partner.special.day"].create(
            {
                "partner_id": (partner or self.customer).id,
                "name": "Birthday",
                "date": date.fromisoformat(day),
                **vals,
            }
        )

    def _order_on(self, *moments, customer=None, user=None):
        for moment in moments:
            self._create_order(
                customer or self.customer,
                user_id=(user or self.salesperson).id,
                confirm=True,
                date_order=datetime.fromisoformat(moment),
            )


class MyDayCase(MyDayMixin, CrmCustomCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_my_day()


class MyDayJobCase(MyDayCase, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env.ref("crm_custom.mail_activity_type_overdue")

    def _run_job(self, name):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"crm_custom.ir_cron_crm_{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _told(self, record):
        activities = self.env["mail.activity"].with_context(active_test=False)
        return activities.search(
            [
                ("res_model", "=", record._name),
                ("res_id", "in", record.ids),
                ("activity_type_id", "=", self.kind.id),
            ]
        )
