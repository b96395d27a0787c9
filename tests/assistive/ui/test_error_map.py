"""The map of a calibration: to scale, with a word at each place, and calm."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from assistive.boards.board import Geometry
from assistive.boards.grid import LADDER, LINES
from assistive.ui.cell_face import Scale
from assistive.ui.error_map import grid_cells, map_place, paint_map, result_numbers, result_sentence
from assistive.ui.theme import DARK, THEMES, Theme, contrast
from assistive.ui.verdict_colors import mark_color, verdict_color
from calibration.level import Level
from calibration.quality import RegionError, Validation

DESK = Geometry(1920, 1080, 531.0, 299.0)
ROOM = QRectF(10, 10, 960, 540)
NAN = math.nan


def region(x: float, y: float, dx: float, dy: float, spread: float, samples: int = 60) -> RegionError:
    """A place where the gaze is off by (dx, dy) cm."""
    off = math.hypot(dx, dy)
    return RegionError(x, y, (dx, dy), off, off / 1.05, spread, spread / 1.05, samples)


def validation(*regions: RegionError) -> Validation:
    """All places together."""
    n = len(regions)
    off, spread = sum(r.accuracy_cm for r in regions) / n, sum(r.precision_cm for r in regions) / n
    return Validation(regions, off, off / 1.05, spread, spread / 1.05)


NOT_SEEN = RegionError(0.75, 0.5, (NAN, NAN), NAN, NAN, NAN, NAN, 0)


def painted(found: Validation, grid: str = "", theme: Theme = DARK) -> np.ndarray:
    """The map's pixels, as 0xffrrggbb."""
    image = QImage(980, 560, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.ground))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_map(painter, ROOM, found, grid, DESK, theme, Scale(1.0, 12.0), lambda text: text)
    painter.end()
    bits = image.constBits()
    assert bits is not None
    return np.frombuffer(bits.asarray(image.sizeInBytes()), np.uint32).reshape(560, 980).copy()


def where(pixels: np.ndarray, color: str) -> tuple[np.ndarray, np.ndarray]:
    """Columns and rows of the pixels of a colour."""
    ys, xs = np.nonzero(pixels == QColor(color).rgb())
    return xs, ys


def test_the_map_has_the_shape_of_the_screen() -> None:
    for room in (QRectF(0, 0, 500, 900), QRectF(50, 20, 900, 200)):
        place = map_place(DESK, room)
        assert room.adjusted(-1, -1, 1, 1).contains(place)
        assert place.width() / place.height() == pytest.approx(531 / 299)


def test_offset_and_spread_are_drawn_to_scale(qtbot: QtBot) -> None:
    pixels = painted(validation(region(0.25, 0.5, 5.0, 0.0, 2.5)))
    place = map_place(DESK, ROOM)
    px_per_cm = place.width() / 53.1
    xs, ys = where(pixels, mark_color(DARK, Level.POOR))  # the line and the rim of the disc
    middle = place.left() + 0.25 * place.width()
    assert xs.max() == pytest.approx(middle + (5.0 + 2.5) * px_per_cm, abs=3)
    rim = ys[np.abs(xs - (middle + 5.0 * px_per_cm)) < 2]
    assert (rim.max() - rim.min()) / 2 == pytest.approx(2.5 * px_per_cm, abs=3)
    assert (rim.max() + rim.min()) / 2 == pytest.approx(place.center().y(), abs=2)
    assert xs.min() >= middle - 3


def test_upwards_is_upwards(qtbot: QtBot) -> None:
    for dy in (-4.0, 4.0):
        _, ys = where(painted(validation(region(0.5, 0.5, 0.0, dy, 1.0))), mark_color(DARK, Level.POOR))
        assert np.sign(ys.mean() - map_place(DESK, ROOM).center().y()) == np.sign(dy)


def test_each_place_has_the_colour_of_its_level_and_a_word(qtbot: QtBot) -> None:
    found = validation(
        region(0.2, 0.3, 0.5, 0, 0.3), region(0.5, 0.3, 2.2, 0, 0.5), region(0.8, 0.6, 5, 0, 1)
    )
    pixels = painted(found)
    for level, share in ((Level.GOOD, 0.2), (Level.USABLE, 0.5), (Level.POOR, 0.8)):
        xs, _ = where(pixels, verdict_color(DARK, level))
        assert xs.size > 20
        assert (
            abs(np.median(xs) - (map_place(DESK, ROOM).left() + share * map_place(DESK, ROOM).width())) < 80
        )


def test_a_place_that_was_not_looked_at_says_so_and_draws_no_error(qtbot: QtBot) -> None:
    pixels = painted(Validation((NOT_SEEN,), NAN, NAN, NAN, NAN))
    assert where(pixels, verdict_color(DARK, Level.UNKNOWN))[0].size > 20
    for level in (Level.GOOD, Level.USABLE, Level.POOR):
        assert not where(pixels, mark_color(DARK, level))[0].size


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize("off", [(4.0, 3.0), (-4.0, 3.0), (4.0, -3.0), (0.3, 0.2), (0.0, 6.0)])
@pytest.mark.parametrize("place", [(0.1, 0.1), (0.9, 0.1), (0.5, 0.5), (0.1, 0.9), (0.9, 0.9)])
def test_the_word_covers_neither_the_target_nor_the_disc(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    theme: Theme,
    off: tuple[float, float],
    place: tuple[float, float],
) -> None:
    found = validation(region(*place, *off, 1.5))
    with_word = painted(found, theme=theme)
    monkeypatch.setattr("assistive.ui.error_map._paint_word", lambda *_: QRectF())
    wordless = painted(found, theme=theme)
    changed = with_word != wordless
    assert changed.any()
    # What is changed was empty before: nothing but the panel's own colour.
    assert set(wordless[changed]) == {QColor(theme.panel).rgb()}


def test_an_error_beyond_the_screen_stays_on_the_map(qtbot: QtBot) -> None:
    pixels = painted(validation(region(0.9, 0.9, 400.0, 300.0, 90.0)))
    outside = np.ones(pixels.shape, bool)
    place = map_place(DESK, ROOM).toAlignedRect().adjusted(-3, -3, 3, 3)
    outside[place.top() : place.bottom() + 1, place.left() : place.right() + 1] = False
    assert set(pixels[outside]) == {QColor(DARK.ground).rgb()}


@pytest.mark.parametrize("grid", [*LADDER, *LINES])
def test_the_grid_that_fits_is_drawn_as_it_will_stand(qtbot: QtBot, grid: str) -> None:
    columns, rows = map(int, grid.split("x"))
    cells = grid_cells(grid, DESK)
    assert len({round(cell.x, 4) for cell in cells}) >= columns
    assert len({round(cell.y, 4) for cell in cells}) >= rows
    found = validation(region(0.5, 0.5, 0.4, 0, 0.2))
    assert (painted(found, grid) != painted(found)).any()


def test_a_grid_nobody_knows_is_not_drawn(qtbot: QtBot) -> None:
    assert not grid_cells("7x7", DESK)
    assert not grid_cells("", DESK)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize("level", list(Level))
def test_a_verdict_is_read_and_its_marks_are_seen(theme: Theme, level: Level) -> None:
    for ground in (theme.ground, theme.panel):
        assert contrast(verdict_color(theme, level), ground) >= 7
        assert contrast(mark_color(theme, level), ground) >= 3


def test_the_sentence_says_what_to_do_and_the_numbers_are_there_for_who_wants_them() -> None:
    def same(text: str) -> str:
        return text

    good, poor = validation(region(0.5, 0.5, 0.5, 0, 0.25)), validation(region(0.5, 0.5, 6, 0, 2))
    nothing = Validation((NOT_SEEN,), NAN, NAN, NAN, NAN)
    assert len({result_sentence(found, same) for found in (good, poor, nothing)}) == 3
    assert result_numbers(good, "9x6", same).startswith("Off by 0.5 cm (0.5°), spread 0.2 cm")
    assert "9 × 6" in result_numbers(good, "9x6", same)
    assert "keys" not in result_numbers(good, "", same)
    assert "keys" not in result_numbers(good, "damaged", same)
    assert result_numbers(nothing, "2x2", same) == ""
