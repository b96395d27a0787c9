"""assistive.boards: parts of the window with the gaps of the board between them."""

from __future__ import annotations

from dataclasses import dataclass

from assistive.boards.board import Geometry, Rect
from assistive.boards.grid import GAP


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gap between two cells, in shares of the window's width (`x`) and height (`y`)."""

    x: float
    y: float

    def rect(self, left: float, top: float, right: float, bottom: float) -> Rect:
        """The part of the window between these lines, with half a gap left free on every side."""
        x, y = left + self.x / 2, top + self.y / 2
        return Rect(x, y, right - left - self.x, bottom - top - self.y)

    def columns(self, top: float, bottom: float, count: int) -> tuple[Rect, ...]:
        """Divide the window between two heights into columns."""
        left, w = self.x / 2, (1 - self.x) / count
        return tuple(self.rect(left + i * w, top, left + (i + 1) * w, bottom) for i in range(count))

    def rows(self, top: float, bottom: float, count: int) -> tuple[Rect, ...]:
        """Divide the window between two heights into rows."""
        left, h = self.x / 2, (bottom - top) / count
        return tuple(self.rect(left, top + i * h, 1 - left, top + (i + 1) * h) for i in range(count))


def gaps_of(geometry: Geometry) -> Gaps:
    """Return the gaps on a window of this shape."""
    gap_px = GAP * min(geometry.width_px, geometry.height_px)
    return Gaps(gap_px / geometry.width_px, gap_px / geometry.height_px)
