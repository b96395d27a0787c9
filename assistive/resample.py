"""assistive: sound from one sampling rate to another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_PAD_S = 0.02


def resample(pcm: NDArray[np.int16], from_hz: int, to_hz: int) -> NDArray[np.int16]:
    """Return the same sound at `to_hz`, band-limited, by cutting or extending its spectrum.

    Parameters
    ----------
    pcm : ndarray of int16, shape (n_samples,)
        A whole sentence or tone: what is before and after it is taken to be silence.
    """
    if from_hz == to_hz or pcm.size == 0:
        return pcm
    # The spectrum is that of an endless repetition: silence between keeps the end out of the beginning.
    pad = round(_PAD_S * from_hz)
    n_from = pcm.size + 2 * pad
    n_to = round(n_from * to_hz / from_hz)
    spectrum = np.fft.rfft(np.pad(pcm.astype(np.float64), pad))
    resampled = np.fft.irfft(spectrum, n_to) * (n_to / n_from)
    start = round(pad * to_hz / from_hz)
    length = round(pcm.size * to_hz / from_hz)
    return np.clip(np.round(resampled[start : start + length]), -32768, 32767).astype(np.int16)
