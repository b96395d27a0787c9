"""devices.gaze: finds streams of gaze in the Lab Streaming Layer (LSL) and takes in their samples.

What liblsl opens, as seen with 1.18: while it searches, it asks the local network by UDP multicast and broadcast
(ports 16571-16604) and listens for answers on UDP ports of the system's choice; a connected stream is one outgoing TCP
connection; the clock of another computer is compared by UDP. It listens on no TCP port and offers nothing to others.
A file ``lsl_api.cfg`` can confine it to this computer (``[multicast] ResolveScope = machine``).
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import pylsl

from devices.gaze.lsl_layout import Channel

# App-TobiiPro called its stream Eyetracker once.
TYPES = ("gaze", "et", "eyetracker")
POLL_S = 0.1
OTHERS_S = 0.8  # after the first answer: the search asks again after 0.5 s, and some answer only then
FORGET_S = 1.5
DESCRIBE_S = 0.3  # for one try, so that it can be stopped
TRIES = 10
BUFFER_S = 1
MOST_ROWS = 1024
MOST_CHANNELS = 512  # a tracker has a few dozen
LONGEST_NAME = 100  # it is shown, and comes from anywhere
COMPARE_CLOCKS_S = 2.0


class StreamGone(Exception):
    """The stream has ended, or its computer does not answer."""


@dataclass(frozen=True, slots=True)
class FoundStream:
    """A stream that somebody offers."""

    name: str
    source_id: str
    uid: str
    host: str
    info: pylsl.StreamInfo = field(repr=False, compare=False)

    @property
    def is_here(self) -> bool:
        """Whether it comes from this computer."""
        return self.host.casefold() == socket.gethostname().casefold()


def called(name: str, streams: Sequence[FoundStream]) -> list[FoundStream]:
    """Return the streams of this name or source, else those that have it as a part of theirs; "": all of them.

    Upper and lower case are the same.
    """
    if not name:
        return list(streams)
    wanted = name.casefold()
    names = [(one, (one.name.casefold(), one.source_id.casefold())) for one in streams]
    exactly = [one for one, own in names if wanted in own]
    return exactly or [one for one, own in names if any(wanted in text for text in own)]


def any_of(types: Sequence[str]) -> str:
    """The query for streams of these types (in lower case), which programs write in upper or lower case."""
    letters = "".join(sorted(set("".join(types))))
    lower = f"translate(type,'{letters.upper()}','{letters}')"
    return " or ".join(f"{lower}='{name}'" for name in types)


def search(
    stop: threading.Event, wait_s: float, uid: str = "", types: Sequence[str] = TYPES
) -> list[FoundStream]:
    """Look for streams of these types, or for the one with this `uid`.

    Returns when some are found, after `wait_s` seconds, or soon after `stop` is set.

    Returns
    -------
    list of FoundStream
        Those of this computer first, then by name and source: the same order whenever the same ones are there.
    """
    # Its search runs in a thread of liblsl. A single search (resolve_bypred) hung for 5 s after an outlet was killed.
    resolver = pylsl.ContinuousResolver(pred=f"uid='{uid}'" if uid else any_of(types), forget_after=FORGET_S)
    left_s = wait_s
    while left_s > 0 and not stop.wait(POLL_S):
        left_s -= POLL_S
        if resolver.results():
            stop.wait(0 if uid else OTHERS_S)
            break
    found = [
        FoundStream(_clean(info.name())[:LONGEST_NAME], info.source_id(), info.uid(), info.hostname(), info)
        for info in resolver.results()
        if info.channel_count() <= MOST_CHANNELS
    ]
    return sorted(found, key=lambda s: (not s.is_here, s.name.casefold(), s.source_id, s.uid))


class Inlet:
    """A connection to one stream.

    It does not reconnect by itself: while it did, silence would look like a stream that is connected.

    Parameters
    ----------
    found : FoundStream
    """

    def __init__(self, found: FoundStream) -> None:
        self.found = found
        self._inlet = pylsl.StreamInlet(found.info, max_buflen=BUFFER_S, recover=False)
        self._numbers = found.info.channel_format() != pylsl.cf_string
        self._correction = 0.0
        self._compared_at: float | None = None

    @property
    def rate_hz(self) -> float:
        """The rate that the stream promises; 0: none."""
        return float(self.found.info.nominal_srate())

    def channels(self, stop: threading.Event) -> list[Channel]:
        """Ask for the description of the channels.

        Raises
        ------
        StreamGone
            It was not told in time, or `stop` was set.
        """
        for _ in range(TRIES):
            if stop.is_set():
                break
            try:
                info = self._inlet.info(timeout=DESCRIBE_S)
            except pylsl.util.TimeoutError:
                continue
            except RuntimeError as error:
                raise StreamGone from error
            channels = _channels(info)
            if self._numbers:
                return channels
            return [Channel(f"{channel.label or '?'} (text)") for channel in channels]
        raise StreamGone

    def pull(self, wait_s: float) -> tuple[Sequence[Sequence[float]], Sequence[float]]:
        """Wait for samples, `wait_s` at most, and take all that have come.

        Returns
        -------
        rows : sequence of sequence of float
        stamps : sequence of float
            In seconds on the clock of the sender.

        Raises
        ------
        StreamGone
        """
        try:
            rows, stamps = self._inlet.pull_chunk(timeout=wait_s, max_samples=MOST_ROWS, min_samples=1)
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


def _channels(info: pylsl.StreamInfo) -> list[Channel]:
    count = info.channel_count()
    out: list[Channel] = []
    element = info.desc().child("channels").child("channel")
    while not element.empty() and len(out) < count:
        values = (
            _clean(element.child_value(name))
            for name in ("label", "eye", "type", "unit", "coordinate_system")
        )
        out.append(Channel(*values))
        element = element.next_sibling("channel")
    return out + [Channel()] * (count - len(out))


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
