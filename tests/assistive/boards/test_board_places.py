"""Where the targets lie: apart from each other, inside the window, and large enough to be looked at."""

from __future__ import annotations

from itertools import combinations

import pytest
from board_walk import GRIDS, LANGUAGES, PHRASES, SCREENS, board, geometries, rectangles, walk
from hypothesis import given, settings
from hypothesis import strategies as st

from assistive.boards.board import Board, Geometry
from assistive.boards.grid import GAP
from assistive.messages import Notice
from assistive.settings import Grid

SMALL = 1e-6
NOTICE = Notice("camera", "The camera is lost.", "The letters still work.", "Plug it in again.")


def check_places(shown: Board, geometry: Geometry) -> None:
    gap_px = GAP * min(geometry.width_px, geometry.height_px)
    gap_x, gap_y = gap_px / geometry.width_px - SMALL, gap_px / geometry.height_px - SMALL
    placed = list(rectangles(shown))
    for name, r in placed:
        assert r.w > 0, name
        assert r.h > 0, name
        assert gap_x <= r.x, name
        assert gap_y <= r.y, name
        assert r.x + r.w <= 1 - gap_x, name
        assert r.y + r.h <= 1 - gap_y, name
    for (one, a), (other, b) in combinations(placed, 2):
        beside = max(a.x, b.x) - min(a.x + a.w, b.x + b.w) >= gap_x
        above = max(a.y, b.y) - min(a.y + a.h, b.y + b.h) >= gap_y
        assert beside or above, f"{shown.page}: {one} and {other} touch"


def smallest_mm(shown: Board, geometry: Geometry) -> float:
    return min(min(t.rect.w * geometry.width_mm, t.rect.h * geometry.height_mm) for t in shown.targets)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("screen", SCREENS)
def test_on_typical_screens_every_target_of_every_page_is_3_cm(screen: str, language: str) -> None:
    geometry = SCREENS[screen]
    for page, shown in walk(geometry, language, notice=NOTICE).items():
        check_places(shown, geometry)
        assert smallest_mm(shown, geometry) >= 30 - 1e-6, page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("phrases", [(), PHRASES])
def test_no_page_of_any_grid_has_targets_that_touch(
    grid: Grid, language: str, phrases: tuple[str, ...]
) -> None:
    for name in ("24 inch", "portrait"):
        for shown in walk(SCREENS[name], language, grid=grid, phrases=phrases).values():
            check_places(shown, SCREENS[name])


@settings(max_examples=200, deadline=None)
@given(
    geometry=geometries(),
    language=st.sampled_from(LANGUAGES),
    grid=st.sampled_from(("auto", *GRIDS)),
    page=st.sampled_from(("letters", "more", "phrases", "numbers", "settings/1", "settings/3", "rest")),
    notice=st.sampled_from((None, NOTICE)),
    phrases=st.sampled_from(((), PHRASES)),
)
def test_no_screen_makes_targets_touch(
    geometry: Geometry, language: str, grid: Grid, page: str, notice: Notice | None, phrases: tuple[str, ...]
) -> None:
    shown = board(page, geometry, language, grid=grid, notice=notice, phrases=phrases)
    check_places(shown, geometry)
    if grid == "auto":
        letters = smallest_mm(board("letters", geometry, language, phrases=phrases), geometry)
        assert smallest_mm(shown, geometry) >= min(30, letters) - 1e-6


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("grid", GRIDS)
def test_a_larger_key_on_the_letters_means_larger_keys_everywhere(grid: Grid, language: str) -> None:
    """Whoever needs a small grid needs it on every page; the settings' steps may be half as wide."""
    geometry = SCREENS["24 inch"]
    boards = walk(geometry, language, grid=grid)
    needed = smallest_mm(boards["letters"], geometry)
    for page, shown in boards.items():
        allowed = needed / 2 if page.startswith("settings") else needed
        assert smallest_mm(shown, geometry) >= allowed - 1e-6, page


@pytest.mark.parametrize("grid", GRIDS)
def test_back_stays_in_its_corner(grid: Grid) -> None:
    """On all pages below the letters the lowest right cell of the writing area is the way back."""
    boards = walk(SCREENS["24 inch"], "en", grid=grid)
    corner = next(t for t in boards["letters"].targets if t.id == "help").rect
    x, y = corner.x + corner.w - 0.02, corner.y - 0.05
    for page, shown in boards.items():
        if page not in ("letters", "rest"):
            target = shown.at(x, y)
            assert target is not None, page
            assert target.id == "fn:back", page
