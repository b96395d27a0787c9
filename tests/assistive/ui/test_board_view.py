"""The board: widgets stay with their ids, follow the window's size, and rest when nothing moves."""

from __future__ import annotations

from collections.abc import Callable

from conftest import Stage
from hand_made_board import letters_board, rest_board, settings_board
from pictures import picture
from PyQt6.QtCore import QPoint, Qt, QTimer

from assistive.gaze.messages import CalibrationShown
from assistive.messages import BoardShown, HelpAnswered, HelpShown, PartnerSaid, Span, SpanStyle, TextShown
from assistive.settings import Settings
from assistive.ui.board_view import FRAME_MS, POLL_MS
from assistive.ui.theme import DARK
from calibration.view import CalibrationView, Phase


def test_a_target_keeps_its_widget_while_its_words_change(stage: Stage) -> None:
    word = stage.button("word:0")
    stage.show(BoardShown(1.0, letters_board(words=("a", "b", "c", "d", "e"), width=960, height=540)))
    stage.qtbot.waitUntil(lambda: word.accessibleName() == "a")
    assert stage.button("word:0") is word


def test_targets_that_are_gone_leave_the_accessibility_tree(stage: Stage) -> None:
    stage.show(BoardShown(1.0, rest_board()))
    stage.qtbot.waitUntil(lambda: stage.window.board.button("letter:a") is None)
    assert [t for t in ("wake", "help") if stage.button(t).isVisible()] == ["wake", "help"]
    assert not stage.window.board.panel.isVisible()


def test_every_target_stands_where_the_board_says_after_any_resize(stage: Stage) -> None:
    for width, height in ((1200, 700), (500, 900), (1366, 768)):
        stage.window.resize(width, height)
        stage.qtbot.waitUntil(lambda w=width: stage.window.board.width() == w)
        for target in letters_board(width=960, height=540).targets:
            center = stage.button(target.id).geometry().center()
            x, y = target.rect.center
            assert abs(center.x() - x * width) < 3
            assert abs(center.y() - y * height) < 3


def test_a_resize_loses_neither_text_nor_page(stage: Stage) -> None:
    stage.show(TextShown(1.0, (Span("hello", SpanStyle.OWN),)))
    stage.window.resize(700, 500)
    stage.qtbot.waitUntil(lambda: stage.window.board.panel.accessibleDescription() == "hello")
    assert stage.button("letter:z").isVisible()


def frames(stage: Stage) -> QTimer:
    """The timer that pulls the gaze."""
    timer: QTimer = stage.window.board._frames
    return timer


def test_frames_are_quick_while_something_moves_and_slow_when_nothing_does(stage: Stage) -> None:
    stage.qtbot.waitUntil(lambda: frames(stage).interval() == POLL_MS)
    stage.look_at("letter:a", 0.2)
    stage.qtbot.waitUntil(lambda: frames(stage).interval() == FRAME_MS)
    stage.clock.advance(1.0)
    stage.qtbot.waitUntil(lambda: frames(stage).interval() == POLL_MS)
    stage.window.hide()
    assert not frames(stage).isActive()


def test_the_dot_is_off_unless_it_is_wanted(open_stage: Callable[..., Stage]) -> None:
    plain = open_stage()
    plain.look_at("letter:a", 0.1)
    plain.qtbot.waitUntil(lambda: frames(plain).interval() == FRAME_MS)
    assert not plain.window.board._dot.isVisible()
    wanted = open_stage(settings=Settings().changed("look.gaze_cursor", True))
    wanted.look_at("letter:a", 0.1)
    dot = wanted.window.board._dot
    wanted.qtbot.waitUntil(dot.isVisible)
    assert abs(dot.geometry().center().x() - wanted.window.board.width() / 2) < 3
    wanted.look_at(None, 0.0)
    wanted.gaze = type(wanted.gaze)(0.0)
    wanted.qtbot.waitUntil(lambda: not dot.isVisible())


def test_tab_goes_through_the_targets_in_the_boards_order(stage: Stage) -> None:
    stage.activate()
    stage.button("letter:a").setFocus(Qt.FocusReason.TabFocusReason)
    stage.qtbot.keyClick(stage.button("letter:a"), Qt.Key.Key_Tab)
    assert stage.button("letter:b").hasFocus()


def test_a_call_for_help_is_shown_and_whoever_comes_can_answer_it(stage: Stage) -> None:
    band = stage.window.board.help_band
    assert not band.isVisible()
    stage.show(HelpShown(1.0, True, "The eyes are lost."))
    stage.qtbot.waitUntil(band.isVisible)
    assert "The eyes are lost." in band.accessibleName()
    stage.qtbot.mouseClick(band.button, Qt.MouseButton.LeftButton)
    assert stage.posted_of(HelpAnswered) == [HelpAnswered(100.0)]
    stage.show(HelpShown(2.0, False))
    stage.qtbot.waitUntil(lambda: not band.isVisible())


def test_help_is_shown_on_pages_without_text_too(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(board=rest_board())
    stage.show(HelpShown(1.0, True))
    band = stage.window.board.help_band
    stage.qtbot.waitUntil(band.isVisible)
    assert stage.window.board.rect().contains(band.geometry())
    assert not band.geometry().intersects(stage.button("wake").geometry())


def test_captions_and_notes_are_there_for_assistive_technology(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(board=settings_board())
    assert stage.window.board._captions["theme"].accessibleDescription() == "Dark is calm in a dim room."
    assert stage.button("theme:dark").accessibleDescription() == "chosen"


def test_what_the_partner_says_is_typed_on_their_line(stage: Stage) -> None:
    line = stage.window.board.panel.partner
    stage.qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    assert line.field.isVisible()
    stage.qtbot.keyClicks(line.field, "  tea or coffee?  ")
    stage.qtbot.keyClick(line.field, Qt.Key.Key_Return)
    assert stage.posted_of(PartnerSaid) == [PartnerSaid(100.0, "tea or coffee?")]
    assert not line.field.isVisible()


def test_escape_leaves_the_partners_line_and_keeps_what_was_typed(stage: Stage) -> None:
    line = stage.window.board.panel.partner
    stage.qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    stage.qtbot.keyClicks(line.field, "tea")
    stage.qtbot.keyClick(line.field, Qt.Key.Key_Escape)
    assert not line.field.isVisible()
    assert not stage.posted_of(PartnerSaid)
    assert line.field.text() == "tea"


def test_the_board_tells_once_that_it_was_painted(stage: Stage) -> None:
    calls: list[str] = []
    stage.window.when_painted(lambda: calls.append("painted"))
    stage.window.board.update()
    stage.qtbot.waitUntil(lambda: calls == ["painted"])
    stage.window.when_painted(lambda: calls.append("painted again"))
    stage.window.board.update()
    stage.qtbot.waitUntil(lambda: calls == ["painted", "painted again"])


def test_a_calibration_that_covers_all_of_the_board_is_painted_too(stage: Stage) -> None:
    calls: list[str] = []
    stage.show(CalibrationShown(1.0, CalibrationView(1.0, Phase.FACE)))
    stage.qtbot.waitUntil(stage.window.calibration.isVisible)
    stage.qtbot.waitExposed(stage.window)
    stage.window.when_painted(lambda: calls.append("painted"))
    stage.window.update()
    stage.qtbot.waitUntil(lambda: calls == ["painted"])


def test_the_ground_is_the_themes(stage: Stage) -> None:
    assert picture(stage.window).pixelColor(QPoint(2, 2)).name() == DARK.ground
