"""The grid follows the screen's real size: keys of 3 cm before many keys."""

from __future__ import annotations

import pytest
from board_walk import DESK, GRIDS, LANGUAGES, SCREENS, geometries, layout
from hypothesis import given
from hypothesis import strategies as st

from assistive.boards.board import Geometry
from assistive.boards.grid import LADDER, area_rows, balanced, choose_grid, choose_name, frame
from assistive.settings import Grid


@pytest.mark.parametrize(
    ("screen", "grid"),
    [
        ("27 inch", (9, 6)),
        ("24 inch", (9, 6)),
        ("portrait", (8, 6)),
        ("projector without a size", (9, 6)),
        ("13 inch", (4, 3)),
        ("10 inch tablet", (3, 2)),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_auto_takes_the_largest_grid_with_keys_of_3_cm(
    screen: str, grid: tuple[int, int], language: str
) -> None:
    assert choose_grid(layout(language), SCREENS[screen], "auto") == grid


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_fits_auto_takes_the_smallest_grid(language: str) -> None:
    assert choose_grid(layout(language), Geometry(480, 320, 74, 49), "auto") == (2, 2)


@pytest.mark.parametrize("wanted", GRIDS)
def test_a_grid_that_is_wanted_is_taken(wanted: Grid) -> None:
    assert "{}x{}".format(*choose_grid(layout("en"), SCREENS["10 inch tablet"], wanted)) == wanted


def test_a_row_of_phrases_counts() -> None:
    assert area_rows(layout("en"), "8x6", phrase_slots=3) == 6
    assert area_rows(layout("en"), "8x6") == 5
    assert area_rows(layout("ru"), "8x6") == 6


@given(geometries(), st.sampled_from(LANGUAGES), st.sampled_from((0, 3)))
def test_auto_is_never_too_small_and_never_too_modest(geometry: Geometry, language: str, slots: int) -> None:
    def fits(grid: Grid) -> bool:
        rows = area_rows(layout(language), grid, slots)
        return frame(geometry, LADDER[grid].cols, rows).smallest_mm >= 29.99

    chosen = choose_name(layout(language), geometry, "auto", slots)
    larger = GRIDS[: GRIDS.index(chosen)]
    assert not any(fits(grid) for grid in larger)
    assert fits(chosen) or chosen == "2x2"


@given(geometries(), st.integers(1, 8), st.integers(2, 8))
def test_the_text_is_never_lower_than_a_key(geometry: Geometry, cols: int, rows: int) -> None:
    lines = frame(geometry, cols, rows)
    assert lines.text.h >= lines.row_h - 1e-9
    assert lines.fixed.h >= lines.row_h - 1e-9
    assert lines.fixed.y + lines.fixed.h + lines.gap_y == pytest.approx(1)


def test_gaps_are_14_px_at_1080_lines() -> None:
    lines = frame(DESK, 8, 5)
    assert lines.gap_x * DESK.width_px == pytest.approx(14)
    assert lines.gap_y * DESK.height_px == pytest.approx(14)


@given(st.integers(1, 48), st.integers(1, 8), st.integers(1, 6), st.floats(50, 1000), st.floats(50, 1000))
def test_rows_are_even(count: int, cols: int, rows: int, width: float, height: float) -> None:
    if count > cols * rows:
        with pytest.raises(ValueError, match="do not fit"):
            balanced(count, cols, rows, width, height)
        return
    counts = balanced(count, cols, rows, width, height)
    assert sum(counts) == count
    assert len(counts) <= rows
    assert max(counts) <= cols
    assert max(counts) - min(counts) <= 1
