"""assistive.recording: EEG and its markers as a FIF file, which MNE and other programs read."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistive.durable import sync_folder
from devices.samples import EegChunk, Marker

ENDINGS = ("_eeg.fif", "_raw.fif")  # MNE's own rule for names
V_PER_UV = 1e-6
# What MNE writes where it joins two runs: epochs and filters do not reach over these.
GAP = ("BAD boundary", "EDGE boundary")


@dataclass(slots=True, eq=False)
class _Part:
    """Samples of the same channels at the same rate."""

    channels: tuple[str, ...]
    rate_hz: float
    t: list[NDArray[np.float64]] = field(default_factory=list)
    data: list[NDArray[np.float32]] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)  # the numbers of the samples after them
    count: int = 0


class FifRecording:
    """Gathers a recording in memory (30 MB an hour for 8 channels at 250 Hz) and writes it whenever it is told to.

    Missing samples are left out, as in a file of joined runs: the annotations `GAP` say where. Where the channels or
    the rate change, a new file begins. A channel that told nothing is NaN. It is not asked here whether the person has
    consented.

    Parameters
    ----------
    path : Path
        Of the file; its name ends in _eeg.fif or _raw.fif. Further files are called NAME-2_eeg.fif and so on.
    began : datetime, optional
        When the recording began, with a time zone; None: the file tells no date.

    Raises
    ------
    ValueError
        The name has another ending.
    """

    def __init__(self, path: Path, began: datetime | None = None) -> None:
        if not path.name.endswith(ENDINGS):
            raise ValueError(
                f"the name of a recording of EEG ends in {' or '.join(ENDINGS)}, not {path.name}"
            )
        self._path = path
        self._began = began
        self._parts: list[_Part] = []
        self._markers: list[Marker] = []

    def add(self, message: EegChunk | Marker) -> None:
        """Take the next samples, or a marker; a marker may come before its samples."""
        if isinstance(message, Marker):
            self._markers.append(message)
            return
        if not len(message.t):
            return
        part = self._parts[-1] if self._parts else None
        if part is None or (part.channels, part.rate_hz) != (message.channels, message.rate_hz):
            part = _Part(message.channels, message.rate_hz)
            self._parts.append(part)
        elif message.gap:
            part.gaps.append(part.count)
        part.t.append(message.t)
        part.data.append(message.data)
        part.count += len(message.t)

    def save(self) -> list[Path]:
        """Write what has come so far, readable by the owner alone; what an earlier call wrote is replaced.

        Returns
        -------
        list of Path
            One for each set of channels; none where no sample has come.

        Raises
        ------
        OSError
            The disk refused; the files of an earlier call are untouched.
        """
        paths = []
        for number, part in enumerate(self._parts, 1):
            ending = self._path.name[-len(ENDINGS[0]) :]
            stem = self._path.name.removesuffix(ending) + ("" if number == 1 else f"-{number}")
            paths.append(self._path.with_name(stem + ending))
            _write(self._raw(part), paths[-1])
        return paths

    def _raw(self, part: _Part) -> Any:
        import mne  # takes a second, and only who records EEG needs it

        t = np.concatenate(part.t)
        volts = np.concatenate(part.data).astype(np.float64).T * V_PER_UV
        raw = mne.io.RawArray(
            volts, mne.create_info(list(part.channels), part.rate_hz, "eeg"), verbose="error"
        )
        if self._began is not None:
            raw.set_meas_date(self._began)
        notes: list[tuple[float, str]] = [(gap, text) for gap in part.gaps for text in GAP]
        notes += [
            (place, marker.label or "marker")
            for marker in self._markers
            if (place := _place(marker.t, t, part)) is not None
        ]
        onsets = [place / part.rate_hz for place, _ in notes]
        raw.set_annotations(mne.Annotations(onsets, [0.0] * len(notes), [text for _, text in notes]))
        return raw


def _place(t: float, times: NDArray[np.float64], part: _Part) -> float | None:
    """At which sample, and what share of the way to the next, it was; None: no samples were taken then."""
    period = 1.0 / part.rate_hz
    after = int(np.searchsorted(times, t))
    in_gap = after in part.gaps or after == 0 or after == len(times)
    if not in_gap:
        before = float(times[after - 1])
        return after - 1 + (t - before) / (float(times[after]) - before)
    if after < len(times) and times[after] - t <= period:
        return float(after)
    if after > 0 and t - times[after - 1] <= period:
        return float(after - 1)
    return None


def _write(raw: Any, path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(f".new-{path.name}")
    try:
        # Made before MNE opens it, so that nobody else can read it at any moment.
        with contextlib.suppress(FileNotFoundError):
            new.unlink()
        os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        raw.save(new, fmt="single", overwrite=True, verbose="error")
        descriptor = os.open(new, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        new.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
