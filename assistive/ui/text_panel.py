"""assistive.ui: the text that the person writes, with what was said above it."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent, QTextCharFormat, QTextLayout
from PyQt6.QtWidgets import QWidget

from assistive.messages import SpanStyle, TextShown
from assistive.ui.cell_face import Scale
from assistive.ui.fitted_text import fit
from assistive.ui.partner_line import PartnerLine
from assistive.ui.text_tail import Tail, lay_out_tail
from assistive.ui.theme import DARK, PADDING_PX, PANEL_HEIGHT_PX, PARTNER_PX, RADIUS_PX, TEXT_PX, Theme

LEFT = Qt.AlignmentFlag.AlignLeft
TEXT_WEIGHT = 500
HEARD_BY_ASSISTIVE_TECHNOLOGY = 2000  # characters; a screen reader reads the end, not a book


class TextPanel(QWidget):
    """From top to bottom: a strip (partner and last utterance), and the text with its caret.

    Parameters
    ----------
    tr : callable
        Translates a string.
    partner_said : callable
        Takes what was typed on the partner's line.
    """

    def __init__(
        self, parent: QWidget, tr: Callable[[str], str], partner_said: Callable[[str], None]
    ) -> None:
        super().__init__(parent)
        self._tr = tr
        self._theme = DARK
        self._scale = Scale(1.0, 1.0)
        self._shown = TextShown(0.0, ())
        self._tail: Tail | None = None
        self._strip_covered = False
        self.partner = PartnerLine(self, tr, partner_said)
        self.setAccessibleName(tr("What I write"))

    def show_text(self, shown: TextShown) -> None:
        """Show this text."""
        self._shown = shown
        self.partner.show_text(shown.partner)
        whole = "".join(span.text for span in shown.spans[-HEARD_BY_ASSISTIVE_TECHNOLOGY:])
        self.setAccessibleDescription(whole[-HEARD_BY_ASSISTIVE_TECHNOLOGY:])
        self._place()

    def set_look(self, theme: Theme, scale: Scale) -> None:
        """Take the theme's colours and the window's scale."""
        self._theme, self._scale = theme, scale
        self._place()

    def cover_strip(self, covered: bool) -> None:
        """Whether the call for help stands on the strip."""
        if covered != self._strip_covered:
            self._strip_covered = covered
            self._place()

    def strip(self) -> QRectF:
        """Return the place of the strip, in px of the panel."""
        padding = self._padding()
        top, height = (0.06, 0.42) if self._strip_covered else (0.05, 0.30)
        return QRectF(
            padding,
            top * self.height(),
            max(1.0, self.width() - 2 * padding),
            height * self.height(),
        )

    def _padding(self) -> float:
        return min(PADDING_PX * self._scale.px, 0.06 * self.width())

    def _size(self, px: float) -> float:
        return px * min(self.height() / PANEL_HEIGHT_PX, self.width() / 760)

    def _zone(self) -> QRectF:
        strip = self.strip()
        top = max(0.45 * self.height(), strip.bottom() + 0.02 * self.height())
        return QRectF(strip.left(), top, strip.width(), 0.96 * self.height() - top)

    def _place(self) -> None:
        strip = self.strip()
        size = self._size(PARTNER_PX)
        self.partner.set_look(self._theme, size, self._scale.smallest_px)
        width = strip.width()
        if self._shown.said:
            width = min(max(0.5 * width, self.partner.natural_width() + 4), 0.7 * width)
        self.partner.setGeometry(QRectF(strip.left(), strip.top(), width, strip.height()).toRect())
        self.partner.setVisible(not self._strip_covered)
        self._tail = None
        self.update()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Lay everything out anew."""
        self._place()
        super().resizeEvent(a0)

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        """Paint panel, strip and text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        outline = theme.outline_px * self._scale.px / 2 if theme.outlined_cells else 0.0
        painter.setPen(QPen(QColor(theme.outline), 2 * outline) if outline else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.panel))
        radius = RADIUS_PX * self._scale.px
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(outline, outline, -outline, -outline), radius, radius
        )
        if self._shown.said and not self._strip_covered:
            self._paint_said(painter)
        self._paint_text(painter)
        painter.end()

    def _paint_said(self, painter: QPainter) -> None:
        strip = self.strip()
        size = self._size(PARTNER_PX)
        room = QRectF(strip)
        room.setLeft(self.partner.geometry().right() + size)
        words = self._tr("Said:") + "  " + self._shown.said
        text = fit(words, 400, size, max(self._scale.smallest_px, 0.8 * size), room.width(), room.height(), 1)
        painter.setPen(QColor(self._theme.ink_2))
        block = text.place(room, LEFT)
        block.moveRight(room.right())
        text.draw(painter, block, LEFT)

    def _paint_text(self, painter: QPainter) -> None:
        zone = self._zone()
        caret_px = max(2.0, 4 * self._scale.px)
        if self._tail is None:
            text = "".join(span.text for span in self._shown.spans)
            size = min(self._size(TEXT_PX), 0.72 * zone.height())
            self._tail = lay_out_tail(text, size, zone.width() - 2 * caret_px, zone.height(), TEXT_WEIGHT)
            self._tail.color(self._formats(self._tail))
        tail = self._tail
        spare = zone.height() - tail.height  # less than nothing in a script with tall lines: the end counts
        origin = QPointF(zone.left(), zone.top() + (spare / 2 if spare > 0 else spare))
        self._paint_mark(painter, tail, origin)
        painter.setPen(QColor(self._theme.ink))
        tail.layout.draw(painter, origin)
        self._paint_proposed(painter, tail, origin)
        end = tail.layout.lineAt(tail.layout.lineCount() - 1)
        x = float(end.cursorToX(end.textStart() + end.textLength())[0])
        x = min(origin.x() + x, zone.right() - caret_px) + caret_px / 2
        middle = origin.y() + end.y() + end.height() / 2
        painter.fillRect(
            QRectF(x, middle - 0.5 * tail.size_px, caret_px, tail.size_px), QColor(self._theme.dwell)
        )

    def _ranges(self, tail: Tail, style: SpanStyle) -> list[tuple[int, int]]:
        """Where the spans of this style stand in the layout (UTF-16 units)."""
        ranges, start = [], 0
        for span in self._shown.spans:
            end = start + len(span.text)
            if span.style == style and end > tail.skipped:
                ranges.append((tail.units(start), tail.units(end)))
            start = end
        return [(a, b) for a, b in ranges if a < b]

    def _marked(self, tail: Tail) -> list[tuple[int, int]]:
        if self._shown.speaking is None:
            return []
        a, b = (tail.units(i) for i in self._shown.speaking)
        return [(a, b)] if a < b else []

    def _formats(self, tail: Tail) -> list[QTextLayout.FormatRange]:
        marked = self._marked(tail)
        a, b = marked[0] if marked else (0, 0)
        formats = []
        for style, color in ((SpanStyle.PROPOSED, self._theme.model), (SpanStyle.SPOKEN, self._theme.ink_2)):
            for start, end in self._ranges(tail, style):
                # Ranges that overlap would be drawn in an order of Qt's own.
                pieces = ((start, min(end, a)), (max(start, b), end)) if marked else ((start, end),)
                formats += [_colored(color, *piece) for piece in pieces if piece[0] < piece[1]]
        return [*formats, *(_colored(self._theme.on_mark, *piece) for piece in marked)]

    def _paint_mark(self, painter: QPainter, tail: Tail, origin: QPointF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.mark))
        around = 0.12 * tail.size_px
        for piece in _pieces(tail, self._marked(tail)):
            box = piece.translated(origin).adjusted(-around, 0, around, 0)
            painter.drawRoundedRect(box, 2 * around, 2 * around)

    def _paint_proposed(self, painter: QPainter, tail: Tail, origin: QPointF) -> None:
        pen = QPen(QColor(self._theme.model), max(2.0, 0.058 * tail.size_px))
        pen.setDashPattern([1, 1])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for piece in _pieces(tail, self._ranges(tail, SpanStyle.PROPOSED)):
            y = round(origin.y() + piece.bottom() + 0.02 * tail.size_px)
            painter.drawLine(QPointF(origin.x() + piece.left(), y), QPointF(origin.x() + piece.right(), y))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _colored(color: str, start: int, end: int) -> QTextLayout.FormatRange:
    piece = QTextLayout.FormatRange()
    piece.start, piece.length = start, end - start
    look = QTextCharFormat()
    look.setForeground(QColor(color))
    piece.format = look
    return piece


def _pieces(tail: Tail, ranges: list[tuple[int, int]]) -> list[QRectF]:
    """Where these ranges (UTF-16 units) stand, a rectangle for each line that they touch."""
    pieces = []
    for start, end in ranges:
        for i in range(tail.layout.lineCount()):
            line = tail.layout.lineAt(i)
            a = max(start, line.textStart())
            b = min(end, line.textStart() + line.textLength())
            if a < b:
                x1, x2 = sorted((float(line.cursorToX(a)[0]), float(line.cursorToX(b)[0])))
                pieces.append(QRectF(x1, line.y(), x2 - x1, line.height()))
    return pieces
