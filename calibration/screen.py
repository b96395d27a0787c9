"""calibration: the screen that is looked at, and the camera above it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScreenSize:
    """The screen in pixels and millimetres (0 mm: not known), and how far the eyes are from it."""

    width_px: int
    height_px: int
    width_mm: float
    height_mm: float
    distance_mm: float = 600.0
