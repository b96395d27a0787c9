"""assistive.ui: the one thing to look at while a person calibrates: a ring, or a picture, that closes to a point."""

from __future__ import annotations

import logging
import math
from pathlib import Path

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QImage, QImageReader, QPainter, QPen

from assistive.ui.theme import Theme

# All in px at 1080 lines.
RING_PX = 46.0  # radius of the open ring
POINT_PX = 7.0  # radius of the point in its middle
LINE_PX = 6.0
PICTURE_PX = 180.0  # the longer side of a picture when it is at its largest
PICTURE_LEFT = 0.25  # of it, once it has closed
GLIDE_S = 0.25  # a step that the eye can follow; it is there before the eyes are expected to rest

_log = logging.getLogger(__name__)


class Glide:
    """Where the target is while it moves from one place to the next, in shares of the screen."""

    def __init__(self) -> None:
        self._from: tuple[float, float] | None = None
        self._to: tuple[float, float] | None = None
        self._since = -math.inf
        self._glide_s = GLIDE_S

    def aim(self, t: float, place: tuple[float, float] | None, *, still: bool = False) -> None:
        """Go to this place from now on; the first one does not move there. None: no target.

        Parameters
        ----------
        t : float
            Seconds on the shared clock.
        still : bool
            Jump: the computer is set to move nothing that does not have to move.
        """
        if place == self._to:
            return
        self._from = place if still or self._to is None else self.at(t)
        self._to, self._since = place, t
        self._glide_s = 0.0 if still else GLIDE_S

    def share(self, t: float) -> float:
        """How much of the way is done, 0..1, gently at both ends."""
        way = (t - self._since) / self._glide_s if self._glide_s else 1.0
        way = min(1.0, max(0.0, way))
        return way * way * (3 - 2 * way)

    def at(self, t: float) -> tuple[float, float] | None:
        """The place at this time, None while there is no target."""
        if self._from is None or self._to is None:
            return self._to
        share = self.share(t)
        (x0, y0), (x1, y1) = self._from, self._to
        return x0 + share * (x1 - x0), y0 + share * (y1 - y0)


def read_picture(path: Path | None) -> QImage | None:
    """Return the picture in a file, no larger than it is ever shown; None if there is none that can be read."""
    if path is None:
        return None
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        largest = round(4 * PICTURE_PX)  # a screen with four times 1080 lines
        shown = size.scaled(QSize(largest, largest), Qt.AspectRatioMode.KeepAspectRatio)
        if shown.width() < size.width():
            reader.setScaledSize(shown.expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        _log.warning("the picture %s cannot be shown: %s", path, reader.errorString())
        return None
    return image


def target_rect(center: QPointF, scale: float) -> QRectF:
    """Return what a target may cover (px), whatever it looks like."""
    half = max(RING_PX + LINE_PX, PICTURE_PX / 2) * scale + 2
    return QRectF(center.x() - half, center.y() - half, 2 * half, 2 * half)


def paint_ring(painter: QPainter, center: QPointF, openness: float, theme: Theme, scale: float) -> None:
    """Paint a ring around a point; `openness` 1 is wide open, 0 has closed to the point."""
    radius = RING_PX * scale * openness
    if radius > POINT_PX * scale:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.dwell), LINE_PX * scale))
        painter.drawEllipse(center, radius, radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.ink))
    painter.drawEllipse(center, POINT_PX * scale, POINT_PX * scale)


def paint_picture(painter: QPainter, center: QPointF, openness: float, image: QImage, scale: float) -> None:
    """Paint a picture that shrinks towards its middle, never stretched."""
    largest = PICTURE_PX * scale * (PICTURE_LEFT + (1 - PICTURE_LEFT) * openness)
    size = image.size().toSizeF().scaled(largest, largest, Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(center.x() - size.width() / 2, center.y() - size.height() / 2, size.width(), size.height())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, image)
