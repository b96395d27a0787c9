"""The camera's picture: a mirror, with the face's lines, and a verdict that is a word and a colour."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from assistive.ui.face_check import EYES, IRISES, OVAL, face_level, face_word, paint_preview, picture_place
from assistive.ui.theme import DARK
from assistive.ui.verdict_colors import mark_color
from calibration.level import Level
from devices.samples import FaceVerdict

ROOM = QRectF(20, 20, 360, 260)
RED, BLUE = (200, 30, 30), (30, 30, 200)


@dataclass(frozen=True)
class Picture:
    """What a camera sent."""

    width_px: int = 64
    height_px: int = 48
    rgb: bytes = bytes(RED * 32 + BLUE * 32) * 48  # red on its left, blue on its right
    verdict: FaceVerdict = FaceVerdict.GOOD
    landmarks: NDArray[np.float32] | None = None


def face_at(x: float, y: float) -> NDArray[np.float32]:
    """A mesh of which every line is a small circle around one place, the irises a tiny one."""
    mesh = np.full((478, 2), (x, y), np.float32)
    for line, radius in ((OVAL, 0.2), (EYES[0], 0.1), (EYES[1], 0.1), (IRISES[0], 0.03), (IRISES[1], 0.03)):
        turn = np.linspace(0, 2 * np.pi, len(line), endpoint=False)
        mesh[list(line)] += radius * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return mesh


def painted(picture: Picture | None) -> QImage:
    """The picture as it is shown."""
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(QColor(DARK.ground))
    painter = QPainter(image)
    paint_preview(painter, ROOM, picture, DARK, 1.0)
    painter.end()
    return image


def test_left_is_left_as_in_a_mirror(qtbot: QtBot) -> None:
    shown = painted(Picture())
    assert shown.pixelColor(120, 150).getRgb()[:3] == BLUE
    assert shown.pixelColor(280, 150).getRgb()[:3] == RED


def test_the_picture_keeps_its_shape(qtbot: QtBot) -> None:
    for width, height in ((64, 48), (160, 90), (30, 90)):
        place = picture_place(Picture(width, height), ROOM)
        assert place.width() / place.height() == pytest.approx(width / height)
        assert ROOM.adjusted(-1, -1, 1, 1).contains(place)


def test_the_lines_of_the_eyes_lie_on_the_mirrored_face(qtbot: QtBot) -> None:
    shown = painted(Picture(landmarks=face_at(0.25, 0.5)))
    dwell = QColor(DARK.dwell).rgb()
    xs = [x for x in range(400) for y in range(300) if shown.pixel(x, y) == dwell]
    place = picture_place(Picture(), ROOM)
    assert min(xs) == pytest.approx(place.right() - 0.35 * place.width(), abs=4)
    assert max(xs) == pytest.approx(place.right() - 0.15 * place.width(), abs=4)


@pytest.mark.parametrize("verdict", list(FaceVerdict))
def test_every_verdict_has_a_word_and_a_frame_of_its_colour(qtbot: QtBot, verdict: FaceVerdict) -> None:
    assert face_word(verdict, lambda text: text)
    shown = painted(Picture(verdict=verdict))
    place = picture_place(Picture(), ROOM)
    frame = shown.pixelColor(round(place.center().x()), round(place.top()))
    assert frame.name() == mark_color(DARK, face_level(verdict))


def test_only_a_good_picture_is_green_and_no_two_verdicts_share_a_word() -> None:
    assert [v for v in FaceVerdict if face_level(v) is Level.GOOD] == [FaceVerdict.GOOD]
    assert {face_level(v) for v in FaceVerdict} == {Level.GOOD, Level.USABLE, Level.POOR}
    assert len({face_word(v, lambda text: text) for v in FaceVerdict}) == len(FaceVerdict)


@given(
    st.integers(-2, 80), st.integers(-2, 80), st.binary(max_size=200), st.sampled_from([None, 0, 5, 468, 478])
)
@settings(max_examples=40, deadline=None)
def test_a_damaged_picture_leaves_the_frame(
    width: int, height: int, rgb: bytes, n_points: int | None
) -> None:
    landmarks = None if n_points is None else np.full((n_points, 2), np.nan, np.float32)
    picture = Picture(width, height, rgb, landmarks=landmarks)
    if len(rgb) != 3 * width * height:
        assert painted(picture).pixelColor(200, 150).name() == DARK.panel


def test_without_a_camera_there_is_an_empty_frame(qtbot: QtBot) -> None:
    assert painted(None).pixelColor(200, 150).name() == DARK.panel


def test_a_mesh_that_is_not_finite_is_not_drawn(qtbot: QtBot) -> None:
    mesh = face_at(0.5, 0.5)
    mesh[3, 0] = np.inf
    assert painted(replace(Picture(), landmarks=mesh)) == painted(Picture())
