"""devices.eeg: the connection to one LSL stream of numbers or of markers.

What liblsl opens for it: see `devices.gaze.lsl_stream`.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pylsl
from numpy.typing import NDArray

from devices.eeg.lsl_channels import Channel
from devices.gaze.lsl_stream import FoundStream, StreamGone

TYPES = ("eeg",)
MARKER_TYPES = ("markers", "marker", "events")
DESCRIBE_S = 0.3  # for one try, so that it can be stopped
TRIES = 10
BUFFER_S = 5
MOST_ROWS = 4096
COMPARE_CLOCKS_S = 2.0


class EegInlet:
    """A connection that neither reconnects nor smooths stamps by itself: silence must not look like a connection.

    Parameters
    ----------
    found : FoundStream
    """

    def __init__(self, found: FoundStream) -> None:
        self.found = found
        self.is_text = found.info.channel_format() == pylsl.cf_string
        self._inlet = pylsl.StreamInlet(found.info, max_buflen=BUFFER_S, recover=False)
        self._correction = 0.0
        self._compared_at = -COMPARE_CLOCKS_S

    @property
    def rate_hz(self) -> float:
        """The rate that the stream promises; 0: none."""
        return float(self.found.info.nominal_srate())

    def channels(self, stop: threading.Event) -> list[Channel]:
        """Ask for the description of the channels, and compare the clocks where they are two.

        Raises
        ------
        StreamGone
            It was not told in time, or `stop` was set.
        """
        for _ in range(TRIES):
            if stop.is_set():
                break
            try:
                channels = _described(self._inlet.info(timeout=DESCRIBE_S))
                self._compare(0.0 if self.found.is_here else DESCRIBE_S)
                return channels
            except pylsl.util.TimeoutError:
                continue
            except RuntimeError as error:
                raise StreamGone from error
        raise StreamGone

    def pull(self, wait_s: float) -> tuple[NDArray[Any], NDArray[np.float64]]:
        """Wait for samples, `wait_s` at most, and take all that have come.

        Returns
        -------
        rows : array of shape (n, channels)
            In the stream's own format; texts are bytes.
        stamps : array of shape (n,)
            In seconds on the clock of the sender.

        Raises
        ------
        StreamGone
        """
        try:
            rows, stamps = self._inlet.pull_chunk(
                timeout=wait_s, max_samples=MOST_ROWS, min_samples=1, as_numpy=True
            )
        except RuntimeError as error:
            raise StreamGone from error
        return rows, stamps

    def correction(self, now: float) -> float:
        """Seconds from the clock of the sending computer to the one of this computer; never waits."""
        if not self.found.is_here and now - self._compared_at >= COMPARE_CLOCKS_S:
            self._compared_at = now
            try:
                self._compare(0.0)
            except pylsl.util.TimeoutError:
                self._compared_at = -COMPARE_CLOCKS_S
            except RuntimeError as error:
                raise StreamGone from error
        return self._correction

    def _compare(self, wait_s: float) -> None:
        if not self.found.is_here:
            self._correction = float(self._inlet.time_correction(timeout=wait_s))


def _described(info: pylsl.StreamInfo) -> list[Channel]:
    count = info.channel_count()
    out: list[Channel] = []
    element = info.desc().child("channels").child("channel")
    while not element.empty() and len(out) < count:
        label, kind, unit = (" ".join(element.child_value(key).split()) for key in ("label", "type", "unit"))
        out.append(Channel(label, kind, unit))
        element = element.next_sibling("channel")
    return out + [Channel()] * (count - len(out))
