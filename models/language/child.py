"""models.language: the child process. It holds the model, answers one request at a time and dies with its parent.

A crash in llama.cpp costs at most the proposals on screen, because it happens here. This module is imported by the
parent too; whatever knows llama.cpp is imported only inside the child.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from devices.child_process import become_child
from models.language.errors import Cancelled, ModelError
from models.language.messages import Expansions, Response
from models.language.schedule import Job
from models.weights import weights_dir

_NICENESS = 5


@dataclass(frozen=True, slots=True)
class Ready:
    """The model is loaded and has read what every prompt begins with."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The model cannot be used; `reason` says why and the child ends."""

    reason: str


@dataclass(frozen=True, slots=True)
class Begun:
    """What was found so far for the job that was sent last; more follows."""

    answer: Expansions


@dataclass(frozen=True, slots=True)
class Done:
    """The answer to the job that was sent last; None if it was called off."""

    answer: Response | None


@dataclass(frozen=True, slots=True)
class Broken:
    """The model failed while it answered; `reason` says how and the child ends."""

    reason: str


FromChild = Ready | Refused | Begun | Done | Broken


def serve(
    connection: Connection,
    called_off: ctypes.c_int64,
    parent_pid: int,
    path: Path,
    n_threads: int,
    language: str,
) -> None:
    """Load the model and answer requests until the parent closes its end or dies.

    Parameters
    ----------
    connection : Connection
        `Job` comes in, `FromChild` goes out.
    called_off : ctypes.c_int64
        In shared memory: a job with this ticket or an older one is given up between two decodes.
    parent_pid : int
        Who started this process.
    path : Path
        The GGUF file.
    n_threads : int
        Threads that compute; 0: as many as `models.language.threads` finds worth it.
    language : str
        The language whose prompt is evaluated before `Ready`.
    """
    become_child(parent_pid, _NICENESS)
    os.environ["GGML_NO_BACKTRACE"] = "1"  # it would start a debugger, and the person waits for the restart
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        _answer_all(connection, called_off, path, n_threads, language)


def _answer_all(
    connection: Connection, called_off: ctypes.c_int64, path: Path, n_threads: int, language: str
) -> None:
    from models.language.readings import Readings
    from models.language.runtime import Runtime
    from models.language.threads import choose_threads

    try:
        runtime = Runtime(path, n_threads or 1)
        if not n_threads:
            choose_threads(runtime, path, weights_dir())
        readings = Readings(runtime)
        readings.warm(language)
    except (ModelError, MemoryError) as error:
        connection.send(Refused(str(error) or "there is not enough memory"))
        return
    connection.send(Ready())
    while True:
        job: Job = connection.recv()
        answer: Response | None
        try:
            answer = readings.answer(
                job.request,
                emit=lambda found: connection.send(Begun(found)),
                stale=lambda at=job.ticket: called_off.value >= at,  # type: ignore[misc]
            )
        except Cancelled:
            answer = None
        except ModelError as error:
            connection.send(Broken(str(error)))
            return
        connection.send(Done(answer))
