"""assistive.ui: the band that tells that help is being called, with a button for whoever comes."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PyQt6.QtWidgets import QPushButton, QWidget

from assistive.ui.fitted_text import fit
from assistive.ui.keyboard_focus import leave_keyboard_to_window
from assistive.ui.theme import DARK, RADIUS_PX, Theme


class HelpBand(QWidget):
    """A warm band: what happens, why, and "I am here".

    Parameters
    ----------
    tr : callable
        Translates a string.
    answered : callable
        Called when somebody presses "I am here".
    """

    def __init__(self, parent: QWidget, tr: Callable[[str], str], answered: Callable[[], None]) -> None:
        super().__init__(parent)
        self._tr = tr
        self._theme = DARK
        self._scale = 1.0
        self._reason = ""
        self.button = QPushButton(tr("I am here"), self)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.clicked.connect(lambda: answered())
        self.show_reason("")
        self.hide()

    def show_reason(self, reason: str) -> None:
        """Say why help is called; "" when the person called."""
        self._reason = reason
        self.setAccessibleName(" ".join((self._tr("Help is being called"), reason)).strip())
        self.update()

    def set_look(self, theme: Theme, scale: float) -> None:
        """Take the theme's colours and the window's scale."""
        self._theme, self._scale = theme, scale
        self.button.setText(self._tr("I am here"))
        self._style_button()
        self.update()

    def _style_button(self) -> None:
        theme = self._theme
        height = 0.72 * self.height()
        self.button.setStyleSheet(
            f"QPushButton {{ background: {theme.on_help}; color: {theme.help}; border: none;"
            f" border-radius: {round(height * 0.3)}px; font-family: Inter, 'Noto Sans', 'DejaVu Sans';"
            f" font-weight: 600; font-size: {max(1, round(0.44 * height))}px; }}"
            f"QPushButton:focus {{ border: 3px solid {theme.help}; }}"
        )

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Keep the button at the right end."""
        height = 0.72 * self.height()
        gap = (self.height() - height) / 2
        width = min(4.4 * height, 0.4 * self.width())
        button = QRectF(self.width() - width - gap, gap, width, height)
        self.button.setGeometry(button.toRect())
        self._style_button()
        super().resizeEvent(a0)

    def hideEvent(self, a0: QHideEvent | None) -> None:
        """Leave the keyboard to the window."""
        leave_keyboard_to_window(self.button)
        super().hideEvent(a0)

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        """Paint the band and its words."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = max(1.0, theme.outline_px * self._scale)
        painter.setPen(QPen(QColor(theme.help_outline), line))
        painter.setBrush(QColor(theme.help))
        radius = min(0.3 * self.height(), RADIUS_PX * self._scale)
        band = QRectF(self.rect()).adjusted(line / 2, line / 2, -line / 2, -line / 2)
        painter.drawRoundedRect(band, radius, radius)
        padding = 0.3 * self.height()
        room = QRectF(padding, 0, self.button.x() - 2 * padding, self.height())
        size = 0.38 * self.height()
        words = self._tr("Help is being called")
        if self._reason:
            words = f"{words}.  {self._reason}"
        text = fit(words, 600, size, 0.6 * size, room.width(), 0.9 * room.height(), 2)
        painter.setPen(QColor(theme.on_help))
        text.draw(painter, text.place(room, Qt.AlignmentFlag.AlignLeft), Qt.AlignmentFlag.AlignLeft)
        painter.end()
