"""assistive.ui: where the mouse is, for the driver that lets it stand in for the eyes."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, QPointF
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QWidget

from assistive.ui.geometry import share_of_screen
from devices.samples import Point


class PointerSource(QObject):
    """Remembers where the mouse was last seen in a window.

    It listens to the events of the window itself, so that it needs no permission of the display server
    and works under Wayland.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._position: Point | None = None
        window.winId()  # there is no handle to listen to before somebody asks for it
        handle = window.windowHandle()
        assert handle is not None
        handle.installEventFilter(self)

    def position(self) -> Point | None:
        """Return the position as shares of the *screen*, None when the mouse is not in the window.

        May be called from any thread.
        """
        return self._position

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Note where the mouse is; never takes an event away."""
        if isinstance(event, QMouseEvent):
            self._position = self._share(event.position())
        elif event is not None and event.type() in (QEvent.Type.Leave, QEvent.Type.Hide, QEvent.Type.Close):
            self._position = None
        return False

    def _share(self, local: QPointF) -> Point:
        x, y, w, h = share_of_screen(self._window)
        return x + w * local.x() / self._window.width(), y + h * local.y() / self._window.height()
