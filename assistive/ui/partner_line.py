"""assistive.ui: what the partner said, and a place to type it."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PyQt6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from assistive.ui.fitted_text import fit, font_of
from assistive.ui.keyboard_focus import leave_keyboard_to_window
from assistive.ui.theme import DARK, Theme


class PartnerLine(QAbstractButton):
    """A quiet line; a click on it opens a field, Enter there hands on what was typed.

    Parameters
    ----------
    tr : callable
        Translates a string.
    said : callable
        Takes what the partner said.
    """

    def __init__(self, parent: QWidget, tr: Callable[[str], str], said: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._tr = tr
        self._said = said
        self._theme = DARK
        self._size_px = 27.0
        self._smallest_px = 1.0
        self._text = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.field = _Field(self)
        self.field.hide()
        self.field.returnPressed.connect(self._hand_on)
        self.clicked.connect(self._open)
        self._name()

    def show_text(self, text: str) -> None:
        """Show what the partner said last; "" invites to type."""
        if text != self._text:
            self._text = text
            self._name()
            self.update()

    def set_look(self, theme: Theme, size_px: float, smallest_px: float) -> None:
        """Take the theme's colours and this text size (px)."""
        self._theme, self._size_px, self._smallest_px = theme, size_px, smallest_px
        palette = QPalette()
        for role, color in (
            (QPalette.ColorRole.Base, theme.panel),
            (QPalette.ColorRole.Text, theme.ink),
            (QPalette.ColorRole.PlaceholderText, theme.ink_2),
            (QPalette.ColorRole.Highlight, theme.mark),
            (QPalette.ColorRole.HighlightedText, theme.on_mark),
        ):
            palette.setColor(role, QColor(color))
        self.field.setPalette(palette)
        self.field.setFont(font_of(size_px))
        self._name()
        self.update()

    def natural_width(self) -> float:
        """Return the width (px) at which the line is shown in full."""
        return fit(self._shown(), 400, self._size_px, self._smallest_px, 1e5, 1e4, 1).width

    def _shown(self) -> str:
        return self._tr("Partner:") + "  " + (self._text or self._tr("click here to type what you say"))

    def _name(self) -> None:
        self.field.setAccessibleName(self._tr("What the partner says"))
        self.field.setPlaceholderText(self._tr("Type what you say, then press Enter"))
        self.setAccessibleName(self._tr("Partner:") + " " + self._text)
        self.setAccessibleDescription(self._tr("Opens a field to type what the partner says."))

    def _open(self) -> None:
        self.field.show()
        self.field.setFocus(Qt.FocusReason.MouseFocusReason)

    def _hand_on(self) -> None:
        text = self.field.text().strip()
        self.field.clear()
        self.field.hide()
        if text:
            self._said(text)

    def resizeEvent(self, e: QResizeEvent | None) -> None:
        """Keep the field over the line."""
        self.field.setGeometry(self.rect())
        super().resizeEvent(e)

    def paintEvent(self, e: QPaintEvent | None) -> None:
        """Paint the line, and a rule under it while the keyboard is on it."""
        if self.field.isVisible():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect())
        two_lines = room.height() > 2.6 * self._size_px
        text = fit(
            self._shown(),
            400,
            self._size_px,
            max(self._smallest_px, 0.8 * self._size_px),
            room.width(),
            room.height(),
            2 if two_lines else 1,
        )
        painter.setPen(QColor(self._theme.ink_2))
        block = text.place(room, Qt.AlignmentFlag.AlignLeft)
        text.draw(painter, block, Qt.AlignmentFlag.AlignLeft)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.dwell), 2))
            painter.drawLine(block.bottomLeft(), block.bottomRight())
        painter.end()


class _Field(QLineEdit):
    """Closes on Escape and when the keyboard goes elsewhere; keeps what was typed until it is handed on."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrame(False)
        self.setMaxLength(1000)
        self.setTextMargins(0, 0, 0, 0)
        self.editingFinished.connect(self.hide)

    def hideEvent(self, a0: QHideEvent | None) -> None:
        leave_keyboard_to_window(self)
        super().hideEvent(a0)

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        if a0 is not None and a0.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(a0)
