from odoo import api, models


class CrmFeedback(models.Model):
    _inherit = "crm.feedback"

    @api.depends("activity_ids.date_deadline")
    def _compute_activity_date_deadline(self):
        """The day of the next activity: one query, where Odoo's needs eight."""
        # sudo: the day alone, of cases that the user may read
        found = dict(
            self.env["mail.activity"]
            .sudo()
            ._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                ["res_id"],
                ["date_deadline:min"],
            )
        )
        for case in self:
            case.activity_date_deadline = found.get(case._origin.id)
