"""The page of a calibration: under the targets of the board, pulled while something moves, gone when it is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from conftest import Stage
from PyQt6.QtCore import QPoint, QRect, Qt
from PyQt6.QtGui import QColor, QImage
from PyQt6.QtWidgets import QWidget

from assistive.boards.calibration_page import calibration_board, places
from assistive.boards.layout import load_layout
from assistive.gaze.messages import CalibrationShown, EndCalibration
from assistive.messages import BoardShown, Press, SettingsChanged
from assistive.settings import Settings
from assistive.ui.calibration_target import GLIDE_S, RING_PX
from assistive.ui.calibration_view import CALM_MS, FACE_MS, TARGET_MS, CalibrationPage
from assistive.ui.geometry import real_geometry
from assistive.ui.theme import DARK, THEMES
from calibration.gaze import Axes
from calibration.quality import RegionError, Validation
from calibration.view import CalibrationView, Phase
from devices.samples import FaceVerdict

EN = load_layout("en")
TARGET = CalibrationView(1.0, Phase.TARGET, (0.25, 0.3), 0.0, 2, 5)
FOUND = Validation((RegionError(0.5, 0.5, (0.5, 0.2), 0.6, 0.6, 0.3, 0.3, 60),), 0.6, 0.6, 0.3, 0.3)
RESULT = CalibrationView(1.0, Phase.RESULT, validation=FOUND, grid="9x6", message="Nine by six keys fit.")


@dataclass(frozen=True)
class Picture:
    """What a camera sent: all green."""

    width_px: int = 40
    height_px: int = 30
    rgb: bytes = bytes((20, 160, 20)) * 1200
    verdict: FaceVerdict = FaceVerdict.GOOD
    landmarks: None = None


@dataclass
class Calibrating:
    """A window in which somebody calibrates."""

    stage: Stage
    page: CalibrationPage = field(init=False)
    moment: CalibrationView | None = None
    pulls: int = 0
    seen: Picture | None = None
    ended: int = 0

    def __post_init__(self) -> None:
        clock = self.stage.clock
        self.page = CalibrationPage(
            self.stage.window.board, self.pull, lambda: self.seen, clock, lambda text: text
        )
        self.page.ended.connect(self.end)

    def pull(self) -> CalibrationView | None:
        self.pulls += 1
        return self.moment

    def end(self) -> None:
        self.ended += 1

    def show(self, moment: CalibrationView | None) -> None:
        """Come to this moment, as the engine tells, and show its board."""
        self.moment = moment
        self.page.show_moment(moment)
        if moment is not None:
            window = real_geometry(self.stage.window)
            board = calibration_board(moment, window, EN, Axes.BOTH, lambda text: text, calling=False)
            self.stage.show(BoardShown(1.0, board))
        self.stage.clock.advance(2 * GLIDE_S)

    def point(self, x: float, y: float) -> QPoint:
        """Where a place on the screen is in the window."""
        window = self.stage.window
        screen = window.screen()
        assert screen is not None
        size = screen.geometry()
        return QPoint(round(x * size.width()), round(y * size.height())) - window.pos() + size.topLeft()


@pytest.fixture
def calibrating(open_stage: Callable[..., Stage]) -> Calibrating:
    return Calibrating(open_stage((760, 560)))


def shot(widget: QWidget) -> QImage:
    """What the window shows, with everything on it."""
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    widget.render(image)
    return image


def pixels(image: QImage, rect: QRect | None = None) -> np.ndarray:
    """The colours in a part of a picture."""
    bits = image.constBits()
    assert bits is not None
    all_of_them = np.frombuffer(bits.asarray(image.sizeInBytes()), np.uint32)
    there = all_of_them.reshape(image.height(), image.bytesPerLine() // 4)
    r = (rect or image.rect()).intersected(image.rect())
    return there[r.top() : r.bottom() + 1, r.left() : r.right() + 1].copy()


def has(image: QImage, color: str, rect: QRect | None = None) -> bool:
    return bool((pixels(image, rect) == QColor(color).rgb()).any())


def around(point: QPoint, half: int) -> QRect:
    return QRect(point.x() - half, point.y() - half, 2 * half, 2 * half)


def test_nothing_is_seen_of_it_before_it_begins_and_after_it_is_over(calibrating: Calibrating) -> None:
    assert calibrating.page.isHidden()
    calibrating.show(TARGET)
    assert calibrating.page.isVisible()
    calibrating.show(None)
    assert calibrating.page.isHidden()
    assert not calibrating.page._frames.isActive()


def test_what_is_pulled_never_leads_back(calibrating: Calibrating) -> None:
    calibrating.show(replace(RESULT, t=5.0))
    for late in (None, replace(TARGET, t=4.9)):
        calibrating.moment = late
        pulls = calibrating.pulls
        calibrating.stage.qtbot.waitUntil(lambda n=pulls: calibrating.pulls > n + 1)
        assert calibrating.page.isVisible()
        assert calibrating.page.accessibleName() == RESULT.message


def test_the_choices_lie_on_it_and_are_pressed_as_always(calibrating: Calibrating) -> None:
    calibrating.show(TARGET)
    help_ = calibrating.stage.button("help")
    calibrating.stage.settle()
    assert has(shot(calibrating.stage.window), DARK.help, help_.geometry())
    calibrating.stage.qtbot.mouseClick(calibrating.stage.button("calibrate:end"), Qt.MouseButton.LeftButton)
    assert [press.target_id for press in calibrating.stage.posted_of(Press)] == ["calibrate:end"]


def test_it_is_as_large_as_the_board_after_any_resize(calibrating: Calibrating) -> None:
    calibrating.show(RESULT)
    for width, height in ((640, 480), (500, 520)):
        calibrating.stage.window.resize(width, height)
        board = calibrating.stage.window.board
        calibrating.stage.qtbot.waitUntil(
            lambda w=width, b=board: b.width() == w and calibrating.page.size() == b.size()
        )


def test_the_target_is_where_it_is_on_the_screen_and_closes(calibrating: Calibrating) -> None:
    calibrating.show(TARGET)
    middle = calibrating.point(0.25, 0.3)
    open_ = shot(calibrating.page)
    assert open_.pixelColor(middle).name() == DARK.ink
    ys, xs = np.nonzero(pixels(open_) == QColor(DARK.dwell).rgb())
    scale = min(calibrating.page.width(), calibrating.page.height()) / 1080
    assert (xs.max() - xs.min()) / 2 == pytest.approx(RING_PX * scale, abs=5)
    assert (xs.max() + xs.min()) / 2 == pytest.approx(middle.x(), abs=2)
    assert (ys.max() + ys.min()) / 2 == pytest.approx(middle.y(), abs=2)
    calibrating.show(replace(TARGET, progress=1.0))
    closed = shot(calibrating.page)
    assert not has(closed, DARK.dwell)
    assert closed.pixelColor(middle).name() == DARK.ink


def test_the_former_target_is_wiped_away(calibrating: Calibrating) -> None:
    calibrating.show(TARGET)
    former = around(calibrating.point(0.25, 0.3), 40)
    calibrating.show(replace(TARGET, place=(0.5, 0.6), number=3))
    assert set(pixels(shot(calibrating.page), former).flat) == {QColor(DARK.ground).rgb()}
    assert has(shot(calibrating.page), DARK.ink, around(calibrating.point(0.5, 0.6), 20))


@pytest.mark.parametrize("place", [(0.25, 0.3), (0.25, 0.6)])
def test_what_is_said_is_said_far_from_the_target(
    calibrating: Calibrating, place: tuple[float, float]
) -> None:
    calibrating.show(replace(TARGET, place=place, number=1, of=1))
    plain = pixels(shot(calibrating.page))
    calibrating.show(
        replace(TARGET, place=place, number=1, of=1, message="Paused. It goes on when you look.")
    )
    ys, _ = np.nonzero(pixels(shot(calibrating.page)) != plain)
    assert ys.size
    assert np.abs(ys - calibrating.point(*place).y()).min() > 0.15 * calibrating.page.height()
    assert calibrating.page.accessibleName() == "Paused. It goes on when you look."


def test_one_look_needs_no_number(calibrating: Calibrating) -> None:
    calibrating.show(replace(TARGET, number=1, of=1))
    rect = places(TARGET, real_geometry(calibrating.page), Axes.BOTH).small
    width, height = calibrating.page.width(), calibrating.page.height()
    corner = QRect(
        round(rect.x * width), round(rect.y * height), round(rect.w * width), round(rect.h * height)
    )
    assert set(pixels(shot(calibrating.page), corner).flat) == {QColor(DARK.ground).rgb()}
    calibrating.show(TARGET)
    assert len(set(pixels(shot(calibrating.page), corner).flat)) > 1


def test_a_picture_takes_the_place_of_the_ring_and_one_that_is_broken_does_not(
    calibrating: Calibrating, tmp_path: Path
) -> None:
    picture = QImage(60, 30, QImage.Format.Format_RGB32)
    picture.fill(QColor("#c02020"))
    assert picture.save(str(tmp_path / "bear.png"))
    calibrating.page.apply(Settings().changed("gaze.picture", str(tmp_path / "bear.png")))
    calibrating.show(TARGET)
    image = shot(calibrating.page)
    assert has(image, "#c02020", around(calibrating.point(0.25, 0.3), 20))
    assert not has(image, DARK.dwell)
    calibrating.page.apply(Settings().changed("gaze.picture", str(tmp_path / "gone.png")))
    assert has(shot(calibrating.page), DARK.dwell)


@pytest.mark.parametrize(
    ("moment", "every_ms"),
    [(TARGET, TARGET_MS), (CalibrationView(1.0, Phase.FACE), FACE_MS), (RESULT, CALM_MS)],
)
def test_it_is_pulled_as_often_as_something_can_move(
    calibrating: Calibrating, moment: CalibrationView, every_ms: int
) -> None:
    calibrating.show(moment)
    assert calibrating.page._frames.interval() == every_ms
    pulls = calibrating.pulls
    calibrating.stage.qtbot.waitUntil(lambda: calibrating.pulls > pulls + 2)
    calibrating.stage.window.hide()
    assert not calibrating.page._frames.isActive()


def test_a_step_of_the_ring_comes_by_itself(calibrating: Calibrating) -> None:
    calibrating.show(TARGET)
    calibrating.moment = replace(TARGET, progress=1.0)
    calibrating.stage.qtbot.waitUntil(lambda: not has(shot(calibrating.page), DARK.dwell))


def test_the_face_is_shown_with_its_verdict(calibrating: Calibrating) -> None:
    calibrating.seen = Picture()
    calibrating.show(CalibrationView(1.0, Phase.FACE))
    image = shot(calibrating.page)
    assert has(image, "#14a014")
    assert has(image, DARK.go)
    bad = CalibrationView(
        1.0, Phase.FACE, verdict=FaceVerdict.DARK, message="Put a lamp in front of the face."
    )
    calibrating.seen = Picture(verdict=FaceVerdict.DARK)
    calibrating.show(bad)
    assert not has(shot(calibrating.page), DARK.go)
    assert has(shot(calibrating.page), DARK.on_help)
    assert calibrating.page.accessibleName() == bad.message


def test_the_pictures_of_a_face_are_not_kept(calibrating: Calibrating) -> None:
    calibrating.seen = Picture()
    calibrating.show(CalibrationView(1.0, Phase.FACE))
    calibrating.show(None)
    calibrating.seen = None
    calibrating.show(CalibrationView(1.0, Phase.FACE))
    assert not has(shot(calibrating.page), "#14a014")


def test_the_result_is_a_map_and_a_sentence(calibrating: Calibrating) -> None:
    calibrating.show(RESULT)
    assert calibrating.page.accessibleName() == RESULT.message
    rect = places(RESULT, real_geometry(calibrating.page), Axes.BOTH).picture
    width, height = calibrating.page.width(), calibrating.page.height()
    part = QRect(round(rect.x * width), round(rect.y * height), round(rect.w * width), round(rect.h * height))
    assert has(shot(calibrating.page), DARK.go, part)
    assert [b.isVisible() for b in map(calibrating.stage.button, ("calibrate:use", "calibrate:again"))] == [
        True
    ] * 2


@pytest.mark.parametrize("theme", THEMES)
def test_the_seconds_until_it_is_used_by_itself_are_counted_down(
    calibrating: Calibrating, theme: str
) -> None:
    calibrating.page.apply(Settings().changed("look.theme", theme))
    calibrating.show(replace(RESULT, t=10.0))
    waits = pixels(shot(calibrating.page))
    calibrating.show(replace(RESULT, t=10.0, over_at=34.3))
    before = pixels(shot(calibrating.page))
    assert (before != waits).any()
    calibrating.show(replace(RESULT, t=10.2, over_at=34.3))
    assert (pixels(shot(calibrating.page)) == before).all(), "the same second"
    calibrating.moment = replace(RESULT, t=20.0, over_at=34.3)
    calibrating.stage.qtbot.waitUntil(lambda: (pixels(shot(calibrating.page)) != before).any())


@pytest.mark.parametrize("phase", [Phase.FITTING, Phase.LEFT, Phase.RESULT])
def test_every_phase_says_something_even_when_nothing_is_told(calibrating: Calibrating, phase: Phase) -> None:
    calibrating.show(CalibrationView(1.0, phase, validation=FOUND if phase is Phase.RESULT else None))
    assert calibrating.page.accessibleName()
    assert has(shot(calibrating.page), DARK.ink)


def test_escape_ends_it_and_does_nothing_on_the_board(calibrating: Calibrating) -> None:
    calibrating.stage.activate()
    calibrating.stage.qtbot.keyClick(calibrating.stage.window, Qt.Key.Key_Escape)
    assert calibrating.ended == 0
    calibrating.show(TARGET)
    calibrating.stage.qtbot.keyClick(calibrating.stage.window, Qt.Key.Key_Escape)
    assert calibrating.ended == 1


def test_the_window_shows_what_the_engine_tells_and_tells_it_of_escape(stage: Stage) -> None:
    stage.activate()
    stage.show(CalibrationShown(1.0, RESULT))
    stage.qtbot.waitUntil(stage.window.calibration.isVisible)
    assert stage.window.calibration.accessibleName() == RESULT.message
    stage.qtbot.keyClick(stage.window, Qt.Key.Key_Escape)
    assert stage.posted_of(EndCalibration) == [EndCalibration(100.0)]
    stage.show(SettingsChanged(2.0, Settings().changed("look.theme", "light")))
    assert shot(stage.window.calibration).pixelColor(QPoint(2, 2)).name() == THEMES["light"].ground
    stage.show(CalibrationShown(3.0, None))
    stage.qtbot.waitUntil(stage.window.calibration.isHidden)


@pytest.mark.parametrize("name", THEMES)
def test_it_is_drawn_in_the_theme_of_now(calibrating: Calibrating, name: str) -> None:
    calibrating.page.apply(Settings().changed("look.theme", name))
    calibrating.show(TARGET)
    image = shot(calibrating.page)
    assert image.pixelColor(QPoint(2, 2)).name() == THEMES[name].ground
    assert has(image, THEMES[name].dwell)
