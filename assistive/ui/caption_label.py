"""assistive.ui: words on the board that cannot be chosen."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QLabel, QWidget

from assistive.boards.board import Caption
from assistive.ui.cell_face import Scale
from assistive.ui.fitted_text import fit
from assistive.ui.theme import DARK, Theme
from assistive.ui.verdict_colors import verdict_color

CAPTION = (34.0, 500)  # px at 1080 lines, weight
LARGE = (58.0, 600)
NOTE = (26.0, 400)
LARGE_NOTE = (34.0, 400)
LINES = 2
LEADING = 1.25  # of a line, as a share of its size: where there is room for more of them, they may be more


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
        level, theme = self._caption.level, self._theme
        ink = theme.ink if level is None else verdict_color(theme, level)
        parts = [(self._caption.text, *(LARGE if self._caption.large else CAPTION), ink)]
        if self._caption.note:
            parts.append((self._caption.note, *(LARGE_NOTE if self._caption.large else NOTE), theme.ink_2))
        shares = _shares(height, self._caption)
        texts = [
            (
                fit(
                    words,
                    weight,
                    size * scale.px,
                    scale.smallest_px,
                    width,
                    share,
                    _lines(share, size * scale.px),
                ),
                color,
            )
            for (words, size, weight, color), share in zip(parts, shares, strict=True)
        ]
        # What stands alone is a value between two keys.
        alone = not self._caption.note and not self._caption.large
        align = Qt.AlignmentFlag.AlignHCenter if alone else Qt.AlignmentFlag.AlignLeft
        gap = 8 * scale.px
        y = (height - sum(text.height for text, _ in texts) - gap * (len(texts) - 1)) / 2
        for text, color in texts:
            painter.setPen(QColor(color))
            text.draw(painter, QRectF(0, y, width, text.height), align)
            y += text.height + gap
        painter.end()


def _shares(height: float, caption: Caption) -> tuple[float, ...]:
    """The height for the text, and that for the note."""
    if not caption.note:
        return (0.96 * height,)
    text = 0.55 if caption.large else 0.5
    return 0.96 * height * text, 0.96 * height * (1.0 - text)


def _lines(height: float, size_px: float) -> int:
    return max(LINES, int(height / (LEADING * size_px)))
