"""A target: a real button that looks as its kind does and draws its dwell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Stage
from hand_made_board import WORDS, letters_board
from pictures import colors, count, picture
from PyQt6.QtCore import QEvent, QObject, QPoint, Qt

from assistive.messages import BoardShown, Press
from assistive.settings import Settings
from assistive.ui.target_button import TargetButton
from assistive.ui.theme import THEMES


def test_assistive_technology_sees_a_button_with_a_name(stage: Stage) -> None:
    assert stage.button("letter:a").accessibleName() == "a"
    assert stage.button("help").accessibleName() == "help"


def test_a_click_an_enter_and_an_accessible_press_choose(stage: Stage) -> None:
    button = stage.button("letter:a")
    stage.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    stage.qtbot.keyClick(button, Qt.Key.Key_Return)
    button.click()
    assert stage.posted_of(Press) == [Press(100.0, "letter:a", "a")] * 3


def test_a_press_during_which_the_slot_changes_is_for_what_it_showed_at_first(
    open_stage: Callable[..., Stage],
) -> None:
    stage = open_stage(board=letters_board(words=("tea", "", "", "", "")))
    button = stage.button("word:0")
    stage.qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    stage.show(BoardShown(1.0, letters_board(words=("pain", "", "", "", ""))))
    stage.qtbot.waitUntil(lambda: button.target.label == "pain")
    stage.qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert stage.posted_of(Press) == [Press(100.0, "word:0", "tea")]


def test_the_gap_between_targets_chooses_nothing(stage: Stage) -> None:
    stage.qtbot.mouseClick(stage.button("letter:a"), Qt.MouseButton.LeftButton, pos=QPoint(1, 20))
    assert not stage.posted_of(Press)


def test_an_empty_slot_is_quiet_and_cannot_be_chosen(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(board=letters_board(words=("to", "", "", "", "")))
    empty = stage.button("word:1")
    assert not empty.isEnabled()
    stage.qtbot.mouseClick(empty, Qt.MouseButton.LeftButton)
    empty.click()
    assert not stage.posted_of(Press)
    assert THEMES["dark"].empty in colors(empty)
    assert THEMES["dark"].ink not in colors(empty)


@pytest.mark.parametrize("name", THEMES)
def test_each_kind_is_drawn_in_the_colours_that_are_measured(
    open_stage: Callable[..., Stage], name: str
) -> None:
    stage = open_stage((1366, 768), Settings().changed("look.theme", name))
    theme = THEMES[name]
    stage.qtbot.waitUntil(lambda: theme.ink in colors(stage.button("word:0")))
    for target_id in ("letter:a", "word:0", "phrase:0", "undo", "yes", "speak", "help"):
        button = stage.button(target_id)
        expected = theme.cell_colors(button.target.kind)
        drawn = colors(button)
        assert {expected.fill, expected.ink, theme.ground} <= drawn, target_id
        assert not expected.outline or expected.outline in drawn, target_id


def test_the_dwell_draws_a_ring_and_a_frame_and_only_there(stage: Stage) -> None:
    dwell = THEMES["dark"].dwell
    stage.look_at("letter:e", 0.0)
    stage.settle()
    assert dwell not in colors(stage.button("letter:e")), "nothing is shown before the look has locked on"
    stage.look_at("letter:e", 0.5)
    stage.qtbot.waitUntil(lambda: dwell in colors(stage.button("letter:e")))
    half = count(stage.button("letter:e"), dwell)
    stage.look_at("letter:e", 0.9)
    stage.qtbot.waitUntil(lambda: count(stage.button("letter:e"), dwell) > half)
    assert dwell not in colors(stage.button("letter:f"))
    stage.look_at(None, 0.0)
    stage.qtbot.waitUntil(lambda: dwell not in colors(stage.button("letter:e")))


class Paints(QObject):
    """Counts what is painted, by widget."""

    def __init__(self, buttons: dict[str, TargetButton]) -> None:
        super().__init__()
        self.painted: list[str] = []
        self._names = {button: name for name, button in buttons.items()}
        for button in buttons.values():
            button.installEventFilter(self)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if a1 is not None and a1.type() == QEvent.Type.Paint and isinstance(a0, TargetButton):
            self.painted.append(self._names[a0])
        return False


def test_a_dwell_repaints_its_target_alone(stage: Stage) -> None:
    stage.settle()
    names = ("letter:e", "letter:d", "letter:f", "word:2", "help")
    paints = Paints({name: stage.button(name) for name in names})
    for percent in range(1, 60, 10):
        stage.look_at("letter:e", percent / 100)
        painted = len(paints.painted)
        stage.qtbot.waitUntil(lambda before=painted: len(paints.painted) > before)
    assert set(paints.painted) == {"letter:e"}


def test_changed_words_fade_together_and_the_rest_is_left_alone(stage: Stage) -> None:
    stage.settle()
    words = [f"word:{i}" for i in range(5)]
    paints = Paints({name: stage.button(name) for name in [*words, "letter:e"]})
    before, new = picture(stage.button("word:0")), ("inside", *WORDS[1:])
    stage.show(BoardShown(1.0, letters_board(words=new, width=960, height=540)))
    assert stage.button("word:0").accessibleName() == "inside"
    assert picture(stage.button("word:0")) == before, "nothing jumps"
    stage.settle()
    assert picture(stage.button("word:0")) != before
    assert "letter:e" not in paints.painted


def test_the_keyboard_shows_where_it_is_and_nothing_else_does(stage: Stage) -> None:
    stage.activate()
    stage.settle()
    assert not any(stage.button(t.id).hasFocus() for t in letters_board().targets)
    before = picture(stage.button("speak"))
    stage.button("speak").setFocus(Qt.FocusReason.TabFocusReason)
    stage.qtbot.waitUntil(lambda: picture(stage.button("speak")) != before)
