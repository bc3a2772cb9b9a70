"""The world of the compensation tests: an order that was delivered and invoiced."""

from odoo.fields import Command
from odoo.tests import Form

from .feedback_common import FeedbackCase


class CompensationCase(FeedbackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._feedback_user("feedback_clerk", "agent")
        cls.clerk.group_ids += cls.env.ref("account.group_account_invoice")
        cls.keeper = cls._feedback_user("feedback_keeper", "agent")
        cls.keeper.group_ids += cls.env.ref("stock.group_stock_user")
        cls.team.member_ids += cls.clerk | cls.keeper
        cls.seller = cls._feedback_user("feedback_seller", "agent")
        cls.seller.group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.team.member_ids += cls.seller
        cls.env.company.crm_return_cost = 15
        # 10 of 100 less 10 %, and 21 % tax: 900 and 189; 4 of 50 without: 200
        cls.order = cls._order(
            (
                cls.goods,
                10,
                {"tax_ids": [Command.set(cls.tax_21.ids)], "discount": 10},
            ),
            (cls.prepaid, 4),
        )
        cls.picking = cls._deliver(cls.order)
        cls.invoice = cls._invoice_order(cls.order)

    @classmethod
    def _complaint(cls, goods=3, prepaid=0, user=None, **vals):
        lines = [cls._line(cls.goods, quantity=goods)] if goods else []
        if prepaid:
            lines.append(cls._line(cls.prepaid, quantity=prepaid))
        return cls._case(user=user, line_ids=lines, **vals)

    def _wizard(self, case, kind, user):
        action = case.with_user(user).action_compensate()
        form = Form.from_action(self.env(user=user), action)
        form.kind = kind
        return form

    def _propose(self, case, kind, user, *quantities, asked=None, **vals):
        """What the user's wizard leads to: (the compensation, the action)."""
        form = self._wizard(case, kind, user)
        for index, quantity in enumerate(quantities):
            with form.line_ids.edit(index) as line:
                if isinstance(quantity, tuple):
                    line.quantity, line.reduction = quantity
                else:
                    line.quantity = quantity
        if asked:
            form.asked_id = asked
        for name, value in vals.items():
            form[name] = value
        action = form.save().action_propose()
        compensation = case.compensation_ids.sorted("id")[-1:]
        return compensation.with_user(user), action

    def _reverse(self, action, user):
        """Press *Reverse* in Odoo's wizard as it opens: the credit note."""
        wizard = Form.from_action(self.env(user=user), action).save()
        done = wizard.refund_moves()
        return self.env["account.move"].browse(done["res_id"])

    def _take_back(self, action, user):
        wizard = Form.from_action(self.env(user=user), action).save()
        done = wizard.action_create_returns()
        return self.env["stock.picking"].browse(done["res_id"])

    def _done(self, picking):
        for move in picking.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        picking.button_validate()

    def _rows(self, case):
        """{(kind, product): (decided, come about)} of the cost of a case."""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = {}
        for row in self.env["crm.feedback.cost"].search(
            [("feedback_id", "=", case.id)]
        ):
            key = (row.kind, row.product_id.name)
            amount, cost = rows.get(key, (0, 0))
            rows[key] = (round(amount + row.amount, 4), round(cost + row.cost, 4))
        return rows
