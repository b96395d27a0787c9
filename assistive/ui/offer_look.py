"""assistive.ui: how a cell looks while scanning offers it: framed and tinted in the colour of the dwell, and calm."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from assistive.ui.cell_face import CellFace
from assistive.ui.flash_look import PART_CONTRAST, flash_fill
from assistive.ui.theme import Theme

TINT_STEP = 0.3  # of the maximum relative luminance: seen at once, and at the slowest of steps no glare
INK_CONTRAST = 7.0  # of what is read there for as long as a step (WCAG 2.2, 1.4.6)


def offered_face(face: CellFace, theme: Theme) -> CellFace:
    """Return the face of a cell as it looks while it is offered."""
    colors = face.colors
    kept = [(colors.ink, INK_CONTRAST), (colors.ring, PART_CONTRAST)]
    if face.note is not None:
        kept.append((colors.note, INK_CONTRAST))
    return replace(
        face, colors=replace(colors, fill=flash_fill(colors.fill, tuple(kept), theme.dwell, TINT_STEP))
    )


def paint_offer(painter: QPainter, face: CellFace, theme: Theme, frame_px: float) -> None:
    """Paint a frame outside the cell; and a line inside it where the frame might pass for a part of what fills it."""
    face.paint_frame(painter, theme.dwell, frame_px)
    if face.colors.ring == theme.dwell:
        return
    inset = 1.5 * frame_px
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(face.colors.ring), frame_px))
    radius = max(0.0, face.radius - inset)
    painter.drawRoundedRect(face.cell.adjusted(inset, inset, -inset, -inset), radius, radius)
