"""devices.eeg: an amplifier whose program offers its EEG in the Lab Streaming Layer (LSL)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from devices.clock import Clock
from devices.driver import DeviceKind, DeviceLost, Emit
from devices.eeg.lsl_channels import Channel, ChannelError, Montage, choose_channels

if TYPE_CHECKING:
    from devices.lsl_inlet import Inlet
    from devices.lsl_stream import FoundStream

TYPES = ("eeg",)
SEARCH_S = 4.0
MARKERS_S = 0.6  # where there is no EEG
BUFFER_S = 5
LEAST_HZ, MOST_HZ = 125.0, 2000.0


class LslEegDriver:
    """Takes EEG from a stream of the Lab Streaming Layer, on this computer or in the local network.

    A stream is of EEG if its type is EEG, in upper or lower case. Of several, the first one that can be used is taken,
    those of this computer before others, then in the order of their names; a status names all of them. Emits
    `EegChunk`, and a `Marker` for each marker of the program's own marker stream. How samples get their times:
    `devices.eeg.stamps`; what becomes of silence: `devices.eeg.lsl_session`.

    Parameters
    ----------
    stream : str
        The name or the source (source_id) of the stream to take, or a part of it, in upper or lower case. "": any.
    channels : sequence of str
        The caregiver's choice of channels, by label or by number from 1 on; empty: all that are EEG.
    markers : str
        The name or source of a marker stream, or a part of it; "": one that has the EEG stream's name in its own.
    tr : callable
        Translates the sentences in errors and statuses.
    """

    name = "eeg"
    kind = DeviceKind.EEG

    def __init__(
        self,
        stream: str = "",
        *,
        channels: Sequence[str] = (),
        markers: str = "",
        tr: Callable[[str], str] = str,
    ) -> None:
        self._stream = stream.strip()
        self._channels = tuple(channels)
        self._markers = markers.strip()
        self._tr = tr

    def run(self, emit: Emit, stop: threading.Event, clock: Clock) -> None:
        """Find the stream and emit its samples until `stop` is set.

        Raises
        ------
        DeviceLost
            There is no such stream, it cannot be used, it has ended, or it has been silent for 3 s.
        """
        # Loading liblsl takes a tenth of a second, and only who chose this driver needs it.
        from devices.eeg.lsl_markers import MARKER_TYPES
        from devices.eeg.lsl_session import EegSession
        from devices.lsl_stream import StreamGone, called, search

        found = search(stop, SEARCH_S, TYPES)
        wanted = called(self._stream, found)
        if stop.is_set():
            return
        if not wanted:
            markers = [] if found else search(stop, MARKERS_S, MARKER_TYPES)
            raise DeviceLost(self._nothing(found, markers))
        inlet, montage = self._connected(wanted, stop)
        notes = [self._chosen(inlet, wanted)] if len(wanted) > 1 else []
        session = EegSession(inlet, montage, self._markers, notes, self._tr)
        try:
            session.follow(emit, stop, clock)
        except StreamGone as gone:
            raise DeviceLost(self._ended(inlet)) from gone

    def _connected(self, wanted: Sequence[FoundStream], stop: threading.Event) -> tuple[Inlet, Montage]:
        """The first stream whose EEG can be used."""
        from devices.lsl_inlet import Inlet
        from devices.lsl_stream import StreamGone

        reason = ""
        for one in wanted:
            inlet = Inlet(one, BUFFER_S)
            try:
                if not inlet.is_text and LEAST_HZ <= inlet.rate_hz <= MOST_HZ:
                    channels = [Channel(*texts) for texts in inlet.describe(("label", "type", "unit"), stop)]
                    inlet.wait_for_clock(stop)
                    return inlet, choose_channels(one.name, channels, self._channels, self._tr)
                reason = reason or self._wrong_kind(inlet)
            except ChannelError as error:
                reason = reason or str(error)
            except StreamGone:
                reason = reason or self._ended(inlet)
        raise DeviceLost(reason)

    def _nothing(self, found: Sequence[FoundStream], markers: Sequence[FoundStream]) -> str:
        if found:
            return self._tr(
                "There is no EEG called {name} in the Lab Streaming Layer. There is: {found}. Choose one of them in the "
                "settings, or start the program of your amplifier."
            ).format(name=self._stream, found=_named(found))
        if markers:
            return self._tr(
                "There are markers in the Lab Streaming Layer ({found}), but no EEG. Switch on the EEG stream in the "
                "program of your amplifier; Sayso connects by itself."
            ).format(found=_named(markers))
        return self._tr(
            "No EEG is found in the Lab Streaming Layer (LSL). Start the program of your amplifier and switch on its LSL "
            "stream; Sayso connects by itself. Gaze and switches work without it."
        )

    def _chosen(self, inlet: Inlet, wanted: Sequence[FoundStream]) -> str:
        return self._tr(
            "There are several EEG streams in the Lab Streaming Layer: {found}. {name} is used; another one can be chosen "
            "by its name in the settings."
        ).format(found=_named(wanted), name=_named([inlet.found]))

    def _wrong_kind(self, inlet: Inlet) -> str:
        if inlet.is_text:
            return self._tr(
                "The stream {name} sends texts, no EEG. Choose another stream in the settings."
            ).format(name=inlet.found.name)
        if inlet.rate_hz == 0:
            return self._tr(
                "The stream {name} does not say how many samples a second it sends. Sayso needs a fixed rate of 125 to "
                "2000: set one in the program of the amplifier, or choose another stream in the settings."
            ).format(name=inlet.found.name)
        return self._tr(
            "The stream {name} sends {rate} samples a second. Sayso needs 125 to 2000: change the rate in the program of "
            "the amplifier, or choose another stream in the settings."
        ).format(name=inlet.found.name, rate=f"{inlet.rate_hz:g}")

    def _ended(self, inlet: Inlet) -> str:
        return self._tr(
            "The EEG stream {name} has ended. Is the amplifier's program still running? Sayso connects by itself when it "
            "is back; gaze and switches still work."
        ).format(name=inlet.found.name)


def _named(streams: Sequence[FoundStream]) -> str:
    return ", ".join(one.full_name for one in streams)
