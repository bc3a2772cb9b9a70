from odoo import api, fields, models

from .crm_dunning_sql import last_dunned
from .crm_receivable import ON_DAY


class CrmReceivable(models.Model):
    """Open items: which dunning level they have, and since when."""

    _inherit = "crm.receivable"

    dunning_level_id = fields.Many2one(
        "crm.dunning.level",
        string="Dunning level",
        readonly=True,
        depends_context=ON_DAY,
        help="Of the last letter, e-mail or call about it that was not taken back.",
    )
    dunning_date = fields.Date(
        string="Last reminded", readonly=True, depends_context=ON_DAY
    )

    _depends = {
        "crm.dunning.line": ["date_sent", "is_counted", "level_id", "move_line_id"],
    }

    @api.model
    def _columns(self):
        day = self._get_day()
        return {
            **super()._columns(),
            "dunning_level_id": last_dunned("level_id", day),
            "dunning_date": last_dunned("date_sent", day),
        }
