"""What an ageing is asked for, read from what a browser sent."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

#: option: field of the customer
PARTNER_FILTERS = {
    "partner_ids": "id",
    "user_ids": "user_id",
    "team_ids": "user_id.sale_team_id",
    "category_ids": "category_id",
    "customer_type_ids": "customer_type_id",
    "country_ids": "country_id",
}
#: option: model of its records
FILTER_MODELS = {
    "partner_ids": "res.partner",
    "user_ids": "res.users",
    "team_ids": "crm.team",
    "category_ids": "res.partner.category",
    "customer_type_ids": "crm.customer.type",
    "country_ids": "res.country",
    "account_ids": "account.account",
    "company_ids": "res.company",
}
GROUPBYS = (
    "partner_id",
    "user_id",
    "team_id",
    "customer_type_id",
    "country_id",
    "account_id",
    "company_id",
    "currency_id",
)

#: rows with a large share of the total, over their limit, or with what is oldest
CONCENTRATIONS = ("share", "limit", "aged")


class AgeingOptions:
    """Checked options.

    ``date``: None for now; ``payable``; ``groupby``: a field of `crm.receivable`;
    ``with_credit``: whether customers with a credit balance are rows; ``only``: one of
    `CONCENTRATIONS`, to see where the risk is; ``with_ledger``;
    ``details``: each item below its customer; ``offset``; ``ids``: {option: ids} of
    the filters in `FILTER_MODELS`.
    """

    def __init__(self, env, values):
        self.env = env
        try:
            self.date = fields.Date.to_date(values.get("date") or None) or None
            self.ids = {
                name: [int(record_id) for record_id in values.get(name) or ()]
                for name in FILTER_MODELS
            }
            self.offset = max(int(values.get("offset") or 0), 0)
            self.groupby = values.get("groupby") or "partner_id"
            self.only = values.get("only") or None
            if self.groupby not in GROUPBYS or self.only not in (None, *CONCENTRATIONS):
                raise ValueError(self.groupby)
        except (AttributeError, TypeError, ValueError) as error:
            raise UserError(env._("These options are none of an ageing.")) from error
        self.payable = bool(values.get("payable"))
        self.with_credit = values.get("with_credit", True) is not False
        self.with_ledger = values.get("with_ledger", True) is not False
        self.details = bool(values.get("details"))

    def companies(self):
        """The companies whose items are added up."""
        chosen = self.ids["company_ids"]
        companies = self.env.companies
        return companies.filtered(lambda company: company.id in chosen) or companies

    def partner_domain(self):
        """The domain of the customers, true of all when none is chosen."""
        env = self.env
        domain = Domain.AND(
            Domain(
                field, "child_of" if name == "category_ids" else "in", self.ids[name]
            )
            for name, field in PARTNER_FILTERS.items()
            if self.ids[name]
        )
        if not env["crm.receivable"]._may_read_entries() and not env.user.has_group(
            "sales_team.group_sale_salesman_all_leads"
        ):
            # as the rule of the items says; known here, it makes the SQL short
            domain &= Domain("user_id", "=", env.uid)
        return domain

    def item_domain(self):
        """The domain of the items, a list: on customer, account and company alone, so
        that the ledger can be asked for the same.
        """
        domain = [("is_payable", "=", self.payable)]
        for name in ("account_ids", "company_ids"):
            if self.ids[name]:
                domain.append((name[:-1], "in", self.ids[name]))
        partner_domain = self.partner_domain()
        if not partner_domain.is_true():
            domain.append(("partner_id", "any", list(partner_domain)))
        return domain

    def title(self):
        env = self.env
        name = env._("Payables") if self.payable else env._("Receivables")
        if not self.date:
            return env._("%(name)s by age, now", name=name)
        return env._(
            "%(name)s by age on %(date)s",
            name=name,
            date=format_date(env, self.date),
        )

    def groupby_label(self):
        if self.payable and self.groupby == "partner_id":
            return self.env._("Vendor")
        field = self.env["crm.receivable"]._fields[self.groupby]
        return field._description_string(self.env)

    def facts(self):
        """[(label, names)] of the filters that are set."""
        env = self.env
        labels = {
            "partner_ids": env._("Partner"),
            "user_ids": env._("Salesperson"),
            "team_ids": env._("Sales team"),
            "category_ids": env._("Tag"),
            "customer_type_ids": env._("Customer type"),
            "country_ids": env._("Country"),
            "account_ids": env._("Account"),
            "company_ids": env._("Company"),
        }
        facts = []
        for name, model in FILTER_MODELS.items():
            if self.ids[name]:
                records = env[model].browse(self.ids[name])
                facts.append((labels[name], ", ".join(records.mapped("display_name"))))
        return facts
