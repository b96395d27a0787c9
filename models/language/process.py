"""models.language: the parent's side of the language model: starts the child, asks it, starts it again."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from ctypes import c_int64
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import RawValue
from pathlib import Path

from devices.clock import Clock
from models.language.child import Begun, Broken, Done, FromChild, Ready, Refused, serve
from models.language.errors import ModelError
from models.language.messages import ModelState, ModelStatus, Question, Response
from models.language.preflight import check_model
from models.language.schedule import Schedule

_log = logging.getLogger(__name__)

RESTART_DELAYS_S = (0.1, 0.5, 2.0, 5.0, 15.0)
"""Pauses before the child is started again; they grow while it dies without having answered."""

MOST_CRASHES_AT_LOAD = 3


@dataclass(slots=True)
class _Child:
    process: SpawnProcess
    connection: Connection
    ready: bool = False
    answered: bool = False
    refusal: str = ""
    last_words: str = ""


@dataclass(slots=True)
class _Mail:
    """What other threads leave for the keeper."""

    path: Path
    swapped: bool = False
    closing: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class LanguageProcess:
    """The language model in a process of its own.

    One thread, the keeper, owns the child: it starts it, sends it what `Schedule` says when it is free,
    posts its answers and starts it again when it dies. All calls return at once.

    Parameters
    ----------
    model_path : Path
        A GGUF file.
    post : callable
        Gets every `Response` and `ModelStatus`, in order, from the keeper's thread.
    clock : Clock
        Gives the messages their time.
    n_threads : int, optional
        Threads that compute; default: as many as `models.language.threads` finds worth it.
    language : str
        The language whose prompt is read before the model is called ready.
    tr : callable
        Translates the sentences of a status.
    """

    def __init__(
        self,
        model_path: Path,
        post: Callable[[Response | ModelStatus], None],
        clock: Clock,
        *,
        n_threads: int | None = None,
        language: str = "en",
        tr: Callable[[str], str] = str,
    ) -> None:
        self._post = post
        self._clock = clock
        self._n_threads = n_threads or 0
        self._language = language
        self._tr = tr
        self._mail = _Mail(model_path)
        self._context = multiprocessing.get_context("spawn")
        self._called_off = RawValue(c_int64, -1)
        self._schedule = Schedule(self._called_off)
        self._bell, self._ring = os.pipe()
        os.set_blocking(self._bell, False)
        os.set_blocking(self._ring, False)
        self._name = ""
        self._child: _Child | None = None
        self._keeper = threading.Thread(target=self._run, name="language-keeper", daemon=True)

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is no child."""
        child = self._child
        return None if child is None else child.process.pid

    def start(self) -> None:
        """Start the keeper and through it the child; a status tells what became of it."""
        self._keeper.start()

    def request(self, request: Question) -> None:
        """Ask for something. A newer request replaces the one of its kind that waits or is being answered.

        `Schedule` says what goes first. Expansions may be answered several times, the last answer alone is
        complete. A speculative request is not answered: it prepares the answer to a real one with the same
        content, and gives way to any other.
        """
        self._schedule.put(request)
        self._wake()

    def swap(self, path: Path) -> None:
        """Go on with another model."""
        with self._mail.lock:
            self._mail.path = path
            self._mail.swapped = True
        self._wake()

    def close(self) -> None:
        """End the child and the keeper."""
        with self._mail.lock:
            if self._mail.closing:
                return
            self._mail.closing = True
        self._wake()
        if self._keeper.ident is not None:
            child = self._child
            self._keeper.join(2.0)
            if self._keeper.is_alive() and child is not None:
                child.process.kill()  # it no longer reads, and the keeper waits until it does
                self._keeper.join(2.0)
        if not self._keeper.is_alive():
            with self._mail.lock:
                os.close(self._bell)
                os.close(self._ring)
                self._ring = -1  # its number may soon be another file's

    # ---------------------------------------------------------------- the keeper's thread

    def _run(self) -> None:
        while not self._mail.closing:
            with self._mail.lock:
                path = self._mail.path
                self._mail.swapped = False
            self._schedule.forget()
            self._name = path.stem
            try:
                self._name = check_model(path, self._tr).name or path.stem
                self._live(path)
            except ModelError as error:
                self._status(ModelState.FAILED, str(error))
                self._pause(None)
        self._status(ModelState.STOPPED)

    def _live(self, path: Path) -> None:
        """Keep one child after another until there is other mail; ModelError if it cannot be."""
        crashes_at_load = deaths = 0
        while not self._interrupted():
            try:
                child = self._child = self._spawn(path)
            except OSError:  # no memory or no process left: that passes
                _log.exception("the language model's process could not be started")
                self._pause(RESTART_DELAYS_S[-1])
                continue
            self._status(ModelState.STARTING)
            try:
                self._attend(child)
            finally:
                self._end(child)
            if self._interrupted():
                return
            if child.refusal:
                raise ModelError(self._failed(path, child.refusal))
            crashes_at_load = 0 if child.ready else crashes_at_load + 1
            if crashes_at_load >= MOST_CRASHES_AT_LOAD:
                raise ModelError(self._failed(path, self._tr("it stopped three times while it was loaded")))
            deaths = 0 if child.answered else deaths + 1
            self._status(ModelState.LOST, self._lost(child))
            self._pause(RESTART_DELAYS_S[min(deaths, len(RESTART_DELAYS_S) - 1)])

    def _spawn(self, path: Path) -> _Child:
        connection, other_end = self._context.Pipe()
        process = self._context.Process(
            target=serve,
            args=(other_end, self._called_off, os.getpid(), path, self._n_threads, self._language),
            name="sayso-language",
            daemon=True,
        )
        process.start()
        other_end.close()
        return _Child(process, connection)

    def _attend(self, child: _Child) -> None:
        """Carry requests and answers until the child is dead or there is other mail."""
        connection, sentinel = child.connection, child.process.sentinel
        while True:
            waiting = wait([connection, sentinel, self._bell])
            if self._bell in waiting:
                self._clear_bell()
                if self._interrupted():
                    return
            try:
                if connection in waiting:
                    self._hear(child, connection.recv())
                elif sentinel in waiting:
                    return
                self._answer(self._schedule.prepared())
                if child.ready and (job := self._schedule.start()) is not None:
                    child.connection.send(job)
            except (EOFError, OSError):
                return

    def _hear(self, child: _Child, message: FromChild) -> None:
        match message:
            case Ready():
                child.ready = True
                self._status(ModelState.READY)
            case Refused(reason):
                child.refusal = reason
            case Broken(reason):
                child.last_words = reason
            case Begun(answer):
                self._answer(self._schedule.partly(answer))
            case Done(answer_or_none):
                child.answered = True
                self._answer(self._schedule.finish(answer_or_none))

    def _answer(self, answer: Response | None) -> None:
        if answer is not None:
            self._post(replace(answer, t=self._clock.now()))

    def _end(self, child: _Child) -> None:
        self._child = None
        child.process.kill()
        child.process.join()
        child.connection.close()
        self._schedule.abandon()

    def _interrupted(self) -> bool:
        return self._mail.closing or self._mail.swapped

    def _pause(self, seconds: float | None) -> None:
        """Wait so long, or without end, unless there is other mail than requests."""
        until = None if seconds is None else time.monotonic() + seconds
        while not self._interrupted():
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                return
            wait([self._bell], left)
            self._clear_bell()
            self._answer(self._schedule.prepared())

    def _wake(self) -> None:
        with self._mail.lock, contextlib.suppress(OSError):  # full is as good as rung, closed needs no ring
            os.write(self._ring, b"!")

    def _clear_bell(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._bell, 4096)

    def _status(self, state: ModelState, detail: str = "") -> None:
        self._post(ModelStatus(self._clock.now(), state, detail, self._name))

    def _lost(self, child: _Child) -> str:
        code = child.process.exitcode
        reason = child.last_words or (
            self._tr("signal {number}").format(number=-code)
            if code is not None and code < 0
            else self._tr("status {number}").format(number=code)
        )
        return self._tr(
            "The language model stopped ({reason}). Words come from the word list until it is back; "
            "it is being started again."
        ).format(reason=reason)

    def _failed(self, path: Path, reason: str) -> str:
        return self._tr(
            "The language model {path} cannot be used: {reason}. "
            "The letters work, and words still come from the word list. Choose another model in the settings."
        ).format(path=path, reason=reason)
