"""Electrodes go wrong in the ways that electrodes go wrong; each is told by its name, and what to do about it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from models.erp.electrode_advice import electrode_advice
from models.erp.quality import ChannelQuality, signal_quality
from models.erp.signal_level import Fault, SignalLevel

RATE_HZ = 250.0
NAMES = ("Fz", "Cz", "Pz", "Oz")
T = np.arange(1000) / RATE_HZ
Floats = NDArray[np.float64]


def eeg(scale: float = 1.0, rate_hz: float = RATE_HZ) -> Floats:
    """Four seconds of pink noise that the four electrodes share in part, in microvolts."""
    chance = np.random.default_rng(2)
    count = round(4 * rate_hz)
    spectrum = np.fft.rfft(chance.normal(size=(count, 5)), axis=0)
    hz = np.fft.rfftfreq(count, 1 / rate_hz)[:, None]
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(hz, 0.5)), count, axis=0)
    pink *= 10.0 / pink.std(axis=0)
    return scale * (0.7 * pink[:, 1:] + 0.7 * pink[:, :1])


def judged(samples: Floats, **options: bool) -> list[ChannelQuality]:
    return signal_quality(samples, RATE_HZ, NAMES, **options)


def advice(quality: ChannelQuality) -> str:
    return electrode_advice(quality.channel, quality.faults)


def with_pz(values: Floats) -> ChannelQuality:
    """What is said of Pz with these values; nothing may be said of the others."""
    samples = eeg()
    samples[:, 2] = values
    qualities = judged(samples)
    assert all(q.level is SignalLevel.GOOD for q in qualities if q.channel != "Pz")
    return qualities[2]


def test_good_electrodes_are_good() -> None:
    for quality in judged(eeg()):
        assert quality.level is SignalLevel.GOOD and quality.faults == ()
        assert 3.0 < quality.noise_uv < 20.0
        assert advice(quality) == f"{quality.channel}: good."


@pytest.mark.parametrize("rate_hz", [125.0, 2000.0])
def test_at_any_rate(rate_hz: float) -> None:
    samples = eeg(rate_hz=rate_hz)
    samples[:, 1] += 200.0 * np.sin(2 * np.pi * 50.0 * np.arange(len(samples)) / rate_hz)
    levels = [quality.level for quality in signal_quality(samples, rate_hz, NAMES)]
    assert levels == [SignalLevel.GOOD, SignalLevel.BAD, SignalLevel.GOOD, SignalLevel.GOOD]


@pytest.mark.parametrize("hz", [50.0, 60.0])
@pytest.mark.parametrize(
    ("times", "level"), [(0.5, SignalLevel.GOOD), (3.0, SignalLevel.POOR), (20.0, SignalLevel.BAD)]
)
def test_mains_is_told_in_multiples_of_the_eeg(hz: float, times: float, level: SignalLevel) -> None:
    clean = eeg()[:, 2]
    sine = np.sqrt(2) * np.sin(2 * np.pi * hz * T)
    quality = with_pz(clean + times * judged(eeg())[2].noise_uv * sine)
    assert quality.level is level
    assert quality.mains_ratio == pytest.approx(times, rel=0.25)
    if level is not SignalLevel.GOOD:
        assert quality.faults[0] is Fault.MAINS
        assert "chargers" in advice(quality)


@pytest.mark.parametrize(
    ("values", "level", "fault"),
    [
        (np.full(1000, 4.2), SignalLevel.BAD, Fault.FLAT),
        (np.repeat(eeg()[:20, 2], 50), SignalLevel.BAD, Fault.FLAT),
        (np.full(1000, np.nan), SignalLevel.BAD, Fault.MISSING),
        (np.where(T < 1.5, np.nan, eeg()[:, 2]), SignalLevel.BAD, Fault.MISSING),
        (np.clip(eeg()[:, 2] * 40.0, -300.0, 300.0), SignalLevel.BAD, Fault.SATURATED),
        (np.minimum(eeg()[:, 2] + 400.0 * T, 900.0), SignalLevel.BAD, Fault.SATURATED),
        (eeg()[:, 2] + 100.0 * T, SignalLevel.POOR, Fault.DRIFT),
        (eeg()[:, 2] + 2000.0 * T, SignalLevel.BAD, Fault.DRIFT),
        (eeg()[:, 2] * 8.0, SignalLevel.POOR, Fault.NOISE),
        (eeg()[:, 2] * 30.0, SignalLevel.BAD, Fault.NOISE),
        (15.0 * np.sin(2 * np.pi * 19.0 * T), SignalLevel.POOR, Fault.ALONE),
    ],
)
def test_a_fault_is_called_by_its_name(values: Floats, level: SignalLevel, fault: Fault) -> None:
    quality = with_pz(values)
    assert quality.level is level
    assert quality.faults[0] is fault
    assert quality.channel in advice(quality)


def test_two_electrodes_that_gel_joins_are_told() -> None:
    samples = eeg()
    samples[:, 3] = samples[:, 2] + np.random.default_rng(1).normal(0.0, 0.05, 1000)
    assert [quality.faults for quality in judged(samples)] == [(), (), (Fault.BRIDGED,), (Fault.BRIDGED,)]


def test_a_single_blink_is_no_fault() -> None:
    samples = eeg() + (150.0 * np.exp(-(((T - 2.0) / 0.1) ** 2)))[:, None]
    assert all(quality.level is not SignalLevel.BAD for quality in judged(samples))


def test_raw_numbers_are_judged_against_each_other() -> None:
    raw = eeg(scale=40.0)
    assert all(quality.level is SignalLevel.BAD for quality in judged(raw))
    assert all(quality.level is SignalLevel.GOOD for quality in judged(raw, unit_known=False))
    raw[:, 1] *= 30.0
    raw[:, 3] = 7.0
    levels = [quality.level for quality in judged(raw, unit_known=False)]
    assert levels == [SignalLevel.GOOD, SignalLevel.BAD, SignalLevel.GOOD, SignalLevel.BAD]


def test_too_little_is_not_judged() -> None:
    with pytest.raises(ValueError, match="too few"):
        signal_quality(eeg()[:400], RATE_HZ, NAMES)
    with pytest.raises(ValueError, match="4 channels"):
        signal_quality(eeg()[:, :3], RATE_HZ, NAMES)


@given(arrays(np.float32, (600, 3), elements=st.floats(width=32)), st.booleans())
def test_whatever_comes_each_electrode_has_a_level(samples: NDArray[np.float32], known: bool) -> None:
    qualities = signal_quality(samples, RATE_HZ, ("1", "2", "3"), unit_known=known)
    assert all(advice(quality) for quality in qualities)
