"""devices.gaze: offers gaze in the Lab Streaming Layer as the programs of eye trackers do.

An outlet listens: liblsl opens a TCP and a UDP port for it, on all networks, and answers whoever searches.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import StrEnum
from itertools import islice, pairwise

import pylsl

from devices.samples import GazeSample

RATE_FROM = 200  # samples
_TOGETHER: tuple[str, ...] = ("x", "y")
_BOTH_EYES: tuple[str, ...] = ("left_x", "left_y", "left_pupil", "right_x", "right_y", "right_pupil")


class OutletLayout(StrEnum):
    """As which program the outlet presents itself."""

    TOBIIPRO = "tobiipro"  # App-TobiiPro: each eye, a rate, NaN where it is not seen
    STREAMENGINE = "streamengine"  # App-TobiiStreamEngine: x and y, no rate, nothing where no eyes are seen


class GazeOutlet:
    """A stream of gaze that others can connect to, until `close`.

    Parameters
    ----------
    name : str
        What the stream is called.
    layout : OutletLayout
    rate_hz : float
        Samples a second, for the layout that names a rate.
    """

    def __init__(
        self, name: str, layout: OutletLayout = OutletLayout.TOBIIPRO, rate_hz: float = 60.0
    ) -> None:
        self.layout = layout
        labels, kind = (_BOTH_EYES, "Gaze") if layout is OutletLayout.TOBIIPRO else (_TOGETHER, "gaze")
        rate_hz = rate_hz if layout is OutletLayout.TOBIIPRO else pylsl.IRREGULAR_RATE
        info = pylsl.StreamInfo(name, kind, len(labels), rate_hz, pylsl.cf_float32, f"sayso {name}")
        channels = info.desc().append_child("channels")
        for label in labels:
            eye, _, quantity = label.rpartition("_")
            channel = channels.append_child("channel")
            channel.append_child_value("label", label)
            channel.append_child_value("eye", eye or "both")
            if quantity != "pupil":
                channel.append_child_value("type", f"Screen{quantity.upper()}")
                channel.append_child_value("unit", "screencoords" if eye else "normalized")
        self._outlet: pylsl.StreamOutlet | None = pylsl.StreamOutlet(info)

    @property
    def followed(self) -> bool:
        """Whether somebody is connected."""
        return self._outlet is not None and bool(self._outlet.have_consumers())

    def push(self, sample: GazeSample) -> None:
        """Send a sample; its time must be on the shared clock."""
        if self._outlet is None:
            raise ValueError("this outlet is closed")
        if self.layout is OutletLayout.TOBIIPRO:
            left, right = sample.left or (sample.x, sample.y), sample.right or (sample.x, sample.y)
            self._outlet.push_sample([*left, math.nan, *right, math.nan], sample.t)
        elif sample.valid:
            self._outlet.push_sample([sample.x, sample.y], sample.t)

    def close(self) -> None:
        """Take the stream back; whoever is connected loses it."""
        self._outlet = None


def usual_rate_hz(samples: Iterable[GazeSample]) -> float:
    """The rate of a recording, from the median interval of its first samples; 60 where there is only one."""
    times = [sample.t for sample in islice(samples, RATE_FROM)]
    intervals = sorted(after - before for before, after in pairwise(times))
    return 1 / intervals[len(intervals) // 2] if intervals else 60.0
