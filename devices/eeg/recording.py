"""devices.eeg: a recording of EEG in any file that MNE reads (FIF, EDF, BrainVision, ...)."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

UV_PER_V = 1e6


class EegFileError(Exception):
    """The file cannot be used; the message says why in words for the caregiver."""


@dataclass(frozen=True, slots=True)
class Note:
    """What is written beside the samples: `at_s` seconds after the first one."""

    at_s: float
    label: str


class EegFile:
    """A recording that is read piece by piece.

    Parameters
    ----------
    path : Path
    tr : callable
        Translates the sentences of errors.

    Raises
    ------
    EegFileError
        It is not there, MNE does not read it, or it has no EEG.
    """

    def __init__(self, path: Path, tr: Callable[[str], str] = str) -> None:
        self._path, self._tr = path, tr
        self._raw = open_raw(path, tr)
        import mne

        self._picks = mne.pick_types(self._raw.info, eeg=True, exclude=())
        if not len(self._picks):
            raise EegFileError(
                tr("The file {path} has no channels of EEG, only: {channels}.").format(
                    path=path, channels=", ".join(self._raw.ch_names[:40])
                )
            )

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of its EEG channels."""
        return tuple(self._raw.ch_names[pick] for pick in self._picks)

    @property
    def rate_hz(self) -> float:
        """Samples a second."""
        return float(self._raw.info["sfreq"])

    @property
    def count(self) -> int:
        """How many samples each channel has."""
        return int(self._raw.n_times)

    def notes(self) -> list[Note]:
        """Its annotations, in order."""
        return notes_of(self._raw)

    def pieces(self, length: int, first: int = 0) -> Iterator[NDArray[np.float32]]:
        """Its samples in order, from number `first` on: arrays of shape (`length` or fewer, channels), in microvolts.

        Raises
        ------
        EegFileError
            The file is damaged here.
        """
        for start in range(first, self.count, length):
            try:
                volts = self._raw.get_data(self._picks, start, min(start + length, self.count))
            except Exception as error:
                raise self._unreadable(error) from error
            yield np.ascontiguousarray((volts * UV_PER_V).T, dtype=np.float32)

    def _unreadable(self, error: Exception) -> EegFileError:
        return _unreadable(self._path, error, self._tr)


def open_raw(path: Path, tr: Callable[[str], str] = str) -> Any:
    """Return any recording as MNE's ``Raw``, its samples still on the disk.

    Raises
    ------
    EegFileError
        It is not there, or MNE does not read it.
    """
    import mne  # takes a second, and only who opens a file needs it

    if not path.exists():
        raise EegFileError(tr("There is no file {path}.").format(path=path))
    try:
        # The warnings are about names of files and scales, which say nothing to the caregiver.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return mne.io.read_raw(path, preload=False, verbose="error")
    # MNE's readers raise whatever they come upon in a damaged file.
    except Exception as error:
        raise _unreadable(path, error, tr) from error


def notes_of(raw: Any) -> list[Note]:
    """Return the annotations of a recording that `open_raw` opened, in order."""
    first_s = float(raw.first_time)  # MNE counts onsets from before the first sample of a cropped file
    notes = [
        Note(float(onset) - first_s, str(label))
        for onset, label in zip(raw.annotations.onset, raw.annotations.description, strict=True)
    ]
    return sorted(notes, key=lambda note: note.at_s)


def _unreadable(path: Path, error: Exception, tr: Callable[[str], str]) -> EegFileError:
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return EegFileError(
        tr("The file {path} cannot be read as EEG: {reason}").format(path=path, reason=reason)
    )
