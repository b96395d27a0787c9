"""calibration: the screen that is looked at, and the camera above it."""

from __future__ import annotations

import math
from dataclasses import dataclass

DEFAULT_DPI = 96.0
MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class ScreenSize:
    """The screen in pixels and millimetres (0 mm: not known), and how far the eyes are from it."""

    width_px: int
    height_px: int
    width_mm: float
    height_mm: float
    distance_mm: float = 600.0

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height in mm, with 96 dots an inch where the screen does not tell."""
        dot = MM_PER_INCH / DEFAULT_DPI
        return self.width_mm or self.width_px * dot, self.height_mm or self.height_px * dot

    @property
    def degrees_per_share(self) -> tuple[float, float]:
        """Degrees of visual angle that the whole width and height would have, were all of it as near as its middle."""
        width_mm, height_mm = self.size_mm
        return math.degrees(width_mm / self.distance_mm), math.degrees(height_mm / self.distance_mm)
