"""assistive.ui: words on the board that cannot be chosen."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QLabel, QWidget

from assistive.boards.board import Caption
from assistive.ui.cell_face import Scale
from assistive.ui.fitted_text import fit
from assistive.ui.theme import DARK, Theme

CAPTION = (34.0, 500)  # px at 1080 lines, weight
NOTE = (26.0, 400)


class CaptionLabel(QLabel):
    """A caption and its quieter note, left-aligned, in the middle of its rectangle."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._caption: Caption | None = None
        self._theme = DARK
        self._scale = Scale(1.0, 1.0)

    def show_caption(self, caption: Caption, theme: Theme, scale: Scale) -> None:
        """Show this caption."""
        self._caption, self._theme, self._scale = caption, theme, scale
        self.setText(caption.text)
        self.setAccessibleName(caption.text)
        self.setAccessibleDescription(caption.note)
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        """Paint the caption over its note, both as large as fits."""
        if self._caption is None:
            return
        painter = QPainter(self)
        width, height, scale = float(self.width()), float(self.height()), self._scale
        parts = [(self._caption.text, *CAPTION, self._theme.ink, 2)]
        if self._caption.note:
            parts.append((self._caption.note, *NOTE, self._theme.ink_2, 2))
        share = height / len(parts) * 0.96
        texts = [
            (fit(words, weight, size * scale.px, scale.smallest_px, width, share, lines), color)
            for words, size, weight, color, lines in parts
        ]
        # What stands alone is a value between two keys.
        align = Qt.AlignmentFlag.AlignLeft if self._caption.note else Qt.AlignmentFlag.AlignHCenter
        gap = 8 * scale.px
        y = (height - sum(text.height for text, _ in texts) - gap * (len(texts) - 1)) / 2
        for text, color in texts:
            painter.setPen(QColor(color))
            text.draw(painter, QRectF(0, y, width, text.height), align)
            y += text.height + gap
        painter.end()
