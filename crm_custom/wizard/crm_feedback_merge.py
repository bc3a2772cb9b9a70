from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CrmFeedbackMerge(models.TransientModel):
    """Make one case of several: nothing that was said or sent is lost.

    The other cases are closed, put into the archive, and lead to the one that goes on:
    an e-mail with one of their numbers belongs to it as well.
    """

    _name = "crm.feedback.merge"
    _description = "Merge feedback cases"

    feedback_ids = fields.Many2many("crm.feedback", string="Cases", required=True)
    target_id = fields.Many2one(
        "crm.feedback",
        string="Goes on as",
        required=True,
        ondelete="cascade",
        domain="[('id', 'in', feedback_ids)]",
        help="The case that stays. The others are closed and lead to it.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        cases = self.env["crm.feedback"].browse(self.env.context.get("active_ids", ()))
        cases = cases.exists().sorted(lambda case: (case.is_closed, case.id))
        values["feedback_ids"] = [Command.set(cases.ids)]
        values["target_id"] = cases[:1].id
        return values

    def action_merge(self):
        self.ensure_one()
        sources = self.feedback_ids - self.target_id
        self._check_cases(sources)
        # sudo: the wizard's user may write each of these cases, and all that belongs to
        # them goes along, whoever wrote it
        target_sudo = self.target_id.sudo()
        for source_sudo in sources.sudo():
            self._move_history(source_sudo, target_sudo)
        target_sudo.write(self._prepare_target_vals(target_sudo, sources.sudo()))
        self._close(sources.sudo(), target_sudo)
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.feedback",
            "res_id": self.target_id.id,
            "view_mode": "form",
        }

    def _check_cases(self, sources):
        cases = sources | self.target_id
        cases.check_access("write")
        if not sources or self.target_id not in self.feedback_ids:
            raise UserError(self.env._("Choose two cases or more to merge."))
        if len(cases.company_id) > 1:
            raise UserError(self.env._("Cases of two companies cannot be merged."))
        # sudo: whose they are
        if len(cases.sudo().partner_id) > 1:
            raise UserError(
                self.env._(
                    "These cases are of different customers: link them instead of"
                    " merging them."
                )
            )

    def _move_history(self, source_sudo, target_sudo):
        source_sudo.message_change_thread(target_sudo)
        for model in ("ir.attachment", "mail.activity"):
            self.env[model].sudo().with_context(active_test=False).search(
                [("res_model", "=", "crm.feedback"), ("res_id", "=", source_sudo.id)]
            ).write({"res_id": target_sudo.id})
        target_sudo.message_subscribe(source_sudo.message_partner_ids.ids)
        # nobody is asked to follow what is over
        source_sudo.message_unsubscribe(source_sudo.message_partner_ids.ids)

    def _prepare_target_vals(self, target_sudo, sources_sudo):
        """What the case that goes on takes over, where it has nothing itself."""
        cases = target_sudo | sources_sudo
        vals = {"date_received": min(cases.mapped("date_received"))}
        answers = [day for day in cases.mapped("date_first_answer") if day]
        if answers:
            vals["date_first_answer"] = min(answers)
        for name in (
            "partner_id",
            "contact_id",
            "email_from",
            "type_id",
            "severity_id",
            "channel_id",
            "user_id",
            "cause_id",
            "date_deadline",
            "order_id",
            "picking_id",
            "invoice_id",
        ):
            if not target_sudo[name]:
                found = next((case[name] for case in sources_sudo if case[name]), False)
                if found:
                    is_record = isinstance(found, models.BaseModel)
                    vals[name] = found.id if is_record else found
        for name in ("description", "result"):
            parts = [
                Markup("<p><strong>%s</strong></p>%s") % (case.display_name, case[name])
                if case != target_sudo
                else case[name]
                for case in cases
                if case[name]
            ]
            if parts:
                vals[name] = Markup("").join(parts)
        vals["tag_ids"] = [Command.link(tag.id) for tag in sources_sudo.tag_ids]
        linked = (sources_sudo.linked_ids | sources_sudo.linked_from_ids) - cases
        vals["linked_ids"] = [Command.link(case.id) for case in linked]
        vals["line_ids"] = [Command.link(line.id) for line in sources_sudo.line_ids]
        return vals

    def _close(self, sources_sudo, target_sudo):
        over = self.env["crm.feedback.stage"].search(
            [("is_closed", "=", True), ("is_solved", "=", False)]
        )
        for team, cases in sources_sudo.grouped("team_id").items():
            stage = over._filter_of_team(team)[:1]
            vals = {"active": False, "merged_into_id": target_sudo.id}
            if stage:
                vals["stage_id"] = stage.id
            cases.write(vals)
        sources_sudo._message_log_batch(
            bodies={
                case.id: self.env._(
                    "Merged into %(case)s.", case=target_sudo.display_name
                )
                for case in sources_sudo
            }
        )
        target_sudo._message_log(
            body=self.env._(
                "Merged with %(cases)s: their messages, attachments and products are"
                " here.",
                cases=", ".join(sources_sudo.mapped("display_name")),
            )
        )
