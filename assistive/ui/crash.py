"""assistive.ui: what happens when something goes wrong inside: it is written down, and Sayso goes on."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO

from PyQt6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from assistive.messages import Trouble
from devices.clock import Clock

TROUBLE_KEY = "inside"
AGAIN_S = 10.0  # a slot that fails at every frame is reported this often
FAULTS = "faults.log"
LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

log = logging.getLogger(__name__)


class CrashGuard:
    """Catches what nobody caught: exceptions in slots and threads, Qt's own messages, fatal signals.

    Made by :func:`catch_crashes`.
    """

    def __init__(
        self, folder: Path, post: Callable[[Trouble], None], clock: Clock, tr: Callable[[str], str]
    ) -> None:
        self._folder = folder
        self._post = post
        self._clock = clock
        self._tr = tr
        self._reported: dict[tuple[str, int], float] = {}
        self._former = (sys.excepthook, threading.excepthook)
        self._faults: IO[str] | None = None

    def install(self) -> None:
        """Begin to catch."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread
        qInstallMessageHandler(_on_qt_message)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / FAULTS
            self._faults = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a")
            faulthandler.enable(self._faults)
        except OSError as error:
            log.warning("tracebacks of fatal signals are not kept: %s", error)

    def close(self) -> None:
        """Put back what was there before."""
        sys.excepthook, threading.excepthook = self._former
        qInstallMessageHandler(None)
        if self._faults is not None:
            faulthandler.disable()
            self._faults.close()
            self._faults = None

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._former[0](kind, error, trace)
            return
        where = _innermost(trace)
        now = self._clock.now()
        if now - self._reported.get(where, -AGAIN_S) < AGAIN_S:
            return
        self._reported[where] = now
        log.error("an exception that nobody caught", exc_info=(kind, error, trace))
        self._post(
            Trouble(
                t=now,
                key=TROUBLE_KEY,
                what=self._tr("Something went wrong inside Sayso."),
                works=self._tr("Your text is safe, and you can go on writing and speaking."),
                todo=self._tr("If it happens again, close Sayso and start it once more."),
            )
        )

    def _on_thread(self, args: threading.ExceptHookArgs) -> None:
        error = args.exc_value if args.exc_value is not None else args.exc_type()
        if not issubclass(args.exc_type, SystemExit):
            self._on_exception(args.exc_type, error, args.exc_traceback)


def catch_crashes(
    folder: Path, post: Callable[[Trouble], None], clock: Clock, tr: Callable[[str], str]
) -> CrashGuard:
    """Begin to catch what nobody caught; close what is returned to stop.

    PyQt6 aborts the process on an uncaught exception in a slot unless ``sys.excepthook`` is replaced, so
    call this before the first widget.

    Parameters
    ----------
    folder : Path
        Where the tracebacks of fatal signals go (``faults.log``, readable by the owner alone). One that
        cannot be written costs those only.
    post : callable
        Takes a Trouble for the person; may be called from any thread.
    clock : Clock
    tr : callable
        Translates a string.
    """
    guard = CrashGuard(folder, post, clock, tr)
    guard.install()
    return guard


def _innermost(trace: TracebackType | None) -> tuple[str, int]:
    where = ("", 0)
    while trace is not None:
        where = (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return where


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
    logging.getLogger(f"qt.{context.category or 'default'}").log(LEVELS[kind], "%s", message)
