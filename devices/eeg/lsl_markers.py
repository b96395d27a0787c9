"""devices.eeg: markers of the program that sends the EEG: triggers, and the flashes of a recording."""

from __future__ import annotations

import math
from typing import Any

import pylsl

from devices.lsl_inlet import Inlet
from devices.lsl_stream import FoundStream, StreamGone, any_of, called
from devices.samples import Marker

MARKER_TYPES = ("markers", "marker", "events")
LOOK_S = 1.0
LATEST_S = 5.0  # a marker that is older, or ahead, has another clock
EARLY_S = 0.02
BUFFER_S = 5
LONGEST_LABEL = 100


class MarkerListener:
    """Hears the markers of one stream for as long as it is there, and looks for it while it is not.

    Parameters
    ----------
    name : str
        The name or source of the stream, or a part of it.
    longest : int
        Characters of a label that are taken.
    """

    def __init__(self, name: str, longest: int = LONGEST_LABEL) -> None:
        self._name = name
        self._longest = longest
        self._resolver = pylsl.ContinuousResolver(pred=any_of(MARKER_TYPES))
        self._inlet: Inlet | None = None
        self._looked_at = -math.inf

    @property
    def found(self) -> bool:
        """Whether there is such a stream now."""
        return self._inlet is not None

    def pull(self, now: float, eeg_offset_s: float = 0.0) -> list[Marker]:
        """Take the markers that have come; never waits.

        Parameters
        ----------
        now : float
            On the shared clock.
        eeg_offset_s : float
            Seconds from the stamps of the EEG to the shared clock: a program stamps both alike.

        Returns
        -------
        list of Marker
            One whose stamp fits neither clock is as of now.
        """
        if self._inlet is None:
            self._look(now)
        if self._inlet is None:
            return []
        try:
            rows, stamps = self._inlet.pull(0.0)
            correction = self._inlet.correction(now)
        except StreamGone:
            self._inlet = None
            return []
        return [
            Marker(_time(float(stamp) + correction, now, eeg_offset_s), _label(row[0], self._longest))
            for row, stamp in zip(rows, stamps, strict=True)
        ]

    def _look(self, now: float) -> None:
        if now - self._looked_at < LOOK_S:
            return
        self._looked_at = now
        found = [
            FoundStream(info.name(), info.source_id(), info.uid(), info.hostname(), info)
            for info in self._resolver.results()
        ]
        for one in called(self._name, sorted(found, key=lambda s: (not s.is_here, s.name, s.uid))):
            self._inlet = Inlet(one, BUFFER_S)
            try:
                self._inlet.pull(0.0)  # liblsl connects at the first pull
                return
            except StreamGone:
                self._inlet = None


def _time(stamp: float, now: float, eeg_offset_s: float) -> float:
    for t in (stamp, stamp + eeg_offset_s):
        if now - LATEST_S <= t <= now + EARLY_S:
            return min(t, now)
    return now


def _label(value: Any, longest: int) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else f"{value:g}"
    return " ".join(text.split())[:longest]
