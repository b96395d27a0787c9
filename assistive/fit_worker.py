"""assistive: fits run in a process of their own, so that the person can look, choose and speak meanwhile."""

from __future__ import annotations

import logging
import multiprocessing
import os
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Generic, TypeVar

from assistive.fit_child import Computed, serve

_log = logging.getLogger(__name__)

TRIES = 2

Request = TypeVar("Request")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Child:
    process: SpawnProcess
    connection: Connection

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class FitWorker(Generic[Request, Result]):
    """Computes one request after the other, each in a fresh child process. All calls return at once.

    A child that dies is replaced once; one that takes too long is ended. Either way there is an answer.

    Parameters
    ----------
    compute : callable
        A function of a module, called in the child with a request.
    answer : callable
        Takes each request and what came of it (None: nothing), in order, from the worker's thread.
    longest_s : float
        What takes longer is given up.
    """

    def __init__(
        self,
        compute: Callable[[Request], Result],
        answer: Callable[[Request, Result | None], None],
        *,
        longest_s: float,
    ) -> None:
        self._compute, self._answer, self._longest_s = compute, answer, longest_s
        self._context = multiprocessing.get_context("spawn")
        self._requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._closed = threading.Event()
        self._keeper = threading.Thread(target=self._run, name="fit-keeper", daemon=True)
        self._keeper.start()

    @property
    def pid(self) -> int | None:
        """The child's process id; None while there is no child."""
        child = self._child
        return None if child is None else child.process.pid

    def fit(self, request: Request) -> None:
        """Ask for a fit."""
        self._requests.put(request)

    def close(self) -> None:
        """End the child; nothing is answered any more."""
        with self._lock:
            self._closed.set()
            if self._child is not None:
                self._child.process.kill()
        self._requests.put(None)
        self._keeper.join()

    def _run(self) -> None:
        while (request := self._requests.get()) is not None and not self._closed.is_set():
            computed = self._computed(request)
            if self._closed.is_set():
                return
            if computed.reason:
                _log.warning("a fit failed: %s", computed.reason)
            self._answer(request, computed.result)

    def _computed(self, request: Request) -> Computed[Result]:
        computed: Computed[Result] = Computed(None, "not tried")
        for _ in range(TRIES):
            child = self._start()
            if child is None:
                break
            try:
                child.connection.send((self._compute, request))
                # The end of the pipe comes as a message too: a dead child is not waited for.
                if not wait([child.connection], self._longest_s):
                    return Computed(None, f"it took longer than {self._longest_s:g} s")
                received: Computed[Result] = child.connection.recv()
                return received
            except (EOFError, OSError) as error:
                child.process.join(1.0)
                computed = Computed(None, f"the process died: {child.process.exitcode} ({error!r})")
            finally:
                with self._lock:
                    self._child = None
                child.end()
        return computed

    def _start(self) -> _Child | None:
        with self._lock:
            if self._closed.is_set():
                return None
            connection, other_end = self._context.Pipe()
            process = self._context.Process(
                target=serve, args=(other_end, os.getpid()), name="sayso-fit", daemon=True
            )
            process.start()
            other_end.close()
            self._child = _Child(process, connection)
            return self._child
