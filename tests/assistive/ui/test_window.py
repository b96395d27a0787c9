"""The window: it tells its size and place, keeps the keys harmless, and applies settings at once."""

from __future__ import annotations

from itertools import pairwise

import pytest
from conftest import Stage
from pictures import picture
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QApplication, QWidget

from assistive.messages import HelpShown, Press, SettingsChanged, WindowGeometry
from assistive.settings import Settings
from assistive.ui.theme import DARK, LIGHT


def geometries(stage: Stage) -> list[WindowGeometry]:
    """What the window has told about itself."""
    return [m for m in stage.posted if isinstance(m, WindowGeometry)]


def test_the_window_tells_its_size_in_pixels_and_millimetres(stage: Stage) -> None:
    told = geometries(stage)[-1].geometry
    assert (told.width_px, told.height_px) == (960, 540)
    assert told.width_mm / told.width_px == pytest.approx(told.height_mm / told.height_px, rel=0.1)


def test_the_window_tells_every_new_size_and_place_once(stage: Stage) -> None:
    stage.window.resize(1000, 600)
    stage.qtbot.waitUntil(lambda: geometries(stage)[-1].geometry.width_px == 1000)
    before = stage.window.geometry().x()
    stage.window.move(before + 40, 30)
    stage.qtbot.waitUntil(lambda: stage.window.geometry().x() != before)
    screen = stage.window.screen()
    assert screen is not None
    share = stage.window.geometry().x() / screen.geometry().width()
    stage.qtbot.waitUntil(lambda: geometries(stage)[-1].window[0] == pytest.approx(share))
    told = geometries(stage)
    assert all(a != b for a, b in pairwise(told))


def test_closing_asks_nothing_and_tells(stage: Stage) -> None:
    with stage.qtbot.waitSignal(stage.window.closed):
        assert stage.window.close()


def test_escape_does_nothing(stage: Stage) -> None:
    stage.posted.clear()
    stage.qtbot.keyClick(stage.window, Qt.Key.Key_Escape)
    assert stage.window.isVisible()
    assert stage.posted == []


def test_f11_goes_to_full_screen_and_back(stage: Stage) -> None:
    stage.qtbot.keyClick(stage.window, Qt.Key.Key_F11)
    assert stage.window.isFullScreen()
    stage.qtbot.keyClick(stage.window, Qt.Key.Key_F11)
    assert not stage.window.isFullScreen()


def test_keys_go_to_the_switch(stage: Stage) -> None:
    keys: list[str] = []
    stage.window.key_pressed = lambda name: keys.append(f"{name} down")
    stage.window.key_released = lambda name: keys.append(f"{name} up")
    stage.qtbot.keyClick(stage.window, Qt.Key.Key_Space)
    stage.qtbot.keyClick(stage.window, Qt.Key.Key_F8)
    assert keys == ["Space down", "Space up", "F8 down", "F8 up"]


def type_as_partner(stage: Stage) -> None:
    stage.activate()
    partner = stage.window.board.panel.partner
    stage.qtbot.mouseClick(partner, Qt.MouseButton.LeftButton)
    assert partner.field.hasFocus()
    stage.qtbot.keyClicks(partner.field, "Are you")


def assert_the_keyboard_is_a_switch(stage: Stage) -> None:
    switches: list[str] = []
    stage.window.key_pressed = switches.append
    stage.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert switches == ["Space"]
    assert not stage.posted_of(Press)


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_after_the_partner_has_typed_the_keyboard_presses_no_key(stage: Stage, end: Qt.Key) -> None:
    type_as_partner(stage)
    stage.qtbot.keyClick(stage.window.board.panel.partner.field, end)
    assert_the_keyboard_is_a_switch(stage)


def test_a_partner_who_types_while_help_is_called_presses_no_key(stage: Stage) -> None:
    type_as_partner(stage)
    stage.show(HelpShown(1.0, True))
    stage.qtbot.waitUntil(stage.window.board.help_band.isVisible)
    assert_the_keyboard_is_a_switch(stage)


def test_who_answered_help_by_the_keyboard_presses_no_key(stage: Stage) -> None:
    stage.activate()
    band = stage.window.board.help_band
    stage.show(HelpShown(1.0, True))
    stage.qtbot.waitUntil(band.isVisible)
    band.button.setFocus()
    stage.show(HelpShown(2.0, False))
    stage.qtbot.waitUntil(lambda: not band.isVisible())
    assert_the_keyboard_is_a_switch(stage)


def test_a_key_that_is_held_is_up_when_the_window_is_left(stage: Stage) -> None:
    stage.activate()
    released: list[str] = []
    stage.window.key_released = released.append
    stage.qtbot.keyPress(stage.window, Qt.Key.Key_Space)
    other = QWidget()
    stage.qtbot.addWidget(other)
    with stage.qtbot.waitExposed(other):
        other.show()
    other.activateWindow()
    stage.qtbot.waitUntil(lambda: released == ["Space"])


def test_a_new_theme_is_drawn_at_once(stage: Stage) -> None:
    def corner() -> str:
        return picture(stage.window).pixelColor(QPoint(2, 2)).name()

    assert corner() == DARK.ground
    stage.show(SettingsChanged(1.0, Settings().changed("look.theme", "light")))
    stage.qtbot.waitUntil(lambda: corner() == LIGHT.ground)
