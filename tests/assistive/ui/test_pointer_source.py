"""The mouse as gaze: where it is on the screen, and nothing when it has left."""

from __future__ import annotations

import threading

import pytest
from conftest import Stage
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QApplication

from assistive.ui.pointer import PointerSource


def move(stage: Stage, x: float, y: float) -> None:
    """Move the mouse to a place in the window as the display server does."""
    handle = stage.window.windowHandle()
    local = QPointF(x, y)
    nothing = Qt.MouseButton.NoButton
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        local,
        QPointF(stage.window.mapToGlobal(local.toPoint())),
        nothing,
        nothing,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(handle, event)


def test_the_place_is_a_share_of_the_screen(stage: Stage) -> None:
    source = PointerSource(stage.window)
    assert source.position() is None
    move(stage, 480, 270)
    screen = stage.window.screen()
    assert screen is not None
    corner, size = stage.window.mapToGlobal(QPoint(0, 0)), screen.geometry()
    expected = ((corner.x() + 480 - size.x()) / size.width(), (corner.y() + 270 - size.y()) / size.height())
    assert source.position() == pytest.approx(expected)


def test_a_mouse_that_has_left_looks_nowhere(stage: Stage) -> None:
    source = PointerSource(stage.window)
    move(stage, 10, 10)
    QApplication.sendEvent(stage.window.windowHandle(), QEvent(QEvent.Type.Leave))
    assert source.position() is None


def test_any_thread_may_ask(stage: Stage) -> None:
    source = PointerSource(stage.window)
    move(stage, 100, 100)
    seen: list[object] = []
    thread = threading.Thread(target=lambda: seen.append(source.position()))
    thread.start()
    thread.join()
    assert seen == [source.position()]
    assert seen != [None]
