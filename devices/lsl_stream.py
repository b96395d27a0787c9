"""devices: finds streams in the Lab Streaming Layer (LSL), of gaze or of EEG.

What liblsl opens, as seen with 1.18: while it searches, it asks the local network by UDP multicast and broadcast
(ports 16571-16604) and listens for answers on UDP ports of the system's choice; a connected stream is one outgoing TCP
connection; the clock of another computer is compared by UDP. It listens on no TCP port and offers nothing to others.
A file ``lsl_api.cfg`` can confine it to this computer (``[multicast] ResolveScope = machine``).
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import pylsl

POLL_S = 0.1
OTHERS_S = 0.8  # after the first answer: the search asks again after 0.5 s, and some answer only then
FORGET_S = 1.5
MOST_CHANNELS = 512  # a tracker has a few dozen, a large amplifier 256
LONGEST_NAME = 100  # it is shown, and comes from anywhere


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

    @property
    def full_name(self) -> str:
        """Its name, and its computer where that is another one."""
        return self.name if self.is_here else f"{self.name} ({self.host})"


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
    stop: threading.Event, wait_s: float, types: Sequence[str] = (), *, uid: str = ""
) -> list[FoundStream]:
    """Look for streams of these types (in lower case), or for the one with this `uid`.

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
        FoundStream(
            " ".join(info.name().split())[:LONGEST_NAME], info.source_id(), info.uid(), info.hostname(), info
        )
        for info in resolver.results()
        if info.channel_count() <= MOST_CHANNELS
    ]
    return sorted(found, key=lambda s: (not s.is_here, s.name.casefold(), s.source_id, s.uid))
