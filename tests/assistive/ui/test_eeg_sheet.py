"""What a calibration by EEG says on the window: readable in every theme and language, and still while something flashes."""

from __future__ import annotations

from itertools import combinations

import pytest
from conftest import Stage
from pictures import colors, count, picture
from PyQt6.QtCore import QEvent, QObject, QPoint, QRect, QRectF
from PyQt6.QtGui import QPaintEvent
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from assistive.boards.board import Geometry
from assistive.boards.eeg_calibration_page import eeg_calibration_board, eeg_places
from assistive.boards.layout import load_layout
from assistive.eeg import calibration_words
from assistive.eeg.calibration_view import EegCalibrationView, EegPhase
from assistive.eeg.messages import EegShown
from assistive.eeg.rounds import KEYS, key_labels
from assistive.i18n import Translate, translator
from assistive.messages import BoardShown, SettingsChanged
from assistive.settings import Settings
from assistive.ui import eeg_sheet
from assistive.ui.eeg_sheet import EegSheet
from assistive.ui.geometry import real_geometry
from assistive.ui.reliability_plot import plot_square, point_in
from assistive.ui.theme import DARK, THEMES, contrast
from calibration.gaze import Axes
from calibration.verdict import Verdict

PAIRS = ((0.3, 0.28), (0.6, 0.57), (0.97, 0.95))
WHY = (
    "EEG does not help now: the response to the flashes is too weak, it would choose right only {right} times "
    "out of 100."
)
CAUSE = "These electrodes are in poor contact: {channels}. Mend them, then calibrate again."
FLASHING = EegCalibrationView(EegPhase.FLASHING, "Look at B.", wanted=KEYS[1], done=4, most=12)
RESULT = EegCalibrationView(
    EegPhase.RESULT, "It helps.", "It is used soon.", "", 6, 12, 0, Verdict.HELPS, PAIRS, (0.05, 0.07)
)


def long_views(tr: Translate) -> list[EegCalibrationView]:
    """The moments with the most to say."""
    why = tr(WHY).format(right=23) + " " + tr(CAUSE).format(channels="Fz, Cz, Pz, P3, P4, PO7, PO8, Oz")
    words = calibration_words
    soon = words.board_soon(60, tr)
    return [
        EegCalibrationView(EegPhase.READY, words.ready(tr), words.takes(tr), most=12),
        EegCalibrationView(
            EegPhase.READY, words.ready(tr), words.kept_rounds(5, 12, tr), most=12, resumable=5
        ),
        EegCalibrationView(
            EegPhase.FLASHING, words.look_at(key_labels(tr)[KEYS[1]], tr), wanted=KEYS[1], done=4, most=12
        ),
        EegCalibrationView(EegPhase.BREAK, words.rest(15, tr), done=8, most=12),
        EegCalibrationView(EegPhase.PAUSED, words.broken(tr), done=4, most=12),
        EegCalibrationView(EegPhase.FITTING, words.fitting(tr), done=12, most=12),
        EegCalibrationView(EegPhase.RESULT, why, soon, "", 12, 12, 0, Verdict.UNUSABLE, PAIRS, (0.35, 0.47)),
        EegCalibrationView(EegPhase.RESULT, why, soon, "", 12, 12, 0, Verdict.UNUSABLE),
        EegCalibrationView(EegPhase.RESULT, words.not_fitted(tr), soon, "", 12, 12),
    ]


def show(stage: Stage, view: EegCalibrationView) -> None:
    """Show this moment and its board, as the engine tells."""
    geometry = real_geometry(stage.window.board)
    board = eeg_calibration_board(view, geometry, load_layout("en"), Axes.BOTH, str, calling=False)
    stage.show(EegShown(1.0, view), BoardShown(1.0, board))


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "geometry",
    [
        Geometry(1920, 1080, 531.0, 299.0),
        Geometry(1280, 720, 290.0, 163.0),
        Geometry(800, 1280, 120.0, 192.0),
        Geometry(960, 540, 266.0, 149.0),
    ],
)
@pytest.mark.parametrize("axes", list(Axes))
def test_every_word_has_room_and_none_covers_another(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    geometry: Geometry,
    axes: Axes,
) -> None:
    tr = translator(language)
    assert language == "en" or tr(WHY) != WHY, "the verdict's own sentence"
    monkeypatch.setattr(eeg_sheet, "real_geometry", lambda _: geometry)
    board = QWidget()
    qtbot.addWidget(board)
    sheet = EegSheet(board, tr)
    sheet.resize(geometry.width_px, geometry.height_px)
    sheet.apply(Settings().changed("gaze.axes", axes.value))
    for view in long_views(tr):
        where = eeg_places(view, geometry, axes)
        placed = sheet.laid_out(view, where)
        assert [words.text for words, _, _ in placed] == [words.text for words in sheet.words(view)]
        assert not [words.text for words, text, _ in placed if text.elided]
        room = QRectF(
            where.words.x * geometry.width_px - 1,
            where.words.y * geometry.height_px - 1,
            where.words.w * geometry.width_px + 2,
            where.words.h * geometry.height_px + 2,
        )
        for _, text, block in placed:
            assert room.contains(block)
            assert text.font.pixelSize() >= int(sheet.scale().smallest_px)
        for (_, _, one), (_, _, other) in combinations(placed, 2):
            assert not one.intersects(other)


@pytest.mark.parametrize("name", THEMES)
def test_it_is_drawn_in_the_theme_of_now_and_can_be_read(stage: Stage, name: str) -> None:
    sheet, theme = stage.window.eeg_sheet, THEMES[name]
    stage.show(SettingsChanged(1.0, Settings().changed("look.theme", name)))
    show(stage, RESULT)
    image = picture(sheet)
    assert image.pixelColor(QPoint(2, 2)).name() == theme.ground
    assert {theme.ink, theme.dwell} <= colors(sheet)
    for verdict in (None, *Verdict):
        for words in sheet.words(EegCalibrationView(EegPhase.RESULT, "Why.", "Note.", verdict=verdict)):
            assert contrast(words.color, theme.ground) >= 7.0


def test_the_verdict_is_a_word_and_what_is_unusable_has_no_kind_colour(stage: Stage) -> None:
    sheet = stage.window.eeg_sheet
    told = {}
    for verdict in (None, *Verdict):
        first = sheet.words(EegCalibrationView(EegPhase.RESULT, "Why.", verdict=verdict))[0]
        told[verdict] = first
    assert told[Verdict.UNUSABLE].text == "EEG does not help now"
    assert told[Verdict.HELPS].color == DARK.go
    assert told[Verdict.UNUSABLE].color not in (DARK.go, DARK.model)
    assert len({words.text for words in told.values()}) == len({words.color for words in told.values()}) == 4


def test_the_words_are_read_aloud_by_assistive_technology(stage: Stage) -> None:
    sheet = stage.window.eeg_sheet
    show(stage, RESULT)
    for part in ("EEG helps", "It helps.", "5 wrong choices", "7 were", "It is used soon."):
        assert part in sheet.accessibleName()


def test_it_lies_under_the_letters_which_are_drawn_as_such(stage: Stage) -> None:
    show(stage, FLASHING)
    stage.settle()
    letter = stage.button(KEYS[1])
    assert not letter.isEnabled() and letter.accessibleName() == "B"
    image = picture(stage.window)
    middle = letter.geometry().center()
    around = QRect(middle.x() - 8, middle.y() - 8, 16, 16)
    seen = {
        image.pixelColor(x, y).name()
        for x in range(around.left(), around.right())
        for y in range(around.top(), around.bottom())
    }
    assert {DARK.ink, DARK.cell} <= seen


class Paints(QObject):
    """Notes what of a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.parts: list[QRect] = []
        widget.installEventFilter(self)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if isinstance(a1, QPaintEvent):
            self.parts.append(a1.rect())
        return False


def test_no_more_than_the_letters_is_painted_anew_when_the_flashing_begins(stage: Stage) -> None:
    paints = Paints(stage.window.eeg_sheet)
    show(stage, EegCalibrationView(EegPhase.CUE, "Look at B.", wanted=KEYS[1], done=4, most=12))
    stage.qtbot.waitUntil(lambda: bool(paints.parts))
    stage.settle()
    paints.parts.clear()
    stage.show(EegShown(2.0, FLASHING))
    stage.settle()
    assert all(stage.button(KEYS[1]).geometry().contains(part) for part in paints.parts)
    stage.show(EegShown(3.0, EegCalibrationView(EegPhase.BREAK, "Blink.", done=5, most=12)))
    stage.qtbot.waitUntil(lambda: stage.window.eeg_sheet.rect() in paints.parts)


def test_how_far_it_is_can_be_seen(stage: Stage) -> None:
    sheet = stage.window.eeg_sheet
    filled = []
    for done in (1, 6, 12):
        show(stage, EegCalibrationView(EegPhase.PAUSED, "", done=done, most=12))
        filled.append(count(sheet, DARK.dwell))
    assert filled[0] > 0 and filled[1] == pytest.approx(6 * filled[0], rel=0.1)
    assert filled[2] == pytest.approx(12 * filled[0], rel=0.1)
    show(stage, EegCalibrationView(EegPhase.READY, "Ready.", most=12))
    assert DARK.dwell not in colors(sheet)


def test_it_is_as_large_as_the_board_after_any_resize_and_gone_when_it_is_over(stage: Stage) -> None:
    sheet = stage.window.eeg_sheet
    show(stage, RESULT)
    stage.window.resize(640, 480)
    stage.qtbot.waitUntil(
        lambda: stage.window.board.width() == 640 and sheet.size() == stage.window.board.size()
    )
    assert sheet.isVisible()
    stage.show(EegShown(2.0, None))
    assert sheet.isHidden()


def test_the_plot_has_a_disc_on_the_diagonal_where_the_claim_is_true() -> None:
    square = plot_square(QRectF(0, 0, 300, 200), 20, 5)
    assert square == QRectF(75, 25, 150, 150)
    assert (
        point_in(square, 0.0, 0.0) == square.bottomLeft() and point_in(square, 1.0, 1.0) == square.topRight()
    )
    assert point_in(square, 0.9, 0.4).y() > point_in(square, 0.9, 0.9).y(), "overconfidence lies below"
    assert square.contains(point_in(square, 1.7, -3.0))


def test_the_discs_are_where_they_belong_and_what_is_no_number_is_left_out(stage: Stage) -> None:
    sheet = stage.window.eeg_sheet
    true = EegCalibrationView(EegPhase.RESULT, "Why.", verdict=Verdict.HELPS, reliability=((0.5, 0.5),))
    show(stage, true)
    one = count(sheet, DARK.dwell)
    assert one > 0
    odd = ((0.5, 0.5), (float("nan"), 0.5), (0.2, float("inf")))
    show(stage, EegCalibrationView(EegPhase.RESULT, "Why.", verdict=Verdict.HELPS, reliability=odd))
    assert count(sheet, DARK.dwell) == one
