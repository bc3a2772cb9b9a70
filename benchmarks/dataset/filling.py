"""Filling a database: Odoo makes the ground, then the plan is made and written."""

import datetime
import json

from . import (
    companies,
    customers,
    deliveries,
    entries,
    entry_lines,
    finish,
    ground,
    indexes,
    invoices_plan,
    leads,
    ledger_plan,
    orders,
    orders_plan,
    partners,
    payments,
    payments_plan,
    people,
    portal,
    products,
    standing,
)
from .mark import MARK, NotOurs, require_empty, require_mark
from .plan import Clock, Plan
from .shares import upto

PLANNED = (
    ("customers", customers.plan),
    ("products", products.plan),
    ("order lines", orders_plan.plan),
    ("goods to move", orders_plan.plan_deliveries),
    ("lines to invoice", orders_plan.plan_bills),
    ("invoices", invoices_plan.plan),
    ("payments", payments_plan.plan),
    ("journal entries", ledger_plan.plan),
    ("matchings", ledger_plan.plan_matching),
    ("standings", standing.plan),
    ("stages of leads", leads.plan),
)
WRITTEN = (
    ("customers", partners.write),
    ("their people", people.write),
    ("special days, hobbies, tags", people.write_details),
    ("products", products.write),
    ("leads", leads.write),
    ("their history", leads.write_history),
    ("orders", orders.write),
    ("order lines", orders.write_lines),
    ("deliveries", deliveries.write),
    ("stock moves", deliveries.write_moves),
    ("stock", deliveries.write_stock),
    ("journal entries", entries.write),
    ("payments", payments.write),
    ("full matchings", payments.write_full),
    ("journal items", entry_lines.write),
    ("matchings", payments.write_partials),
    ("portal users", portal.write),
)


def fill(env, shape, seed, say, today=None):
    """Fill a marked copy of a template that holds no documents, and commit.

    :param env: of the superuser
    :param today: the day to which all dates relate; the day of the fill
    :return: {table: number of rows made}
    """
    cr = env.cr
    require_mark(cr)
    require_empty(cr)
    require_superuser(cr)
    today = today or datetime.date.today()
    env = env(context={"lang": "en_US", "tracking_disable": True})
    clock = Clock(say)
    plan = Plan(cr, shape, seed, today, say)
    clock("companies, ledgers, people", ground.make, env, shape, plan)
    prepare(env, plan)
    cr.execute("SET LOCAL jit = off")
    cr.execute("SET LOCAL work_mem = '256MB'")
    # the foreign keys are checked once, at the end
    cr.execute("SET LOCAL session_replication_role = replica")
    for name, work in PLANNED:
        clock(f"plan: {name}", work, plan)
    clock("indexes at rest", indexes.rest, plan)
    for name, work in WRITTEN:
        clock(name, work, plan)
    clock("indexes", indexes.build, plan)
    clock("foreign keys", finish.check_foreign_keys, plan)
    counted = finish.count_rows(cr)
    finish.set_sequences(plan)
    plan.drop()
    remember(cr, shape, seed, today, counted)
    cr.commit()
    clock("statistics", vacuum, cr, counted)
    return counted


def require_superuser(cr):
    cr.execute("SELECT current_setting('is_superuser') = 'on'")
    if not cr.fetchone()[0]:
        raise NotOurs(
            "the data set is written with the foreign keys off and checked afterwards:"
            " that needs a database role that is a superuser"
        )


def prepare(env, plan):
    """The values that the plan's SQL may name."""
    shares = [share for *_company, share in companies.COMPANIES]
    sequences = env["ir.sequence"].search([("company_id", "=", False)])
    by_code = {sequence.code: sequence.id for sequence in sequences}
    plan.values.update(
        user=env.uid,
        # whose business there is: not all of a million
        active=min(plan.shape.partners, max(plan.shape.invoices // 10, 1)),
        company_shares=upto(shares),
        subtype_stage=env.ref("crm.mt_lead_stage").id,
        subtype_won=env.ref("crm.mt_lead_won").id,
        stage_field=env["ir.model.fields"]._get("crm.lead", "stage_id").id,
        portal_group_id=env.ref("base.group_portal").id,
    )
    plan.values["numbered"] = [
        (by_code["sale.order"], "bench.orders"),
        (by_code["crm.customer.code"], "bench.customer"),
    ]
    plan.run("SELECT picking_sequence_id, no FROM bench.company")
    plan.values["numbered"] += [
        (sequence_id, f"bench.picking WHERE company_no = {no}")
        for sequence_id, no in plan.cr.fetchall()
    ]


def remember(cr, shape, seed, today, counted):
    """Keep with the database what it is, for whoever finds it."""
    facts = {
        "seed": seed,
        "today": str(today),
        "shape": {name: getattr(shape, name) for name in shape.__dataclass_fields__},
        "rows": counted,
    }
    cr.execute(
        "UPDATE ir_config_parameter SET value = %s WHERE key = %s",
        (json.dumps(facts), MARK),
    )


def vacuum(cr, tables):
    """Leave the tables as a server's autovacuum would have by the next morning."""
    connection = cr._cnx
    connection.autocommit = True
    try:
        cr.execute(f"VACUUM (ANALYZE) {', '.join(tables)}")
        # the rest, the links among it, needs statistics alone
        cr.execute("ANALYZE")
    finally:
        connection.autocommit = False
