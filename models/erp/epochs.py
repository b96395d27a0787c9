"""models.erp: epochs: the filtered EEG of the 0.8 s after each stimulus, on one grid of times whatever the rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import mne
import numpy as np
from numpy.typing import NDArray

from models.erp.filters import CausalFilter

Floats = NDArray[np.float64]

LENGTH_S = 0.8
GRID_HZ = 64.0
TIMES_S: Floats = np.arange(round(LENGTH_S * GRID_HZ) + 1) / GRID_HZ
MICROVOLTS = 1e6
APART_S = 60.0  # between recordings that are joined


@dataclass(frozen=True, slots=True, eq=False)
class Epochs:
    """What followed each stimulus.

    Parameters
    ----------
    t : array of shape (n,)
        When each stimulus was shown, in seconds; in the order of time.
    data : array of shape (n, channels, times)
        Microvolts, filtered (`filters.CausalFilter`), at `TIMES_S` after the stimulus. NaN: a channel told nothing.
    channels : tuple of str
        Their names.
    """

    t: Floats
    data: Floats
    channels: tuple[str, ...]

    def __post_init__(self) -> None:
        expected = (len(self.t), len(self.channels), len(TIMES_S))
        if self.data.shape != expected:
            raise ValueError(f"epochs of shape {expected} are expected, not {self.data.shape}")

    def __len__(self) -> int:
        return len(self.t)

    def at(self, which: NDArray[Any]) -> Epochs:
        """Those that a mask or a list of numbers chooses."""
        return Epochs(self.t[which], self.data[which], self.channels)

    def of_channels(self, names: Sequence[str]) -> Epochs:
        """The named channels, in that order; one that is missing tells nothing (NaN)."""
        if tuple(names) == self.channels:
            return self
        data = np.full((len(self), len(names), len(TIMES_S)), np.nan)
        for to, name in enumerate(names):
            if name in self.channels:
                data[:, to] = self.data[:, self.channels.index(name)]
        return Epochs(self.t, data, tuple(names))


def joined(several: Sequence[Epochs]) -> Epochs:
    """The epochs of one recording after those of another, with the channels of the first.

    Each recording's times count on from the end of the one before, so that blocks of time stay apart.
    """
    channels = several[0].channels
    parts = [part.of_channels(channels) for part in several]
    times: list[Floats] = []
    begin = 0.0
    for part in parts:
        if len(part):
            times.append(part.t - part.t[0] + begin)
            begin = float(times[-1][-1]) + APART_S
    return Epochs(np.concatenate(times), np.concatenate([part.data for part in parts]), channels)


def cut(t: Floats, filtered: Floats, onsets: Floats) -> Floats:
    """Return the samples after each onset, on the grid.

    Between two samples the signal is taken to be straight: nothing above 20 Hz is left in it.

    Parameters
    ----------
    t : array of shape (n,)
        Of the samples.
    filtered : array of shape (n, channels)
        The samples.
    onsets : array of shape (m,)
        Each at least `LENGTH_S` before the last sample.

    Returns
    -------
    array of shape (m, channels, times)
    """
    asked = onsets[:, None] + TIMES_S
    after = np.clip(np.searchsorted(t, asked), 1, len(t) - 1)
    share = np.clip((asked - t[after - 1]) / (t[after] - t[after - 1]), 0.0, 1.0)[..., None]
    between: Floats = filtered[after - 1] * (1.0 - share) + filtered[after] * share
    return np.moveaxis(between, 1, 2)


def epochs_of(raw: Any, stimuli: tuple[str, ...] = ("target", "nontarget")) -> tuple[Epochs, list[str]]:
    """Cut a recording into the epochs that follow its annotations.

    An epoch is void, and left out, where it reaches over a gap, over the seam of two runs or over anything that is
    annotated as BAD (MNE's `reject_by_annotation`), or beyond the end. The filter begins anew after each seam.

    Parameters
    ----------
    raw : mne.io.BaseRaw
        The recording; it is not changed.
    stimuli : tuple of str
        How the annotations of stimuli begin.

    Returns
    -------
    epochs : Epochs
        `t` counts from the first sample of the recording.
    descriptions : list of str
        The annotation of each.

    Raises
    ------
    ValueError
        There are no EEG channels, or no such annotations.
    """
    picks = mne.pick_types(raw.info, eeg=True, exclude=())
    if not len(picks):
        raise ValueError("the recording has no EEG channels")
    rate_hz = float(raw.info["sfreq"])
    samples = raw.get_data(picks).T * MICROVOLTS
    filtered = _filtered(samples, rate_hz, _seams(raw, len(samples)))
    clean = mne.io.RawArray(
        np.nan_to_num(filtered).T,
        mne.create_info([raw.ch_names[i] for i in picks], rate_hz, "eeg"),
        verbose="error",
    )
    # Counted from the first sample, whenever the recording was made.
    notes = raw.annotations
    onsets = notes.onset - raw.first_time
    chosen = [i for i, text in enumerate(notes.description) if str(text).startswith(stimuli)]
    if not chosen:
        raise ValueError(f"no annotation of the recording begins with {' or '.join(stimuli)}")
    clean.set_annotations(mne.Annotations(onsets, notes.duration, [str(text) for text in notes.description]))
    events = np.array([(round(onsets[i] * rate_hz), 0, k + 1) for k, i in enumerate(chosen)])
    kept = mne.Epochs(
        clean,
        events,
        tmin=0.0,
        tmax=float(TIMES_S[-1]),
        baseline=None,
        preload=False,
        reject_by_annotation=True,
        event_repeated="drop",
        on_missing="ignore",
        verbose="error",
    )
    kept.drop_bad(verbose="error")
    whole = [chosen[code - 1] for code in kept.events[:, 2]]
    t = onsets[whole]
    data = cut(np.arange(len(samples)) / rate_hz, filtered, t)
    return Epochs(t, data, tuple(clean.ch_names)), [str(notes.description[i]) for i in whole]


def _seams(raw: Any, length: int) -> list[int]:
    """The samples at which the recording begins anew, and its two ends."""
    rate_hz = float(raw.info["sfreq"])
    seams = {
        round(edge * rate_hz)
        for onset, duration, text in zip(
            raw.annotations.onset - raw.first_time,
            raw.annotations.duration,
            raw.annotations.description,
            strict=True,
        )
        if "boundary" in str(text).lower() or str(text).upper().startswith("BAD_ACQ_SKIP")
        for edge in (onset, onset + duration)
    }
    return [0, *sorted(seam for seam in seams if 0 < seam < length), length]


def _filtered(samples: Floats, rate_hz: float, seams: Sequence[int]) -> Floats:
    band_pass = CausalFilter(rate_hz, samples.shape[1])
    parts = []
    for begin, end in pairwise(seams):
        band_pass.reset()
        parts.append(band_pass.filter(samples[begin:end]))
    return np.concatenate(parts)
