"""assistive: the child process that computes one thing, sends what came of it, and ends.

The parent imports this module too; what computes is imported only in the child.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

_PR_SET_PDEATHSIG = 1
_NICENESS = 5

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Computed(Generic[Result]):
    """What came of a request: a result, or the reason why there is none."""

    result: Result | None
    reason: str = ""


def serve(connection: Connection, parent_pid: int) -> None:
    """Wait for a function and what it is called with, send a `Computed`, and end; earlier if the parent goes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:  # it died before the line above
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends this process
    os.nice(_NICENESS)
    os.environ["OMP_NUM_THREADS"] = "1"  # one core stays for the gaze and the window
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with contextlib.suppress(EOFError, ConnectionError):
        # Numpy, which reads these variables once, is imported by what arrives.
        compute, request = connection.recv()
        try:
            computed = Computed(compute(request))
        # Whatever goes wrong in here, the person is waiting for an answer.
        except Exception as error:
            computed = Computed(None, repr(error))
        connection.send(computed)
