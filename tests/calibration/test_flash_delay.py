"""How late the light of a flash is, from a photodiode as it really looks: noise, drift, lamps, missing light, upside down."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.flash_delay import FlashDelayError, measure_delay

Signal = np.ndarray[Any, np.dtype[np.float64]]


def recorded(
    *,
    rate_hz: float = 1000.0,
    n: int = 100,
    delay_s: float = 0.043,
    jitter_s: float = 0.003,
    soa_s: float = 0.25,
    on_s: float = 0.08,
    pause_s: float = 1.0,
    noise: float = 0.03,
    drift: float = 2.0,
    lamps: float = 0.1,
    dark: tuple[int, ...] = (),
    sign: float = 1.0,
) -> tuple[Signal, float, list[float]]:
    """A photodiode's channel (its light is 1 high), its rate and when the flashes were noted; a pause after every tenth."""
    chance = np.random.default_rng(5)
    onsets = [1.0 + i * soa_s + (i // 10) * pause_s for i in range(n)]
    t = np.arange(round((onsets[-1] + 1.0) * rate_hz)) / rate_hz
    signal = np.zeros_like(t)
    for i, onset in enumerate(onsets):
        light = onset + delay_s + chance.normal(0.0, jitter_s)
        if i not in dark:
            up = np.clip((t - light) * rate_hz + 0.5, 0.0, 1.0)
            signal += up * np.clip((light + on_s - t) * rate_hz + 0.5, 0.0, 1.0)
    signal += chance.normal(0.0, noise, len(t)) + drift * np.sin(t / 20) + lamps * np.sin(2 * np.pi * 100 * t)
    return sign * signal * 3e-4, rate_hz, onsets


@pytest.mark.parametrize("rate_hz", [125.0, 250.0, 512.0, 2000.0])
@pytest.mark.parametrize("delay_s", [-0.03, 0.0, 0.043, 0.18])
def test_the_delay_is_found_at_any_rate(rate_hz: float, delay_s: float) -> None:
    found = measure_delay(*recorded(rate_hz=rate_hz, delay_s=delay_s))
    assert found.delay_s == pytest.approx(delay_s, abs=0.0015)
    assert found.sd_s == pytest.approx(0.003, abs=0.0012)
    assert found.p95_s == pytest.approx(0.006, abs=0.002)
    assert (found.n, found.missed, found.inverted) == (100, 0, False)


def test_more_jitter_is_told() -> None:
    assert measure_delay(*recorded(jitter_s=0.012)).sd_s == pytest.approx(0.012, abs=0.002)


@pytest.mark.parametrize("pause_s", [0.0, 1.0])
@pytest.mark.parametrize(("soa_s", "on_s"), [(0.25, 0.08), (0.16, 0.06), (0.12, 0.04)])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_light_is_found_up_or_down_however_quickly_it_flashes(
    soa_s: float, on_s: float, pause_s: float, sign: float
) -> None:
    found = measure_delay(*recorded(soa_s=soa_s, on_s=on_s, pause_s=pause_s, sign=sign))
    assert found.delay_s == pytest.approx(0.043, abs=0.0015)
    assert found.inverted == (sign < 0)
    assert found.missed <= 1


def test_flashes_without_light_are_counted() -> None:
    found = measure_delay(*recorded(dark=(3, 4, 50, 99)))
    assert (found.n, found.missed) == (96, 4)
    assert found.delay_s == pytest.approx(0.043, abs=0.0015)


def test_markers_outside_of_the_recording_are_left_out() -> None:
    signal, rate_hz, onsets = recorded()
    found = measure_delay(signal, rate_hz, [-5.0, 0.01, *onsets, 1e6])
    assert found.n + found.missed == 100


def test_a_gap_without_samples_costs_only_its_flashes() -> None:
    signal, rate_hz, onsets = recorded()
    at = round(onsets[20] * rate_hz)
    signal[at - 50 : at + 300] = np.nan
    found = measure_delay(signal, rate_hz, onsets)
    assert found.n >= 97 and found.delay_s == pytest.approx(0.043, abs=0.0015)


TIMES = np.arange(40_000) / 1000.0
NOISE = np.random.default_rng(2).normal(0.0, 1.0, len(TIMES))


@pytest.mark.parametrize(
    "signal",
    [
        np.zeros_like(TIMES),
        np.full_like(TIMES, 7.0),
        np.full_like(TIMES, np.nan),
        NOISE,
        np.cumsum(NOISE),
        np.sin(2 * np.pi * 50 * TIMES),
        np.sin(2 * np.pi * 3 * TIMES),
        1e6 + 1e-9 * NOISE,
    ],
    ids=["zero", "constant", "none", "noise", "drift", "mains", "breath", "rounding"],
)
def test_a_channel_without_the_flashes_is_refused(signal: Signal) -> None:
    with pytest.raises(FlashDelayError, match=r"follow|only"):
        measure_delay(signal, 1000.0, [1.0 + 0.25 * i for i in range(150)])


@pytest.mark.parametrize("n", [0, 1, 9])
def test_too_few_flashes_are_refused(n: int) -> None:
    signal, rate_hz, onsets = recorded()
    with pytest.raises(FlashDelayError, match=f"only {n} "):
        measure_delay(signal, rate_hz, onsets[:n])


def test_light_in_hardly_any_flash_is_no_delay() -> None:
    with pytest.raises(FlashDelayError):
        measure_delay(*recorded(dark=tuple(range(20, 100))))


@given(
    signal=st.lists(st.floats(-1e9, 1e9) | st.just(float("nan")), max_size=400),
    rate_hz=st.floats(125.0, 2000.0),
    onsets=st.lists(st.floats(-1.0, 5.0), max_size=30),
)
def test_anything_is_measured_or_refused(signal: list[float], rate_hz: float, onsets: list[float]) -> None:
    try:
        found = measure_delay(np.array(signal, dtype=np.float64), rate_hz, onsets)
    except FlashDelayError:
        return
    assert np.isfinite([found.delay_s, found.sd_s, found.p95_s]).all() and found.n > 0
