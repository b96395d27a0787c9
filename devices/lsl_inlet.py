"""devices: the connection to one LSL stream of gaze, EEG or markers.

What liblsl opens for it: see `devices.lsl_stream`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pylsl
from numpy.typing import NDArray

from devices.lsl_stream import FoundStream, StreamGone

ASK_S = 0.3  # for one try, so that it can be stopped
TRIES = 10
MOST_ROWS = 4096
COMPARE_CLOCKS_S = 2.0


class Inlet:
    """A connection that neither reconnects nor smooths stamps by itself: silence must not look like a connection.

    Parameters
    ----------
    found : FoundStream
    buffer_s : int
        What it keeps while nobody takes it, in seconds; the oldest is dropped.
    """

    def __init__(self, found: FoundStream, buffer_s: int) -> None:
        self.found = found
        self.is_text = found.info.channel_format() == pylsl.cf_string
        self._inlet = pylsl.StreamInlet(found.info, max_buflen=buffer_s, recover=False)
        self._correction = 0.0
        self._compared_at: float | None = None

    @property
    def rate_hz(self) -> float:
        """The rate that the stream promises; 0: none."""
        return float(self.found.info.nominal_srate())

    def describe(self, keys: Sequence[str], stop: threading.Event) -> list[tuple[str, ...]]:
        """Ask what the stream says of its channels.

        Parameters
        ----------
        keys : sequence of str
            As in XDF: "label", "type", "unit", ...
        stop : Event

        Returns
        -------
        list of tuple of str
            For each channel the value of each key; "" where it says nothing.

        Raises
        ------
        StreamGone
            It was not told in time, or `stop` was set.
        """
        info = self._ask(lambda: self._inlet.info(timeout=ASK_S), stop)
        count = info.channel_count()
        out: list[tuple[str, ...]] = []
        element = info.desc().child("channels").child("channel")
        while not element.empty() and len(out) < count:
            out.append(tuple(" ".join(element.child_value(key).split()) for key in keys))
            element = element.next_sibling("channel")
        return out + [("",) * len(keys)] * (count - len(out))

    def wait_for_clock(self, stop: threading.Event) -> None:
        """Compare the clock of the sending computer with this one's for the first time.

        Raises
        ------
        StreamGone
            It does not tell its time, or `stop` was set.
        """
        if not self.found.is_here:
            self._correction = self._ask(lambda: float(self._inlet.time_correction(timeout=ASK_S)), stop)

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
        if not self.found.is_here and (
            self._compared_at is None or now - self._compared_at >= COMPARE_CLOCKS_S
        ):
            self._compared_at = now
            try:
                self._correction = float(self._inlet.time_correction(timeout=0.0))
            except pylsl.util.TimeoutError:  # the first comparison takes half a second
                self._compared_at = None
            except RuntimeError as error:
                raise StreamGone from error
        return self._correction

    def _ask(self, question: Callable[[], Any], stop: threading.Event) -> Any:
        for _ in range(TRIES):
            if stop.is_set():
                break
            try:
                return question()
            except pylsl.util.TimeoutError:
                continue
            except RuntimeError as error:
                raise StreamGone from error
        raise StreamGone
