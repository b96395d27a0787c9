"""devices.eeg: offers markers in the Lab Streaming Layer, for a program that records the EEG.

An outlet listens: liblsl opens a TCP and a UDP port for it, on all networks, and answers whoever searches.
"""

from __future__ import annotations

import pylsl

from devices.samples import Marker

NAME = "Sayso markers"


class MarkerOutlet:
    """A stream of markers that others can connect to until `close`.

    Parameters
    ----------
    name : str
        What the stream is called.
    """

    def __init__(self, name: str = NAME) -> None:
        info = pylsl.StreamInfo(name, "Markers", 1, pylsl.IRREGULAR_RATE, pylsl.cf_string, name)
        self._outlet: pylsl.StreamOutlet | None = pylsl.StreamOutlet(info)

    def mark(self, marker: Marker) -> None:
        """Send a marker with its own time.

        Raises
        ------
        ValueError
            The outlet is closed.
        """
        if self._outlet is None:
            raise ValueError("this outlet is closed")
        self._outlet.push_sample([marker.label], marker.t)

    def close(self) -> None:
        """Take the stream back; whoever is connected loses it."""
        self._outlet = None
