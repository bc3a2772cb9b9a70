from odoo import api, fields, models
from odoo.exceptions import AccessError


class CrmPromiseItem(models.Model):
    """An instalment that a customer has promised to pay."""

    _name = "crm.promise.item"
    _description = "Promised item"
    _rec_name = "number"

    promise_id = fields.Many2one(
        "crm.promise", required=True, index=True, ondelete="cascade"
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Instalment",
        required=True,
        index=True,
        ondelete="cascade",
    )
    state = fields.Selection(related="promise_id.state", store=True)
    company_id = fields.Many2one(related="promise_id.company_id")
    partner_id = fields.Many2one(related="promise_id.partner_id")
    currency_id = fields.Many2one(related="promise_id.currency_id")
    number = fields.Char(related="move_line_id.move_name")
    date_maturity = fields.Date(
        related="move_line_id.date_maturity",
        string="Due date",
        help="The day on which this instalment is due.",
    )
    amount = fields.Monetary(
        string="Open amount",
        readonly=True,
        aggregator=None,
        help="What was open when the promise was taken down.",
    )

    # what had been settled of it when the promise was taken down: see `received`
    received_before = fields.Float(readonly=True, export_string_translation=False)
    otherwise_before = fields.Float(readonly=True, export_string_translation=False)

    _promised_once = models.UniqueIndex(
        "(move_line_id) WHERE state = 'open'",
        "The instalment stands in an open promise already: renew that one.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Items come with their promise alone, which asks whether the user sees them.

        The right to make some stands all the same, for the form of a new promise,
        which lists them.
        """
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "A promise of another day or amount is another promise: renew it."
                )
            )
        return super().create(vals_list)

    def _get_settled_since(self, sums):
        """(received, settled otherwise) of these since the promise was taken down.

        :param sums: {item id: (received, settled otherwise)} since the beginning
        """
        got = otherwise = 0.0
        for item in self:
            received_now, otherwise_now = sums.get(item.id, (0.0, 0.0))
            got += received_now - item.received_before
            otherwise += otherwise_now - item.otherwise_before
        return got, max(otherwise, 0.0)
