"""devices.gaze: a recording looks again."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from os import PathLike

from devices.clock import Clock
from devices.driver import DeviceKind, DeviceLost, Emit
from devices.gaze.recording import (
    Cadence,
    GazeRecording,
    RecordingError,
    RecordingReport,
    read_gaze_csv,
    stream_gaze_csv,
)
from devices.samples import GazeSample

__all__ = ["GazeRecording", "RecordingError", "RecordingReport", "ReplayDriver", "read_gaze_csv"]

log = logging.getLogger(__name__)

# A 1,000 Hz recording is passed on in small groups rather than by 1,000 wake-ups a second.
SHORTEST_WAIT_S = 0.004
# Later than this (a suspended machine), the recording goes on from where it was instead of hurrying after.
LATE_S = 0.5
PAUSE_S = 1.0


class ReplayDriver:
    """Replays a gaze recording, re-stamped on the live clock with the intervals of the recording.

    In a gap of the recording, and after its end, nobody looks: one sample without a place says so.

    Parameters
    ----------
    path : str or path
        A CSV file, see `devices.gaze.recording.stream_gaze_csv`.
    speed : float
        2.0 is twice as fast.
    loop : bool
        Begin again after the end (and a pause of one second) instead of stopping.
    tr : callable
        Translates the sentences of errors.
    """

    name = "replay"
    kind = DeviceKind.GAZE

    def __init__(
        self,
        path: str | PathLike[str],
        speed: float = 1.0,
        loop: bool = False,
        tr: Callable[[str], str] = str,
    ) -> None:
        if not (0 < speed < math.inf):
            raise ValueError(f"a recording cannot be replayed {speed} times as fast")
        self._path = path
        self._speed = speed
        self._loop = loop
        self._tr = tr

    def run(self, emit: Emit, stop: threading.Event, clock: Clock) -> None:
        """Emit the recording until its end, or until `stop` is set.

        Raises
        ------
        DeviceLost
            The recording cannot be read.
        """
        while not stop.is_set():
            report = RecordingReport(str(self._path))
            try:
                self._play(stream_gaze_csv(self._path, report, self._tr), emit, stop, clock)
            except RecordingError as error:
                raise DeviceLost(str(error)) from error
            log.info("replayed: %s", report)
            if not self._loop or stop.wait(PAUSE_S):
                return

    def _play(self, samples: Iterator[GazeSample], emit: Emit, stop: threading.Event, clock: Clock) -> None:
        start = due = math.nan
        origin = 0.0
        for sample in _with_gaps_closed(samples):
            if math.isnan(start):
                start, origin = clock.now(), sample.t
            due = start + (sample.t - origin) / self._speed
            wait_s = due - clock.now()
            if wait_s > 0:
                stop.wait(min(max(wait_s, SHORTEST_WAIT_S), threading.TIMEOUT_MAX))
            elif wait_s < -LATE_S:
                start -= wait_s
                due -= wait_s
            if stop.is_set():
                return
            emit(replace(sample, t=due))
        emit(GazeSample(max(clock.now(), due + 0.001), math.nan, math.nan))


def _with_gaps_closed(samples: Iterator[GazeSample]) -> Iterator[GazeSample]:
    """Put one sample without a place into each gap, so that the last look before it does not last."""
    cadence = Cadence()
    last: float | None = None
    for sample in samples:
        if last is not None:
            closed = last + cadence.gap(sample.t - last)
            if last < closed < sample.t:
                yield GazeSample(closed, math.nan, math.nan)
        last = sample.t
        yield sample
