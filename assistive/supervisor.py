"""assistive: the small process that opens Sayso and opens it again when it dies. Imports only what is light."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

SUPERVISOR_VARIABLE = "SAYSO_SUPERVISOR"
FAULTS_VARIABLE = "SAYSO_FAULTS"
HEARTBEAT_VARIABLE = "SAYSO_HEARTBEAT"

QUIT = 0
# The app has said why it cannot run here (no screen, a second Sayso); opening it again would not help.
CANNOT_RUN = 69
_NOT_STARTED = 127

SAFE = "--safe"
QUICK_DEATHS_BEFORE_SAFE = 3

_PASSED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_MAX_LOG_BYTES = 2**16
_PR_SET_PDEATHSIG = 1


def supervise(
    command: Sequence[str],
    state: Path,
    *,
    delays_s: Sequence[float] = (0.0, 0.5, 1.0, 2.0, 5.0),
    quick_s: float = 10.0,
    grace_s: float = 5.0,
    silence_s: float = 20.0,
) -> int:
    """Keep a command running until it quits, cannot run, or this process is told to stop.

    The command should call `die_with_parent` first thing. After three quick deaths in a row it is started
    with ``--safe``, and stays so: a board without the language model is better than one that comes and goes.
    What is left of the command's process group is killed before it is started again.

    A command that writes a byte now and then to the descriptor that it finds in ``SAYSO_HEARTBEAT`` is ended
    when it falls silent: a frozen board calls no help. One that never wrote any is left alone.

    Parameters
    ----------
    command : sequence of str
        The program and its arguments.
    state : Path
        Takes ``crashes.log``, and ``faults.log``, whose path the command finds in ``SAYSO_FAULTS``.
    delays_s : sequence of float
        The pause after the 1st, 2nd, ... quick death in a row, in seconds; the last holds from then on.
    quick_s : float
        A death before this many seconds is quick.
    grace_s : float
        How long the command may take to end when it was told to, in seconds, before it is killed.
    silence_s : float
        How long the command may be silent after a heartbeat, in seconds.

    Returns
    -------
    int
        The command's exit status; 128 + the signal's number if it died of the signal that was passed on.
    """
    environment = os.environ | {
        SUPERVISOR_VARIABLE: str(os.getpid()),
        FAULTS_VARIABLE: str(state / "faults.log"),
    }
    quick_deaths = 0
    safe: list[str] = []
    with _signals() as arriving:
        while True:
            started = time.monotonic()
            status, told_to_stop = _run([*command, *safe], environment, arriving, grace_s, silence_s)
            if told_to_stop or status in (QUIT, CANNOT_RUN):
                return status if status >= 0 else 128 - status
            lived_s = time.monotonic() - started
            quick_deaths = quick_deaths + 1 if lived_s < quick_s else 0
            if quick_deaths >= QUICK_DEATHS_BEFORE_SAFE:
                safe = [SAFE]
            _log(state, f"{_cause(status)} after {lived_s:.1f} s{'; starting safe' if safe else ''}")
            pause_s = delays_s[min(max(quick_deaths - 1, 0), len(delays_s) - 1)]
            if _stop_arrives(arriving, pause_s):
                return QUIT


def supervised() -> bool:
    """Whether this process was started by `supervise`."""
    return os.environ.get(SUPERVISOR_VARIABLE) == str(os.getppid())


def die_with_parent() -> None:
    """Have the kernel kill this process when its supervisor dies. Call it first thing in the app.

    Does nothing where there is no supervisor. See prctl(2), PR_SET_PDEATHSIG (Linux).
    """
    if SUPERVISOR_VARIABLE not in os.environ or sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if not supervised():
        # It died before the kernel knew.
        os.kill(os.getpid(), signal.SIGKILL)


@contextlib.contextmanager
def _signals() -> Iterator[int]:
    """Turn signals into bytes in a pipe, so that none can slip in between looking and waiting."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    # Who started us with a signal ignored (nohup) wants it ignored.
    handled = [s for s in _PASSED_ON if signal.getsignal(s) is not signal.SIG_IGN] + [signal.SIGCHLD]
    before = [signal.signal(number, lambda *_: None) for number in handled]
    wakeup = signal.set_wakeup_fd(writing)
    try:
        yield reading
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in zip(handled, before, strict=True):
            signal.signal(number, handler)
        os.close(reading)
        os.close(writing)


def _arrived(arriving: int, timeout_s: float | None) -> list[int]:
    """Wait for signals and return those to pass on; may return early with none."""
    if not select.select([arriving], [], [], timeout_s)[0]:
        return []
    return [number for number in os.read(arriving, 4096) if number in _PASSED_ON]


def _run(
    command: Sequence[str], environment: dict[str, str], arriving: int, grace_s: float, silence_s: float
) -> tuple[int, bool]:
    """Run a command to its end; return its status, and whether it had been told to end."""
    beating, beat = os.pipe()
    os.set_blocking(beating, False)
    try:
        # A group of its own, so that Ctrl+C in a terminal reaches the app once, from here.
        child = subprocess.Popen(
            command,
            env=environment | {HEARTBEAT_VARIABLE: str(beat)},
            process_group=0,
            pass_fds=(beat,),
        )
    except OSError as error:
        # No memory, no process left: that passes.
        print(f"Sayso cannot be opened: {error}", file=sys.stderr, flush=True)
        os.close(beating)
        return _NOT_STARTED, False
    finally:
        os.close(beat)
    try:
        status, told_to_stop = _watch(child, arriving, beating, grace_s, silence_s)
    finally:
        os.close(beating)
    if status not in (QUIT, CANNOT_RUN):
        # A camera held by a process that was left behind could not be opened again.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    return status, told_to_stop


def _watch(
    child: subprocess.Popen[bytes], arriving: int, beating: int, grace_s: float, silence_s: float
) -> tuple[int, bool]:
    """Wait until the child has ended, and end it when it does not listen or its heart stands still."""
    told_to_stop = hangs = False
    deadline: float | None = None
    listening = [arriving, beating]
    while (status := child.poll()) is None:
        left_s = None if deadline is None else deadline - time.monotonic()
        if left_s is not None and left_s <= 0:
            # The first signal leaves a trace of where it hangs; what ignores it is killed.
            child.send_signal(signal.SIGKILL if told_to_stop or hangs else signal.SIGABRT)
            hangs, deadline, left_s = True, time.monotonic() + grace_s, grace_s
        ready = select.select(listening, [], [], left_s)[0]
        if beating in ready:
            if not _beats(beating):  # the other end is closed: it is ending, or does not want to be watched
                listening.remove(beating)
                deadline = deadline if told_to_stop or hangs else None
            elif not (told_to_stop or hangs):
                deadline = time.monotonic() + silence_s
        for number in _arrived(arriving, 0) if arriving in ready else ():
            child.send_signal(number)
            if not told_to_stop:
                told_to_stop, deadline = True, time.monotonic() + grace_s
    return status, told_to_stop


def _beats(beating: int) -> bool:
    """Take in the heartbeats; False when nobody holds the other end any more."""
    with contextlib.suppress(BlockingIOError):
        return bool(os.read(beating, 4096))
    return True


def _stop_arrives(arriving: int, within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while True:
        left_s = max(0.0, deadline - time.monotonic())
        if _arrived(arriving, left_s):
            return True
        if left_s == 0:
            return False


def _cause(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-status).name
    return f"signal {-status}"


def _log(state: Path, line: str) -> None:
    """Keep a short history of deaths. A disk that refuses must not keep Sayso closed."""
    path = state / "crashes.log"
    with contextlib.suppress(OSError):
        print(f"Sayso stopped ({line}) and is opened again.", file=sys.stderr, flush=True)
    with contextlib.suppress(OSError):
        if path.exists() and path.stat().st_size > _MAX_LOG_BYTES:
            path.replace(path.with_name("crashes.old.log"))
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S%z')} {line}\n")
