"""devices.gaze: the pointer stands in where there is no eye tracker."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

from devices.clock import Clock
from devices.driver import DeviceKind, Emit
from devices.samples import GazeSample, Point

REST_RATE_HZ = 10.0


class PointerDriver:
    """Takes the pointer for the gaze (head mouse, trackball, mouse, an eye tracker that moves the pointer).

    A pointer that lies still is a hand at rest, not a person who stares: after a while it becomes a
    sample without a place, and until it moves again there are no samples and hardly any work.

    Parameters
    ----------
    read : callable
        Returns the pointer as shares of the screen's width and height, None when it is not known. It is
        called from the driver's thread.
    rate_hz : float
        Samples a second.
    rest_after_s : float
        Seconds without movement after which nobody looks.
    choosing : callable
        Whether a choice is in progress: until it is made, the pointer is held still on purpose. Called from the
        driver's thread.
    still : float
        Movements up to this share of the screen are no movement (0.001 is about 2 px).
    """

    name = "pointer"
    kind = DeviceKind.GAZE

    def __init__(
        self,
        read: Callable[[], Point | None],
        rate_hz: float = 60.0,
        rest_after_s: float = 4.0,
        still: float = 0.001,
        choosing: Callable[[], bool] = bool,
    ) -> None:
        if not (0 < rate_hz < math.inf):
            raise ValueError(f"a pointer cannot be read {rate_hz} times a second")
        self._read = read
        self._period_s = 1 / rate_hz
        self._rest_after_s = rest_after_s
        self._still = still
        self._choosing = choosing

    def run(self, emit: Emit, stop: threading.Event, clock: Clock) -> None:
        """Emit where the pointer is until `stop` is set."""
        due = moved_at = clock.now()
        anchor = self._place()
        resting = False
        while not stop.is_set():
            now = clock.now()
            place = self._place()
            if self._moved(anchor, place):
                anchor, moved_at, resting = place, now, False
            elif not resting and self._choosing():
                moved_at = now
            elif not resting and now - moved_at >= self._rest_after_s:
                resting = True
                emit(GazeSample(now, math.nan, math.nan))
            if not resting:
                emit(GazeSample(now, *(place or (math.nan, math.nan))))
            # After a suspended machine wakes up there is nothing to catch up with.
            due = max(due + (1 / REST_RATE_HZ if resting else self._period_s), now)
            stop.wait(due - clock.now())

    def _place(self) -> Point | None:
        place = self._read()
        return place if place is not None and math.isfinite(place[0]) and math.isfinite(place[1]) else None

    def _moved(self, old: Point | None, new: Point | None) -> bool:
        if old is None or new is None:
            return old is not new
        return abs(new[0] - old[0]) > self._still or abs(new[1] - old[1]) > self._still
