from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

CHANNELS = [("email", "E-mail"), ("letter", "Letter"), ("call", "Phone call")]
#: which the app brings, for companies that have none yet
DEFAULT_LEVELS = ("reminder", "second", "final")


class CrmDunningLevel(models.Model):
    """How a company reminds of what is overdue, one step after the other.

    The order of the levels is theirs by `sequence`. The text is a mail template's: of
    placeholders only those that letters allow are open to everybody, others ask for
    Odoo's group of template editors.
    """

    _name = "crm.dunning.level"
    _inherit = ["mail.render.mixin"]
    _description = "Dunning level"
    _order = "company_id, sequence, id"
    _unrestricted_rendering = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(string="In use", default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    days = fields.Integer(
        string="Days after due",
        required=True,
        default=7,
        help="An item must be overdue for so many days to reach this level.",
    )
    next_days = fields.Integer(
        string="Next level after (days)",
        required=True,
        default=14,
        help="So many days pass after a reminder of this level before the next level.",
    )
    amount_min = fields.Monetary(
        string="Minimum amount",
        help="A customer of whom less is due, open credits taken off, is not reminded"
        " at this level. In the currency of the company, all taken together.",
    )
    channel = fields.Selection(CHANNELS, string="By", required=True, default="email")
    copy_salesperson = fields.Boolean(
        string="Salesperson in copy",
        help="The salesperson of the customer gets the e-mail in copy.",
    )
    pay_days = fields.Integer(
        string="Days to pay",
        required=True,
        default=7,
        help="The reminder asks for payment within so many days.",
    )
    subject = fields.Char(required=True, translate=True)
    body = fields.Html(
        string="Text",
        translate=True,
        render_engine="qweb",
        render_options={"post_process": True},
        sanitize="email_outgoing",
        help="Stands above the list of items, in the e-mail and in the letter. For a"
        " call it is what to say.",
    )

    _sane = models.Constraint(
        "CHECK (days > 0 AND next_days > 0 AND pay_days >= 0 AND amount_min >= 0)",
        "Days after due and days until the next level are 1 or more; days to pay and"
        " the minimum amount are not negative.",
    )

    def _compute_render_model(self):
        self.render_model = "crm.dunning.letter"

    @api.constrains("days", "sequence", "active", "company_id")
    def _check_days_increase(self):
        for company, levels in (
            self._get_all(self.company_id).grouped("company_id").items()
        ):
            days = levels.mapped("days")
            if days != sorted(days):
                raise ValidationError(
                    self.env._(
                        "The levels of %s must follow one another: a later level asks"
                        " for as many days after due, or more.",
                        company.name,
                    )
                )

    def write(self, vals):
        if "company_id" in vals and any(
            level.company_id.id != vals["company_id"] for level in self
        ):
            raise UserError(
                self.env._("A level stays with its company: copy it in the other one.")
            )
        return super().write(vals)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "company_id" in (default or {}):
            return vals_list
        return [
            {**vals, "name": self.env._("%s (copy)", level.name)}
            for level, vals in zip(self, vals_list, strict=True)
        ]

    @api.model
    def _get_all(self, companies, **context):
        """The levels of companies in their order, whoever asks."""
        # sudo: a run needs all of them, and tells of them what letters do
        return (
            self.sudo()
            .with_context(**context)
            .search([("company_id", "in", companies.ids)])
        )

    @api.model
    def _provide_for(self, companies):
        """Give those companies the levels of the app that never had any."""
        having = self._get_all(companies, active_test=False).company_id
        refs = [f"crm_custom.crm_dunning_level_{name}" for name in DEFAULT_LEVELS]
        for company in companies - having.with_env(companies.env):
            for ref in refs:
                # sudo: the first levels come by themselves
                level = self.sudo().env.ref(ref, raise_if_not_found=False)
                if level:
                    level.copy({"company_id": company.id})
