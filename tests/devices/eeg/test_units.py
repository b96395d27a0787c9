"""The numbers of an amplifier become microvolts, whatever it calls them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from devices.eeg.units import UnitSource, find_scale, told_factor

EEG = np.random.default_rng(1).normal(0.0, 12.0, (250, 4))  # microvolts


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("V", 1e6), ("mV", 1e3), ("µV", 1.0), ("μV", 1.0), (" uv ", 1.0), ("Microvolts", 1.0), ("nV", 1e-3)],
)
def test_units_that_are_named_are_believed(unit: str, factor: float) -> None:
    scale = find_scale((unit,) * 4, EEG / factor)
    assert (scale.factors == factor).all()
    assert scale.source is UnitSource.TOLD


@pytest.mark.parametrize("unit", ["", "counts", "raw", "n/a"])
@pytest.mark.parametrize("factor", [1e6, 1e3, 1.0, 1e-3])
def test_a_unit_that_is_not_named_is_guessed_from_the_size(unit: str, factor: float) -> None:
    drift = np.linspace(0.0, 3000.0, 250)[:, None]
    scale = find_scale((unit,) * 4, (EEG + drift) / factor)
    assert (scale.factors == factor).all()
    assert scale.source is UnitSource.GUESSED


@pytest.mark.parametrize(("unit", "sent_in_uv"), [("uV", 1e-6), ("V", 1.0), ("V", 1e3)])
def test_a_unit_that_is_off_by_a_million_is_not_believed(unit: str, sent_in_uv: float) -> None:
    scale = find_scale((unit,) * 4, EEG * sent_in_uv)
    assert scale.factors == pytest.approx(1 / sent_in_uv)
    assert scale.source is UnitSource.CORRECTED


def test_half_of_the_electrodes_may_be_bad() -> None:
    bad = EEG * 1e-6
    bad[:, 0] = 0.0
    bad[:, 1] *= 1e5
    assert (find_scale(("",) * 4, bad).factors == 1e6).all()


def test_a_trigger_without_a_unit_beside_eeg_leaves_the_eeg_alone() -> None:
    scale = find_scale(("V", "V", "V", ""), EEG * np.array([1e-6, 1e-6, 1e-6, 1.0]))
    assert scale.factors == pytest.approx([1e6, 1e6, 1e6, 1.0])


def test_an_amplifier_that_is_switched_on_but_sees_nothing_is_as_it_says() -> None:
    scale = find_scale(("mV", ""), np.zeros((250, 2)))
    assert scale.factors == pytest.approx([1e3, 1.0])


@given(
    arrays(
        np.float64,
        st.tuples(st.integers(0, 20), st.just(3)),
        elements=st.floats(-1e30, 1e30) | st.just(math.nan),
    )
)
def test_whatever_comes_the_factors_are_numbers(samples: np.ndarray) -> None:
    factors = find_scale(("V", "", "counts"), samples).factors
    assert np.isfinite(factors).all() and (factors > 0).all()


def test_no_other_word_is_a_unit() -> None:
    assert told_factor("degrees") is None
