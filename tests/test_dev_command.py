"""`./dev`: what it says when something is wrong, and what it leaves behind."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psycopg2
import pytest

from tools import console, system
from tools.commands import test_command
from tools.database import PREFIX, Databases
from tools.runtime import free_port

ROOT = Path(__file__).parent.parent
PRIVATE = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGSERVICE", "PGHOSTADDR")
HOLD_SERVER = """
import sys
from tools.postgres import connect
server = connect()
print(server.variables["PGPORT"], flush=True)
sys.stdin.read()
"""


def dev(*arguments, script=None, environ=os.environ, **environment):
    return subprocess.run(
        [sys.executable, "dev", *arguments],
        cwd=ROOT,
        env={**environ, **environment},
        input=script,
        text=True,
        capture_output=True,
        check=False,
    )


def refusal(*arguments, **environment):
    """The one line in which a command says what is wrong."""
    done = dev(*arguments, **environment)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


@pytest.fixture
def work_folder(tmp_path):
    """A work folder of its own, with the environment of this one."""
    (tmp_path / "venv").symlink_to(sys.prefix)
    return tmp_path


@pytest.fixture
def alone(work_folder):
    """An environment that knows nothing of the server which these tests run on."""
    environment = {k: v for k, v in os.environ.items() if k not in PRIVATE}
    environment["CRM_DEV_FOLDER"] = str(work_folder)
    return environment


@pytest.fixture
def hold_server(alone):
    """Start processes that each use the private server until they are killed."""
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD_SERVER],
            cwd=ROOT,
            env=alone,
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
    dev("reset", "--all", environ=alone)


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
    data = work_folder / "postgres" / "data"
    assert (data / "PG_VERSION").exists()
    # As after a stop of the whole container: the number is another process's now.
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    _third, third_port = hold_server()
    assert answers(third_port)


def test_server_is_closed_to_whoever_has_no_password(hold_server):
    _process, port = hold_server()
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(host="127.0.0.1", port=port, user="odoo", password="guess")


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_run_alone_stops_odoo(served, sign):
    process, port = served
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login") as page:
        assert b"oe_login_form" in page.read()
    process.send_signal(sign)
    assert process.wait(30) == 0
    assert not answers(port)


@pytest.fixture(scope="module")
def database():
    name = f"{PREFIX}served_{os.getpid()}"
    yield name
    Databases(None).drop(name)


@pytest.fixture
def served(database):
    """A `./dev run` that serves, as (process, port)."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "dev", "run", "--port", str(port), "--db", database],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for line in process.stderr:
            if line.startswith("Odoo is ready"):
                break
        yield process, port
    finally:
        process.kill()
        process.communicate()
        assert stops(port)


def test_a_killed_run_takes_odoo_with_it(served):
    process, port = served
    process.kill()
    assert stops(port)


def test_a_taken_port_is_named_before_anything_is_made(alone, work_folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = refusal("run", "--port", str(port), environ=alone)
    assert line == f"dev: port {port} is taken: choose another with --port"
    assert not (work_folder / "postgres").exists()
    line = refusal("run", "--port", "70000", environ=alone)
    assert line == "dev: --port 70000 is not between 1 and 65535"


@pytest.mark.parametrize("version", [(3, 9, 18), (3, 14, 0)])
def test_a_python_that_odoo_does_not_run_on_is_refused(version):
    code = (
        "import runpy, sys\n"
        f"sys.version_info = {version}\n"
        "runpy.run_path('dev', run_name='__main__')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert "start ./dev with CPython 3.10 to 3.13" in done.stderr


def test_no_network_is_named(tmp_path):
    line = refusal(
        "run",
        CRM_DEV_FOLDER=str(tmp_path),
        PIP_NO_INDEX="1",
        PIP_CONFIG_FILE="/dev/null",
        PIP_FIND_LINKS="",
    )
    assert "packages could not be installed: is there a network?" in line


def test_a_full_disk_is_named(tmp_path):
    with pytest.raises(console.Problem, match="make room, then run the same command"):
        console.require_space(tmp_path, 10**12, "the data")
    complaint = "import sys; sys.exit('tar: No space left on device')"
    with pytest.raises(console.Problem, match="the disk is full: make room"):
        console.capture([sys.executable, "-c", complaint], "unpacking failed")


def test_a_folder_that_may_not_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    line = refusal("run", CRM_DEV_FOLDER=str(tmp_path / "file" / "work"))
    assert "set CRM_DEV_FOLDER to a folder of yours" in line


def test_no_browser_is_named_to_who_may_not_install_one(monkeypatch):
    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system, "find_browser", lambda: None)
    with pytest.raises(console.Problem, match="run `sudo apt-get install chromium`"):
        system.require("browser")


def test_an_odoo_of_another_version_is_refused(tmp_path):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text("version_info = (18, 0, 0)\n")
    line = refusal("odoo", "--version", "--odoo", str(tmp_path))
    assert "is Odoo 18.0; crm_custom needs 19.0" in line
    done = dev("doctor", "--odoo", str(tmp_path))
    assert "MISSING  odoo" in done.stdout


def test_a_folder_without_odoo_is_refused(tmp_path):
    assert "is not an Odoo" in refusal("odoo", ODOO_HOME=str(tmp_path))


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("mysql://odoo@localhost", "is not like postgresql://"),
        ("postgresql://odoo@localhost:port", "is not like postgresql://"),
        ("postgresql://postgres@localhost", "Odoo refuses the role postgres"),
    ],
)
def test_a_server_that_is_no_good_is_refused(address, complaint):
    assert complaint in refusal("odoo", "--db-url", address)


def test_a_role_that_may_not_make_databases_is_refused(alone, hold_server):
    _process, port = hold_server()
    password = Path(alone["CRM_DEV_FOLDER"], "postgres", "password").read_text()
    owner = {"host": "127.0.0.1", "port": port, "user": "odoo", "password": password}
    with contextlib.closing(psycopg2.connect(dbname="postgres", **owner)) as server:
        server.cursor().execute("CREATE ROLE poor LOGIN PASSWORD 'poor'")
        server.commit()
    address = f"postgresql://poor:poor@127.0.0.1:{port}"
    line = refusal("shell", "--db-url", address, script="")
    assert "the role poor may not make databases" in line


def test_a_database_of_others_is_left_alone():
    line = refusal("update", "--db", "postgres")
    assert line == "dev: ./dev did not make the database postgres: name another"


def test_a_lint_option_that_is_none_is_refused():
    assert dev("lint", "--fxi").returncode == 2


def test_odoos_own_options_reach_it():
    done = dev("odoo", "server", "--help")
    assert "--http-port" in done.stdout
    assert "dev odoo" in dev("odoo", "--help").stdout


def test_a_server_that_does_not_answer_is_named():
    done = dev("psql", "--db-url", "postgresql://odoo@127.0.0.1:1", "-c", "SELECT 1")
    assert done.returncode != 0
    assert "refused" in done.stderr


def test_the_suite_is_shared_out_wholly():
    shares = test_command.shares(3)
    files = sorted(path.name for path in Path(__file__).parent.glob("test_*.py"))
    assert sorted(Path(name).name for share in shares for name in share) == files
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_an_unknown_command_says_which_there_are():
    done = dev("fly")
    assert done.returncode == 2
    assert "there is no command 'fly'" in done.stderr
    assert "doctor" in done.stderr


def test_doctor_names_the_line_that_mends_it(tmp_path):
    done = dev("doctor", PATH=str(tmp_path))
    assert done.returncode == 1
    assert "MISSING  browser        apt-get install chromium" in done.stdout


@pytest.fixture
def database_of_plain_c():
    name = f"{PREFIX}plain_{os.getpid()}"
    with contextlib.closing(psycopg2.connect(dbname="postgres")) as server:
        server.autocommit = True
        server.cursor().execute(
            f"CREATE DATABASE {name} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    yield name
    Databases(None).drop(name)


def test_doctor_tells_where_chinese_signs_are_no_letters(database_of_plain_c):
    assert "letters" not in dev("doctor").stdout
    done = dev("doctor", PGDATABASE=database_of_plain_c)
    assert "MISSING  letters        likely duplicates miss Chinese" in done.stdout


def test_a_script_sees_the_demo_company_and_its_exit_code_is_told():
    script = "print(env['res.partner'].search_count([('is_crm_customer', '=', True)]))"
    done = dev("shell", script=script)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10
    done = dev("shell", script="env.missing")
    assert done.returncode == 1
    assert "AttributeError" in done.stderr
