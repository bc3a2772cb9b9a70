"""Kits need manufacturing, which would change the stock of all other tests."""

import argparse
import signal

import pytest

from tools.runtime import Runtime


@pytest.fixture(scope="module")
def runtime():
    with Runtime(argparse.Namespace(odoo=None, db_url=None)) as runtime:
        yield runtime


def test_kits_with_manufacturing(runtime):
    with runtime.databases.scratch("kit") as name:
        install = ("-d", name, "-i", "sale_mrp", "--stop-after-init", "--no-http")
        assert runtime.run(*install, "--log-level", "warn") == 0
        tests = ("--odoo-database", name, "tests/kit_cases.py", "-q")
        assert runtime.run(*tests, module="pytest", ending=signal.SIGINT) == 0
