"""assistive.ui: the small dot where the computer thinks the eyes are."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QWidget

from assistive.ui.theme import DARK, Theme

SIZE_PX = 22  # at 1080 lines


class GazeDot(QWidget):
    """A ring in the ink's colour on a thin rim of the ground's; it takes no mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = DARK
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the theme's colours, and `scale` times the size."""
        self._theme = theme
        self.resize(round(SIZE_PX * scale), round(SIZE_PX * scale))
        self.update()

    def move_to(self, x_px: float, y_px: float) -> None:
        """Put the middle of the dot here, in px of the board."""
        self.move(round(x_px - self.width() / 2), round(y_px - self.height() / 2))
        if not self.isVisible():
            self.show()
            self.raise_()

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        """Paint the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width() / 7
        ring = self.rect().toRectF().adjusted(width, width, -width, -width)
        painter.setPen(QPen(QColor(self._theme.ground), 2 * width))
        painter.drawEllipse(ring)
        painter.setPen(QPen(QColor(self._theme.ink), width))
        painter.drawEllipse(ring)
        painter.end()
