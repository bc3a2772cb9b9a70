from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..models.res_company_duplicate import CHOICES

COMPANY_FIELDS = (
    "crm_customer_code_auto",
    "crm_status_at_risk_days",
    "crm_status_dormant_days",
    "crm_status_lost_days",
    "crm_large_deal_amount",
    "crm_duplicate_vat",
    "crm_duplicate_registry",
    "crm_duplicate_email",
    "crm_duplicate_phone",
    "crm_duplicate_similar",
)
OWN_CUSTOMER_RULES = (
    "crm_custom.res_partner_rule_own_customers",
    "crm_custom.res_partner_special_day_rule_own_customers",
    "crm_custom.res_partner_bank_rule_own_customers",
    "crm_custom.mail_followers_rule_own_customers",
    "crm_custom.calendar_attendee_rule_own_customers",
)


class CrmCustomSettings(models.TransientModel):
    """The settings of the Customers app.

    Odoo's own settings are saved by those alone who may change every right in the
    database. These here are the CRM administrator's, and nothing else is given to
    him: whoever is not one (nor a system administrator) can neither read nor save.
    """

    _name = "crm.custom.settings"
    _description = "Settings of the Customers app"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    crm_customer_code_auto = fields.Boolean(string="Automatic customer codes")
    crm_status_at_risk_days = fields.Integer(string="At risk after")
    crm_status_dormant_days = fields.Integer(string="Dormant after")
    crm_status_lost_days = fields.Integer(string="Lost after")
    currency_id = fields.Many2one(related="company_id.currency_id")
    crm_large_deal_amount = fields.Monetary(string="Large deal from")
    crm_duplicate_vat = fields.Selection(CHOICES, string="Same tax ID")
    crm_duplicate_registry = fields.Selection(CHOICES, string="Same registry number")
    crm_duplicate_email = fields.Selection(CHOICES, string="Same e-mail address")
    crm_duplicate_phone = fields.Selection(CHOICES, string="Same phone number")
    crm_duplicate_similar = fields.Boolean(
        string="Similar names, same web site or mail domain"
    )
    crm_compares_chinese_names = fields.Boolean(
        readonly=True, export_string_translation=False
    )
    crm_restrict_own_customers = fields.Boolean(
        string="Salespeople see their own customers only"
    )

    @api.model
    def default_get(self, fields):
        # Odoo tells everybody the defaults; these are the settings themselves
        self.browse().check_access("create")
        values = super().default_get(fields)
        company = self.env.company
        values.update({name: company[name] for name in self._get_company_fields()})
        values["crm_restrict_own_customers"] = self._is_limited_to_own_customers()
        values["crm_compares_chinese_names"] = self._compares_chinese_names()
        return {name: value for name, value in values.items() if name in fields}

    @api.model
    def _get_company_fields(self):
        """The fields of the company that are settings. A later room adds its own."""
        return COMPANY_FIELDS

    @api.model
    def _is_limited_to_own_customers(self):
        """Whether own-documents salespeople see their own customers only."""
        # sudo: a rule is readable by system administrators alone
        return self.env.ref(OWN_CUSTOMER_RULES[0]).sudo().active

    @api.model
    def _compares_chinese_names(self):
        """Whether pg_trgm is there and takes Chinese signs for letters."""
        if not self.env.registry.has_trigram:
            return False
        query = SQL("SELECT cardinality(show_trgm('客户')) > 0")
        return self.env.execute_query(query)[0][0]

    def execute(self):
        """Save: Odoo's settings view calls it by this name."""
        self.ensure_one()
        self._check_crm_administrator()
        if self.company_id not in self.env.user.company_ids:
            raise AccessError(
                self.env._(
                    "You cannot change the settings of a company that is none of yours."
                )
            )
        # sudo: companies are written by those who manage rights; checked above
        self.company_id.sudo().write(
            {name: self[name] for name in self._get_company_fields()}
        )
        limited = self.crm_restrict_own_customers
        for xml_id in OWN_CUSTOMER_RULES:
            # sudo: rules are written by system administrators; checked above
            rule = self.env.ref(xml_id).sudo()
            if rule.active != limited:
                rule.active = limited
        return {"type": "ir.actions.client", "tag": "reload"}

    def cancel(self):
        """Discard: Odoo's settings view calls it by this name."""
        return self.env["ir.actions.actions"]._for_xml_id(
            "crm_custom.crm_custom_config_settings_action"
        )

    def action_open_customer_code_sequence(self):
        self._check_crm_administrator()
        sequences = self.env["ir.sequence"].search(
            [
                ("code", "=", "crm.customer.code"),
                ("company_id", "in", [False, self.company_id.id]),
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customer codes"),
            "res_model": "ir.sequence",
            "view_mode": "list,form",
            "domain": [("id", "in", sequences.ids)],
        }

    @api.model
    def _check_crm_administrator(self):
        user = self.env.user
        if not self.env.su and not (
            user.has_group("crm_custom.group_crm_custom_admin")
            or user.has_group("base.group_system")
        ):
            raise AccessError(
                self.env._("Only a CRM administrator may change these settings.")
            )
