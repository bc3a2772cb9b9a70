"""What `./dev` says, and how it runs other programs."""

import contextlib
import ctypes
import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)
#: seconds that a child has to end by itself
PATIENCE = 15


FULL_DISK = "the disk is full: make room, then run the same command again"


class Problem(Exception):
    """Something a person must mend: one line that says what, and what to do."""


def say(text):
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(text):
    """Announce a piece of work, show that it goes on, and tell how long it took."""
    started = time.monotonic()
    say(f"- {text} ...")
    done = threading.Event()

    def tick():
        while not done.wait(20):
            say(f"    still at it after {time.monotonic() - started:.0f} s")

    threading.Thread(target=tick, daemon=True).start()
    try:
        yield
    finally:
        done.set()
    seconds = time.monotonic() - started
    if seconds >= 1:
        say(f"    done in {seconds:.0f} s")


def size_of(path):
    """Megabytes below a folder, as `du` counts them."""
    total = 0
    for folder, _folders, files in os.walk(path):
        for name in files:
            total += os.lstat(os.path.join(folder, name)).st_size
    return f"{total / 1e6:,.0f} MB"


def require_space(path, megabytes, what):
    free = shutil.disk_usage(path).free / 1e6
    if free < megabytes:
        raise Problem(
            f"{what} needs {megabytes:,} MB and {path} has {free:,.0f} MB free:"
            " make room, then run the same command again"
        )


def die_with_parent(sig=signal.SIGTERM):
    """Return a `preexec_fn`: the child ends when this process is killed (Linux)."""
    parent = os.getpid()

    def prepare():
        if sys.platform == "linux":
            LIBC.prctl(PR_SET_PDEATHSIG, sig)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def heeded():
    """The signals that end us; `nohup` has a hang-up ignored."""
    return [
        number
        for number in (signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) is not signal.SIG_IGN
    ]


def capture(command, problem, **kwargs):
    """Run a program for its output; when it fails, its last lines go with `problem`."""
    try:
        done = subprocess.run(
            command, check=False, text=True, capture_output=True, **kwargs
        )
    except OSError as error:
        raise Problem(f"{problem}: {error}") from error
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line]
        say("\n".join("    | " + line for line in lines[-12:]))
        full = os.strerror(errno.ENOSPC) in done.stdout + done.stderr
        raise Problem(FULL_DISK if full else problem)
    return done.stdout


def run_child(command, env=None, cwd=None, ending=signal.SIGTERM, **kwargs):
    """Run a program in the foreground and return its exit code.

    Ctrl-C reaches the child through the terminal; when somebody ends us, the child gets
    the signal `ending`. In both cases we wait, so that what we started is gone then.
    """
    child = subprocess.Popen(
        command, env=env, cwd=cwd, preexec_fn=die_with_parent(ending), **kwargs
    )
    return wait_for(child, ending)


def wait_for(child, ending=signal.SIGTERM, interrupt=False):
    """Wait for a child and return its exit code as a shell tells it.

    It is told to end when we are; what does not heed that is killed. With `interrupt`
    it is no child of the terminal, and hears of a Ctrl-C from us.
    """

    def stop(*_signal):
        child.send_signal(ending)
        killer = threading.Timer(PATIENCE, child.kill)
        killer.daemon = True
        killer.start()

    caught = heeded()
    previous = [signal.signal(number, stop) for number in caught]
    try:
        while True:
            try:
                code = child.wait()
            except KeyboardInterrupt:
                if interrupt:
                    child.send_signal(signal.SIGINT)
                continue
            return code if code >= 0 else 128 - code
    finally:
        for number, handler in zip(caught, previous, strict=True):
            signal.signal(number, handler)
