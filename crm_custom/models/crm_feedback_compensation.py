from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..report.crm_feedback_cost import KINDS

STATES = [
    ("waiting", "Waits for approval"),
    ("proposed", "Proposed"),
    ("draft", "Draft"),
    ("progress", "In progress"),
    ("done", "Done"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
    ("cancel", "Cancelled"),
]
#: what keeps a second one for the same products and quantity out
LIVE = frozenset({"waiting", "proposed", "draft", "progress", "done"})
#: which field leads to the document, by kind
DOCUMENTS = {
    "credit": "credit_note_id",
    "reduction": "credit_note_id",
    "return": "return_id",
    "replacement": "replacement_id",
    "repair": "repair_id",
}
PICKING_STATES = {"done": "done", "cancel": "cancel"}
MOVE_STATES = {"draft": "draft", "posted": "done", "cancel": "cancel"}
REPAIR_STATES = {"draft": "draft", "done": "done", "cancel": "cancel"}


class CrmFeedbackCompensation(models.Model):
    """What a customer gets for what went wrong, by one document of Odoo's.

    It is proposed in the case, waits for approval where it is large, and becomes a
    document by somebody who may make such documents. From then on its state is the
    document's. Nobody writes these records: the buttons do, which check the rights.
    """

    _name = "crm.feedback.compensation"
    _description = "Compensation"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    # whoever reads a proposal may be asked, and answer
    _mail_post_access = "read"

    feedback_id = fields.Many2one(
        "crm.feedback",
        string="Case",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="feedback_id.company_id", store=True)
    partner_id = fields.Many2one(related="feedback_id.partner_id", string="Customer")
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    line_ids = fields.One2many(
        "crm.feedback.compensation.line",
        "compensation_id",
        string="Products",
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Proposed by", required=True, readonly=True
    )
    note = fields.Text(string="Why", readonly=True)
    state = fields.Selection(
        STATES,
        string="Status",
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
        help="Until there is a document, what was decided; then what the document"
        " says.",
    )
    is_withdrawn = fields.Boolean(readonly=True, export_string_translation=False)
    invoice_id = fields.Many2one(
        "account.move",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The invoice that is credited.",
    )
    picking_id = fields.Many2one(
        "stock.picking",
        string="Delivery",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The delivery that comes back.",
    )
    technician_id = fields.Many2one("res.users", readonly=True)
    date_planned = fields.Datetime(string="Planned for", readonly=True)
    duration = fields.Float(string="Hours", readonly=True)
    credit_note_id = fields.Many2one(
        "account.move", readonly=True, index="btree_not_null", ondelete="set null"
    )
    return_id = fields.Many2one(
        "stock.picking",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    replacement_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null", ondelete="set null"
    )
    repair_id = fields.Many2one(
        "repair.order", readonly=True, index="btree_not_null", ondelete="set null"
    )
    document_name = fields.Char(
        string="Document", compute="_compute_document_name", compute_sudo=True
    )
    delivery_name = fields.Char(
        string="Delivery of the replacement",
        compute="_compute_document_name",
        compute_sudo=True,
    )
    product_names = fields.Char(
        string="Products and quantities", compute="_compute_product_names"
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends(
        "approval",
        "is_withdrawn",
        "credit_note_id.state",
        "return_id.state",
        "replacement_id.state",
        "replacement_id.delivery_status",
        "repair_id.state",
    )
    def _compute_state(self):
        for compensation in self:
            document = compensation._get_document()
            if compensation.is_withdrawn:
                state = "withdrawn"
            elif document:
                state = compensation._get_document_state(document)
            else:
                state = {"waiting": "waiting", "refused": "refused"}.get(
                    compensation.approval, "proposed"
                )
            compensation.state = state

    @api.model
    def _get_document_state(self, document):
        if document._name == "account.move":
            return MOVE_STATES[document.state]
        if document._name == "stock.picking":
            return PICKING_STATES.get(document.state, "progress")
        if document._name == "repair.order":
            return REPAIR_STATES.get(document.state, "progress")
        if document.state == "sale":
            return "done" if document.delivery_status == "full" else "progress"
        return "cancel" if document.state == "cancel" else "draft"

    def _get_document(self):
        """The document, an empty recordset while there is none."""
        self.ensure_one()
        return self[DOCUMENTS[self.kind]]

    @api.depends(*DOCUMENTS.values(), "state")
    def _compute_document_name(self):
        for compensation in self:
            document = compensation._get_document()
            compensation.document_name = document.display_name if document else False
            deliveries = compensation.replacement_id.picking_ids
            compensation.delivery_name = ", ".join(deliveries.mapped("name")) or False

    @api.depends("line_ids.quantity", "line_ids.product_id")
    def _compute_product_names(self):
        for compensation in self:
            compensation.product_names = ", ".join(
                f"{line.quantity:g} × {line.product_id.display_name}"
                for line in compensation.line_ids
            )

    @api.depends("kind", "feedback_id", "document_name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for compensation in self:
            # sudo: the number of the case, for who makes its documents alone
            case_sudo = compensation.sudo().feedback_id
            compensation.display_name = " ".join(
                (kinds.get(compensation.kind, ""), case_sudo.name or "")
            )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_make(self):
        """Open Odoo's own form, with what was proposed filled in."""
        self.ensure_one()
        self._check_may_make()
        return getattr(self, f"_make_{self.kind}")()

    def action_open_document(self):
        self.ensure_one()
        document = self._get_document()
        document.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }

    def action_withdraw(self):
        """Undo a proposal that has become no document."""
        for compensation in self:
            # sudo: whose case it is; whether it may be changed is what is asked
            compensation.sudo().feedback_id.sudo(False).check_access("write")
            if compensation.state not in ("waiting", "proposed"):
                raise UserError(
                    self.env._(
                        "There is a document already: cancel that, and this is"
                        " cancelled with it."
                    )
                )
        # sudo: nobody writes these records; the right to the cases is checked
        self.sudo().write({"is_withdrawn": True})
        self.sudo()._close_requests()

    # ------------------------------------------------------------
    # Who makes the document
    # ------------------------------------------------------------

    @api.model
    def _get_required_models(self, kind):
        """What one must be allowed to create for a document of this kind."""
        return {
            "return": ("stock.picking", "stock.return.picking"),
            "replacement": ("sale.order",),
            "repair": ("repair.order",),
        }.get(kind, ("account.move", "account.move.reversal"))

    @api.model
    def _may_make(self, kind):
        return all(
            self.env[model].has_access("create")
            for model in self._get_required_models(kind)
        )

    def _check_may_make(self, *kinds):
        """Raise unless this waits for its document, and the user may make it.

        :param kinds: what the document can be
        """
        self.ensure_one()
        self.check_access("read")
        if not self._may_make(self.kind):
            raise AccessError(
                self.env._(
                    "You may not make such a document in Odoo. Ask somebody who may:"
                    " he sees what is proposed."
                )
            )
        if self.state != "proposed" or (kinds and self.kind not in kinds):
            raise UserError(
                self.env._(
                    "%(what)s: no document can be made of this now (%(state)s).",
                    what=self.display_name,
                    state=dict(self._fields["state"]._description_selection(self.env))[
                        self.state
                    ],
                )
            )

    def _link_document(self, document):
        """This is what has become of it."""
        self.ensure_one()
        # sudo: nobody writes these records; whoever made the document was asked
        self_sudo = self.sudo()
        self_sudo[DOCUMENTS[self.kind]] = document
        self_sudo._close_requests()
        document.sudo()._message_log(
            body=self.env._("Made for %s.", self_sudo.feedback_id.display_name)
        )
        self_sudo.feedback_id._message_log(
            body=self.env._(
                "%(kind)s %(document)s: %(products)s",
                kind=dict(self._fields["kind"]._description_selection(self.env))[
                    self.kind
                ],
                document=document._get_html_link(title=document.sudo().display_name),
                products=self_sudo.product_names,
            )
        )
