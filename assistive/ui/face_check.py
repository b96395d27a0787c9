"""assistive.ui: what the camera sees, like in a mirror, and in a word and a sentence what it is good for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from assistive.ui.theme import RADIUS_PX, Theme
from assistive.ui.verdict_colors import mark_color
from calibration.level import Level
from devices.samples import FaceVerdict

# MediaPipe's numbers of the landmarks along each line (canonical face model; 468.. are the irises).
OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
EYES = (
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
)
IRISES = ((469, 470, 471, 472), (474, 475, 476, 477))
LANDMARKS = 478

MESH_OPACITY = 0.45
LINE_PX = 2.0
FRAME_PX = 6.0


class Preview(Protocol):
    """One picture of the camera, and what was found in it: as `devices.gaze.webcam` makes them."""

    @property
    def width_px(self) -> int:
        """Pixels in a row."""
        ...

    @property
    def height_px(self) -> int:
        """Rows."""
        ...

    @property
    def rgb(self) -> bytes:
        """Three bytes a pixel, row by row from the top, not mirrored."""
        ...

    @property
    def verdict(self) -> FaceVerdict:
        """What the picture is good for."""
        ...

    @property
    def landmarks(self) -> NDArray[np.float32] | None:
        """The face mesh, 478 x 2, in shares of the picture's width and height; None: no face."""
        ...


def face_level(verdict: FaceVerdict) -> Level:
    """Return whether the eyes can be measured well, somehow, or not at all."""
    match verdict:
        case FaceVerdict.GOOD:
            return Level.GOOD
        case FaceVerdict.TWO_FACES | FaceVerdict.GLARE | FaceVerdict.SLOW:
            return Level.USABLE
        case _:
            return Level.POOR


def face_word(verdict: FaceVerdict, tr: Callable[[str], str]) -> str:
    """Return the verdict in a word or two."""
    match verdict:
        case FaceVerdict.GOOD:
            return tr("Good")
        case FaceVerdict.DARK:
            return tr("Too dark")
        case FaceVerdict.NO_FACE:
            return tr("No face")
        case FaceVerdict.STILL:
            return tr("A photo?")
        case FaceVerdict.CUT_OFF:
            return tr("Cut off")
        case FaceVerdict.SMALL:
            return tr("Too far away")
        case FaceVerdict.TWO_FACES:
            return tr("Two faces")
        case FaceVerdict.GLARE:
            return tr("Glare")
        case FaceVerdict.SLOW:
            return tr("Slow")


def picture_place(preview: Preview, room: QRectF) -> QRectF:
    """Return where the picture stands in this room: as large as fits, never stretched."""
    size = QSizeF(preview.width_px, preview.height_px).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, size.width(), size.height())
    place.moveCenter(room.center())
    return place


def paint_preview(
    painter: QPainter, room: QRectF, preview: Preview | None, theme: Theme, scale: float
) -> None:
    """Paint the picture as a mirror shows it, the face's lines on it, and a frame in the verdict's colour.

    A picture that is damaged, or none, leaves the empty frame.
    """
    image = None if preview is None else _image(preview)
    place = room if image is None or preview is None else picture_place(preview, room)
    level = Level.UNKNOWN if preview is None else face_level(preview.verdict)
    radius = RADIUS_PX * scale
    outline = QPainterPath()
    outline.addRoundedRect(place, radius, radius)
    painter.fillPath(outline, QColor(theme.panel))
    if image is not None and preview is not None:
        painter.save()
        painter.setClipPath(outline)
        painter.translate(place.right(), place.top())
        painter.scale(-1.0, 1.0)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(0, 0, place.width(), place.height()), image)
        _paint_mesh(painter, place, preview.landmarks, theme, scale)
        painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(mark_color(theme, level)), FRAME_PX * scale))
    painter.drawPath(outline)


def _image(preview: Preview) -> QImage | None:
    width, height = preview.width_px, preview.height_px
    if width <= 0 or height <= 0 or len(preview.rgb) != 3 * width * height:
        return None
    return QImage(preview.rgb, width, height, 3 * width, QImage.Format.Format_RGB888)


def _paint_mesh(
    painter: QPainter, place: QRectF, landmarks: NDArray[np.float32] | None, theme: Theme, scale: float
) -> None:
    if landmarks is None or landmarks.shape != (LANDMARKS, 2) or not np.isfinite(landmarks).all():
        return
    mesh = [QPointF(x * place.width(), y * place.height()) for x, y in landmarks.tolist()]

    def line(numbers: tuple[int, ...]) -> QPolygonF:
        return QPolygonF([mesh[i] for i in numbers])

    color = QColor("#ffffff")  # the picture is a photo in every theme
    color.setAlphaF(MESH_OPACITY)
    dots = QPen(color, 1.4 * LINE_PX * scale)
    dots.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(dots)
    painter.drawPoints(QPolygonF(mesh[: IRISES[0][0] - 1]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, LINE_PX * scale))
    painter.drawPolygon(line(OVAL))
    painter.setPen(QPen(QColor(theme.dwell), LINE_PX * scale))
    for eye in EYES:
        painter.drawPolygon(line(eye))
    for iris in IRISES:
        painter.drawEllipse(line(iris).boundingRect())
