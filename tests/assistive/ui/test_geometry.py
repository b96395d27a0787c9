"""Real millimetres: a screen is believed only as far as it makes sense."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.ui.geometry import mm_per_px

AT_96_DPI = 25.4 / 96


def test_a_24_inch_screen_is_believed() -> None:
    assert mm_per_px((531.0, 299.0), (1920, 1080)) == pytest.approx((0.2766, 0.2769), abs=1e-4)


def test_a_scaled_laptop_and_a_large_television_are_believed() -> None:
    assert mm_per_px((294, 165), (1920, 1080))[0] == pytest.approx(294 / 1920)
    assert mm_per_px((1650, 928), (1920, 1080))[0] == pytest.approx(1650 / 1920)


@pytest.mark.parametrize(
    ("physical", "size"),
    [
        ((0.0, 0.0), (1920, 1080)),
        ((160.0, 90.0), (1920, 1080)),  # the shape of the picture, not its size
        ((16.0, 9.0), (1920, 1080)),
        ((10.0, 10.0), (1920, 1080)),
        ((90000.0, 50000.0), (1920, 1080)),
        ((530.0, 900.0), (1920, 1080)),  # taller than wide: no pixel is like that
        ((530.0, 300.0), (0, 0)),
        ((math.nan, math.nan), (1920, 1080)),
    ],
)
def test_an_absurd_size_is_taken_as_96_dots_an_inch(
    physical: tuple[float, float], size: tuple[int, int]
) -> None:
    assert mm_per_px(physical, size) == pytest.approx((AT_96_DPI, AT_96_DPI))


@given(
    st.tuples(st.floats(allow_nan=True), st.floats(allow_nan=True)),
    st.tuples(st.integers(-10, 20000), st.integers(-10, 20000)),
)
def test_whatever_the_screen_says_a_pixel_is_between_a_small_and_a_large_one(
    physical: tuple[float, float], size: tuple[int, int]
) -> None:
    for mm in mm_per_px(physical, size):
        assert 25.4 / 350 <= mm <= 25.4 / 25
