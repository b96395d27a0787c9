"""The band-pass of the EEG: causal, and the same live as in training."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.erp.filters import CausalFilter


def steady(hz: float, rate_hz: float = 250.0, seconds: float = 12.0) -> float:
    """How much of a sine comes through, after everything has settled."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    through = CausalFilter(rate_hz, 1).filter(np.sin(2 * np.pi * hz * t)[:, None])[:, 0]
    return float(np.abs(through[len(t) // 2 :]).max())


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=30), st.integers(0, 1000))
def test_in_chunks_of_any_size_the_result_is_the_same(sizes: list[int], seed: int) -> None:
    samples = np.random.default_rng(seed).normal(size=(sum(sizes), 3)).cumsum(axis=0)
    whole = CausalFilter(256.0, 3).filter(samples)
    band_pass = CausalFilter(256.0, 3)
    parts = [band_pass.filter(part) for part in np.split(samples, np.cumsum(sizes)[:-1])]
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-9)


@pytest.mark.parametrize("rate_hz", [125.0, 250.0, 2000.0])
def test_the_responses_come_through_and_mains_and_drift_do_not(rate_hz: float) -> None:
    assert steady(5.0, rate_hz) == pytest.approx(1.0, abs=0.02)
    assert steady(50.0, rate_hz) < 0.002
    assert steady(0.05, rate_hz, 120.0) < 0.02


def test_nothing_is_seen_before_it_happens() -> None:
    samples = np.zeros((500, 1))
    samples[300] = 1.0
    assert not CausalFilter(250.0, 1).filter(samples)[:300].any()


def test_an_offset_of_the_amplifier_is_no_response() -> None:
    assert np.abs(CausalFilter(250.0, 2).filter(np.full((500, 2), 1e5))).max() < 1e-3


def test_a_silent_channel_is_told_and_poisons_nothing() -> None:
    chance = np.random.default_rng(1)
    samples = chance.normal(size=(1000, 2))
    broken = samples.copy()
    broken[200:230, 1] = np.nan
    band_pass = CausalFilter(250.0, 2)
    first, second = band_pass.filter(broken[:210]), band_pass.filter(broken[210:])
    through = np.concatenate([first, second])
    assert np.isnan(through[200:230, 1]).all()
    assert np.isfinite(through[230:]).all()
    np.testing.assert_allclose(through[:, 0], CausalFilter(250.0, 2).filter(samples)[:, 0])


def test_a_channel_that_is_silent_from_the_beginning_is_one_that_is_zero() -> None:
    samples = np.full((10, 1), np.nan)
    assert np.isnan(CausalFilter(250.0, 1).filter(samples)).all()


def test_after_a_gap_the_filter_begins_anew() -> None:
    band_pass = CausalFilter(250.0, 1)
    band_pass.filter(np.full((100, 1), 500.0))
    band_pass.reset()
    assert np.abs(band_pass.filter(np.full((100, 1), -500.0))).max() < 1e-6


@pytest.mark.parametrize("rate_hz", [40.0, 0.0, float("nan")])
def test_a_rate_that_is_too_low_is_refused(rate_hz: float) -> None:
    with pytest.raises(ValueError, match="too few"):
        CausalFilter(rate_hz, 1)


def test_another_number_of_channels_is_refused() -> None:
    with pytest.raises(ValueError, match="2 channels"):
        CausalFilter(250.0, 2).filter(np.zeros((5, 3)))
