"""assistive.boards: how large the keys of each grid are on this screen."""

from __future__ import annotations

from assistive.boards.board import Geometry
from assistive.boards.grid import LADDER, LINES, area_rows, frame
from assistive.boards.layout import Layout
from assistive.boards.line import line_frame
from calibration.gaze import Axes
from calibration.grid_choice import KeySize


def key_sizes(layout: Layout, geometry: Geometry, axes: Axes = Axes.BOTH) -> tuple[KeySize, ...]:
    """Return the grids to choose from, most keys first; with one axis only, the line along it."""
    width_cm, height_cm = geometry.width_mm / 10, geometry.height_mm / 10
    sizes = []
    if axes is not Axes.BOTH:
        for line, plan in LINES.items():
            if (plan.rows == 1) == (axes is Axes.HORIZONTAL):
                last = line_frame(geometry, line).fixed
                sizes.append(KeySize(line, last.w * width_cm, last.h * height_cm))
        return tuple(sizes)
    for grid, plan in LADDER.items():
        lines = frame(geometry, plan.cols, area_rows(layout, grid))
        key = lines.columns(lines.area, plan.cols)[0]
        sizes.append(KeySize(grid, key.w * width_cm, lines.row_h * height_cm))
    return tuple(sizes)
