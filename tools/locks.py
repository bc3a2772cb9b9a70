"""Files that hold what two `./dev` at once must not do at once."""

import contextlib
import fcntl

from .console import say
from .paths import WORK


def _lock(handle, how, waiting):
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        if waiting:
            say(f"- waiting: {waiting}")
        fcntl.flock(handle, how)


@contextlib.contextmanager
def exclusive(name, waiting="another ./dev is setting up the same thing"):
    WORK.mkdir(parents=True, exist_ok=True)
    with open(WORK / f"{name}.lock", "a") as handle:
        _lock(handle, fcntl.LOCK_EX, waiting)
        yield


def hold_shared(name):
    """Return an open file that holds a shared lock as long as this process lives."""
    WORK.mkdir(parents=True, exist_ok=True)
    handle = open(WORK / f"{name}.lock", "a")  # noqa: SIM115 (it is the lock)
    _lock(handle, fcntl.LOCK_SH, None)
    return handle
