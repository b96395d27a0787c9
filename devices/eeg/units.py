"""devices.eeg: the numbers of an amplifier as microvolts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.signal import detrend

_MICROVOLTS = {
    "v": 1e6,
    "volt": 1e6,
    "volts": 1e6,
    "mv": 1e3,
    "millivolt": 1e3,
    "millivolts": 1e3,
    "uv": 1.0,
    "µv": 1.0,  # the micro sign
    "μv": 1.0,  # the Greek letter
    "microvolt": 1.0,
    "microvolts": 1.0,
    "nv": 1e-3,
    "nanovolt": 1e-3,
    "nanovolts": 1e-3,
}
USUAL_UV = 15.0  # the spread of a second of EEG; 30 times as much or as little is still taken for EEG
LEAST_UV, MOST_UV = 0.02, 20_000.0  # what no electrode on a head gives
_POWERS = (1e9, 1e6, 1e3, 1.0, 1e-3, 1e-6)


class UnitSource(StrEnum):
    """How the unit of a stream is known."""

    TOLD = "told"  # by its description
    GUESSED = "guessed"  # it names none, or raw numbers: from the size of the signal
    CORRECTED = "corrected"  # what it names cannot be


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """What to multiply each channel with, array of shape (channels,), and how that is known."""

    factors: NDArray[np.float64]
    source: UnitSource


def told_factor(unit: str) -> float | None:
    """Microvolts of one unit by its name; None: unknown, or raw numbers of a converter."""
    return _MICROVOLTS.get(unit.strip().casefold())


def find_scale(units: tuple[str, ...], first: NDArray[np.float64]) -> Scale:
    """Tell the unit from the description, or from the first second of samples where that cannot be.

    One unit is guessed for all channels without one, a power of 1000 that brings the median of their spreads nearest to
    that of EEG: the same in each session, and as robust as half of the electrodes.

    Parameters
    ----------
    units : tuple of str
        One for each channel, as the stream names them.
    first : array of shape (n, channels)
    """
    told = [told_factor(unit) for unit in units]
    spreads = _spreads(first)
    factors = np.array([math.nan if factor is None else factor for factor in told])
    source = UnitSource.TOLD
    size = _median(spreads * factors)
    if size is not None and not LEAST_UV <= size <= MOST_UV:
        factors[:] = math.nan
        source = UnitSource.CORRECTED
    unknown = np.isnan(factors)
    if unknown.any():
        source = UnitSource.GUESSED if source is UnitSource.TOLD else source
        factors[unknown] = _guess(_median(spreads[unknown]))
    return Scale(factors, source)


def _spreads(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each channel spreads about its drift, by quartiles; NaN where it is constant or tells nothing."""
    spreads = np.full(samples.shape[1], math.nan)
    for channel, values in enumerate(samples.T):
        finite = values[np.isfinite(values)]
        if finite.size > 2 and np.ptp(finite) > 0.0:
            low, high = np.percentile(detrend(finite), (25, 75))
            if high > low:
                spreads[channel] = (high - low) / 1.349
    return spreads


def _median(values: NDArray[np.float64]) -> float | None:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else None


def _guess(size: float | None) -> float:
    if size is None:
        return 1.0
    return min(_POWERS, key=lambda power: abs(math.log(size * power / USUAL_UV)))
