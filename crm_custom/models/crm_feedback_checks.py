from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .crm_interaction import FUTURE_TOLERANCE

MANAGER = "crm_custom.group_crm_custom_feedback_manager"


class CrmFeedback(models.Model):
    """What is refused, by form, import and API alike."""

    _inherit = "crm.feedback"

    @api.model
    def _has_field_access(self, field, operation):
        """What a form shows and nobody types follows from what happened: no call by an
        agent changes it either. Managers bring in the history of cases from elsewhere.
        """
        if (
            operation == "write"
            and field.store
            and field.readonly
            # put in by `create`, which refuses it itself
            and field.name != "name"
            and not self.env.su
            and (field.related or not self.env.user.has_group(MANAGER))
        ):
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _check_numbers_given(self, vals_list):
        """Only who brings in cases from elsewhere numbers them himself."""
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        if any(vals.get("name") for vals in vals_list):
            raise UserError(
                self.env._("A case gets its number by itself: leave it empty.")
            )

    def _check_days_moved(self, vals):
        """Late stays late: by which days a case was judged is no agent's to move."""
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        now = fields.Datetime.now()
        for name in {"date_received", "date_deadline"} & vals.keys():
            moment = fields.Datetime.to_datetime(vals[name]) or False
            for case in self:
                deadlines = [case.date_deadline]
                if name == "date_received":
                    deadlines.append(case.date_answer_deadline)
                is_judged = (
                    case.is_solved
                    or case.is_closed
                    or (name == "date_received" and case.date_first_answer)
                    or any(day and day < now for day in deadlines)
                )
                if is_judged and case[name] != moment:
                    raise UserError(
                        self.env._(
                            "%(case)s: answered, solved or late, a case keeps the days"
                            " by which it is judged. A feedback manager may correct"
                            " them.",
                            case=case.display_name,
                        )
                    )

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
