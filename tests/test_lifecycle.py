"""The addon's life in a database without demo data: install, update, uninstall."""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from tools.runtime import Runtime

ROOT = Path(__file__).parent.parent
COMPLAINT = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")

UNINSTALL = """
addon = env["ir.module.module"].search([("name", "=", "crm_custom")])
addon.button_immediate_uninstall()
"""
#: Odoo without the addon: a partner, an order and an invoice still work.
LIVE_ON = """
assert "crm.customer.type" not in env
assert "is_crm_customer" not in env["res.partner"]._fields
env.cr.execute("SELECT 1 FROM ir_model_data WHERE module = 'crm_custom' LIMIT 1")
assert not env.cr.fetchone()
assert not env["ir.config_parameter"].search([("key", "=like", "crm_custom.%")])
partner = env["res.partner"].create({"name": "Still a partner", "ref": "A-1"})
product = env["product.product"].create({"name": "Thing", "type": "service"})
order = env["sale.order"].create(
    {"partner_id": partner.id, "order_line": [(0, 0, {"product_id": product.id})]}
)
order.action_confirm()
assert order.state == "sale"
env["base.partner.merge.automatic.wizard"]._merge(
    [partner.id, partner.copy().id], partner
)
"""
SCHEMA = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) || a.attnotnull
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
 UNION ALL
SELECT conrelid::regclass::text, conname, contype::text
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
 UNION ALL
SELECT tgrelid::regclass::text, tgname, 'trigger' FROM pg_trigger WHERE NOT tgisinternal
 UNION ALL
SELECT proname, prokind::text, 'function'
  FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
CUSTOMER_IN_USE = """
partner = env["res.partner"].create(
    {"name": "Kept", "is_company": True, "is_crm_customer": True}
)
assert partner.ref, "no code was given"
env["crm.interaction"].create(
    {
        "partner_id": partner.id,
        "outcome_id": env.ref("crm_custom.crm_interaction_outcome_reached").id,
    }
)
env.cr.commit()
"""
#: What an update may not touch: rights and lists that an administrator has changed.
CHANGE_SETTINGS = """
env["crm.custom.settings"].create({"crm_restrict_own_customers": True}).execute()
env["ir.sequence"].search([("code", "=", "crm.customer.code")]).prefix = "K"
env.cr.commit()
"""
SETTINGS_KEPT = """
rule = env.ref("crm_custom.res_partner_rule_own_customers")
assert rule.active, "the update switched the limit off"
sequence = env["ir.sequence"].search([("code", "=", "crm.customer.code")])
assert sequence.prefix == "K", sequence.prefix
"""
#: What an install or update runs first of its data: partners can be read again.
TABLES_RELEASED = """
from odoo.modules.module import Manifest
assert Manifest.for_addon("crm_custom")["data"][0] == "data/res_partner_schema.xml"
env.cr.execute("LOCK TABLE res_partner IN ACCESS EXCLUSIVE MODE")
from odoo.tools import convert_file
convert_file(env, "crm_custom", "data/res_partner_schema.xml", {}, "update")
with env.registry.cursor() as somebody:
    somebody.execute("SET LOCAL lock_timeout = '5s'")
    somebody.execute("SELECT 1 FROM res_partner LIMIT 1")
"""


@pytest.fixture(scope="module")
def runtime():
    with Runtime(argparse.Namespace(odoo=None, db_url=None)) as runtime:
        yield runtime


@pytest.fixture(scope="module")
def database(runtime):
    with runtime.databases.scratch("life", demo=False, with_addon=False) as name:
        yield name


def schema(database):
    """What stands in a database: columns, indexes, constraints, functions."""
    connection = psycopg2.connect(dbname=database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(SCHEMA)
            return {"/".join(row) for row in cursor.fetchall()}
    finally:
        connection.close()


def odoo(runtime, *arguments, script=None):
    """Run Odoo and return its log; a warning or an error in it fails the test."""
    done = subprocess.run(
        [sys.executable, "-m", "odoo", *arguments, "--log-level", "info"],
        cwd=ROOT,
        env=runtime.environment(),
        input=script,
        text=True,
        capture_output=True,
        check=False,
    )
    log = done.stdout + done.stderr
    assert done.returncode == 0, log[-3000:]
    complaints = [line for line in log.splitlines() if COMPLAINT.match(line)]
    assert not complaints, "\n".join(complaints)
    return log


def test_installs_updates_and_uninstalls_without_a_complaint(runtime, database):
    at = ("-d", database, "--no-http")
    before = schema(database)
    log = odoo(runtime, *at, "-i", "crm_custom", "--stop-after-init")
    assert "Module crm_custom loaded" in log
    odoo(runtime, "shell", *at, script=CUSTOMER_IN_USE)
    odoo(runtime, "shell", *at, script=CHANGE_SETTINGS)
    odoo(runtime, *at, "-u", "crm_custom", "--stop-after-init")
    odoo(runtime, "shell", *at, script=SETTINGS_KEPT + TABLES_RELEASED)
    odoo(runtime, "shell", *at, script=UNINSTALL)
    assert schema(database) == before
    odoo(runtime, "shell", *at, script=LIVE_ON)


def test_translations_are_complete_and_exported(tmp_path):
    done = subprocess.run(
        [sys.executable, "dev", "i18n", "--check"],
        cwd=ROOT,
        env=os.environ,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_wheel_holds_the_addon(tmp_path):
    subprocess.run(
        [
            *(sys.executable, "-m", "build", "--wheel", "--no-isolation"),
            *("--outdir", str(tmp_path), str(ROOT / "crm_custom")),
        ],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("odoo_addon_crm_custom-19.0.*.whl")
    names = subprocess.run(
        [sys.executable, "-m", "zipfile", "-l", str(wheel)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "odoo/addons/crm_custom/__manifest__.py" in names
    assert "odoo/addons/crm_custom/i18n/zh_CN.po" in names


def test_odoos_own_lint_finds_nothing(runtime):
    checks = (
        "RoutesLinter",
        "TestDocstring",
        "TestIndex",
        "TestJsTranslations",
        "TestLintOverrideSignatures",
        "TestNaming",
        "TestOnchangeDomains",
    )
    tags = ",".join(f"/test_lint:{check}" for check in checks)
    with runtime.databases.scratch("lint") as name:
        odoo(
            runtime,
            *("-d", name, "-i", "test_lint", "--test-tags", tags),
            *("--stop-after-init", "--http-port", "0"),
        )
