"""models.erp: channels of one scale: whatever the unit, with what is larger than EEG clipped, and lost ones filled in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CLIP = 2.5  # robust standard deviations: an eye blink is larger, a P300 is not (Hoffmann et al. 2008 clip as much)
MAD_TO_SD = 1.4826
FLAT = 1e-9  # of the median spread: a channel that moves less says nothing


@dataclass(frozen=True, slots=True, eq=False)
class ChannelScale:
    """What the channels of a person look like.

    Parameters
    ----------
    spread : array of shape (channels,)
        Robust standard deviation of each, in the unit of the epochs.
    covariance : array of shape (channels, channels)
        Of the standardised channels: how one that is lost follows from the others.
    """

    spread: Floats
    covariance: Floats

    def standardised(self, data: Floats) -> Floats:
        """Return the epochs in robust standard deviations, clipped.

        Parameters
        ----------
        data : array of shape (n, channels, times)
            NaN: a channel told nothing. It is replaced by what the others let expect.
        """
        scaled: Floats = np.clip(data / self.spread[:, None], -CLIP, CLIP)
        lost = lost_channels(scaled)
        for pattern in np.unique(lost[lost.any(axis=1)], axis=0):
            rows = np.flatnonzero((lost == pattern).all(axis=1))
            there = ~pattern
            expected = self.covariance[np.ix_(pattern, there)] @ np.linalg.pinv(
                self.covariance[np.ix_(there, there)], hermitian=True
            )
            scaled[np.ix_(rows, np.flatnonzero(pattern))] = (
                expected @ scaled[np.ix_(rows, np.flatnonzero(there))]
            )
        return scaled


def lost_channels(data: Floats) -> NDArray[np.bool_]:
    """Tell which channels of which epochs told nothing: of shape (n, channels), for (n, channels, times)."""
    lost: NDArray[np.bool_] = ~np.isfinite(data.sum(axis=2))
    return lost


def usable_channels(data: Floats) -> NDArray[np.bool_]:
    """Tell, for each channel of epochs of shape (n, channels, times), whether it moves in more than half of them."""
    if not len(data):
        return np.zeros(data.shape[1], dtype=bool)
    moves = np.ptp(data, axis=2)  # NaN where something is missing
    typical = np.median(moves[np.isfinite(moves)]) if np.isfinite(moves).any() else 0.0
    usable: NDArray[np.bool_] = np.mean(moves > FLAT * typical, axis=0) > 0.5
    return usable


def fit_scale(data: Floats) -> ChannelScale:
    """Learn the scale from epochs of shape (n, channels, times) of usable channels."""
    spread = np.nanmedian(np.abs(data), axis=(0, 2)) * MAD_TO_SD
    scaled = np.clip(data / spread[:, None], -CLIP, CLIP)
    whole = scaled[np.isfinite(scaled).all(axis=(1, 2))]
    if not len(whole):
        return ChannelScale(spread, np.eye(len(spread)))
    flat = np.moveaxis(whole, 1, 0).reshape(len(spread), -1)
    return ChannelScale(spread, np.atleast_2d(np.cov(flat)))
