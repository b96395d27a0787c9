"""models.erp: the band-pass filter of event-related potentials: causal, so that training sees what is seen live."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt, sosfilt_zi

Floats = NDArray[np.float64]

BAND_HZ = (0.5, 20.0)
HIGH_PASS_ORDER = 2
LOW_PASS_ORDER = 8  # the mains at 50 Hz, 20 times as large as the EEG, must not be left in it


class CausalFilter:
    """A Butterworth band-pass that keeps its state from chunk to chunk: in chunks or whole, the result is the same.

    Parameters
    ----------
    rate_hz : float
        Of the samples; more than twice the upper edge of the band.
    channels : int
        How many there are.
    band_hz : tuple of float
        Lower and upper edge.

    Raises
    ------
    ValueError
        The rate is too low for the band.
    """

    def __init__(self, rate_hz: float, channels: int, band_hz: tuple[float, float] = BAND_HZ) -> None:
        low, high = band_hz
        if not rate_hz > 2.0 * high:
            raise ValueError(f"{rate_hz:g} samples a second are too few for signals up to {high:g} Hz")
        self._sections = np.vstack(
            [
                butter(HIGH_PASS_ORDER, low, "highpass", fs=rate_hz, output="sos"),
                butter(LOW_PASS_ORDER, high, "lowpass", fs=rate_hz, output="sos"),
            ]
        )
        self._channels = channels
        self._state: Floats | None = None
        self._last = np.zeros(channels)

    def reset(self) -> None:
        """Forget what came before: samples are missing, the next one begins anew."""
        self._state = None

    def filter(self, data: NDArray[np.floating]) -> Floats:
        """Return the samples filtered.

        Parameters
        ----------
        data : array of shape (n, channels)
            The samples that follow those of the last call. Where a channel told nothing (NaN or infinite), its last
            value is held inside, so that it does not poison what follows.

        Returns
        -------
        array of shape (n, channels)
            In the unit of the input; NaN where the input was not finite.
        """
        samples = np.asarray(data, dtype=np.float64)
        if samples.ndim != 2 or samples.shape[1] != self._channels:
            raise ValueError(f"{self._channels} channels are expected, not an array of {samples.shape}")
        if not len(samples):
            return samples
        silent = ~np.isfinite(samples)
        if silent.any():
            samples = _held(samples, silent, self._last)
        if self._state is None:
            # As if the first value had been there for ever: an amplifier's offset is no response.
            self._state = sosfilt_zi(self._sections)[:, None, :] * samples[0][None, :, None]
        filtered, self._state = sosfilt(self._sections, samples.T, axis=1, zi=self._state)
        self._last = samples[-1]
        result: Floats = filtered.T
        return np.where(silent, np.nan, result) if silent.any() else result


def _held(samples: Floats, silent: NDArray[np.bool_], last: Floats) -> Floats:
    """The samples with each silent value replaced by the one before it in its channel."""
    rows = np.where(silent, 0, np.arange(1, len(samples) + 1)[:, None])
    before = np.vstack([last, samples])
    held: Floats = np.take_along_axis(before, np.maximum.accumulate(rows, axis=0), axis=0)
    return held
