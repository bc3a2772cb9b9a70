from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmInteractionChoice(models.AbstractModel):
    """What one chooses for a contact: a short list that the administrator keeps."""

    _name = "crm.interaction.choice"
    _description = "Choice of the contact log"
    _order = "sequence, name, id"

    #: the field of the contact log that it is chosen in
    _chosen_in = ""

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(string="In use", default=True)
    color = fields.Integer()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: a contact that the user does not see keeps its choice, too
        used = (
            self.env["crm.interaction"]
            .sudo()
            .with_context(active_test=False)
            .search([(self._chosen_in, "in", self.ids)], limit=1)[self._chosen_in]
        )
        if used:
            raise UserError(
                self.env._(
                    "There are contacts with '%(name)s': archive it instead.",
                    name=used.name,
                )
            )
