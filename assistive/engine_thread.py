"""assistive: the thread that the engine lives in."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from assistive.engine import Engine
from assistive.learning.choice_log import ChoiceLog
from assistive.messages import Incoming, Tick, Trouble
from assistive.recording.live import LiveRecording
from devices.clock import Clock
from devices.i18n import N_
from devices.mailbox import Mailbox

LONGEST_WAIT_S = 1.0

Given = TypeVar("Given")

_log = logging.getLogger(__name__)


class EngineThread:
    """Feeds the engine from its mailbox, one message at a time, and wakes it at its deadlines.

    An error in one message is logged and shown as a notice: the next message is still handled, so that
    the letters and the help call go on working. `listeners` see each message before the engine does.

    Attributes
    ----------
    awake_at : float
        When the thread last went round, on the shared clock: at most a second ago while all is well.
    """

    def __init__(
        self,
        engine: Engine,
        mailbox: Mailbox[Incoming],
        clock: Clock,
        listeners: Sequence[LiveRecording | ChoiceLog] = (),
    ) -> None:
        self._engine = engine
        self._listeners = listeners
        self._mailbox = mailbox
        self._clock = clock
        self._stop = threading.Event()
        self.awake_at = clock.now()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        """Start handling messages."""
        self._thread.start()

    def close(self, timeout_s: float = 2.0) -> None:
        """Handle what is in the mailbox now, then end."""
        self._stop.set()
        self._mailbox.put(Tick(self._clock.now()))
        self._thread.join(timeout_s)

    def _run(self) -> None:
        t = self._clock.now()
        for listener in self._listeners:
            self._guarded(listener.starts, t)
        self._guarded(self._engine.start, t)
        while True:
            self.awake_at = self._clock.now()
            deadline = self._engine.deadline()
            wait = LONGEST_WAIT_S if deadline is None else max(0.0, deadline - self._clock.now())
            message = self._mailbox.get(min(wait, LONGEST_WAIT_S))
            if message is None:
                if self._stop.is_set():
                    return
                message = Tick(self._clock.now())
            self._handle(message)
            if self._stop.is_set() and len(self._mailbox) == 0:
                return

    def _handle(self, message: Incoming) -> None:
        for listener in self._listeners:
            self._guarded(listener.incoming, message)
        self._guarded(self._engine.handle, message)

    def _guarded(self, step: Callable[[Given], None], given: Given) -> None:
        try:
            step(given)
        except Exception:
            _log.exception("the engine could not handle a message")
            trouble = Trouble(
                self._clock.now(),
                "engine",
                N_("Something went wrong inside Sayso."),
                N_("Your text is safe and the keys still work."),
                N_("If it happens again, start Sayso anew and send the log to the people who make it."),
            )
            for tell in (*(listener.incoming for listener in self._listeners), self._engine.handle):
                try:
                    tell(trouble)
                except Exception:
                    _log.exception("the engine could not show its trouble")
