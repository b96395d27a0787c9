"""assistive.ui: tells the supervisor that the window and the engine are both alive."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable

from PyQt6.QtCore import QObject, QTimer

from assistive.supervisor import HEARTBEAT_VARIABLE
from devices.clock import Clock

BEAT_MS = 1000
ENGINE_PATIENCE_S = 10.0


class Heartbeat(QObject):
    """Beats once a second from Qt's own loop, as long as the engine's thread goes round too.

    Parameters
    ----------
    engine_awake_at : callable
        When the engine's thread last went round, in seconds on the shared clock.
    """

    def __init__(self, engine_awake_at: Callable[[], float], clock: Clock) -> None:
        super().__init__()
        self._engine_awake_at = engine_awake_at
        self._clock = clock
        self._descriptor = int(os.environ.get(HEARTBEAT_VARIABLE, "-1"))
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._beat)
        if self._descriptor >= 0:
            os.set_inheritable(self._descriptor, False)
            self._timer.start(BEAT_MS)

    def _beat(self) -> None:
        if self._clock.now() - self._engine_awake_at() < ENGINE_PATIENCE_S:
            with contextlib.suppress(OSError):
                os.write(self._descriptor, b".")
