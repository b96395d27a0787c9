"""devices.gaze: an eye tracker whose program offers its gaze in the Lab Streaming Layer (LSL)."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from devices.clock import Clock
from devices.driver import DeviceKind, DeviceLost, Emit
from devices.gaze.lsl_layout import Channel, LayoutError, find_layout
from devices.gaze.lsl_rows import RowReader
from devices.gaze.lsl_time import StampClock
from devices.samples import DeviceState, DeviceStatus, GazeSample

if TYPE_CHECKING:
    from devices.lsl_inlet import Inlet
    from devices.lsl_stream import FoundStream

# App-TobiiPro called its stream Eyetracker once.
TYPES = ("gaze", "et", "eyetracker")
SEARCH_S = 4.0
BUFFER_S = 1  # where one looked before that is of no use
WAIT_S = 0.2  # for the next samples; also how soon it stops
# Samples that come in quick succession are passed on in groups: 125 wake-ups a second at most.
GROUP_S = 0.008
UNSEEN_S = 0.25  # without samples nobody looks
SILENT_S = 1.0  # without samples the caregiver is told
LOST_S = 3.0  # without samples the connection is given up


class LslGazeDriver:
    """Takes the gaze from a stream of the Lab Streaming Layer, on this computer or in the local network.

    A stream is of gaze if its type is Gaze or ET, in upper or lower case. Of several, the first one whose layout is
    known is used, those of this computer before others, then in the order of their names; a status names all of
    them. Which layouts: see `devices.gaze.lsl_layout`. What it opens: see `devices.lsl_stream`.

    Parameters
    ----------
    stream : str
        The name or the source (source_id) of the stream to take, or a part of it, in upper or lower case. "": any.
    screen_px : tuple of float, optional
        Width and height of the screen in pixels, for streams that count in them.
    tr : callable
        Translates the sentences in errors and statuses.
    """

    name = "lsl"
    kind = DeviceKind.GAZE

    def __init__(
        self,
        stream: str = "",
        *,
        screen_px: tuple[float, float] | None = None,
        tr: Callable[[str], str] = str,
    ) -> None:
        self._stream = stream.strip()
        self._screen_px = screen_px
        self._tr = tr

    def run(self, emit: Emit, stop: threading.Event, clock: Clock) -> None:
        """Find the stream and emit its samples until `stop` is set.

        Raises
        ------
        DeviceLost
            There is no such stream, its gaze cannot be used, it has ended, or it has been silent for 3 s. One
            without a rate, which may send nothing while nobody looks, is lost only if it does not answer either.
        """
        # Loading liblsl takes a tenth of a second, and only who chose this driver needs it.
        from devices.lsl_stream import StreamGone, called, search

        found = search(stop, SEARCH_S, TYPES)
        wanted = called(self._stream, found)
        if stop.is_set():
            return
        if not wanted:
            raise DeviceLost(self._nothing(found))
        inlet, rows = self._connected(wanted, stop)
        try:
            if not stop.is_set():
                self._follow(inlet, rows, wanted, emit, stop, clock)
        except StreamGone as gone:
            raise DeviceLost(self._ended(inlet)) from gone
        except LayoutError as error:
            raise DeviceLost(str(error)) from error

    def _connected(self, wanted: Sequence[FoundStream], stop: threading.Event) -> tuple[Inlet, RowReader]:
        """The first stream whose gaze can be used."""
        from devices.lsl_inlet import Inlet
        from devices.lsl_stream import StreamGone

        reason = ""
        for one in wanted:
            inlet = Inlet(one, BUFFER_S)
            try:
                layout = find_layout(one.name, _channels(inlet, stop), self._tr)
                return inlet, RowReader(one.name, layout, self._screen_px, self._tr)
            except LayoutError as error:
                reason = reason or str(error)
            except StreamGone:
                reason = reason or self._ended(inlet)
        raise DeviceLost(reason)

    def _follow(
        self,
        inlet: Inlet,
        rows: RowReader,
        wanted: Sequence[FoundStream],
        emit: Emit,
        stop: threading.Event,
        clock: Clock,
    ) -> None:
        detail = self._chosen(inlet, wanted)
        told: str | None = None  # nothing before the first sample: until then it does not run
        stamps = StampClock()
        looking = False
        heard = clock.now()
        lost_at = heard + LOST_S
        while not stop.is_set():
            taken, sent = inlet.pull(WAIT_S)
            now = clock.now()
            if len(sent):
                heard, lost_at = now, now + LOST_S
                times = stamps.times(sent.tolist(), now, inlet.correction(now))
                for t, row in zip(times, taken.tolist(), strict=True):
                    if t is not None:
                        sample = rows.sample(t, row)
                        looking = sample.valid
                        emit(sample)
                if told != detail:
                    told = detail
                    emit(DeviceStatus(now, self.name, DeviceState.RUNNING, detail))
                stop.wait(GROUP_S)
                continue
            if looking and now - heard >= UNSEEN_S:
                looking = False
                stamps.skip_to(now)
                emit(GazeSample(now, math.nan, math.nan))
            if told == detail and now - heard >= SILENT_S:
                told = self._silent(inlet)
                emit(DeviceStatus(now, self.name, DeviceState.RUNNING, told))
            if now >= lost_at:
                if told is None or not self._may_be_silent(inlet, stop):
                    raise DeviceLost(self._silent(inlet))
                lost_at = now + LOST_S

    def _may_be_silent(self, inlet: Inlet, stop: threading.Event) -> bool:
        """App-TobiiStreamEngine sends no samples while it sees no eyes: then its stream is still offered."""
        from devices.lsl_stream import search

        return inlet.rate_hz == 0 and bool(search(stop, SILENT_S, uid=inlet.found.uid))

    def _nothing(self, found: Sequence[FoundStream]) -> str:
        if found:
            return self._tr(
                "There is no eye tracker called {name} in the Lab Streaming Layer. There is: {found}. Choose one of them "
                "in the settings, or start the program of your tracker."
            ).format(name=self._stream, found=_named(found))
        return self._tr(
            "No eye tracker is found in the Lab Streaming Layer (LSL). Start the program of your tracker and switch on "
            "its LSL stream; Sayso connects by itself."
        )

    def _chosen(self, inlet: Inlet, wanted: Sequence[FoundStream]) -> str:
        if len(wanted) == 1:
            return ""
        return self._tr(
            "There are several eye trackers in the Lab Streaming Layer: {found}. {name} is used; another one can be "
            "chosen by its name in the settings."
        ).format(found=_named(wanted), name=_named([inlet.found]))

    def _ended(self, inlet: Inlet) -> str:
        return self._tr(
            "The stream {name} of the eye tracker has ended. Is its program still running? Sayso connects by itself when "
            "it is back."
        ).format(name=inlet.found.name)

    def _silent(self, inlet: Inlet) -> str:
        return self._tr(
            "The stream {name} of the eye tracker sends nothing. Is the tracker plugged in, and does its program see the "
            "eyes? Sayso goes on by itself when it does."
        ).format(name=inlet.found.name)


def _named(streams: Sequence[FoundStream]) -> str:
    return ", ".join(one.full_name for one in streams)


def _channels(inlet: Inlet, stop: threading.Event) -> list[Channel]:
    described = inlet.describe(("label", "eye", "type", "unit", "coordinate_system"), stop)
    if inlet.is_text:
        return [Channel(f"{label or '?'} (text)") for label, *_ in described]
    return [Channel(*texts) for texts in described]
