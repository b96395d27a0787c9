"""The filters steady a gaze that rests, and let a saccade through at once, at every rate."""

from __future__ import annotations

import math
import random
from statistics import pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.gaze.filters import NAMES, Filter, OneEuro, SaccadeReset, make_filter
from models.gaze.noise import Noise

Trace = list[tuple[float, float, float]]
RATES = [30, 60, 250, 1200]
STEADYING = [OneEuro, SaccadeReset]


def looks(hz: int, seconds: float, at: float, noise: float = 0.3, start: float = 0.0, seed: int = 1) -> Trace:
    """A person who looks at (`at`, 0) for so long, with the times of a device that is not quite regular."""
    chance = random.Random(seed)
    return [
        (start + (k + chance.uniform(0, 0.4)) / hz, at + chance.gauss(0, noise), chance.gauss(0, noise))
        for k in range(int(seconds * hz))
    ]


def filtered(steadying: Filter, trace: Trace) -> Trace:
    noise = Noise()
    out = []
    for t, x, y in trace:
        noise.take(t, x, y)
        out.append((t, *steadying.take(t, x, y, max(noise.sd))))
    return out


@pytest.mark.parametrize("hz", RATES)
@pytest.mark.parametrize("make", STEADYING)
def test_a_gaze_that_rests_becomes_steadier(make: type[Filter], hz: int) -> None:
    trace = looks(hz, 3, at=5.0)
    rest = [x for t, x, _ in filtered(make(), trace) if t > 0.5]
    assert pstdev(rest) < 0.6 * pstdev(x for _, x, _ in trace)
    assert sum(rest) / len(rest) == pytest.approx(5.0, abs=0.15)


@pytest.mark.parametrize("hz", RATES)
def test_a_saccade_comes_through_within_two_samples(hz: int) -> None:
    trace = looks(hz, 1, at=0.0) + looks(hz, 1, at=10.0, start=1.0, seed=2)
    out = filtered(SaccadeReset(), trace)
    late = max(1, math.ceil(0.008 * hz) + 1)  # samples until it is believed
    assert all(abs(x - 10) < 1.5 for t, x, _ in out[hz + late :])
    assert all(abs(x) < 1.5 for t, x, _ in out[:hz])


def test_the_mean_holds_nothing_of_the_fixation_before() -> None:
    trace = looks(60, 1, at=0.0, noise=0.0) + looks(60, 0.1, at=10.0, start=1.0, noise=0.0)
    assert filtered(SaccadeReset(), trace)[-1][1] == pytest.approx(10.0)


def test_one_wild_sample_moves_nothing() -> None:
    trace = looks(30, 1, at=0.0)
    trace[20] = (trace[20][0], 15.0, 9.0)
    assert max(abs(x) for _, x, _ in filtered(SaccadeReset(), trace)) < 1.0


def test_a_noisy_gaze_is_not_taken_for_saccades() -> None:
    traces = [looks(30, 6, at=0.0, noise=1.2, seed=seed) for seed in (1, 2, 3)]
    rests = [[x for t, x, _ in filtered(SaccadeReset(), trace) if t > 1] for trace in traces]
    assert sum(map(pstdev, rests)) / 3 < 0.45


def test_a_slow_pursuit_is_followed_closely() -> None:
    trace = [(k / 60, 2.0 * k / 60, 0.0) for k in range(180)]
    t, x, _ = filtered(SaccadeReset(), trace)[-1]
    assert 0 < 2.0 * t - x < 0.5


@pytest.mark.parametrize("make", STEADYING)
def test_after_a_gap_it_begins_anew(make: type[Filter]) -> None:
    steadying = make()
    filtered(steadying, looks(60, 1, at=0.0))
    assert steadying.take(2.0, 1.0, 1.0, 0.3) == (1.0, 1.0)


@pytest.mark.parametrize("make", STEADYING)
def test_a_blink_is_no_gap(make: type[Filter]) -> None:
    steadying = make()
    t = filtered(steadying, looks(60, 1, at=0.0))[-1][0]
    x, _ = steadying.take(t + 0.2, 1.0, 0.0, 0.3)
    assert 0.2 < x < 0.9


def test_filters_are_made_by_name() -> None:
    made = {name: make_filter(name) for name in NAMES}
    assert made["none"] is None
    assert isinstance(made["one_euro"], OneEuro)
    assert isinstance(made["saccade"], SaccadeReset)
    with pytest.raises(ValueError, match="kalman"):
        make_filter("kalman")


@pytest.mark.parametrize("make", STEADYING)
@given(
    st.lists(
        st.tuples(st.floats(-1, 2), st.floats(-90, 90), st.floats(-90, 90), st.one_of(st.just(math.nan), st.floats(0, 20))),
        max_size=60,
    )
)  # fmt: skip
def test_whatever_comes_the_place_stays_among_what_was_seen(
    make: type[Filter], steps: list[tuple[float, float, float, float]]
) -> None:
    steadying, t = make(), 100.0
    for dt, x, y, sd in steps:
        t += dt  # also backwards, as a device with a broken clock has it
        px, py = steadying.take(t, x, y, sd)
        assert min(s[1] for s in steps) - 1e-6 <= px <= max(s[1] for s in steps) + 1e-6
        assert min(s[2] for s in steps) - 1e-6 <= py <= max(s[2] for s in steps) + 1e-6


@pytest.mark.parametrize("hz", RATES)
def test_the_noise_of_a_gaze_is_found_through_its_saccades(hz: int) -> None:
    noise = Noise()
    for k in range(6):
        for t, x, y in looks(hz, 0.5, at=10.0 * (k % 2), start=0.5 * k, seed=k):
            noise.take(t, x, y)
    assert noise.sd == pytest.approx((0.3, 0.3), rel=0.5)


def test_the_noise_is_not_known_before_there_is_enough() -> None:
    noise = Noise()
    noise.take(0.0, 1.0, 1.0)
    assert all(math.isnan(sd) for sd in noise.sd)
