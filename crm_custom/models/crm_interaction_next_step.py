from odoo import api, fields, models
from odoo.exceptions import ValidationError

STEP_FIELDS = {"next_step", "next_date", "next_activity_type_id", "user_id"}


class CrmInteraction(models.Model):
    """What was agreed on for the next time, and the step that this contact settles.

    A next step is an activity of the customer or the contact, in the user's list like
    any other: done there, it is done here. A contact may settle such a step, or any
    other open activity with the customer: saving it marks the activity as done.
    """

    _inherit = "crm.interaction"

    next_step = fields.Char(
        string="Next step", help="What to do next, e.g. send the offer."
    )
    next_date = fields.Date(
        string="Next step on",
        index="btree_not_null",
        help="An activity is planned for this day.",
    )
    next_activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="Next step as",
        compute="_compute_next_activity_type_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="set null",
        domain="[('res_model', 'in', (False, 'res.partner'))]",
        help="The kind of activity that is planned. Calls, meetings and e-mails count"
        " as contacts when they are done.",
    )
    next_activity_id = fields.Many2one(
        "mail.activity",
        string="Planned activity",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
    )
    next_step_state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("dropped", "Dropped")],
        string="Next step is",
        compute="_compute_next_step_state",
        # an activity may be readable for those alone who may read its document
        compute_sudo=True,
        search="_search_next_step_state",
    )
    activity_id = fields.Many2one(
        "mail.activity",
        string="Settles",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        domain="[('id', 'in', open_activity_ids)]",
        help="The planned step that this contact settles: it is done when you save.",
    )
    open_activity_ids = fields.Many2many(
        "mail.activity",
        compute="_compute_open_activity_ids",
        export_string_translation=False,
    )

    def _has_field_access(self, field, operation):
        # which activity is ours is not for a client to say: ours are changed, deleted
        return super()._has_field_access(field, operation) and (
            operation == "read" or self.env.su or field.name != "next_activity_id"
        )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("channel_id", "next_date")
    def _compute_next_activity_type_id(self):
        to_do = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        for interaction in self:
            if interaction.next_date and not interaction.next_activity_type_id:
                interaction.next_activity_type_id = (
                    interaction.channel_id.activity_type_ids.filtered(
                        lambda kind: kind.res_model in (False, "res.partner")
                    )[:1]
                    or to_do
                )

    @api.depends("next_date", "next_activity_id.active")
    def _compute_next_step_state(self):
        for interaction in self:
            activity = interaction.next_activity_id
            if not interaction.next_date:
                interaction.next_step_state = False
            elif not activity:
                interaction.next_step_state = "dropped"
            else:
                interaction.next_step_state = "open" if activity.active else "done"

    @api.model
    def _search_next_step_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: as in the compute
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        domains = {
            False: fields.Domain("next_date", "=", False),
            "dropped": fields.Domain("next_date", "!=", False)
            & fields.Domain("next_activity_id", "=", False),
            "open": fields.Domain("next_date", "!=", False)
            & fields.Domain(
                "next_activity_id",
                "in",
                activities._search([("active", "=", True)]),
            ),
            "done": fields.Domain("next_date", "!=", False)
            & fields.Domain(
                "next_activity_id",
                "in",
                activities._search([("active", "=", False)]),
            ),
        }
        return fields.Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("partner_id")
    @api.depends_context("uid")
    def _compute_open_activity_ids(self):
        for interaction in self:
            interaction.open_activity_ids = self.env[
                "mail.activity"
            ]._get_open_with_customer(interaction.partner_id)

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Offer the step that is due: whoever calls most often calls for that."""
        super()._onchange_partner_id()
        if self.activity_id in self.open_activity_ids:
            return
        today = fields.Date.context_today(self)
        self.activity_id = self.open_activity_ids.filtered(
            lambda activity: (
                activity.user_id == self.env.user and activity.date_deadline <= today
            )
        )[:1]

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains("next_date")
    def _check_next_date(self):
        today = fields.Date.context_today(self)
        for interaction in self:
            if interaction.next_date and interaction.next_date < today:
                raise ValidationError(
                    self.env._(
                        "The next step lies in the past (%(date)s): choose today or a"
                        " later day.",
                        date=fields.Date.to_string(interaction.next_date),
                    )
                )

    @api.constrains("next_step", "next_date")
    def _check_next_step(self):
        for interaction in self:
            if interaction.next_step and not interaction.next_date:
                raise ValidationError(
                    self.env._(
                        "On which day is the next step '%(step)s'? Without one nobody"
                        " is reminded of it.",
                        step=interaction.next_step,
                    )
                )

    @api.constrains("activity_id", "partner_id")
    def _check_activity_id(self):
        # sudo: whose activity it is, whoever may read its document
        interactions_sudo = self.sudo()
        parties = interactions_sudo.activity_id._get_contact_parties()
        for interaction in interactions_sudo:
            activity = interaction.activity_id
            customer_id = interaction.partner_id.id
            party = parties.get(activity.id, {})
            if party.get("partner_id", customer_id) != customer_id:
                raise ValidationError(
                    self.env._(
                        "The activity '%(activity)s' is not with %(customer)s.",
                        activity=activity.display_name,
                        customer=interaction.partner_id.name,
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        interactions = super().create(vals_list)
        interactions._settle_activities()
        interactions._plan_next_steps()
        return interactions

    def write(self, vals):
        date = fields.Date.to_date(vals.get("next_date"))
        redated = self.filtered(lambda interaction: interaction.next_date != date)
        result = super().write(vals)
        if vals.get("activity_id"):
            self._settle_activities()
        if not STEP_FIELDS.isdisjoint(vals):
            self._change_next_steps()
        if date:
            redated._plan_next_steps()
        return result

    @api.model
    def _get_link_fields(self):
        return super()._get_link_fields() | {"activity_id"}

    # ------------------------------------------------------------
    # Business
    # ------------------------------------------------------------

    def _settle_activities(self):
        """Mark the activities as done that these contacts settle."""
        for interaction in self:
            activity = interaction.activity_id
            if activity.active:
                activity._action_done(feedback=interaction.subject)

    def _plan_next_steps(self):
        """Plan an activity for each next step that has none open."""
        to_plan = self.filtered(
            lambda step: step.next_date and not step._get_open_next_activity()
        )
        if not to_plan:
            return
        activities = self.env["mail.activity"].create(
            [step._prepare_next_activity_vals() for step in to_plan]
        )
        for step, activity in zip(to_plan, activities, strict=True):
            # sudo: no user writes this field
            step.sudo().next_activity_id = activity
        self.env["crm.contact.schedule"]._refresh(to_plan.partner_id.ids)

    def _change_next_steps(self):
        """Let the open activities follow; drop those of steps that were taken back."""
        to_drop = self.env["mail.activity"]
        for step in self:
            activity = step._get_open_next_activity()
            if not step.next_date:
                to_drop |= activity
            elif activity:
                changes = step._get_next_activity_changes(activity)
                if changes:
                    activity.write(changes)
        to_drop.unlink()

    def _get_open_next_activity(self):
        self.ensure_one()
        return self.next_activity_id.filtered("active")

    def _prepare_next_activity_vals(self):
        self.ensure_one()
        return {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": (self.contact_id or self.partner_id).id,
            "activity_type_id": self.next_activity_type_id.id,
            "date_deadline": self.next_date,
            "summary": self.next_step,
            "user_id": (self.user_id or self.env.user).id,
        }

    def _get_next_activity_changes(self, activity):
        self.ensure_one()
        vals = self._prepare_next_activity_vals()
        del vals["res_model_id"], vals["res_id"]
        return {
            name: value
            for name, value in vals.items()
            if activity._fields[name].convert_to_write(activity[name], activity)
            != value
        }
