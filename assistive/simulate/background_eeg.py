"""assistive.simulate: made-up EEG of somebody who waits for nothing, sample after sample for as long as is asked for.

The spectrum falls as 1/f (Pritchard 1992, Int J Neurosci 66), alpha waxes and wanes at the back of the head, the eyes
blink, and a little of the mains comes through. Neighbouring electrodes hear much of the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from assistive.simulate.scalp import heard_from, mixing

Floats = NDArray[np.float64]

PINK_UV = 8.0  # standard deviation at each electrode
# One-pole filters an octave apart, each of the same power, add up to 1/f between the first and the last.
CORNERS_HZ = tuple(0.25 * 2.0**octave for octave in range(9))
SHARED_M = 0.045
AMPLIFIER_UV = 0.5
ALPHA_UV, ALPHA_HZ, ALPHA_WIDTH_HZ, ALPHA_M = 5.0, 10.0, 1.0, 0.06
MAINS_UV, MAINS_HZ = 2.0, 50.0
BLINK_UV, BLINK_S, BLINK_M = 120.0, 0.3, 0.045
BLINKS_PER_S = 1.0 / 5.0
SETTLING_S = 4.0  # what the slowest filter needs to forget that it began with nothing


class BackgroundEeg:
    """What an amplifier with these electrodes measures.

    Parameters
    ----------
    electrodes : sequence of str
        Of the 10-20 system.
    rate_hz : float
    chance : numpy.random.Generator
        Seeded by whoever asks: the same seed gives the same EEG, in whatever pieces it is asked for.
    """

    def __init__(self, electrodes: Sequence[str], rate_hz: float, chance: np.random.Generator) -> None:
        n = len(electrodes)
        self._rate_hz = rate_hz
        # Each source of chance has its own numbers, so that the pieces do not matter.
        self._pink_chance, self._alpha_chance, self._amplifier_chance, self._blink_chance = chance.spawn(4)
        self._mixing = mixing(electrodes, SHARED_M) * PINK_UV
        poles = np.exp(-2.0 * math.pi * np.array(CORNERS_HZ) / rate_hz)
        self._poles = [float(pole) for pole in poles]
        self._pink = [np.zeros((1, n)) for _ in self._poles]
        radius = math.exp(-math.pi * ALPHA_WIDTH_HZ / rate_hz)
        self._resonator = [1.0, -2.0 * radius * math.cos(2.0 * math.pi * ALPHA_HZ / rate_hz), radius**2]
        self._resonator_gain = math.sqrt(_power_of_resonance(self._resonator))
        self._alpha = np.zeros(2)
        self._alpha_heard = heard_from("Oz", electrodes, ALPHA_M) * ALPHA_UV
        self._blink_heard = (
            0.5 * (heard_from("Fp1", electrodes, BLINK_M) + heard_from("Fp2", electrodes, BLINK_M)) * BLINK_UV
        )
        self._blink = 0.5 - 0.5 * np.cos(np.linspace(0.0, 2.0 * math.pi, max(3, round(BLINK_S * rate_hz))))
        self._blink_left = np.zeros(0)
        self._next_blink = self._until_blink()
        self._taken = 0
        self.next(round(SETTLING_S * rate_hz))

    def next(self, count: int) -> Floats:
        """Return the next `count` samples, array of shape (count, electrodes), in microvolts."""
        if count == 0:
            return np.zeros((0, len(self._blink_heard)))
        t = (self._taken + np.arange(count)) / self._rate_hz
        self._taken += count
        eeg: Floats = self._pinks(count) @ self._mixing
        eeg += self._alphas(count)[:, None] * self._alpha_heard
        eeg += self._blinks(count)[:, None] * self._blink_heard
        eeg += MAINS_UV * math.sqrt(2.0) * np.sin(2.0 * math.pi * MAINS_HZ * t)[:, None]
        eeg += AMPLIFIER_UV * self._amplifier_chance.standard_normal(eeg.shape)
        return eeg

    def _pinks(self, count: int) -> Floats:
        """Independent sources with a spectrum of 1/f and unit spread."""
        n = self._mixing.shape[0]
        white = self._pink_chance.standard_normal((count, len(self._poles), n))
        total = np.zeros((count, n))
        for i, pole in enumerate(self._poles):
            gain = math.sqrt((1.0 - pole**2) / len(self._poles))
            filtered, self._pink[i] = lfilter([gain], [1.0, -pole], white[:, i], axis=0, zi=self._pink[i])
            total += filtered
        return total

    def _alphas(self, count: int) -> Floats:
        white = self._alpha_chance.standard_normal(count)
        wave, self._alpha = lfilter([1.0], self._resonator, white, zi=self._alpha)
        alphas: Floats = wave / self._resonator_gain
        return alphas

    def _blinks(self, count: int) -> Floats:
        """The lids' course, 0..1; now and then they close."""
        course = np.zeros(max(count, len(self._blink_left)) + len(self._blink))
        course[: len(self._blink_left)] = self._blink_left
        while self._next_blink < count:
            place = slice(self._next_blink, self._next_blink + len(self._blink))
            course[place] = np.maximum(course[place], self._blink)
            self._next_blink += len(self._blink) + self._until_blink()
        self._next_blink -= count
        self._blink_left = np.trim_zeros(course[count:], "b")
        return course[:count]

    def _until_blink(self) -> int:
        return int(self._blink_chance.exponential(self._rate_hz / BLINKS_PER_S))


def _power_of_resonance(polynomial: Sequence[float]) -> float:
    """The variance of an autoregressive process of second order driven by unit noise (Box & Jenkins 1976, section 3.2)."""
    _, first, second = polynomial
    return (1.0 + second) / ((1.0 - second) * ((1.0 + second) ** 2 - first**2))
