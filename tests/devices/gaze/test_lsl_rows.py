"""Rows become shares of the screen, in whatever unit they count."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.gaze.lsl_layout import Columns, GazeLayout, LayoutError, Unit
from devices.gaze.lsl_rows import ENOUGH, TOO_MANY, RowReader
from devices.samples import GazeSample

SCREEN = (1920.0, 1080.0)
TOGETHER = {unit: GazeLayout(Columns(0, 1), None, None, unit) for unit in Unit}
TWO_EYES = GazeLayout(None, Columns(0, 1), Columns(2, 3), Unit.SHARE)


def read(reader: RowReader, *row: float, times: int = 1) -> GazeSample:
    return [reader.sample(0.0, row) for _ in range(times)][-1]


def test_a_unit_that_is_named_holds_from_the_first_row() -> None:
    assert read(RowReader("it", TOGETHER[Unit.SHARE]), 0.25, 0.5).x == 0.25
    assert read(RowReader("it", TOGETHER[Unit.PIXEL], SCREEN), 480, 540).x == 0.25


def test_shares_need_no_unit() -> None:
    reader = RowReader("it", TOGETHER[Unit.UNKNOWN])
    assert read(reader, 0.25, 0.5).x == 0.25
    assert not read(reader, math.nan, math.nan).valid
    assert not read(reader, 7.0, 0.5).valid


def test_pixels_without_a_unit_are_told_by_twenty_places() -> None:
    reader = RowReader("it", TOGETHER[Unit.UNKNOWN], SCREEN)
    assert not read(reader, 480, 540, times=ENOUGH - 1).valid
    sample = read(reader, 480, 540)
    assert (sample.x, sample.y) == (0.25, 0.5)


@pytest.mark.parametrize("lost", [0.0, -1.0, 1e8, -32768.0])
@pytest.mark.parametrize("unit", [Unit.UNKNOWN, Unit.PIXEL])
def test_what_stands_for_lost_eyes_is_no_evidence(lost: float, unit: Unit) -> None:
    reader = RowReader("it", TOGETHER[unit], SCREEN)
    read(reader, lost, lost, times=3 * TOO_MANY)
    assert read(reader, 480, 540, times=ENOUGH).x == 0.25
    reader = RowReader("it", TOGETHER[Unit.SHARE])
    read(reader, lost, lost, times=3 * TOO_MANY)
    assert read(reader, 0.25, 0.5).x == 0.25


def test_a_unit_that_is_named_wrongly_is_mended() -> None:
    in_pixels = RowReader("it", TOGETHER[Unit.SHARE], SCREEN)
    assert not read(in_pixels, 480, 540, times=ENOUGH - 1).valid
    assert read(in_pixels, 480, 540).x == 0.25
    in_shares = RowReader("it", TOGETHER[Unit.PIXEL], SCREEN)
    assert read(in_shares, 0.25, 0.5, times=ENOUGH).x == 0.25


def test_glances_away_do_not_make_pixels_of_shares() -> None:
    reader = RowReader("it", TOGETHER[Unit.UNKNOWN], SCREEN)
    for number in range(ENOUGH):
        sample = read(reader, *((-40.0, 90.0) if number % 3 == 0 else (0.25, 0.5)))
    assert (sample.x, sample.y) == (0.25, 0.5)


def test_numbers_that_can_be_neither_are_refused() -> None:
    reader = RowReader("it", TOGETHER[Unit.UNKNOWN], SCREEN)
    read(reader, -8.0, 4.0, times=TOO_MANY - 1)
    with pytest.raises(LayoutError, match="neither shares of the screen"):
        read(reader, -8.0, 4.0)


@pytest.mark.parametrize("screen", [None, (0.0, 1080.0), (math.nan, 1080.0)])
def test_pixels_of_a_screen_that_is_not_known_are_refused(screen: tuple[float, float] | None) -> None:
    with pytest.raises(LayoutError, match="size of the screen is not known"):
        RowReader("it", TOGETHER[Unit.PIXEL], screen)
    with pytest.raises(LayoutError, match="size of the screen is not known"):
        read(RowReader("it", TOGETHER[Unit.UNKNOWN], screen), 480, 540, times=ENOUGH)


def test_the_one_eye_that_is_on_the_screen_counts() -> None:
    reader = RowReader("it", TWO_EYES)
    assert read(reader, -1.0, -1.0, 0.25, 0.5).x == 0.25
    far = read(reader, -1.0, -1.0, 0.25, 7.0)
    assert not far.valid and far.left is not None and math.isnan(far.left[0])


numbers = st.floats(allow_nan=True, allow_infinity=True) | st.floats(-1, 2) | st.floats(0, 2000)


@given(st.sampled_from(Unit), st.lists(st.tuples(numbers, numbers, numbers, numbers), max_size=40))
def test_whatever_comes_a_sample_is_near_the_screen_or_nowhere(
    unit: Unit, rows: list[tuple[float, float, float, float]]
) -> None:
    reader = RowReader("any", GazeLayout(None, Columns(0, 1), Columns(2, 3), unit), SCREEN)
    for row in rows:
        sample = reader.sample(1.0, row)
        if sample.valid:
            assert -0.5 <= sample.x <= 1.5 and -0.5 <= sample.y <= 1.5
        else:
            assert math.isnan(sample.x) and math.isnan(sample.y)
