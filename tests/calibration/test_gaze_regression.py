"""What looks tell about coefficients, and what is left of it in the next sitting."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.regression import Evidence, Gaussian, Noise, combine, learn
from calibration.sittings import MOST_SITTINGS, Sittings

PRIOR = Gaussian.independent([1.0, 0.0], [1.0, 5.0])
BETWEEN = (0.05, 3.0)
NOISE = Noise(look_sd=0.5, frame_sd=1.0)


def frames(
    gain: float, offset: float, at: list[float], *, count: int = 20, tremble: float = 0.1, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    inputs = np.repeat(at, count)
    values = gain * inputs + offset
    rows = np.column_stack([inputs + chance.normal(0.0, tremble, len(inputs)), np.ones(len(inputs))])
    return rows, values, np.repeat(np.arange(len(at)), count)


def test_no_look_leaves_the_prior() -> None:
    evidence, noise = learn(PRIOR, np.zeros((0, 2)), np.zeros(0), np.zeros(0, dtype=np.int64), NOISE)
    belief = combine(PRIOR, evidence)
    assert noise == NOISE
    assert belief.mean == pytest.approx(PRIOR.mean)
    assert belief.cov == pytest.approx(PRIOR.cov)


def test_looks_at_several_places_find_gain_and_offset() -> None:
    evidence, _ = learn(PRIOR, *frames(1.7, 4.0, [-8, -4, 0, 4, 8]), NOISE)
    belief = combine(PRIOR, evidence)
    assert belief.mean == pytest.approx([1.7, 4.0], abs=0.15)
    assert belief.cov[0, 0] < 0.1**2


def test_one_look_moves_the_offset_and_leaves_the_gain() -> None:
    evidence, _ = learn(PRIOR, *frames(1.0, 4.0, [0.5]), NOISE)
    assert combine(PRIOR, evidence).mean == pytest.approx([1.0, 4.0], abs=0.3)


def test_an_input_that_trembles_within_a_look_counts_less_than_a_steady_one() -> None:
    chance = np.random.default_rng(1)
    place = np.repeat([-6.0, 0.0, 6.0], 30)
    steady = place + chance.normal(0.0, 0.1, 90)
    trembling = place + chance.normal(0.0, 4.0, 90)
    rows = np.column_stack([steady, trembling])
    prior = Gaussian.independent([0.5, 0.5], [0.5, 0.5])
    evidence, _ = learn(prior, rows, place, np.repeat([0, 1, 2], 30), NOISE)
    steady_gain, trembling_gain = combine(prior, evidence).mean
    assert steady_gain > 0.8 and trembling_gain < 0.2


def test_a_look_elsewhere_counts_little_and_the_noise_is_learned() -> None:
    at = [-8.0, -6.0, -3.0, 0.0, 3.0, 6.0, 8.0]
    rows, values, looks = frames(1.0, 0.0, at)
    values = values + np.where(looks == 3, 12.0, 0.0)
    evidence, _ = learn(PRIOR, rows, values, looks, NOISE)
    assert combine(PRIOR, evidence).mean == pytest.approx([1.0, 0.0], abs=0.4)
    scattered = values + np.random.default_rng(2).normal(0.0, 4.0, len(at))[looks]
    assert learn(PRIOR, rows, scattered, looks, NOISE)[1].look_sd > 1.5 * NOISE.look_sd
    assert learn(PRIOR, *frames(1.0, 0.0, at), NOISE)[1].look_sd < NOISE.look_sd


def test_frames_of_a_look_are_kept_though_they_are_all_far_apart() -> None:
    rows, values, looks = np.array([[-40.0, 1.0], [40.0, 1.0]]), np.zeros(2), np.zeros(2, dtype=np.int64)
    evidence, _ = learn(PRIOR, rows, values, looks, NOISE)
    assert np.isfinite(combine(PRIOR, evidence).mean).all()


def test_what_was_seen_before_a_move_says_less_and_nothing_says_nothing() -> None:
    seen = Evidence(np.array([[50.0, 3.0], [3.0, 20.0]]), np.array([60.0, 40.0]))
    still, moved = seen.blurred((0.0, 0.0)), seen.blurred((0.0, 3.0))
    assert still.precision == pytest.approx(seen.precision)
    assert moved.precision[1, 1] < 1.0 / 3.0**2 + 1e-9
    assert moved.precision[0, 0] > 40.0
    assert Evidence.none(2).blurred((1.0, 1.0)).precision == pytest.approx(np.zeros((2, 2)))


def test_a_new_sitting_keeps_the_gain_and_asks_again_for_the_offset() -> None:
    first = Sittings.first(PRIOR, BETWEEN, NOISE).learned(*frames(1.7, 4.0, [-8, -4, 0, 4, 8]))
    start = first.next()
    assert start.belief.mean[0] == pytest.approx(1.7, abs=0.1)
    assert start.belief.cov[0, 0] < 0.2**2
    assert start.belief.cov[1, 1] > 3.0**2
    today = start.learned(*frames(1.7, -3.0, [0.0]))
    assert today.belief.mean == pytest.approx([1.7, -3.0], abs=0.5)
    assert len(today.evidence) == 2


def test_a_look_that_is_repeated_replaces_itself_within_the_sitting() -> None:
    start = Sittings.first(PRIOR, BETWEEN, NOISE)
    once = start.learned(*frames(1.0, 4.0, [0.0]))
    assert once.learned(*frames(1.0, 4.0, [0.0])).belief.cov == pytest.approx(once.belief.cov, rel=0.1)


def test_the_oldest_sittings_are_forgotten() -> None:
    sittings = Sittings.first(PRIOR, BETWEEN, NOISE)
    for _ in range(MOST_SITTINGS + 5):
        sittings = sittings.next().learned(*frames(1.2, 0.0, [-5.0, 5.0]))
    assert len(sittings.evidence) == MOST_SITTINGS
    assert len(Sittings.joined([sittings, sittings]).evidence) == MOST_SITTINGS
    assert sittings.belief.mean[0] == pytest.approx(1.2, abs=0.05)


def test_two_sittings_that_differ_leave_open_where_the_next_one_is() -> None:
    sittings = Sittings.first(Gaussian.independent([1.0, 0.0], [1.0, 50.0]), BETWEEN, NOISE)
    for offset in (4.0, -4.0):
        sittings = sittings.next().learned(*frames(1.0, offset, [-8.0, 0.0, 8.0]))
    start = sittings.next().belief
    assert start.mean[1] == pytest.approx(0.0, abs=0.5)
    # Its own scatter, and half of it again for a middle that two sittings tell.
    assert start.cov[1, 1] > 1.4 * 3.0**2
