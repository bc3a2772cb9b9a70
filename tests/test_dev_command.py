"""`./dev`: what it says when something is wrong, and what it leaves behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRIVATE = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGSERVICE", "PGHOSTADDR")
HOLD_SERVER = """
import sys
from tools.postgres import connect
server = connect()
print(server.variables["PGPORT"], flush=True)
sys.stdin.read()
"""


def dev(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "dev", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.fixture
def work_folder(tmp_path):
    """A work folder of its own, with the environment of this one."""
    (tmp_path / "venv").symlink_to(sys.prefix)
    return tmp_path


@pytest.fixture
def hold_server(work_folder):
    """Start processes that each use the private server until they are killed."""
    environment = {k: v for k, v in os.environ.items() if k not in PRIVATE}
    environment["CRM_DEV_FOLDER"] = str(work_folder)
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD_SERVER],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, int(process.stdout.readline())

    yield start
    for process in started:
        process.kill()
        process.communicate()
    # Waits for the server, and takes away what lies outside the work folder.
    dev("reset", "--all", **environment)


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def stops(port, seconds=30):
    deadline = time.monotonic() + seconds
    while answers(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_server_is_shared_and_stops_with_its_last_user(hold_server, work_folder):
    first, port = hold_server()
    second, second_port = hold_server()
    assert second_port == port
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert not stops(port, seconds=2)
    second.send_signal(signal.SIGKILL)
    second.wait()
    assert stops(port)
    assert (work_folder / "postgres" / "data" / "PG_VERSION").exists()
    _third, third_port = hold_server()
    assert answers(third_port)


def test_server_is_closed_to_whoever_has_no_password(hold_server):
    import psycopg2

    _process, port = hold_server()
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(host="127.0.0.1", port=port, user="odoo", password="guess")


def test_an_odoo_of_another_version_is_refused(tmp_path):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text("version_info = (18, 0, 0)\n")
    done = dev("odoo", "--version", "--odoo", str(tmp_path))
    assert done.returncode == 1
    assert "is Odoo 18.0; crm_custom needs 19.0" in done.stderr


def test_a_folder_without_odoo_is_refused(tmp_path):
    done = dev("odoo", ODOO_HOME=str(tmp_path))
    assert done.returncode == 1
    assert "is not an Odoo" in done.stderr


def test_a_server_that_does_not_answer_is_named():
    done = dev("psql", "--db-url", "postgresql://odoo@127.0.0.1:1", "-c", "SELECT 1")
    assert done.returncode != 0
    assert "refused" in done.stderr


def test_an_unknown_command_says_which_there_are():
    done = dev("fly")
    assert done.returncode == 2
    assert "there is no command 'fly'" in done.stderr
    assert "doctor" in done.stderr


def test_doctor_names_the_line_that_mends_it(tmp_path):
    done = dev("doctor", PATH=str(tmp_path))
    assert done.returncode == 1
    assert "MISSING  browser        apt-get install chromium" in done.stdout


def test_the_exit_code_of_a_script_tells_whether_it_failed():
    run = subprocess.run(
        [sys.executable, "dev", "odoo", "shell", "--no-http"],
        cwd=ROOT,
        input="raise SystemExit(7)",
        text=True,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 7
