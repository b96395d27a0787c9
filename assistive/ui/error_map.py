"""assistive.ui: the map of the screen: how far the gaze is off at each place, drawn to scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen

from assistive.boards.board import Geometry, Rect
from assistive.boards.grid import LADDER, LINES, frame
from assistive.boards.line import line_frame
from assistive.ui.cell_face import Scale
from assistive.ui.fitted_text import fit
from assistive.ui.free_place import free_place
from assistive.ui.theme import RADIUS_PX, Theme
from assistive.ui.verdict_colors import mark_color, verdict_color
from calibration.level import Level, region_level, validation_level
from calibration.quality import RegionError, Validation

TARGET_PX = 5.0  # radius of a target's ring; all in px at 1080 lines
LINE_PX = 4.0
WORD_PX = 24.0
GAP_PX = 6.0
DISC_OPACITY = 0.35

CENTER = Qt.AlignmentFlag.AlignHCenter


def level_word(level: Level, tr: Callable[[str], str]) -> str:
    """Return the word for a level."""
    match level:
        case Level.GOOD:
            return tr("good")
        case Level.USABLE:
            return tr("usable")
        case Level.POOR:
            return tr("poor")
        case _:
            return tr("not seen")


def result_sentence(validation: Validation, tr: Callable[[str], str]) -> str:
    """Return the one sentence that says what was found."""
    match validation_level(validation):
        case Level.GOOD:
            return tr("Your gaze is measured well.")
        case Level.USABLE:
            return tr("Your gaze is measured well enough for larger keys.")
        case Level.POOR:
            return tr("Your gaze is far off. Once more is worth a try.")
        case _:
            return tr("The eyes were not seen on the targets. Nothing was measured.")


def result_numbers(validation: Validation, grid: str, tr: Callable[[str], str]) -> str:
    """Return the numbers in a line; "" where nothing was measured."""
    if not math.isfinite(validation.accuracy_cm):
        return ""
    numbers = tr("Off by {cm} cm ({degrees}°), spread {spread_cm} cm ({spread_degrees}°)").format(
        cm=_decimal(validation.accuracy_cm, tr),
        degrees=_decimal(validation.accuracy_deg, tr),
        spread_cm=_decimal(validation.precision_cm, tr),
        spread_degrees=_decimal(validation.precision_deg, tr),
    )
    columns, _, rows = grid.partition("x")
    if not (columns.isdecimal() and rows.isdecimal()):
        return numbers
    keys = tr("keys {columns} × {rows}").format(columns=columns, rows=rows)
    return f"{numbers}  ·  {keys}"


def _decimal(value: float, tr: Callable[[str], str]) -> str:
    whole, tenths = f"{value:.1f}".split(".")
    return tr("{whole}.{tenths}").format(whole=whole, tenths=tenths)


def map_place(geometry: Geometry, room: QRectF) -> QRectF:
    """Return where the map stands in this room: of the window's real shape, as large as fits, at the top."""
    size = QSizeF(geometry.width_mm, geometry.height_mm).scaled(
        room.size(), Qt.AspectRatioMode.KeepAspectRatio
    )
    return QRectF(room.center().x() - size.width() / 2, room.top(), size.width(), size.height())


def grid_cells(grid: str, geometry: Geometry) -> Sequence[Rect]:
    """Return where the keys of this grid stand on the window; none where there is no such grid."""
    plans = {str(name): plan for name, plan in (LADDER | LINES).items()}
    plan = plans.get(grid)
    if plan is None:
        return ()
    if grid in LINES:
        lines = line_frame(geometry, "6x1" if plan.rows == 1 else "1x5")
        cells = lines.cells(lines.area, (plan.cols - (plan.rows == 1),) * max(1, plan.rows - 1))
        return (lines.text, *cells, lines.fixed)
    lines = frame(geometry, plan.cols, plan.rows)
    row = lines.columns(lines.fixed, max(plan.cols, 2))
    return (lines.text, lines.speak, *lines.cells(lines.area, (plan.cols,) * plan.rows), *row)


def paint_map(
    painter: QPainter,
    room: QRectF,
    validation: Validation,
    grid: str,
    geometry: Geometry,
    theme: Theme,
    scale: Scale,
    tr: Callable[[str], str],
) -> None:
    """Paint the map: the grid that was chosen, each target, the line to where the gaze was, and its spread.

    Parameters
    ----------
    room : QRectF
        What the map may fill (px).
    geometry : Geometry
        The window that was calibrated on: it gives the map its shape and its scale.
    """
    place = map_place(geometry, room)
    outline = QPainterPath()
    radius = RADIUS_PX * scale.px * place.width() / max(1, geometry.width_px)
    outline.addRoundedRect(place, radius, radius)
    painter.fillPath(outline, QColor(theme.panel))
    painter.save()
    painter.setClipPath(outline)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.outline if theme.outlined_cells else theme.track), max(1.0, scale.px)))
    for cell in grid_cells(grid, geometry):
        painter.drawRoundedRect(_on(place, cell), radius, radius)
    px_per_cm = 10 * place.width() / geometry.width_mm
    for region in validation.regions:
        _paint_region(painter, place, region, px_per_cm, theme, scale)
    marks = [_marks(place, region, px_per_cm, scale) for region in validation.regions]
    circles, words = [mark for own in marks for mark in own], list[QRectF]()
    for region, own in zip(validation.regions, marks, strict=True):
        words.append(_paint_word(painter, place, region, own, (circles, words), theme, scale, tr))
    painter.restore()
    painter.setPen(QPen(QColor(theme.outline), theme.outline_px * scale.px))
    painter.drawPath(outline)


def _on(place: QRectF, rect: Rect) -> QRectF:
    return QRectF(
        place.x() + rect.x * place.width(),
        place.y() + rect.y * place.height(),
        rect.w * place.width(),
        rect.h * place.height(),
    )


def _target(place: QRectF, region: RegionError) -> QPointF:
    return QPointF(place.x() + region.x * place.width(), place.y() + region.y * place.height())


def _seen(region: RegionError) -> bool:
    return region.samples > 0 and all(math.isfinite(v) for v in (*region.offset_cm, region.precision_cm))


def _level(region: RegionError) -> Level:
    return region_level(region) if _seen(region) else Level.UNKNOWN


def _paint_region(
    painter: QPainter, place: QRectF, region: RegionError, px_per_cm: float, theme: Theme, scale: Scale
) -> None:
    target = _target(place, region)
    if _seen(region):
        dx, dy = region.offset_cm
        center = target + QPointF(dx * px_per_cm, dy * px_per_cm)
        radius = region.precision_cm * px_per_cm
        color = QColor(mark_color(theme, _level(region)))
        painter.setPen(QPen(color, 0.5 * LINE_PX * scale.px))
        color.setAlphaF(DISC_OPACITY)
        painter.setBrush(color)
        painter.drawEllipse(center, radius, radius)
        color.setAlphaF(1.0)
        pen = QPen(color, LINE_PX * scale.px)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(target, center)
    painter.setBrush(QColor(theme.panel))
    painter.setPen(QPen(QColor(theme.ink), 0.6 * LINE_PX * scale.px))
    painter.drawEllipse(target, TARGET_PX * scale.px, TARGET_PX * scale.px)


def _marks(place: QRectF, region: RegionError, px_per_cm: float, scale: Scale) -> list[QRectF]:
    """What is painted for a place, as squares around its circles: its target, and its disc."""
    target = _target(place, region)
    marks = [_square(target, TARGET_PX * scale.px)]
    if _seen(region):
        dx, dy = region.offset_cm
        radius = region.precision_cm * px_per_cm + 0.25 * LINE_PX * scale.px
        marks.append(_square(target + QPointF(dx * px_per_cm, dy * px_per_cm), radius))
    return marks


def _square(center: QPointF, half: float) -> QRectF:
    return QRectF(center.x() - half, center.y() - half, 2 * half, 2 * half)


def _paint_word(
    painter: QPainter,
    place: QRectF,
    region: RegionError,
    own: Sequence[QRectF],
    taken: tuple[Sequence[QRectF], Sequence[QRectF]],
    theme: Theme,
    scale: Scale,
    tr: Callable[[str], str],
) -> QRectF:
    """Paint the word of a place beside its target, on as little of what is taken as can be; return where it stands."""
    level, gap = _level(region), GAP_PX * scale.px
    size = max(WORD_PX * scale.px, min(scale.smallest_px, WORD_PX * scale.px * 1.3))
    text = fit(level_word(level, tr), 600, size, 0.5 * size, 0.3 * place.width(), 2 * size, 1)
    inside = place.adjusted(2 * gap, gap, -2 * gap, -gap)
    where = free_place(own, QSizeF(text.width, text.height), taken, inside, gap)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.panel))  # it is read whatever lies under it
    painter.drawRoundedRect(where.adjusted(-gap / 2, 0, gap / 2, 0), gap, gap)
    painter.setPen(QColor(verdict_color(theme, level)))
    text.draw(painter, where, CENTER)
    return where
