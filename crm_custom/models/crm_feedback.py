from odoo import api, fields, models
from odoo.fields import Domain

from .crm_feedback_severity import PRIORITIES


class CrmFeedback(models.Model):
    """What a customer tells us, from his word to what came of it: a case.

    ``name`` is its number, ``subject`` what it is about. A case without a customer
    came from somebody whom we do not know yet.
    """

    _name = "crm.feedback"
    _description = "Feedback case"
    _inherit = [
        "crm.customer.contact",
        "crm.partner.guard",
        "rating.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "priority desc, date_received desc, id desc"
    _rec_names_search = ["name", "subject"]
    _check_company_auto = True
    _primary_email = "email_from"
    # who may read a case may answer the customer in it
    _mail_post_access = "read"

    _crm_partner_fields = ("partner_id", "contact_id")
    _crm_guarded_fields = ("partner_id", "contact_id", "user_id")

    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, index="trigram"
    )
    subject = fields.Char(required=True, tracking=True, index="trigram")
    active = fields.Boolean(string="In use", default=True)
    partner_id = fields.Many2one(index=True, ondelete="restrict", tracking=True)
    contact_id = fields.Many2one(help="Who told us.")
    email_from = fields.Char(
        string="E-mail",
        help="Who wrote, when we do not know him as a customer.",
    )
    type_id = fields.Many2one(
        "crm.feedback.type", index=True, ondelete="restrict", tracking=True
    )
    is_complaint = fields.Boolean(related="type_id.is_complaint")
    severity_id = fields.Many2one(
        "crm.feedback.severity",
        index=True,
        ondelete="restrict",
        tracking=True,
        compute="_compute_severity_id",
        store=True,
        readonly=False,
        precompute=True,
        help="How much is at stake. The type proposes one.",
    )
    priority = fields.Selection(
        PRIORITIES,
        compute="_compute_priority",
        store=True,
        readonly=False,
        precompute=True,
        help="From the severity, until somebody changes it.",
    )
    channel_id = fields.Many2one(
        "crm.interaction.channel",
        index="btree_not_null",
        ondelete="restrict",
        help="How it reached us.",
    )
    description = fields.Html(help="What the customer says.")
    line_ids = fields.One2many(
        "crm.feedback.line", "feedback_id", string="Products", copy=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    team_id = fields.Many2one(
        "crm.feedback.team",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        tracking=True,
        domain="[('share', '=', False)]",
        help="Who sees to it. Empty: nobody yet.",
    )
    stage_id = fields.Many2one(
        "crm.feedback.stage",
        index=True,
        ondelete="restrict",
        tracking=True,
        copy=False,
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        precompute=True,
        group_expand="_read_group_stage_id",
        domain="['|', ('team_ids', '=', False), ('team_ids', 'in', team_id)]",
    )
    is_solved = fields.Boolean(related="stage_id.is_solved", store=True)
    is_closed = fields.Boolean(
        string="Closed (end flag)", related="stage_id.is_closed", store=True
    )
    date_received = fields.Datetime(
        string="Received",
        required=True,
        default=fields.Datetime.now,
        copy=False,
        tracking=True,
    )
    date_first_answer = fields.Datetime(
        string="First answer",
        readonly=True,
        copy=False,
        help="When one of us first wrote to the customer in this case.",
    )
    date_solved = fields.Datetime(string="Solved on", readonly=True, copy=False)
    date_closed = fields.Datetime(string="Closed on", readonly=True, copy=False)
    date_deadline = fields.Datetime(
        string="Solve by",
        copy=False,
        tracking=True,
        help="When the customer expects it to be solved.",
    )
    cause_id = fields.Many2one(
        "crm.feedback.cause",
        index="btree_not_null",
        ondelete="restrict",
        help="Why it happened, as far as we know.",
    )
    result = fields.Html(copy=False, help="What came of it.")
    tag_ids = fields.Many2many("crm.feedback.tag", string="Tags")
    linked_ids = fields.Many2many(
        "crm.feedback",
        "crm_feedback_link_rel",
        "feedback_id",
        "linked_id",
        string="Linked cases",
        copy=False,
        domain="[('id', '!=', id), ('company_id', '=', company_id)]",
    )
    linked_from_ids = fields.Many2many(
        "crm.feedback",
        "crm_feedback_link_rel",
        "linked_id",
        "feedback_id",
        string="Linked from",
        copy=False,
    )
    order_id = fields.Many2one(
        "sale.order",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('partner_id', 'child_of', partner_id)]",
    )
    picking_id = fields.Many2one(
        "stock.picking",
        string="Delivery",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('partner_id', 'child_of', partner_id)]",
    )
    invoice_id = fields.Many2one(
        "account.move",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('commercial_partner_id', '=', partner_id),"
        " ('move_type', 'in', ('out_invoice', 'out_refund'))]",
    )

    _number_unique = models.UniqueIndex(
        "(company_id, name)", "There is a case of this number already."
    )
    # the list as it opens, and the open cases alone
    _list_index = models.Index("(priority DESC, date_received DESC, id DESC)")
    _open_index = models.Index(
        "(priority DESC, date_received DESC, id DESC) WHERE is_closed IS NOT TRUE"
    )

    # ------------------------------------------------------------
    # Defaults and computes
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "team_id" in fields and "team_id" not in values:
            company = self.env["res.company"].browse(
                values.get("company_id", self.env.company.id)
            )
            teams = self.env["crm.feedback.team"]._get_default_teams(company)
            values["team_id"] = teams.get(company, teams and self.env.company).id
        return values

    @api.depends("type_id")
    def _compute_severity_id(self):
        for case in self:
            case.severity_id = case.severity_id or case.type_id.severity_id

    @api.depends("severity_id")
    def _compute_priority(self):
        for case in self:
            case.priority = case.severity_id.priority or case.priority or "1"

    @api.depends("team_id")
    def _compute_stage_id(self):
        """The first stage of the team, where the present one is none of its."""
        stages = self.env["crm.feedback.stage"].search(Domain.TRUE)
        for case in self:
            of_team = stages._filter_of_team(case.team_id)
            if case.stage_id not in of_team:
                case.stage_id = of_team[:1]

    @api.model
    def _read_group_stage_id(self, stages, domain):
        """All stages of the team that is looked at, empty ones too."""
        shown = self.env["crm.feedback.stage"].search(Domain.TRUE)
        if team_id := self.env.context.get("default_team_id"):
            team = self.env["crm.feedback.team"].browse(team_id)
            shown = shown._filter_of_team(team)
        return (stages | shown).sorted()

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for case in self:
            case.display_name = " ".join(filter(None, (case.name, case.subject)))

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_take(self):
        """Become the owner of these cases."""
        self.write({"user_id": self.env.uid})

    @api.model
    def _get_action(self, domain, defaults):
        """The cases of this domain; where there is none, a new one.

        :param dict defaults: ``default_*`` of the context, what is known of a new case
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_feedback_action"
        )
        if not self.search_count(domain, limit=1):
            action["view_mode"] = "form"
            action["views"] = [(False, "form")]
        action["domain"] = domain
        action["context"] = {
            **defaults,
            "crm_print_view": "crm_custom.crm_feedback_view_list_print",
        }
        return action
