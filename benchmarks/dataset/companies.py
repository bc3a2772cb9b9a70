"""The three companies, made through Odoo: ledgers, warehouses, rates, price lists."""

from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

#: name, country, currency, time zone, share of the business; the first is the
#: template's own company
COMPANIES = (
    ("Meridian Supply", "us", "USD", "America/Chicago", 0.60),
    ("Meridian Europa", "de", "EUR", "Europe/Berlin", 0.25),
    ("Meridian Pacific", "cn", "USD", "Asia/Shanghai", 0.15),
)
CURRENCIES = ("USD", "EUR")
EUR_IN_USD = 1.09
#: Rates reach back so many months.
MONTHS = 27


@dataclass
class Company:
    """One company of the data set, with the ids that its documents name."""

    no: int
    id: int
    share: float
    currency_id: int
    currency: str
    other_currency_id: int
    pricelist_id: int
    receivable_id: int
    income_id: int
    outstanding_id: int
    gain_id: int
    loss_id: int
    sales_journal_id: int
    sales_code: str
    bank_journal_id: int
    bank_code: str
    payment_method_line_id: int
    payment_method_id: int
    exchange_journal_id: int
    exchange_code: str
    warehouse_id: int
    picking_type_id: int
    picking_prefix: str
    picking_sequence_id: int
    rule_id: int
    stock_id: int
    customers_id: int
    inventory_id: int


def make(env, today):
    """Make the companies with their ledgers, warehouses, rates and price lists."""
    env["res.currency"].with_context(active_test=False).search(
        [("name", "in", CURRENCIES)]
    ).active = True
    made = []
    for no, (name, country, currency, tz, share) in enumerate(COMPANIES):
        values = {
            "name": name,
            "country_id": env.ref(f"base.{country}").id,
            "email": f"office{no}@meridian.example.com",
        }
        if "iap_enrich_auto_done" in env["res.company"]._fields:
            # else the company is looked up on the internet
            values["iap_enrich_auto_done"] = True
        # as if a chart did it: else Odoo installs the localization of the country
        companies = env["res.company"].with_context(chart_template_load=True)
        if no == 0:
            company = companies.browse(env.ref("base.main_company").id)
            company.write(values)
        else:
            company = companies.create(values)
        company = company.with_env(env)
        company.partner_id.write({"tz": tz, "lang": "en_US"})
        env.user.company_ids |= company
        if not company.chart_template:
            env["account.chart.template"].try_loading("generic_coa", company)
        # the chart has set its own
        company.currency_id = env["res.currency"].search([("name", "=", currency)])
        company.account_use_credit_limit = True
        # an order's total is the sum of what its lines show
        company.tax_calculation_rounding_method = "round_per_line"
        own_env = env(context={**env.context, "allowed_company_ids": [company.id]})
        # there are no taxes to map, and every order would name one
        own_env["account.fiscal.position"].search(
            [("company_id", "=", company.id)]
        ).active = False
        other = env["res.currency"].search(
            [("name", "in", CURRENCIES), ("name", "!=", currency)]
        )
        make_rates(own_env, company, other, today)
        made.append(describe(own_env, company.with_env(own_env), no, share, other))
    return made


def make_rates(env, company, other, today):
    """A rate on the first of each month: payments meet another than invoices."""
    worth = EUR_IN_USD if other.name == "USD" else 1 / EUR_IN_USD
    first = today.replace(day=1) - relativedelta(months=MONTHS)
    env["res.currency.rate"].create(
        [
            {
                "name": first + relativedelta(months=month),
                "currency_id": other.id,
                "company_id": company.id,
                "rate": round(worth * (1 + 0.01 * ((month * 7) % 11 - 5)), 6),
            }
            for month in range(MONTHS + 1)
        ]
    )


def describe(env, company, no, share, other):
    """Collect what Odoo made with a company; make what it leaves to people."""
    sales = find_journal(env, company, "sale")
    bank = find_journal(env, company, "bank")
    exchange = company.currency_exchange_journal_id
    method = bank.inbound_payment_method_line_ids[:1]
    warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)])[:1]
    warehouse = warehouse or env["stock.warehouse"].create(
        {"name": company.name, "code": f"WH{no}", "company_id": company.id}
    )
    pricelist = env["product.pricelist"].create(
        {
            "name": f"{company.name} in {other.name}",
            "currency_id": other.id,
            "company_id": company.id,
        }
    )
    inventory = env["stock.location"].search(
        [("company_id", "=", company.id), ("usage", "=", "inventory")],
        order="id",
        limit=1,
    )
    payment = env["account.payment"].new({"company_id": company.id})
    return Company(
        no=no,
        id=company.id,
        share=share,
        currency_id=company.currency_id.id,
        currency=company.currency_id.name,
        other_currency_id=other.id,
        pricelist_id=pricelist.id,
        receivable_id=company.partner_id.property_account_receivable_id.id,
        income_id=sales.default_account_id.id,
        outstanding_id=payment._get_outstanding_account("inbound").id,
        gain_id=company.income_currency_exchange_account_id.id,
        loss_id=company.expense_currency_exchange_account_id.id,
        sales_journal_id=sales.id,
        sales_code=sales.code,
        bank_journal_id=bank.id,
        bank_code=bank.code,
        payment_method_line_id=method.id,
        payment_method_id=method.payment_method_id.id,
        exchange_journal_id=exchange.id,
        exchange_code=exchange.code,
        warehouse_id=warehouse.id,
        picking_type_id=warehouse.out_type_id.id,
        picking_prefix=warehouse.out_type_id.sequence_id.prefix,
        picking_sequence_id=warehouse.out_type_id.sequence_id.id,
        rule_id=warehouse.delivery_route_id.rule_ids[:1].id,
        stock_id=warehouse.lot_stock_id.id,
        customers_id=env.ref("stock.stock_location_customers").id,
        inventory_id=inventory.id,
    )


def find_journal(env, company, kind):
    return env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", kind)], order="id", limit=1
    )
