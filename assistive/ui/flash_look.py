"""assistive.ui: how a cell looks while it flashes, and the limits that keep flashes from harming anybody.

WCAG 2.2 (success criterion 2.3.1) calls it a flash when the relative luminance changes there and back by 10 % of the
maximum or more, whatever its size, and lets such flashes pass up to three times a second, or on less than 0.006
steradian. Sayso flashes more often than that. So a gentle flash stays below the 10 % on any area, and a clear one
changes more only where all that is bright at once is smaller than that; neither is ever a saturated red.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Literal

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from assistive.ui.cell_face import CellFace
from assistive.ui.theme import Theme, contrast, luminance, shares

Strength = Literal["gentle", "clear"]

GENTLE_STEP = 0.095  # of the maximum relative luminance; a flash begins at .1
CLEAR_STEP = 0.35
SMALL_SR = 0.006
DISTANCE_MM = 600.0  # from the eyes to the screen
TEXT_CONTRAST = 4.5  # of text in a flashing cell (WCAG 2.2, 1.4.3)
PART_CONTRAST = 3.0  # of the dwell's ring (WCAG 2.2, 1.4.11)
MIXES = 64


def solid_angle(areas_mm2: Iterable[float]) -> float:
    """Return how large flat areas are to the eyes, in steradians: never less than they are."""
    return sum(areas_mm2) / DISTANCE_MM**2


def step_allowed(strength: Strength, areas_mm2: Iterable[float]) -> float:
    """Return how much the relative luminance of these cells (mm2 each) may change when they flash together."""
    clear = strength == "clear" and solid_angle(areas_mm2) < SMALL_SR
    return CLEAR_STEP if clear else GENTLE_STEP


@cache
def flash_fill(fill: str, kept: tuple[tuple[str, float], ...], flash: str, step: float) -> str:
    """Return what fills a cell while it flashes: as far towards `flash` as all limits allow.

    Parameters
    ----------
    fill, flash : str
        The cell's colour while it does not flash, and the theme's colour of flashes; "#rrggbb".
    kept : tuple of (str, float)
        The colours that are drawn on it, and the contrast that each keeps.
    step : float
        By so much the relative luminance may change, as a share of the maximum.
    """
    allowed = fill
    for number in range(1, MIXES + 1):
        mixed = _mix(fill, flash, number / MIXES)
        if (
            abs(luminance(mixed) - luminance(fill)) > step
            or is_saturated_red(mixed)
            or any(contrast(mixed, color) < least for color, least in kept)
        ):
            break
        allowed = mixed
    return allowed


def flash_face(face: CellFace, theme: Theme, step: float) -> CellFace:
    """Return the face of a cell as it looks while it flashes."""
    colors = face.colors
    kept = [(colors.ring, PART_CONTRAST), (colors.ink, TEXT_CONTRAST)]
    if face.note is not None:
        kept.append((colors.note, TEXT_CONTRAST))
    fill = flash_fill(colors.fill, tuple(kept), theme.flash, step)
    return replace(face, colors=replace(colors, fill=fill))


def paint_mark(painter: QPainter, face: CellFace, color: str, width_px: float) -> None:
    """Paint a line over the edge of the cell: half of it outside, where the dwell's frame stands, half inside."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(color), width_px))
    painter.drawRoundedRect(face.cell, face.radius, face.radius)


def is_saturated_red(color: str) -> bool:
    """Whether a colour ("#rrggbb") is a saturated red: R / (R + G + B) of its linear parts is .8 or more (WCAG 2.2)."""
    red, green, blue = shares(color)
    return red > 0.0 and red / (red + green + blue) >= 0.8


def _mix(one: str, other: str, share: float) -> str:
    parts = (
        round((1 - share) * int(one[i : i + 2], 16) + share * int(other[i : i + 2], 16)) for i in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)
