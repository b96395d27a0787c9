"""A window for every test: a real one where there is a display (pytest-xvfb starts one), a pretended one elsewhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hand_made_board import letters_board
from PyQt6.QtCore import QCoreApplication, QVariantAnimation
from pytestqt.qtbot import QtBot

from assistive.boards.board import Board
from assistive.messages import BoardShown, DwellView, Incoming, Outgoing
from assistive.settings import Settings
from assistive.ui.bridge import Bridge
from assistive.ui.target_button import TargetButton
from assistive.ui.window import BoardWindow
from devices.clock import VirtualClock

if not os.environ.get("DISPLAY") and not shutil.which("Xvfb"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@dataclass
class Stage:
    """A window, what it posts, and the gaze that it is shown."""

    qtbot: QtBot
    window: BoardWindow
    bridge: Bridge
    clock: VirtualClock
    posted: list[Incoming]
    gaze: DwellView = field(default_factory=lambda: DwellView(0.0))
    pulls: int = 0

    def view(self) -> DwellView:
        """What the window pulls."""
        self.pulls += 1
        return self.gaze

    def show(self, *messages: Outgoing) -> None:
        """Bring messages to the window as the engine does; they are there afterwards."""
        for message in messages:
            self.bridge.show(message)
        QCoreApplication.sendPostedEvents(self.bridge)

    def settle(self) -> None:
        """Wait until the fade is over and the gaze has been asked for twice more."""
        pulls = self.pulls
        fade = self.window.board.findChild(QVariantAnimation)
        assert fade is not None
        self.qtbot.waitUntil(
            lambda: self.pulls > pulls + 1 and fade.state() == QVariantAnimation.State.Stopped
        )

    def activate(self) -> None:
        """Give the window the keyboard."""
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)

    def look_at(self, target_id: str | None, progress: float) -> None:
        """Look at a target from now on."""
        self.gaze = DwellView(self.clock.now(), target_id, progress, 0.5, 0.5)

    def button(self, target_id: str) -> TargetButton:
        """Return the button of a target that must be there."""
        button = self.window.board.button(target_id)
        assert button is not None, target_id
        return button

    def posted_of(self, kind: type) -> list[Incoming]:
        """Return the messages of one type."""
        return [message for message in self.posted if isinstance(message, kind)]


@pytest.fixture
def open_stage(qtbot: QtBot) -> Callable[..., Stage]:
    """Open a window of a size, with settings and a board."""

    def open_it(
        size: tuple[int, int] = (960, 540), settings: Settings | None = None, board: Board | None = None
    ) -> Stage:
        posted: list[Incoming] = []
        bridge, clock = Bridge(posted.append), VirtualClock(100.0)
        window = BoardWindow(bridge, lambda: opened.view(), settings or Settings(), lambda text: text, clock)
        opened = Stage(qtbot, window, bridge, clock, posted)
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.open(size)
        opened.show(BoardShown(0.0, board or letters_board(width=size[0], height=size[1])))
        return opened

    return open_it


@pytest.fixture
def stage(open_stage: Callable[..., Stage]) -> Stage:
    """A small window with the letters."""
    return open_stage()
