"""assistive.learning: keeps the choices of a running engine while the person wants it, and not one longer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from assistive.engine import Engine
from assistive.learning.choice import Began
from assistive.learning.choice_store import STEPS_KEPT
from assistive.learning.choice_watch import ChoiceWatch
from assistive.learning.choice_writer import ChoiceWriter
from assistive.messages import Incoming, Outgoing, SettingsChanged, Trouble, TroubleOver
from assistive.settings import PrivacySettings
from devices.clock import Clock

ERASED_AFTER_S = 60.0  # of real time: a slip of the eye can be taken back

_log = logging.getLogger(__name__)


class ChoiceLog:
    """Keeps choices while the person wants it and lets Sayso remember what they wrote.

    Switched off, nothing more is kept from that moment; what was kept is erased a minute later or when Sayso
    closes, and at once where the person wants no history. Everything but `close` is called on the engine's
    thread: `starts` before the engine is started, `incoming` before it handles a message, `outgoing` with what
    it answers.

    Parameters
    ----------
    engine : Engine
    path : Path
        The file.
    post : callable
        Takes a Trouble or TroubleOver, from any thread; must not block.
    clock : Clock
    """

    def __init__(
        self,
        engine: Engine,
        path: Path,
        post: Callable[[Trouble | TroubleOver], None],
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._privacy = engine.settings.privacy
        self._watch = ChoiceWatch(engine.settings.look.language)
        self._writer = ChoiceWriter(path, post, clock)

    def starts(self, t: float) -> None:
        """The engine is about to be started."""
        if _wanted(self._privacy):
            self._begin()
        elif not self._privacy.history:
            self._writer.put_away(0.0)
        else:
            self._writer.erase_what_was_put_away()

    def incoming(self, message: Incoming) -> None:
        """The engine is about to handle this."""
        self._watch.incoming(message)

    def outgoing(self, message: Outgoing) -> None:
        """The engine answered with this."""
        try:
            events = self._watch.outgoing(message)
            if isinstance(message, SettingsChanged):
                self._changed(message.settings.privacy)
            if _wanted(self._privacy):
                for event in events:
                    self._writer.submit(event)
        except Exception:  # whatever cannot be kept must not keep the person from writing
            _log.exception("a choice cannot be kept")

    def close(self, timeout_s: float) -> None:
        """Write or erase what waits."""
        if not self._writer.close(timeout_s):
            _log.error("not all choices could be kept or erased before Sayso ended")

    def _changed(self, privacy: PrivacySettings) -> None:
        before, self._privacy = self._privacy, privacy
        if _wanted(privacy):
            if not _wanted(before):
                self._begin()
        elif before.history and not privacy.history:
            self._writer.put_away(0.0)
        elif _wanted(before):
            self._writer.put_away(ERASED_AFTER_S)

    def _begin(self) -> None:
        steps = [change.edit for change in self._engine.document.history[-STEPS_KEPT:]]
        self._writer.submit(
            Began(tuple(None if edit is None else (edit.removed, edit.inserted) for edit in steps))
        )


def _wanted(privacy: PrivacySettings) -> bool:
    return privacy.choices and privacy.history
