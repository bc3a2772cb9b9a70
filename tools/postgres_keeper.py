"""Runs the private PostgreSQL until no `./dev` needs it any more.

Called as `python -m tools.postgres_keeper COMMAND...` by `postgres.py`, never by hand.
"""

import fcntl
import signal
import subprocess
import sys
import threading

from .console import die_with_parent
from .paths import WORK

PATIENCE = 60


def main(command):
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    server = subprocess.Popen(
        command,
        preexec_fn=die_with_parent(signal.SIGINT),
        restore_signals=True,
        start_new_session=True,
    )
    threading.Thread(target=stop_when_unused, args=(server,), daemon=True).start()
    return server.wait()


def stop_when_unused(server):
    with open(WORK / "postgres.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server.send_signal(signal.SIGINT)
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
