from odoo import api, fields, models


class CrmFeedback(models.Model):
    _inherit = "crm.feedback"

    merged_into_id = fields.Many2one(
        "crm.feedback",
        string="Merged into",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        help="The case that goes on with what was said in this one.",
    )

    @api.model
    def _get_link_fields(self):
        return super()._get_link_fields() | {"merged_into_id"}

    def _get_merged(self):
        """The case that goes on with this one: itself, unless it was merged."""
        seen = self
        case = self
        while case.merged_into_id and case.merged_into_id not in seen:
            case = case.merged_into_id
            seen |= case
        return case
