from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmFeedbackChoice(models.AbstractModel):
    """What one chooses for a case: a list that the feedback manager keeps.

    What is in use cannot be deleted: it is archived.
    """

    _name = "crm.feedback.choice"
    _description = "Choice of a feedback case"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(string="In use", default=True)
    color = fields.Integer()


class CrmFeedbackTree(models.AbstractModel):
    """Choices within choices, to any depth: a search for one finds those below it."""

    _name = "crm.feedback.tree"
    _description = "Tree of choices of a feedback case"
    _inherit = ["crm.feedback.choice"]
    _parent_store = True

    parent_path = fields.Char(index=True)

    @api.depends("name", "parent_path")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """The way to it: Complaint / Delivery / Late."""
        for node in self:
            path = [int(id_) for id_ in (node.parent_path or "").split("/") if id_]
            names = self.browse(path).mapped("name") if path else [node.name]
            node.display_name = " / ".join(name or "" for name in names)

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A choice cannot stand below itself."))
