"""assistive.gaze: the child process that fits one model and ends.

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

_PR_SET_PDEATHSIG = 1
_NICENESS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """The fitted model as JSON, or why there is none."""

    model: str
    reason: str = ""


def serve(connection: Connection, parent_pid: int) -> None:
    """Wait for a `FitRequest`, fit its model, send an `Answer`, and end; earlier if the parent goes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:  # it died before the line above
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends this process
    os.nice(_NICENESS)
    os.environ["OMP_NUM_THREADS"] = "1"  # one core stays for the gaze and the window
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    from calibration.fit import fit

    with contextlib.suppress(EOFError, ConnectionError):
        request = connection.recv()
        try:
            answer = Answer(fit(request.samples, request.screen, request.plan).to_json())
        # Whatever goes wrong in here, the person is waiting for an answer.
        except Exception as error:
            answer = Answer("", repr(error))
        connection.send(answer)
