"""assistive.ui: the end of a text of any length, laid out so that it fits its place."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QTextLayout, QTextOption

from assistive.ui.fitted_text import font_of, harmless

LINE = 1.23  # from line to line, as a share of the font's size, and a little room for rounding
NARROWEST = 0.12  # width of a narrow character, as a share of the font's size
BEFORE = "\u2026 "


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of a text, in lines.

    Parameters
    ----------
    layout : QTextLayout
        Lines placed from (0, 0) downwards.
    text : str
        What is shown, "\u2026 " before it where the beginning is left out.
    skipped : int
        Characters of the whole text that come before the first one shown, less those of the ellipsis:
        character i of the whole is character ``i - skipped`` of `text`.
    size_px, width, height : float
        Of the font, of the room, and of all lines.
    """

    layout: QTextLayout
    text: str
    skipped: int
    size_px: float
    width: float
    height: float

    def color(self, pieces: list[QTextLayout.FormatRange]) -> None:
        """Give pieces of the text their colours; nothing moves."""
        self.layout.setFormats(pieces)
        _break(self.layout, self.width)  # Qt forgets the lines with every change of format

    def units(self, i: int) -> int:
        """Return where character `i` of the whole text stands in the layout, in UTF-16 units."""
        position = min(max(0, i - self.skipped), len(self.text))
        return utf16_length(self.text[:position])


def utf16_length(text: str) -> int:
    """Return the number of UTF-16 units, which is how Qt counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def lay_out_tail(text: str, size_px: float, width: float, height: float, weight: int) -> Tail:
    """Lay out as much of the end of the text as fits `width` x `height` (px).

    The text shrinks a step, to one more line, before its beginning is left out; at least the last line is shown.
    """
    at_full_size = max(1, int(height / (LINE * size_px)))
    for fitting in (at_full_size, at_full_size + 1):
        size = min(size_px, height / (LINE * fitting))
        longest = int(fitting * width / (NARROWEST * size)) + 64
        end = harmless(text[-longest:])
        layout, tall = _lines(end, size, width, weight)
        if len(text) <= longest and layout.lineCount() <= fitting:
            return Tail(layout, end, 0, size, width, tall)
    first = max(0, layout.lineCount() - fitting)
    start = _from_utf16(end, layout.lineAt(first).textStart())
    word_end = end.find(" ", start)
    before, cut = BEFORE, word_end + 1
    if not start < word_end < len(end) - 1:  # a word that is longer than a line loses its beginning
        before, cut = BEFORE.strip(), start + 2
    while True:
        shown = before + end[cut:]
        layout, tall = _lines(shown, size, width, weight)
        if layout.lineCount() <= fitting or cut >= len(end):
            return Tail(layout, shown, len(text) - len(end) + cut - len(before), size, width, tall)
        cut += max(1, _from_utf16(shown, layout.lineAt(0).textLength()) - len(before))


def _lines(text: str, size: float, width: float, weight: int) -> tuple[QTextLayout, float]:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setFlags(QTextOption.Flag.IncludeTrailingSpaces)
    layout = QTextLayout(text, font_of(size, weight))
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    return layout, _break(layout, width)


def _break(layout: QTextLayout, width: float) -> float:
    y = 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1.0, width))
        line.setPosition(QPointF(0, y))
        y += line.height()
    layout.endLayout()
    return y


def _from_utf16(text: str, units: int) -> int:
    counted = 0
    for i, character in enumerate(text):
        if counted >= units:
            return i
        counted += 2 if character > "\uffff" else 1
    return len(text)
