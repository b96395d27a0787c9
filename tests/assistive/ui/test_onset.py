"""The stamp of what was painted: after the paint always, from the swap of the frame where OpenGL tells it."""

from __future__ import annotations

import os
from itertools import pairwise

import pytest
from conftest import Stage
from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtGui import QGuiApplication

from assistive.eeg.messages import FlashShown, ShowFlashes
from assistive.messages import SettingsChanged
from assistive.settings import Settings
from assistive.ui.onset import OnsetKind, draws_at_the_screens_pace, opengl_renderer


class Paints(QObject):
    """Counts what is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        self.count += a1 is not None and a1.type() == QEvent.Type.Paint
        return False


def test_what_is_stamped_is_painted_by_then_and_nothing_else(stage: Stage) -> None:
    stage.settle()
    stage.window.player.onset.show()
    flashing, other = Paints(), Paints()
    stage.button("letter:a").installEventFilter(flashing)
    stage.button("letter:b").installEventFilter(other)
    stage.button("letter:a").set_flash(0.09)
    assert flashing.count == 0
    stage.clock.advance(0.25)
    assert stage.window.player.onset.show() == stage.clock.now()
    assert (flashing.count, other.count) == (1, 0)


def test_without_eeg_nothing_is_asked_of_opengl(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr("assistive.ui.onset.opengl_renderer", lambda: asked.append(1) or "")
    stage.show(SettingsChanged(0.0, Settings().changed("look.theme", "light")))
    assert not asked and stage.window.player.kind is OnsetKind.AFTER_PAINT
    for strength in ("clear", "gentle"):
        settings = Settings().changed("eeg.source", "lsl").changed("eeg.strength", strength)
        stage.show(SettingsChanged(0.0, settings))
    assert len(asked) == 1 and stage.window.player.kind is OnsetKind.AFTER_PAINT


@pytest.mark.parametrize(
    ("renderer", "card"),
    [
        ("", False),
        ("llvmpipe (LLVM 15.0.6, 256 bits)", False),
        ("Software Rasterizer", False),
        ("Mesa Intel(R) UHD Graphics 620", True),
        ("AMD Radeon Graphics", True),
    ],
)
def test_only_the_swaps_of_a_graphics_card_tell_something(renderer: str, card: bool) -> None:
    assert draws_at_the_screens_pace(renderer) is card


def test_frame_swaps_are_the_stamps_where_a_card_draws(stage: Stage) -> None:
    if not opengl_renderer():
        pytest.skip("no OpenGL here")
    player = stage.window.player
    player.onset.use_frames("a card")
    stage.qtbot.waitUntil(lambda: player.kind is OnsetKind.FRAME_SWAPPED and player.onset.seen)
    stage.show(ShowFlashes(0.0, 1, (("letter:a",), ("letter:b",), ("letter:a",)), 0.1, 0.19))
    for _ in range(900):
        stage.clock.advance(0.001)
        player.tick()
    shown = [message for message in stage.posted if isinstance(message, FlashShown)]
    assert all(message.swapped for message in shown)
    times = [message.t for message in shown]
    frame = player.onset.frame_s
    assert len(times) == 3
    # In whole frames, painted half a frame before; by this clock the swap takes no time.
    for before, after in pairwise(times):
        frames = (after - before) / frame
        assert after - before >= 0.19 - frame and frames == pytest.approx(round(frames), abs=0.6)


def test_a_screen_that_tells_no_rate_has_a_usual_one(stage: Stage) -> None:
    assert 1 / 500 <= stage.window.player.onset.frame_s <= 1 / 20


def test_the_platform_without_a_display_has_no_opengl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", staticmethod(lambda: "offscreen"))
    assert opengl_renderer() == ""
    assert os.environ.get("QT_QPA_PLATFORM") != "offscreen" or opengl_renderer() == ""
