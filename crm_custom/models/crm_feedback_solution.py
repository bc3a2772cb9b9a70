from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

from .feedback_solution_words import kept_words

MANAGER = "crm_custom.group_crm_custom_feedback_manager"
# what a version is made of, in the order in which it is read
CONTENT = ("name", "symptom", "explanation", "instructions")


class CrmFeedbackSolution(models.Model):
    """What helped: how to recognise it, why it happens, what to do.

    Anybody who takes in cases writes one; a feedback manager reviews it. From then on
    it is offered, and only managers change it. Each change of a reviewed text is a new
    version, and what was replaced stands in the history.
    """

    _name = "crm.feedback.solution"
    _description = "Feedback solution"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "success_rate desc, solved_count desc, id desc"
    _mail_post_access = "read"

    name = fields.Char(string="Solution", required=True, tracking=True)
    active = fields.Boolean(string="In use", default=True, tracking=True)
    symptom = fields.Text(
        tracking=True, help="What the customer sees, in the words that he uses for it."
    )
    cause_id = fields.Many2one(
        "crm.feedback.cause",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    explanation = fields.Text(string="Why it happens", tracking=True)
    instructions = fields.Html(
        string="What to do",
        help="Step by step, so that a colleague who has never done it can.",
    )
    product_ids = fields.Many2many(
        "product.product",
        "crm_feedback_solution_product_rel",
        "solution_id",
        "product_id",
        string="Products",
        help="Empty: it fits any product.",
    )
    type_ids = fields.Many2many(
        "crm.feedback.type",
        "crm_feedback_solution_type_rel",
        "solution_id",
        "type_id",
        string="Types",
        help="Empty: it fits any type of case.",
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        default=lambda self: self.env.company,
        help="Empty: a solution of all companies.",
    )
    feedback_id = fields.Many2one(
        "crm.feedback",
        string="Written from",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("review", "To review"), ("reviewed", "Reviewed")],
        string="Status",
        required=True,
        default="draft",
        copy=False,
        tracking=True,
        help="Reviewed solutions are offered while a case is typed.",
    )
    is_shared = fields.Boolean(
        string="Shown in the portal",
        copy=False,
        tracking=True,
        help="Customers who log in may read it, as soon as it is reviewed. Without it"
        " the solution is for colleagues alone.",
    )
    version = fields.Integer(default=1, readonly=True, copy=False)
    reviewer_id = fields.Many2one(
        "res.users",
        string="Reviewed by",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
    )
    date_reviewed = fields.Datetime(string="Reviewed on", readonly=True, copy=False)
    use_ids = fields.One2many("crm.feedback.solution.use", "solution_id", string="Uses")
    use_count = fields.Integer(
        string="Used",
        compute="_compute_use",
        store=True,
        compute_sudo=True,
        help="Cases in which it was tried.",
    )
    solved_count = fields.Integer(
        string="Solved it", compute="_compute_use", store=True, compute_sudo=True
    )
    success_rate = fields.Float(
        string="Success rate",
        compute="_compute_use",
        store=True,
        compute_sudo=True,
        aggregator=None,
        help="Of the cases in which one knows whether it helped, those that it solved.",
    )
    search_words = fields.Text(
        string="Words to search", compute="_compute_search_words", store=True
    )

    _words_index = models.Index("USING gin (to_tsvector('english', search_words))")
    _trigram_index = models.Index(
        lambda registry: (
            "USING gin (search_words gin_trgm_ops)"
            if registry.has_trigram
            # nothing is looked up by it then
            else "(id)"
        )
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("use_ids.outcome")
    def _compute_use(self):
        counts = {}
        for solution, outcome, count in self.env[
            "crm.feedback.solution.use"
        ]._read_group(
            [("solution_id", "in", self.ids)], ["solution_id", "outcome"], ["__count"]
        ):
            counts.setdefault(solution.id, {})[outcome] = count
        for solution in self:
            by_outcome = counts.get(solution.id, {})
            solved = by_outcome.get("solved", 0)
            known = solved + by_outcome.get("not_solved", 0)
            solution.use_count = sum(by_outcome.values())
            solution.solved_count = solved
            solution.success_rate = solved / known if known else 0.0

    @api.depends(*CONTENT)
    def _compute_search_words(self):
        for solution in self:
            solution.search_words = kept_words(
                " ".join(filter(None, solution._get_content().values()))
            )

    def _get_content(self):
        """The texts without markup: {name of the field: text}."""
        return {
            name: html2plaintext(self[name] or "", include_references=False)
            if self._fields[name].type == "html"
            else self[name] or ""
            for name in CONTENT
        }

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        solutions = super().create(vals_list)
        # of the records, not of the values: defaults come from the context too
        reviewed = solutions.filtered(lambda s: s.state == "reviewed")
        if reviewed or any(solutions.mapped("is_shared")):
            self._check_reviewer()
        reviewed._stamp_review()
        return solutions

    def write(self, vals):
        if vals.get("state") == "reviewed" or vals.get("is_shared"):
            self._check_reviewer()
        before = {
            solution: solution._get_content()
            for solution in self
            if solution.state == "reviewed" and not vals.keys().isdisjoint(CONTENT)
        }
        newly = self.filtered(lambda s: s.state != "reviewed")
        result = super().write(vals)
        if vals.get("state") == "reviewed":
            newly._stamp_review()
        for solution, content in before.items():
            solution._keep_version(content)
        return result

    @api.model
    def _check_reviewer(self):
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._(
                    "Only a feedback manager reviews a solution and shows it to"
                    " customers. Ask for a review."
                )
            )

    def _stamp_review(self):
        if self:
            super().write(
                {"reviewer_id": self.env.uid, "date_reviewed": fields.Datetime.now()}
            )

    def _keep_version(self, old):
        """What stood there before a change goes into the history."""
        if old == self._get_content():
            return
        number = self.version
        super().write(
            {
                "version": number + 1,
                "reviewer_id": self.env.uid,
                "date_reviewed": fields.Datetime.now(),
            }
        )
        labels = self.fields_get(CONTENT, ["string"])
        parts = [
            Markup("<p><strong>%s</strong><br/>%s</p>")
            % (labels[name]["string"], Markup("<br/>").join(text.splitlines()))
            for name, text in old.items()
            if text
        ]
        self._message_log(
            body=Markup("<p>%s</p>%s")
            % (
                self.env._("Version %(number)s, which was replaced:", number=number),
                Markup("").join(parts),
            )
        )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_ask_review(self):
        """Tell the leader of the team that it waits for him, if there is one."""
        for solution in self:
            if not solution._get_content()["instructions"].strip():
                raise UserError(
                    self.env._(
                        "Write what to do before you ask for a review: %(solution)s",
                        solution=solution.name,
                    )
                )
        self.write({"state": "review"})
        for solution in self:
            # sudo: who leads the team, whoever may read the case
            leader_sudo = solution.sudo().feedback_id.team_id.user_id
            if leader_sudo and leader_sudo != self.env.user:
                solution.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=leader_sudo.id,
                    summary=self.env._("Review this solution"),
                )

    def action_review(self):
        """Reviewed: it is offered from now on."""
        self.write({"state": "reviewed"})
        self.activity_feedback(["mail.mail_activity_data_todo"])

    def action_draft(self):
        """Back to its author."""
        self.write({"state": "draft", "is_shared": False})

    def action_view_cases(self):
        """The cases in which it was tried."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_feedback_action"
        )
        action["domain"] = [("solution_use_ids.solution_id", "=", self.id)]
        action["context"] = {
            "crm_print_view": "crm_custom.crm_feedback_view_list_print"
        }
        return action
