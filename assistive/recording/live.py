"""assistive.recording: records a running engine while the person wants it, and not a message longer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from assistive.engine import Engine
from assistive.messages import Incoming, Outgoing, SettingsChanged, Trouble
from assistive.recording.format import Header, header_at_start, header_midway
from assistive.recording.recorder import Recorder, recording_stopped
from assistive.text.history import Restored
from devices.clock import Clock

_log = logging.getLogger(__name__)


class LiveRecording:
    """Starts a recording when the person switches it on (or had it on), ends it when they switch it off.

    Everything but `close` is called on the engine's thread: `starts` before the engine is started,
    `incoming` before it handles a message, `outgoing` with what it answers.

    Parameters
    ----------
    engine : Engine
    restored : Restored
        What it was made with.
    folder : Path
        Where recordings are made.
    post : callable
        Takes a Trouble, from any thread; must not block.
    clock : Clock
    """

    def __init__(
        self,
        engine: Engine,
        restored: Restored,
        folder: Path,
        post: Callable[[Trouble], None],
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._restored = restored
        self._folder = folder
        self._post = post
        self._clock = clock
        self._begins = False  # with the next message, when the engine has finished with this one
        self._recorder: Recorder | None = None

    def starts(self, t: float) -> None:
        """The engine is about to be started."""
        if self._engine.settings.privacy.recordings:
            self._begin(t, lambda: header_at_start(self._engine.settings, self._restored, t))

    def incoming(self, message: Incoming) -> None:
        """The engine is about to handle this."""
        if self._begins:
            self._begins = False
            self._begin(message.t, lambda: header_midway(self._engine, message.t))
        if self._recorder is not None:
            self._recorder.incoming(message)

    def outgoing(self, message: Outgoing) -> None:
        """The engine answered with this."""
        if isinstance(message, SettingsChanged):
            self._wanted(message.settings.privacy.recordings)
        if self._recorder is not None:
            self._recorder.outgoing(message)

    def close(self, timeout_s: float) -> None:
        """Complete the recording, if there is one."""
        if self._recorder is not None and not self._recorder.close(timeout_s):
            _log.error("the recording could not be completed before Sayso ended")

    def _wanted(self, on: bool) -> None:
        self._begins = on and self._recorder is None
        if not on and self._recorder is not None:
            self._recorder.close()
            self._recorder = None

    def _begin(self, t: float, header: Callable[[], Header]) -> None:
        try:
            made = header()
        except Exception as error:  # whatever cannot be recorded must not keep the person from writing
            _log.exception("this moment cannot be recorded")
            self._post(recording_stopped(t, str(error)))
            return
        self._recorder = Recorder(self._folder, made, self._post, self._clock)
