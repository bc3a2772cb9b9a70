from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .crm_interaction import FUTURE_TOLERANCE


class CrmFeedback(models.Model):
    """What is refused, by form, import and API alike."""

    _inherit = "crm.feedback"

    @api.constrains("partner_id", "order_id", "picking_id", "invoice_id")
    def _check_documents(self):
        # sudo: whose documents they are, whoever may read them
        for case in self.sudo():
            for name in self._get_document_fields():
                document = case[name]
                owner = document.partner_id.commercial_partner_id
                if name == "picking_id" and document.sale_id:
                    owner = document.sale_id.partner_id.commercial_partner_id
                if document and owner != case.partner_id:
                    raise ValidationError(
                        self.env._(
                            "The %(document)s that you chose is not of the customer of"
                            " this case: choose one of his own.",
                            document=self._fields[name].string,
                        )
                    )

    @api.constrains("date_received")
    def _check_date_received(self):
        latest = fields.Datetime.now() + FUTURE_TOLERANCE
        if any(case.date_received > latest for case in self):
            raise ValidationError(
                self.env._("A case cannot be received in the future.")
            )

    @api.constrains("stage_id", "team_id")
    def _check_stage_id(self):
        for case in self:
            if not case.stage_id._filter_of_team(case.team_id) and case.stage_id:
                raise ValidationError(
                    self.env._(
                        "The stage %(stage)s is none of the team %(team)s.",
                        stage=case.stage_id.name,
                        team=case.team_id.name,
                    )
                )

    @api.constrains("linked_ids")
    def _check_linked_ids(self):
        if any(case in case.linked_ids for case in self):
            raise ValidationError(self.env._("A case cannot be linked to itself."))
