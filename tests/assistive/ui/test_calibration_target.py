"""The target of a calibration: a ring or a picture that closes to a point and glides to its next place."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from assistive.ui.calibration_target import (
    GLIDE_S,
    PICTURE_PX,
    POINT_PX,
    RING_PX,
    Glide,
    paint_picture,
    paint_ring,
    read_picture,
    target_rect,
)
from assistive.ui.theme import DARK
from calibration.settle import REACTION_S

MIDDLE = QPointF(200, 200)


@pytest.fixture
def canvas(qtbot: QtBot) -> QImage:
    """An empty picture."""
    image = QImage(400, 400, QImage.Format.Format_RGB32)
    image.fill(QColor(DARK.ground))
    return image


def drawn(canvas: QImage) -> tuple[int, int, int, int]:
    """The left, top, right and bottom edge of what is not ground."""
    bits = canvas.constBits()
    assert bits is not None
    pixels = np.frombuffer(bits.asarray(canvas.sizeInBytes()), np.uint32).reshape(400, 400)
    ys, xs = np.nonzero(pixels != QColor(DARK.ground).rgb())
    return int(xs.min()), int(ys.min()), int(xs.max()), int(ys.max())


def ring(canvas: QImage, openness: float, scale: float = 1.0) -> None:
    painter = QPainter(canvas)
    paint_ring(painter, MIDDLE, openness, DARK, scale)
    painter.end()


def test_the_first_target_is_where_it_belongs_at_once() -> None:
    glide = Glide()
    glide.aim(5.0, (0.1, 0.9))
    assert glide.at(5.0) == (0.1, 0.9)
    assert glide.share(5.0) == 0.0  # the ring opens there


def test_the_next_one_is_reached_gently_and_without_detour() -> None:
    glide = Glide()
    glide.aim(0.0, (0.1, 0.9))
    glide.aim(2.0, (0.9, 0.1))
    way = [glide.at(2.0 + GLIDE_S * i / 20) for i in range(21)]
    places = [place for place in way if place is not None]
    assert places[0] == (0.1, 0.9)
    assert places[-1] == pytest.approx((0.9, 0.1))
    steps = [b[0] - a[0] for a, b in pairwise(places)]
    assert min(steps) >= 0
    assert max(steps[0], steps[-1]) < 0.3 * max(steps)
    assert all(x + y == pytest.approx(1.0) for x, y in places)


def test_nothing_counts_before_the_target_has_come_to_its_place() -> None:
    assert GLIDE_S < REACTION_S


def test_a_target_that_changes_on_its_way_goes_on_from_where_it_is() -> None:
    glide = Glide()
    glide.aim(0.0, (0.0, 0.5))
    glide.aim(1.0, (1.0, 0.5))
    before = glide.at(1.0 + GLIDE_S / 2)
    glide.aim(1.0 + GLIDE_S / 2, (0.0, 0.0))
    assert glide.at(1.0 + GLIDE_S / 2) == before


def test_where_nothing_should_move_it_jumps() -> None:
    glide = Glide()
    glide.aim(0.0, (0.1, 0.1), still=True)
    glide.aim(1.0, (0.9, 0.9), still=True)
    assert glide.at(1.0) == (0.9, 0.9)
    assert glide.share(1.0) == 1.0


def test_without_a_target_there_is_no_place() -> None:
    glide = Glide()
    assert glide.at(0.0) is None
    glide.aim(0.0, (0.5, 0.5))
    glide.aim(1.0, None)
    assert glide.at(1.0) is None
    glide.aim(2.0, (0.2, 0.2))
    assert glide.at(2.0) == (0.2, 0.2)


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_the_ring_closes_to_a_point_in_its_middle(canvas: QImage, scale: float) -> None:
    ring(canvas, 1.0, scale)
    left, top, right, bottom = drawn(canvas)
    assert (left + right) / 2 == pytest.approx(200, abs=1)
    assert right - left == pytest.approx(bottom - top, abs=1)
    assert right - left > 2 * RING_PX * scale
    assert target_rect(MIDDLE, scale).contains(QPointF(left, top))
    canvas.fill(QColor(DARK.ground))
    ring(canvas, 0.0, scale)
    left, _, right, _ = drawn(canvas)
    assert right - left <= 2 * POINT_PX * scale + 2
    assert canvas.pixelColor(200, 200) == QColor(DARK.ink)


def saved(path: Path, width: int, height: int) -> Path:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#c02020"))
    assert image.save(str(path))
    return path


@pytest.mark.parametrize(("width", "height"), [(90, 30), (20, 60), (3000, 1000)])
def test_a_picture_is_scaled_and_never_stretched(
    canvas: QImage, tmp_path: Path, width: int, height: int
) -> None:
    image = read_picture(saved(tmp_path / "picture.png", width, height))
    assert image is not None
    widths = []
    for openness in (1.0, 0.0):
        canvas.fill(QColor(DARK.ground))
        painter = QPainter(canvas)
        paint_picture(painter, MIDDLE, openness, image, 1.0)
        painter.end()
        left, top, right, bottom = drawn(canvas)
        assert (right - left + 1) / (bottom - top + 1) == pytest.approx(width / height, rel=0.1)
        assert (left + right + 1) / 2 == pytest.approx(200, abs=1)
        widths.append(max(right - left, bottom - top) + 1)
    assert widths[0] == pytest.approx(PICTURE_PX, abs=2)
    assert widths[1] < 0.3 * widths[0]


def test_what_cannot_be_read_is_no_picture(tmp_path: Path, qtbot: QtBot) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(saved(tmp_path / "whole.png", 50, 50).read_bytes()[:40])
    text = tmp_path / "text.png"
    text.write_text("not a picture", encoding="utf-8")
    for path in (broken, text, tmp_path / "missing.png", tmp_path, None):
        assert read_picture(path) is None
