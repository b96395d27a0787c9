"""Looks that only read go in; how long this person reads comes out."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.fusion.reading import ReadingTimes


def watched(median: float, log_sd: float, dwell: float, looks: int = 600) -> ReadingTimes:
    """What is learned of a reader whose looks are cut off by a dwell; all times by the usual one."""
    chance = random.Random(4)
    reading = ReadingTimes()
    for _ in range(looks):
        ratio = median * math.exp(chance.gauss(0.0, log_sd))
        if ratio > dwell:
            reading.outlasted(dwell, 1.0)
        else:
            reading.ended(ratio)
    return reading


@pytest.mark.parametrize(("median", "log_sd"), [(1.0, 0.42), (1.5, 0.42), (0.8, 0.3)])
def test_the_reader_is_found_though_long_looks_are_cut_off(median: float, log_sd: float) -> None:
    reading = watched(median, log_sd, dwell=2.5)
    assert math.exp(reading.log_median) == pytest.approx(median, rel=0.06)
    assert reading.log_sd == pytest.approx(log_sd, rel=0.2)


def test_looks_in_passing_do_not_hide_how_long_reading_lasts() -> None:
    chance = random.Random(5)
    reading = ReadingTimes()
    long = []
    for _ in range(800):
        ratio = 0.3 if chance.random() < 0.3 else math.exp(chance.gauss(0.0, 0.42))
        long.append(ratio > 2.0)
        reading.ended(ratio)
    assert reading.survival(2.0) == pytest.approx(sum(long) / len(long), rel=0.4)


def test_few_looks_change_little_and_no_look_nothing() -> None:
    reading = ReadingTimes()
    assert reading.log_median == 0.0
    assert reading.log_sd == pytest.approx(0.42)
    reading.ended(3.0)
    assert abs(reading.log_median) < 0.06


def test_a_selection_that_was_surely_meant_teaches_nothing() -> None:
    reading = ReadingTimes()
    reading.outlasted(2.0, 0.0)
    assert reading == ReadingTimes()


def test_an_older_person_is_forgotten() -> None:
    reading = watched(1.0, 0.42, 2.5, looks=3000)
    chance = random.Random(6)
    for _ in range(2000):
        reading.ended(2.0 * math.exp(chance.gauss(0.0, 0.3)))
    assert math.exp(reading.log_median) == pytest.approx(2.0, rel=0.06)


@given(st.lists(st.tuples(st.floats(0.0, 100.0), st.none() | st.floats(0.0, 1.0)), max_size=60))
def test_whatever_is_seen_survival_falls_from_one(looks: list[tuple[float, float | None]]) -> None:
    reading = ReadingTimes()
    for ratio, weight in looks:
        if weight is None:
            reading.ended(ratio)
        else:
            reading.outlasted(ratio, weight)
    shares = [reading.survival(ratio) for ratio in (0.0, 0.5, 1.0, 2.0, 10.0)]
    assert shares[0] == 1.0
    assert shares == sorted(shares, reverse=True)
    for share in (0.5, 0.1, 0.01):
        assert reading.survival(reading.ratio(share)) == pytest.approx(share, rel=1e-3)
    assert reading.ratio(1.0) == 0.0
