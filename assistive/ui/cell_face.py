"""assistive.ui: what one target looks like at one size: computed once, painted often."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen

from assistive.boards.board import Target, TargetKind
from assistive.ui.fitted_text import FittedText, fit
from assistive.ui.theme import (
    NOTE_SHARE,
    PADDING_PX,
    RADIUS_PX,
    RING_PX,
    CellColors,
    Theme,
    Type,
    type_of,
)

RING_GAP_PX = 4.0  # between the ring and the edge of its cell
RING_ACROSS_PX = 98.0  # of the ring around a letter
EDGE_PX = 6.0
NOTE_LINES = 3
RING_ROOM_PX = 16.0  # no label comes nearer to the edge, so that none is touched by the ring
LEFT, CENTER = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the window is, beside one with 1080 lines, and the smallest text that can be read (px)."""

    px: float
    smallest_px: float


@dataclass(frozen=True, slots=True)
class CellFace:
    """A target's cell, label and ring, ready to be painted. All in px of the widget that it was made for."""

    colors: CellColors
    cell: QRectF
    radius: float
    outline_px: float
    label: FittedText | None
    label_block: QRectF
    note: FittedText | None
    note_block: QRectF
    align: Qt.AlignmentFlag
    ring: QPainterPath
    ring_length: float
    ring_px: float

    def paint_cell(self, painter: QPainter) -> None:
        """Paint the cell without its label."""
        half = self.outline_px / 2
        painter.setPen(QPen(QColor(self.colors.outline), self.outline_px) if half else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.colors.fill))
        painter.drawRoundedRect(
            self.cell.adjusted(half, half, -half, -half), self.radius - half, self.radius - half
        )

    def paint_label(self, painter: QPainter, opacity: float = 1.0) -> None:
        """Paint the label and the note."""
        for text, block, color in (
            (self.label, self.label_block, self.colors.ink),
            (self.note, self.note_block, self.colors.note),
        ):
            if text is not None:
                ink = QColor(color)
                ink.setAlphaF(opacity)
                painter.setPen(ink)
                text.draw(painter, block, self.align)

    def paint_ring(self, painter: QPainter, progress: float, track: str) -> None:
        """Paint the ring, closed by `progress` (0..1) clockwise from the top."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(track), self.ring_px))
        painter.drawPath(self.ring)
        pen = QPen(QColor(self.colors.ring), self.ring_px)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if progress < 1.0:
            # A dash as long as the closed part; lengths of dashes are counted in widths of the pen.
            length = self.ring_length / self.ring_px
            pen.setDashPattern([max(0.001, progress * length), 2 * length])
        painter.setPen(pen)
        painter.drawPath(self.ring)

    def paint_frame(self, painter: QPainter, color: str, width_px: float) -> None:
        """Paint a frame just outside the cell."""
        half = width_px / 2
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(color), width_px))
        painter.drawRoundedRect(
            self.cell.adjusted(-half, -half, half, half), self.radius + half, self.radius + half
        )


def face_of(target: Target, theme: Theme, cell: QRectF, scale: Scale) -> CellFace:
    """Return how the target looks in this cell."""
    colors = theme.cell_colors(target.kind)
    if not target.label:
        colors = CellColors(theme.empty, theme.ink_2, theme.ink_2, theme.empty_outline, theme.dwell)
    radius = min(RADIUS_PX * scale.px, cell.width() / 2, cell.height() / 2)
    align = LEFT if target.kind in (TargetKind.PHRASE, TargetKind.NOTICE) else CENTER
    type_ = type_of(target.kind, target.label)
    size = max(type_.size_in(cell.width(), cell.height()), scale.smallest_px)
    beside = min(max(RING_ROOM_PX * scale.px, 0.14 * cell.width()), PADDING_PX * scale.px)
    above = RING_ROOM_PX * scale.px * 0.8
    room = cell.adjusted(beside, above, -beside, -above)
    label, label_block, note, note_block = _texts(target, type_, size, room, scale, align)
    if label is not None and label.elided:  # better a ring that touches the label than half a word
        beside = EDGE_PX * scale.px
        room = cell.adjusted(beside, above, -beside, -above)
        label, label_block, note, note_block = _texts(target, type_, size, room, scale, align)
    ring = ring_around(
        label_block.united(note_block) if note else label_block,
        cell,
        radius,
        scale_px=scale.px,
    )
    return CellFace(
        colors=colors,
        cell=cell,
        radius=radius,
        outline_px=max(1.0, theme.outline_px * scale.px) if colors.outline else 0.0,
        label=label,
        label_block=label_block,
        note=note,
        note_block=note_block,
        align=align,
        ring=ring,
        ring_length=ring.length(),
        ring_px=RING_PX * scale.px,
    )


def _texts(
    target: Target, type_: Type, size: float, room: QRectF, scale: Scale, align: Qt.AlignmentFlag
) -> tuple[FittedText | None, QRectF, FittedText | None, QRectF]:
    if not target.label:
        return None, QRectF(room.center(), room.center()), None, QRectF()

    def fitted(text: str, weight: int, size_px: float, height: float, lines: int) -> FittedText:
        return fit(text, weight, size_px, scale.smallest_px, room.width(), height, lines)

    if not target.note:
        label = fitted(target.label, type_.weight, size, room.height(), type_.max_lines)
        return label, label.place(room, align), None, QRectF()
    label = fitted(target.label, type_.weight, size, 0.50 * room.height(), type_.max_lines)
    note = fitted(target.note, 400, size * NOTE_SHARE, 0.44 * room.height(), NOTE_LINES)
    gap = 0.03 * room.height()
    top = room.center().y() - (label.height + gap + note.height) / 2
    upper = QRectF(room.left(), top, room.width(), label.height)
    lower = QRectF(room.left(), top + label.height + gap, room.width(), note.height)
    return label, label.place(upper, align), note, note.place(lower, align)


def ring_around(block: QRectF, cell: QRectF, cell_radius: float, scale_px: float) -> QPainterPath:
    """Return the line that closes around a label: a circle around a letter, a stadium around a word.

    Parameters
    ----------
    block, cell : QRectF
        The label and the cell that holds it.
    cell_radius, scale_px : float
        The cell's corner (px), and how large the window is beside one with 1080 lines.
    """
    inset = (RING_GAP_PX + RING_PX / 2) * scale_px
    inside = cell.adjusted(inset, inset, -inset, -inset)
    across = min(inside.width(), inside.height(), max(1.45 * block.height(), RING_ACROSS_PX * scale_px))
    wanted = max(across, block.width() + 0.6 * across)
    width = min(inside.width(), wanted)
    height = min(inside.height(), max(across, block.height() + 0.3 * across))
    x = min(max(inside.left(), block.center().x() - width / 2), inside.right() - width)
    ring = QRectF(x, inside.center().y() - height / 2, width, height)
    corner = min(width, height) / 2
    if wanted > width:  # the label reaches into the corners, so the ring follows the cell's
        corner = min(corner, max(cell_radius - inset, 0.4 * inset))
    return _closed_from_the_top(ring, corner)


def _closed_from_the_top(ring: QRectF, corner: float) -> QPainterPath:
    d = 2 * corner
    left, top, right, bottom = ring.left(), ring.top(), ring.right(), ring.bottom()
    path = QPainterPath(QPointF(ring.center().x(), top))
    path.lineTo(right - corner, top)
    path.arcTo(QRectF(right - d, top, d, d), 90, -90)
    path.lineTo(right, bottom - corner)
    path.arcTo(QRectF(right - d, bottom - d, d, d), 0, -90)
    path.lineTo(left + corner, bottom)
    path.arcTo(QRectF(left, bottom - d, d, d), 270, -90)
    path.lineTo(left, top + corner)
    path.arcTo(QRectF(left, top, d, d), 180, -90)
    path.lineTo(ring.center().x(), top)
    return path
