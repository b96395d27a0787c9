"""devices.eeg: offers EEG and markers in the Lab Streaming Layer as the program of an amplifier does.

An outlet listens: liblsl opens a TCP and a UDP port for it, on all networks, and answers whoever searches.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pylsl
from numpy.typing import NDArray

from devices.samples import Marker


class EegOutlet:
    """A stream of EEG, and one of markers called "NAME markers", that others can connect to until `close`.

    Parameters
    ----------
    name : str
        What the stream is called.
    channels : sequence of str
        The channels' labels.
    rate_hz : float
    """

    def __init__(self, name: str, channels: Sequence[str], rate_hz: float) -> None:
        info = pylsl.StreamInfo(name, "EEG", len(channels), rate_hz, pylsl.cf_float32, f"sayso {name}")
        described = info.desc().append_child("channels")
        for label in channels:
            channel = described.append_child("channel")
            channel.append_child_value("label", label)
            channel.append_child_value("unit", "microvolts")
            channel.append_child_value("type", "EEG")
        markers = pylsl.StreamInfo(
            f"{name} markers", "Markers", 1, pylsl.IRREGULAR_RATE, pylsl.cf_string, f"sayso {name} markers"
        )
        self._eeg: pylsl.StreamOutlet | None = pylsl.StreamOutlet(info)
        self._markers: pylsl.StreamOutlet | None = pylsl.StreamOutlet(markers)

    @property
    def followed(self) -> bool:
        """Whether somebody is connected to the EEG."""
        return self._eeg is not None and bool(self._eeg.have_consumers())

    def push(self, data: NDArray[np.float32], t: float) -> None:
        """Send samples in a row, array of shape (n, channels) in microvolts; `t`: when the last one was taken."""
        if self._eeg is None:
            raise ValueError("this outlet is closed")
        self._eeg.push_chunk(data, t)

    def mark(self, marker: Marker) -> None:
        """Send a marker."""
        if self._markers is None:
            raise ValueError("this outlet is closed")
        self._markers.push_sample([marker.label], marker.t)

    def close(self) -> None:
        """Take the streams back; whoever is connected loses them."""
        self._eeg = self._markers = None
