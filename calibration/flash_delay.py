"""calibration: how long after the time that is noted for a flash its light comes, from a recorded photodiode."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float64]

EARLIEST_S, LATEST_S = (
    -0.06,
    0.26,
)  # where the light of a flash is looked for: the setting's range and a little more
FEWEST = 10  # flashes that a delay is told from
SMOOTH_S = 0.010  # one period of lamps on 50 Hz mains; the middle of a step stays where it is
PAUSE_S = 0.5  # after so long without a flash it is dark for certain
CLEAR = 4.0  # times the noise a step must be to be light
ROUNDING = 1e-9  # of the values: less is no step
NEAR_S = 0.05  # light that is farther from its usual delay is not this flash's
MOSTLY = 0.55  # of the time it is dark, where light is told from darkness by that
USUAL_S = 0.03  # of screens: which crossing is meant where the flashes never pause


class FlashDelayError(Exception):
    """The recording does not tell the delay; the message says why, and what to do, in words for the caregiver."""


@dataclass(frozen=True, slots=True)
class FlashDelay:
    """From the noted time of a flash to its light.

    Parameters
    ----------
    delay_s : float
        The median.
    sd_s, p95_s : float
        Jitter: the standard deviation, and what 95 % of the flashes are within of the median.
    n : int
        Flashes whose light was found.
    missed : int
        Flashes that were noted, but no light came.
    inverted : bool
        The channel falls where there is light.
    """

    delay_s: float
    sd_s: float
    p95_s: float
    n: int
    missed: int
    inverted: bool


def measure_delay(
    signal: Signal, rate_hz: float, onsets_s: Sequence[float], tr: Callable[[str], str] = str
) -> FlashDelay:
    """Return the delay and its jitter.

    The signal is smoothed over `SMOOTH_S`; each flash's light begins where it crosses the middle between its darkest
    and its brightest nearby, between samples too. Whether light is up or down is told by the first flashes after
    pauses, or else by there being more darkness than light.

    Parameters
    ----------
    signal : array of shape (n,)
        Of the photodiode, in any unit; NaN: no sample.
    rate_hz : float
    onsets_s : sequence of float
        When flashes were noted, in seconds after the first sample.
    tr : callable
        Translates the sentences of errors.

    Raises
    ------
    FlashDelayError
        There are too few flashes in it, or the channel does not follow them.
    """
    onsets = np.unique(np.asarray(onsets_s, dtype=np.float64))
    end_s = len(signal) / rate_hz
    onsets = onsets[(onsets + EARLIEST_S >= 0.0) & (onsets + LATEST_S <= end_s)]
    if len(onsets) < FEWEST:
        raise FlashDelayError(
            tr("There are only {n} flashes in this recording, and {fewest} are needed.").format(
                n=len(onsets), fewest=FEWEST
            )
        )
    smooth = _smoothed(signal, rate_hz)
    after = np.diff(onsets, prepend=-np.inf) >= PAUSE_S
    times = np.arange(EARLIEST_S, LATEST_S, 1.0 / rate_hz)
    windows = _windows(smooth, rate_hz, onsets, times)
    inverted = _is_inverted(windows, after, times, float(np.median(np.diff(onsets))))
    if inverted:
        windows = -windows
    height = np.ptp(windows, axis=1)
    step = float(np.median(height))
    level = windows - windows.mean(axis=1, keepdims=True)
    typical = np.median(level, axis=0)
    noise = float(np.median(np.abs(level - typical)))
    if not np.ptp(typical) > max(0.5 * step, CLEAR * noise, ROUNDING * float(np.abs(windows).max())):
        raise FlashDelayError(
            tr("This channel does not follow the flashes: it is flat, or most flashes have no light in it.")
        )
    usual = _usual(windows, after, times, typical)
    delays = np.array(
        [
            _nearest(_crossings(window, times), usual) if high > step / 2 else np.nan
            for window, high in zip(windows, height, strict=True)
        ]
    )
    delays = delays[np.abs(delays - usual) <= NEAR_S]
    if len(delays) < max(FEWEST, len(onsets) / 2):
        raise FlashDelayError(
            tr("Light was found for only {n} of {of} flashes. Look where the photodiode is fixed.").format(
                n=len(delays), of=len(onsets)
            )
        )
    delay = float(np.median(delays))
    return FlashDelay(
        delay_s=delay,
        sd_s=float(np.std(delays, ddof=1)),
        p95_s=float(np.percentile(np.abs(delays - delay), 95)),
        n=len(delays),
        missed=len(onsets) - len(delays),
        inverted=inverted,
    )


def _smoothed(signal: Signal, rate_hz: float) -> Signal:
    finite = np.isfinite(signal)
    if not finite.any():
        return np.zeros_like(signal)
    samples = np.arange(len(signal))
    filled = np.interp(samples, samples[finite], signal[finite])
    length = 2 * round(SMOOTH_S * rate_hz / 2) + 1
    padded = np.pad(filled, length // 2, mode="edge")
    smooth: Signal = np.convolve(padded, np.full(length, 1.0 / length), mode="valid")
    return smooth


def _windows(smooth: Signal, rate_hz: float, onsets: Signal, times: Signal) -> Signal:
    """The signal around each flash, interpolated so that the flash is at time 0: (flashes, times)."""
    at = (onsets[:, None] + times[None, :]) * rate_hz
    windows: Signal = np.interp(at.ravel(), np.arange(len(smooth)), smooth).reshape(at.shape)
    return windows


def _is_inverted(windows: Signal, after_pause: NDArray[np.bool_], times: Signal, apart_s: float) -> bool:
    if after_pause.sum() >= 3:
        first = windows[after_pause]
        change = np.median(first - first[:, :1], axis=0)
        return bool(change[np.argmax(np.abs(change))] < 0.0)
    typical = np.median(windows, axis=0)[(times >= 0.0) & (times < apart_s)]
    return bool(np.mean(typical > (typical.max() + typical.min()) / 2) > MOSTLY)


def _usual(windows: Signal, after_pause: NDArray[np.bool_], times: Signal, typical: Signal) -> float:
    """About when the light comes: with flashes in a row, that of the one before may be in the window too."""
    if after_pause.sum() >= 3:
        first = _crossings(np.median(windows[after_pause], axis=0), times)
        if len(first):
            return float(first[0])
    return _nearest(_crossings(typical, times), USUAL_S)


def _crossings(window: Signal, times: Signal) -> Signal:
    """When it comes up through its middle."""
    middle = (window.max() + window.min()) / 2
    up = np.flatnonzero((window[:-1] < middle) & (window[1:] >= middle))
    share = (middle - window[up]) / (window[up + 1] - window[up])
    crossings: Signal = times[up] + share * (times[1] - times[0])
    return crossings


def _nearest(times: Signal, to: float) -> float:
    return float(times[np.argmin(np.abs(times - to))]) if len(times) else float("nan")
