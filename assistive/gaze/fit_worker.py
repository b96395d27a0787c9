"""assistive.gaze: fits run in a process of their own, so that the person can look, choose and speak meanwhile."""

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

from assistive.gaze.fit_child import Answer, serve
from assistive.gaze.messages import FitRequest, Fitted
from devices.clock import Clock

_log = logging.getLogger(__name__)

LONGEST_S = 30.0
TRIES = 2


@dataclass(frozen=True, slots=True)
class _Child:
    process: SpawnProcess
    connection: Connection

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class FitWorker:
    """Fits one model after the other, each in a fresh child process. All calls return at once.

    A child that dies is replaced once; one that takes too long is ended. Either way there is an answer.

    Parameters
    ----------
    post : callable
        Takes a `Fitted` for each request, in order, from the worker's thread.
    clock : Clock
        Stamps the answers.
    tr : callable
        Translates why a fit failed.
    longest_s : float
        A fit that takes longer is given up.
    """

    def __init__(
        self,
        post: Callable[[Fitted], None],
        clock: Clock,
        *,
        tr: Callable[[str], str] = str,
        longest_s: float = LONGEST_S,
    ) -> None:
        self._post, self._clock, self._tr, self._longest_s = post, clock, tr, longest_s
        self._context = multiprocessing.get_context("spawn")
        self._requests: queue.SimpleQueue[FitRequest | None] = queue.SimpleQueue()
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

    def fit(self, request: FitRequest) -> None:
        """Ask for a fit; its answer has the request's number."""
        self._requests.put(request)

    def close(self) -> None:
        """End the child; nothing is posted any more."""
        with self._lock:
            self._closed.set()
            if self._child is not None:
                self._child.process.kill()
        self._requests.put(None)
        self._keeper.join()

    def _run(self) -> None:
        while (request := self._requests.get()) is not None and not self._closed.is_set():
            answer = self._answer(request)
            if self._closed.is_set():
                return
            if answer.reason:
                _log.warning("the calibration could not be fitted: %s", answer.reason)
            failed = self._tr(
                "The calibration could not be computed, so nothing has changed. Please calibrate once more."
            )
            self._post(
                Fitted(self._clock.now(), request.number, answer.model, "" if answer.model else failed)
            )

    def _answer(self, request: FitRequest) -> Answer:
        answer = Answer("", "not tried")
        for _ in range(TRIES):
            child = self._start()
            if child is None:
                break
            try:
                child.connection.send(request)
                # The end of the pipe comes as a message too: a dead child is not waited for.
                if not wait([child.connection], self._longest_s):
                    return Answer("", f"it took longer than {self._longest_s:g} s")
                received: Answer = child.connection.recv()
                return received
            except (EOFError, OSError) as error:
                child.process.join(1.0)
                answer = Answer("", f"the process died: {child.process.exitcode} ({error!r})")
            finally:
                with self._lock:
                    self._child = None
                child.end()
        return answer

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
