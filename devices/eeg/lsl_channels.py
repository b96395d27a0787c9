"""devices.eeg: which channels of an LSL stream are EEG, by their labels or by the caregiver's choice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LONGEST_LABEL = 30  # it is shown, and comes from anywhere
_MOST_NAMED = 40
_EEG = {"", "eeg", "ref_eeg", "seeg", "ecog"}
# What programs of amplifiers send beside EEG where they name no types (OpenBCI, BlueMuse, Unicorn, actiCHamp, ...).
_OTHER = {
    "trig",
    "trg",
    "trigger",
    "triggers",
    "marker",
    "markers",
    "status",
    "sta",
    "sti",
    "stim",
    "event",
    "events",
}
_OTHER |= {"acc", "accel", "accelerometer", "gyr", "gyro", "gyroscope", "mag", "imu", "ppg", "battery", "bat"}
_OTHER |= {
    "counter",
    "cnt",
    "packet",
    "package",
    "timestamp",
    "time",
    "validation",
    "valid",
    "sample",
    "index",
}
_OTHER |= {"aux", "ecg", "ekg", "emg", "eog", "heog", "veog", "gsr", "eda", "resp", "temp", "temperature"}


class ChannelError(Exception):
    """A stream's channels cannot be used; the message says why in words for the caregiver."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as its stream describes it; "" where it says nothing. `kind` is "type" in XDF."""

    label: str = ""
    kind: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Montage:
    """The channels that are taken: their names, their places in a row, and their units as the stream names them."""

    names: tuple[str, ...]
    places: tuple[int, ...]
    units: tuple[str, ...]


def choose_channels(
    stream: str, channels: Sequence[Channel], wanted: Sequence[str] = (), tr: Callable[[str], str] = str
) -> Montage:
    """Choose the channels to take.

    Parameters
    ----------
    stream : str
        The stream's name, for the sentences of errors.
    channels : sequence of Channel
        One for each number of a row.
    wanted : sequence of str
        The caregiver's choice, in this order: labels in upper or lower case, or numbers from 1 on. Empty: all that
        are EEG by their type or label, in the stream's order.
    tr : callable
        Translates the sentences of errors.

    Raises
    ------
    ChannelError
        A chosen channel is not there, or none is EEG.
    """
    names = _names(channels)
    if wanted:
        places = [_place(one, names) for one in wanted]
        missing = [one for one, place in zip(wanted, places, strict=True) if place is None]
        if missing:
            raise ChannelError(
                tr(
                    "The stream {stream} has no channel {missing}. Its channels are: {channels}. Choose the channels "
                    "again in the settings, or connect the amplifier that was chosen; gaze and switches still work."
                ).format(stream=stream, missing=", ".join(missing), channels=_listed(names))
            )
        chosen = list(dict.fromkeys(place for place in places if place is not None))
    else:
        chosen = [place for place, channel in enumerate(channels) if _is_eeg(channel)]
    if not chosen:
        raise ChannelError(
            tr(
                "Sayso finds no EEG in the stream {stream}. Its channels are: {channels}. Choose the channels of the "
                "electrodes in the settings; gaze and switches still work."
            ).format(stream=stream, channels=_listed(names))
        )
    return Montage(
        tuple(names[place] for place in chosen),
        tuple(chosen),
        tuple(channels[place].unit for place in chosen),
    )


def _names(channels: Sequence[Channel]) -> list[str]:
    """A name for each channel that no other has; its number where it has no label."""
    labels = [channel.label[:LONGEST_LABEL] or str(number) for number, channel in enumerate(channels, 1)]
    times = Counter(label.casefold() for label in labels)
    taken: set[str] = set()
    names: list[str] = []
    for number, label in enumerate(labels, 1):
        name = label if times[label.casefold()] == 1 else f"{label} ({number})"
        while name.casefold() in taken:
            name += "'"
        taken.add(name.casefold())
        names.append(name)
    return names


def _place(wanted: str, names: Sequence[str]) -> int | None:
    text = wanted.strip().casefold()
    for place, name in enumerate(names):
        if name.casefold() == text:
            return place
    if text.isdecimal() and 1 <= int(text) <= len(names):
        return int(text) - 1
    return None


def _is_eeg(channel: Channel) -> bool:
    kind = channel.kind.strip().casefold()
    if kind not in _EEG:
        return False
    words = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", channel.label).casefold())
    return kind != "" or not _OTHER & set(words)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names if len(names) <= _MOST_NAMED else [*names[:_MOST_NAMED], "..."])
