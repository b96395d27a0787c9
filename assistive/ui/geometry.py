"""assistive.ui: how large a window really is, and which part of the screen it takes."""

from __future__ import annotations

import math

from PyQt6.QtGui import QScreen
from PyQt6.QtWidgets import QWidget

from assistive.boards.board import Geometry

MM_PER_INCH = 25.4
FALLBACK_DPI = 96.0
DPI_RANGE = (25.0, 350.0)  # a 75-inch television with 1080 lines .. the densest laptop without scaling
# Screens that report the shape of their picture instead of its size (EDID 1.4, table 3.24).
SHAPES_MM = {(160, 90), (160, 100), (16, 9), (16, 10), (1600, 900), (1600, 1000)}


def mm_per_px(physical_mm: tuple[float, float], size_px: tuple[int, int]) -> tuple[float, float]:
    """Return the width and the height of a logical pixel (mm); 96 dots an inch where the screen lies.

    Parameters
    ----------
    physical_mm, size_px : tuple
        The screen's width and height as it reports them, and in logical pixels.
    """
    sane = not any(math.hypot(physical_mm[0] - w, physical_mm[1] - h) < 1 for w, h in SHAPES_MM)
    ratios = []
    for mm, px in zip(physical_mm, size_px, strict=True):
        ratio = mm / px if px > 0 else 0.0
        ratios.append(ratio)
        sane = sane and math.isfinite(ratio) and DPI_RANGE[0] * ratio <= MM_PER_INCH <= DPI_RANGE[1] * ratio
    if not sane or not 0.67 < ratios[0] / ratios[1] < 1.5:
        return MM_PER_INCH / FALLBACK_DPI, MM_PER_INCH / FALLBACK_DPI
    return ratios[0], ratios[1]


def real_geometry(widget: QWidget) -> Geometry:
    """Return the widget's size in logical pixels and in millimetres."""
    screen = _screen(widget)
    physical, size = screen.physicalSize(), screen.geometry().size()
    mm_x, mm_y = mm_per_px((physical.width(), physical.height()), (size.width(), size.height()))
    return Geometry(widget.width(), widget.height(), widget.width() * mm_x, widget.height() * mm_y)


def share_of_screen(widget: QWidget) -> tuple[float, float, float, float]:
    """Return the window's rectangle (x, y, width, height) as shares of its screen."""
    screen = _screen(widget).geometry()
    inside = widget.geometry()
    w, h = max(1, screen.width()), max(1, screen.height())
    x, y = inside.x() - screen.x(), inside.y() - screen.y()
    return x / w, y / h, inside.width() / w, inside.height() / h


def _screen(widget: QWidget) -> QScreen:
    screen = widget.screen()
    assert screen is not None  # Qt always has one, if only a pretended one
    return screen
