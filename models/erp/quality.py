"""models.erp: how good the signal of each electrode is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import detrend
from scipy.signal.windows import tukey

from models.erp.signal_level import Fault, SignalLevel

Floats = NDArray[np.float64]

WINDOW_S = 4.0  # of samples that are judged; two seconds at least
LEAST_S = 2.0
EEG_HZ = (1.0, 20.0)  # where event-related potentials are
MAINS_HZ = (50.0, 60.0)
MAINS_HALF_WIDTH_HZ = 1.0
TAPER = 0.25  # of the window, half of it at each end
MISSING_SHARE = 0.2  # of the samples
FLAT_UV = 0.2
SAME_SHARE = 0.5  # of the samples that equal the one before: a held or disconnected input
CLIPPED_SHARE = 0.02  # of the samples that stand at the edge of the range
CLIPPED_RUN = 3
MAINS_POOR, MAINS_BAD = 1.0, 15.0  # times the standard deviation of the EEG
DRIFT_POOR_UV, DRIFT_BAD_UV = 150.0, 1500.0  # from the lowest to the highest
NOISE_POOR_UV, NOISE_BAD_UV = 40.0, 120.0
USUAL_UV = 10.0  # noise of a good electrode, where the unit is not known
NOTHING = 1e-12  # in any unit
ALONE = 0.1  # greatest correlation with any other electrode
BRIDGED = 0.9995


@dataclass(frozen=True, slots=True)
class ChannelQuality:
    """One electrode.

    Parameters
    ----------
    channel : str
    level : SignalLevel
        The worst of its faults.
    faults : tuple of Fault
        The worst first.
    noise_uv : float
        Standard deviation of 1-20 Hz, in microvolts; robust against single blinks.
    mains_ratio : float
        Amplitude of 50 or 60 Hz, whichever is larger, as a multiple of `noise_uv`.
    """

    channel: str
    level: SignalLevel
    faults: tuple[Fault, ...]
    noise_uv: float
    mains_ratio: float


def signal_quality(
    data: NDArray[np.floating], rate_hz: float, channels: Sequence[str], *, unit_known: bool = True
) -> list[ChannelQuality]:
    """Judge the last seconds of each channel.

    Parameters
    ----------
    data : array of shape (n, channels)
        Unfiltered samples without a gap, in microvolts; NaN: a channel told nothing. About `WINDOW_S` of them.
    rate_hz : float
    channels : sequence of str
        The channels' names.
    unit_known : bool
        False: the numbers are raw ones of a converter, or their unit is a guess. Then channels are compared with their
        median, which is taken for `USUAL_UV`.

    Raises
    ------
    ValueError
        There are fewer than `LEAST_S` of samples, or another number of channels than names.
    """
    if data.ndim != 2 or data.shape[1] != len(channels):
        raise ValueError(f"samples of {len(channels)} channels are expected, not an array of {data.shape}")
    if len(data) < LEAST_S * rate_hz:
        raise ValueError(f"{len(data) / rate_hz:.1f} s of samples are too few to judge an electrode")
    filled = np.stack([_without_nan(values) for values in data.T], axis=1)
    eeg = _band(filled, rate_hz, EEG_HZ)
    noise = _spread(eeg)
    alive = noise > NOTHING
    if not unit_known and alive.any():
        to_uv = USUAL_UV / float(np.median(noise[alive]))
        data = data.astype(np.float64) * to_uv
        filled, eeg, noise = filled * to_uv, eeg * to_uv, noise * to_uv
    found = [_faults_of_values(values) for values in data.T]
    usable = np.array([not faults for faults in found])
    mains = _mains(filled, rate_hz)
    drift = _range_of_slow(filled, rate_hz)
    alike = _most_alike(eeg, usable)
    out = []
    for number, channel in enumerate(channels):
        ratio = float(mains[number] / noise[number]) if noise[number] > 0 else 0.0
        faults = found[number]
        bad = bool(faults)
        if not faults:
            measures = (
                (Fault.MAINS, ratio, MAINS_POOR, MAINS_BAD),
                (Fault.NOISE, float(noise[number]), NOISE_POOR_UV, NOISE_BAD_UV),
                (Fault.DRIFT, float(drift[number]), DRIFT_POOR_UV, DRIFT_BAD_UV),
            )
            faults = [fault for fault, value, poor, _ in measures if value > poor]
            bad = any(value > worst for _, value, _, worst in measures)
            if alike[number] < ALONE:
                faults.append(Fault.ALONE)
            elif alike[number] > BRIDGED:
                faults.append(Fault.BRIDGED)
        level = SignalLevel.BAD if bad else SignalLevel.POOR if faults else SignalLevel.GOOD
        out.append(ChannelQuality(channel, level, tuple(faults), float(noise[number]), ratio))
    return out


def _faults_of_values(values: NDArray[np.floating]) -> list[Fault]:
    """What can be told without knowing how values follow upon each other."""
    finite = values[np.isfinite(values)].astype(np.float64)
    if finite.size < (1 - MISSING_SHARE) * values.size:
        return [Fault.MISSING]
    low, high = np.percentile(finite, (2.5, 97.5))
    if high - low < FLAT_UV or np.mean(np.diff(finite) == 0.0) > SAME_SHARE:
        return [Fault.FLAT]
    for edge in (finite.min(), finite.max()):
        at_edge = finite == edge
        runs = np.convolve(at_edge, np.ones(CLIPPED_RUN), "valid") == CLIPPED_RUN
        if at_edge.mean() > CLIPPED_SHARE and runs.any():
            return [Fault.SATURATED]
    return []


def _without_nan(values: NDArray[np.floating]) -> Floats:
    finite = np.isfinite(values)
    if not finite.any():
        return np.zeros(len(values))
    places = np.arange(len(values))
    return np.asarray(np.interp(places, places[finite], values[finite]), dtype=np.float64)


def _band(samples: Floats, rate_hz: float, band_hz: tuple[float, float]) -> Floats:
    """What is between these frequencies; the ends of the window fade out, and are not given back."""
    window = tukey(len(samples), TAPER)[:, None]
    spectrum = np.fft.rfft(detrend(samples, axis=0) * window, axis=0)
    hz = np.fft.rfftfreq(len(samples), 1.0 / rate_hz)
    spectrum[(hz < band_hz[0]) | (hz > band_hz[1])] = 0.0
    whole = window[:, 0] >= 0.5
    out: Floats = np.fft.irfft(spectrum, len(samples), axis=0)[whole] / window[whole]
    return out


def _mains(samples: Floats, rate_hz: float) -> Floats:
    """The standard deviation at 50 or at 60 Hz, whichever is larger, of each channel."""
    window = np.hanning(len(samples))
    power = np.abs(np.fft.rfft(detrend(samples, axis=0) * window[:, None], axis=0)) ** 2
    power *= 2.0 / (len(samples) * float(window @ window))
    hz = np.fft.rfftfreq(len(samples), 1.0 / rate_hz)
    sums = [power[np.abs(hz - mains) <= MAINS_HALF_WIDTH_HZ].sum(axis=0) for mains in MAINS_HZ]
    return np.asarray(np.sqrt(np.max(sums, axis=0)), dtype=np.float64)


def _spread(samples: Floats) -> Floats:
    """The standard deviation by the quartiles, of each channel."""
    low, high = np.percentile(samples, (25, 75), axis=0)
    return np.asarray((high - low) / 1.349, dtype=np.float64)


def _range_of_slow(samples: Floats, rate_hz: float) -> Floats:
    """From the lowest to the highest mean of a second, of each channel."""
    length = round(rate_hz)
    sums = np.cumsum(np.vstack([np.zeros(samples.shape[1]), samples]), axis=0)
    means = (sums[length:] - sums[:-length]) / length
    return np.asarray(np.ptp(means, axis=0), dtype=np.float64)


def _most_alike(eeg: Floats, usable: NDArray[np.bool_]) -> Floats:
    """The greatest correlation of each channel with another one that is usable; where there are too few: 0.5."""
    out = np.full(eeg.shape[1], 0.5)
    if usable.sum() < 3:
        return out
    places = np.flatnonzero(usable)
    with np.errstate(invalid="ignore", divide="ignore"):
        alike = np.nan_to_num(np.abs(np.corrcoef(eeg[:, places].T)))
    np.fill_diagonal(alike, 0.0)
    out[places] = alike.max(axis=1)
    return out
