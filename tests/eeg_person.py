"""A person with an EEG cap, made up: pink noise that the channels share, and a response to what is waited for."""

from __future__ import annotations

from dataclasses import dataclass

import mne
import numpy as np
from numpy.typing import NDArray

CHANNELS = ("Fz", "Cz", "Pz", "Oz", "P3", "P4")
# How strongly each channel hears the response.
PATTERN = np.array([0.4, 0.8, 1.0, 0.5, 0.8, 0.8])


@dataclass(frozen=True)
class EegPerson:
    """Someone whose EEG can be recorded.

    Parameters
    ----------
    response_uv : float
        Peak of the P300 at the best channel; 0: nobody who waits for a flash.
    rate_hz : float
        Of the amplifier.
    soa_s : float
        From flash to flash.
    gain : float
        What the amplifier multiplies microvolts by.
    """

    response_uv: float = 10.0
    rate_hz: float = 250.0
    soa_s: float = 0.2
    gain: float = 1.0
    noise_uv: float = 8.0

    def samples(
        self, flashes: int, seed: int = 0
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], list[bool]]:
        """Return microvolts of shape (n, channels), the onsets in seconds, and whether each flash was the target."""
        chance = np.random.default_rng(seed)
        n = round((flashes * self.soa_s + 3.0) * self.rate_hz)
        spectrum = np.fft.rfft(chance.normal(size=(n, len(CHANNELS))), axis=0)
        hz = np.fft.rfftfreq(n, 1.0 / self.rate_hz)
        spectrum /= np.sqrt(np.maximum(hz, 0.3))[:, None]
        own = np.fft.irfft(spectrum, n, axis=0)
        mixing = 0.6 * np.eye(len(CHANNELS)) + 0.4
        eeg = own / own.std(axis=0) @ mixing * self.noise_uv
        target = [bool(kind) for kind in chance.random(flashes) < 1 / 6]
        onsets = 1.0 + self.soa_s * np.arange(flashes)
        t = np.arange(n) / self.rate_hz
        for onset, waited_for in zip(onsets, target, strict=True):
            if waited_for:
                near = slice(int(onset * self.rate_hz), int((onset + 0.8) * self.rate_hz))
                peak = np.exp(-0.5 * ((t[near] - onset - 0.35) / 0.06) ** 2)
                eeg[near] += self.response_uv * peak[:, None] * PATTERN
        return eeg * self.gain, onsets, target

    def raw(self, flashes: int, seed: int = 0) -> mne.io.RawArray:
        """Return a recording as the files have it."""
        eeg, onsets, target = self.samples(flashes, seed)
        raw = mne.io.RawArray(
            eeg.T / 1e6, mne.create_info(list(CHANNELS), self.rate_hz, "eeg"), verbose="error"
        )
        labels = ["target" if waited_for else "nontarget" for waited_for in target]
        raw.set_annotations(mne.Annotations(onsets, 0.0, labels))
        return raw
