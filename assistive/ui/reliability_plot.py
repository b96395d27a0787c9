"""assistive.ui: what EEG claimed of its choices against what came true, as a small plot."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from assistive.ui.cell_face import Scale
from assistive.ui.fitted_text import FittedText, fit
from assistive.ui.theme import Theme

WORD_PX = 24.0  # all in px at 1080 lines
DISC_PX = 8.0
LINE_PX = 3.0
GAP_PX = 8.0

LEFT, CENTER = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter


def plot_square(room: QRectF, word_height: float, gap: float) -> QRectF:
    """Return the square of the plot in this room, with a line of words above it and one below (px)."""
    side = max(0.0, min(room.width(), room.height() - 2 * (word_height + gap)))
    top = room.center().y() - side / 2
    return QRectF(room.center().x() - side / 2, top, side, side)


def point_in(square: QRectF, claimed: float, observed: float) -> QPointF:
    """Return where a pair of shares (0..1) stands: further right the more was claimed, higher the more came true."""
    x, y = min(max(claimed, 0.0), 1.0), min(max(observed, 0.0), 1.0)
    return QPointF(square.left() + x * square.width(), square.bottom() - y * square.height())


def paint_reliability(
    painter: QPainter,
    room: QRectF,
    pairs: Sequence[tuple[float, float]],
    theme: Theme,
    scale: Scale,
    tr: Callable[[str], str],
) -> None:
    """Paint the plot: a disc for each pair of claimed and observed share, on the diagonal where the claim is true.

    Parameters
    ----------
    room : QRectF
        What it may fill (px).
    pairs : sequence of (float, float)
        Claimed and observed share of right choices, 0..1; what is no number is left out.
    """
    above = _word(tr("came true"), room, scale)
    below = _word(tr("was claimed"), room, scale)
    gap = GAP_PX * scale.px
    square = plot_square(room, max(above.height, below.height), gap)
    painter.setBrush(QColor(theme.panel))
    painter.setPen(QPen(QColor(theme.outline), theme.outline_px * scale.px))
    painter.drawRect(square)
    painter.setPen(QPen(QColor(theme.ink_2), LINE_PX * scale.px, Qt.PenStyle.DashLine))
    painter.drawLine(square.bottomLeft(), square.topRight())
    painter.setPen(QPen(QColor(theme.panel), LINE_PX * scale.px))
    painter.setBrush(QColor(theme.dwell))
    for claimed, observed in pairs:
        if math.isfinite(claimed) and math.isfinite(observed):
            painter.drawEllipse(point_in(square, claimed, observed), DISC_PX * scale.px, DISC_PX * scale.px)
    painter.setPen(QColor(theme.ink_2))
    above.draw(
        painter, QRectF(square.left(), square.top() - gap - above.height, above.width, above.height), LEFT
    )
    right = QRectF(square.right() - below.width, square.bottom() + gap, below.width, below.height)
    below.draw(painter, right, LEFT)


def _word(text: str, room: QRectF, scale: Scale) -> FittedText:
    size = max(WORD_PX * scale.px, scale.smallest_px)
    return fit(text, 500, size, scale.smallest_px, room.width(), room.height(), 1)
