"""The page for a photodiode, by a clock that the story moves: the patch flashes as the keys do, and every flash has its marker."""

from __future__ import annotations

from itertools import pairwise

import pytest
from pictures import count
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from assistive.eeg.flash_patch import ON_S, PATCH, PAUSES, PLACES, SOA_S, patch_sequence
from assistive.eeg.marker_text import FlashMark, read_mark
from assistive.ui.caption_label import CaptionLabel
from assistive.ui.flash_look import solid_angle
from assistive.ui.geometry import real_geometry
from assistive.ui.photodiode_page import BRIGHT, DARK, PhotodiodePage
from assistive.ui.theme import DARK as DARK_THEME
from devices.clock import VirtualClock
from devices.samples import Marker


class Story:
    """The page, its clock and its markers."""

    def __init__(self, qtbot: QtBot, flashes: int = 20) -> None:
        self.qtbot, self.clock, self.markers = qtbot, VirtualClock(50.0), list[Marker]()
        self.page = PhotodiodePage(self.markers.append, self.clock, DARK_THEME, lambda text: text, flashes)
        qtbot.addWidget(self.page)
        with qtbot.waitExposed(self.page):
            self.page.resize(900, 600)
            self.page.show()

    def press(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.page, key)

    def go_on(self, seconds: float) -> None:
        for _ in range(round(1000 * seconds)):
            self.clock.advance(0.001)
            self.page.player.tick()

    def lit(self) -> bool:
        """Whether the patch is white; what it is painted as, not what it says."""
        white, black = count(self.page.patch, BRIGHT), count(self.page.patch, DARK)
        assert (white == 0) != (black == 0)
        return white > 0

    def told(self) -> str:
        """The sentence on the page."""
        caption = self.page.findChild(CaptionLabel)
        assert caption is not None
        return caption.text()


def test_nothing_flashes_before_the_space_bar(qtbot: QtBot) -> None:
    story = Story(qtbot)
    story.go_on(1.0)
    assert not story.markers and not story.lit()


def test_the_patch_is_white_with_each_flash_and_dark_between(qtbot: QtBot) -> None:
    story = Story(qtbot)
    story.press(Qt.Key.Key_Space)
    assert story.lit() and len(story.markers) == 1
    story.go_on(ON_S + 0.01)
    assert not story.lit()
    story.go_on(SOA_S - ON_S)
    assert story.lit() and len(story.markers) == 2


def test_every_flash_has_a_marker_and_pauses_have_none(qtbot: QtBot) -> None:
    story = Story(qtbot, flashes=20)
    story.press(Qt.Key.Key_Space)
    with qtbot.waitSignal(story.page.closed):
        story.go_on(20.0)
    marks = [read_mark(marker.label) for marker in story.markers]
    flashes = [
        (number, index)
        for number in (1, 2, 3)
        for index, flash in enumerate(patch_sequence(number, 0.0).flashes)
        if flash
    ]
    assert len(flashes) >= 20
    assert [(mark.number, mark.index) for mark in marks if isinstance(mark, FlashMark)] == flashes[
        : len(marks)
    ]
    assert all(isinstance(mark, FlashMark) and mark.targets == (PATCH,) for mark in marks)
    apart = [b.t - a.t for a, b in pairwise(story.markers)]
    assert min(apart) == pytest.approx(SOA_S, abs=0.003), "sequences follow each other without a hole"
    assert max(apart) >= PAUSES * SOA_S


def test_escape_ends_it_and_it_is_dark(qtbot: QtBot) -> None:
    story = Story(qtbot)
    story.press(Qt.Key.Key_Space)
    with qtbot.waitSignal(story.page.closed):
        story.press(Qt.Key.Key_Escape)
    assert not story.page.patch.lit


def test_a_window_that_hung_says_so_and_begins_again(qtbot: QtBot) -> None:
    story = Story(qtbot)
    story.press(Qt.Key.Key_Space)
    story.clock.advance(5.0)
    story.page.player.tick()
    assert "stopped" in story.told() and not story.lit()
    shown = len(story.markers)
    story.press(Qt.Key.Key_Space)
    assert story.lit() and len(story.markers) == shown + 1


def test_the_patch_is_so_small_that_it_may_go_from_black_to_white(qtbot: QtBot) -> None:
    story = Story(qtbot)
    mm = real_geometry(story.page.patch)
    assert solid_angle([mm.width_mm * mm.height_mm]) < 0.006 / 4
    keys = [story.page.board.button(name) for name in PLACES]
    assert all(key is not None and not key.geometry().intersects(story.page.patch.geometry()) for key in keys)
