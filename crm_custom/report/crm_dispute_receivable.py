from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from .crm_dispute_sql import disputed
from .crm_receivable import ON_DAY
from .crm_receivable_sql import share_of_open


class CrmReceivable(models.Model):
    """Open items: what of them is disputed.

    ``amount_residual = amount_disputed + amount_undisputed`` for every row. A payment
    settles the undisputed part first: no more is disputed than is open.
    """

    _inherit = "crm.receivable"

    is_disputed = fields.Boolean(
        string="Disputed",
        readonly=True,
        depends_context=ON_DAY,
        help="The customer refuses to pay this instalment, or a part of it.",
    )
    amount_disputed = fields.Monetary(
        string="Disputed amount",
        currency_field="company_currency_id",
        depends_context=ON_DAY,
        readonly=True,
        help="Of the open amount. A payment settles the undisputed part first.",
    )
    amount_undisputed = fields.Monetary(
        string="Undisputed amount",
        currency_field="company_currency_id",
        depends_context=ON_DAY,
        readonly=True,
        help="The open amount without what is disputed.",
    )
    amount_disputed_currency = fields.Monetary(
        string="Disputed amount in currency",
        depends_context=ON_DAY,
        readonly=True,
        aggregator=None,
    )

    _depends = {
        "crm.dispute": ["amount", "date_ended", "date_opened", "move_line_id", "state"],
    }

    @api.model
    def _columns(self):
        columns = super()._columns()
        # Looked up once for all items, not joined: see `promised`.
        found = SQL(
            """((SELECT jsonb_object_agg(move_line_id, amount) FROM (%s) AS dispute)
                ->> item.id::text)::numeric""",
            disputed(self._get_day()),
        )
        in_company = share_of_open(columns, found)
        return {
            **columns,
            "is_disputed": SQL("%s > 0", found),
            "amount_disputed": in_company,
            "amount_undisputed": SQL(
                "(%s) - %s", columns["amount_residual"], in_company
            ),
            "amount_disputed_currency": SQL(
                "GREATEST(LEAST(COALESCE(%s, 0), %s), 0)",
                found,
                columns["amount_residual_currency"],
            ),
        }

    @api.model
    def _from(self):
        return SQL(
            """%s
            LEFT JOIN res_currency AS company_currency
                   ON company_currency.id = item.company_currency_id""",
            super()._from(),
        )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_dispute(self):
        """The wizard, with what is left to be disputed of these items."""
        model = self.env["crm.dispute"]
        model.check_access("create")
        model._check_items_access(self)
        items = self.filtered(
            lambda item: not item.is_payable and item.amount_residual_currency > 0
        ).sorted(lambda item: (item.date_maturity, item.id), reverse=True)
        # sudo: what is left of items that were just checked
        lines_sudo = items.sudo().move_line_id
        left, _slots = model._get_left(lines_sudo)
        lines_sudo = lines_sudo.filtered(lambda line: left[line] > 0)
        if not lines_sudo:
            raise UserError(
                self.env._(
                    "Nothing here is left to be disputed. What customers owe and do not"
                    " dispute yet can be; credits and payables can't."
                )
            )
        wizard = self.env["crm.dispute.open"].create(
            {
                "line_ids": [
                    Command.create(
                        {
                            "move_line_id": line.id,
                            "number": line.move_name,
                            "date_maturity": line.date_maturity or line.date,
                            "currency_id": line.currency_id.id,
                            "amount_left": left[line],
                            "amount": left[line],
                        }
                    )
                    for line in lines_sudo
                ]
            }
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_dispute_open_action"
        )
        return {**action, "res_id": wizard.id}
