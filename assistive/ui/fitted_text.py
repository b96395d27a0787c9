"""assistive.ui: text that is wrapped and shrunk until it fits its place."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QFont, QFontMetricsF, QPainter

FAMILIES = ["Inter", "Noto Sans", "DejaVu Sans"]
MEASURED_PX = 100
LEADING = 1.02  # line to line, as a share of the font's height
LONGEST = 400  # no cell has room for more characters than this


def font_of(size_px: float, weight: int = 400) -> QFont:
    """Return the house font at this size (px) and weight (400 regular, 700 bold)."""
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setPixelSize(max(1, round(size_px)))
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def harmless(text: str) -> str:
    """Return the text with what would break a line or turn its direction replaced, one for one.

    Line breaks and tabs become spaces; other control characters and lone surrogates the replacement
    character; characters that force a direction become invisible. Arabic, emoji and their joiners stay.
    """
    return text if text.isascii() and text.isprintable() else "".join(map(_harmless, text))


def _harmless(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\t\n\v\f\r\x85\u2028\u2029":
        return " "
    if category in ("Cc", "Cs"):
        return "\N{REPLACEMENT CHARACTER}"
    if character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
        return "\N{ZERO WIDTH SPACE}"
    return character


@dataclass(frozen=True, slots=True)
class FittedText:
    """Lines in a font: each line's width, the block's, its height, and the leading from line to line (px)."""

    lines: tuple[str, ...]
    line_widths: tuple[float, ...]
    font: QFont
    width: float
    height: float
    leading: float
    ascent: float
    elided: bool

    def place(self, room: QRectF, align: Qt.AlignmentFlag) -> QRectF:
        """Return where the block stands in the room: vertically in the middle, left or centred."""
        x = room.left() if align == Qt.AlignmentFlag.AlignLeft else room.center().x() - self.width / 2
        return QRectF(x, room.center().y() - self.height / 2, self.width, self.height)

    def draw(self, painter: QPainter, block: QRectF, align: Qt.AlignmentFlag) -> None:
        """Draw the lines into the block with the painter's pen."""
        painter.setFont(self.font)
        y = block.top() + self.ascent
        for line, width in zip(self.lines, self.line_widths, strict=True):
            x = block.left() + (0.0 if align == Qt.AlignmentFlag.AlignLeft else (block.width() - width) / 2)
            painter.drawText(QPointF(x, y), line)
            y += self.leading


@lru_cache(maxsize=2048)
def fit(
    text: str, weight: int, size_px: float, smallest_px: float, width: float, height: float, max_lines: int
) -> FittedText:
    """Return the text at the largest size, up to `size_px`, at which it fits `width` x `height` (px).

    It breaks between words into at most `max_lines` lines of like length, and ends in an ellipsis where
    it does not fit at `smallest_px`.
    """
    words = harmless(text[:LONGEST]).split(" ") if max_lines > 1 else [harmless(text[:LONGEST])]
    words = [word for word in words if word] or [""]
    metrics = QFontMetricsF(font_of(MEASURED_PX, weight))
    best: tuple[float, list[str]] | None = None
    for n_lines in range(1, min(max_lines, len(words)) + 1):
        lines = balanced(words, n_lines, metrics)
        widest = max(metrics.horizontalAdvance(line) for line in lines) or 1.0
        tall = metrics.height() * (1 + LEADING * (n_lines - 1))
        size = min(size_px, MEASURED_PX * width / widest, MEASURED_PX * height / tall)
        if best is None or size > best[0] * 1.02:
            best = (size, lines)
    assert best is not None
    size = float(round(best[0]) if best[0] == size_px else int(best[0]))
    size = max(size, min(smallest_px, size_px))
    font = font_of(size, weight)
    metrics = QFontMetricsF(font)
    elided = [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width + 1) for line in best[1]]
    leading = metrics.height() * LEADING
    widths = tuple(metrics.horizontalAdvance(line) for line in elided)
    return FittedText(
        lines=tuple(elided),
        line_widths=widths,
        font=font,
        width=max(widths),
        height=metrics.height() + leading * (len(elided) - 1),
        leading=leading,
        ascent=metrics.ascent(),
        elided=elided != best[1],
    )


def balanced(words: list[str], n_lines: int, metrics: QFontMetricsF) -> list[str]:
    """Return the words in `n_lines` lines such that the longest line is as short as can be."""
    space = metrics.horizontalAdvance(" ")
    widths = [metrics.horizontalAdvance(word) + space for word in words]
    starts = [0.0]
    for width in widths:
        starts.append(starts[-1] + width)
    low, high = max(widths), starts[-1]
    for _ in range(20):  # halving finds the narrowest column that needs no more lines
        middle = (low + high) / 2
        if _column(widths, middle)[-1] < n_lines:
            high = middle
        else:
            low = middle
    rows = _column(widths, high)
    return [" ".join(w for w, row in zip(words, rows, strict=True) if row == i) for i in range(rows[-1] + 1)]


def _column(widths: list[float], column: float) -> list[int]:
    rows, row, used = [], 0, 0.0
    for width in widths:
        if used and used + width > column:
            row, used = row + 1, 0.0
        used += width
        rows.append(row)
    return rows
