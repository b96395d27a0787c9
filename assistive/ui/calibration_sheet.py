"""assistive.ui: what a moment of a calibration looks like on a window of some size, ready to be painted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter

from assistive.boards.board import Geometry, Rect
from assistive.boards.calibration_page import Places
from assistive.ui.calibration_target import paint_picture, paint_ring
from assistive.ui.cell_face import Scale
from assistive.ui.error_map import map_place, paint_map, result_numbers, result_sentence
from assistive.ui.face_check import FRAME_PX, Preview, face_level, face_word, paint_preview
from assistive.ui.fitted_text import FittedText, fit
from assistive.ui.theme import Theme
from assistive.ui.verdict_colors import verdict_color
from calibration.level import Level, validation_level
from calibration.view import CalibrationView, Phase
from devices.gaze.face_words import verdict_sentence
from devices.samples import FaceVerdict

SENTENCE = (48.0, 600)  # px at 1080 lines, weight
VERDICT = (84.0, 700)
ADVICE = (36.0, 500)
SMALL = (27.0, 500)
LEFT, CENTER = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter


def sentence_of(view: CalibrationView, tr: Callable[[str], str]) -> str:
    """Return the one sentence of this moment; "" where nothing has to be said."""
    if view.message:
        return view.message
    match view.phase:
        case Phase.FACE:
            return verdict_sentence(view.verdict, tr)
        case Phase.FITTING:
            return tr("One moment.")
        case Phase.RESULT if view.validation is not None:
            return result_sentence(view.validation, tr)
        case Phase.LEFT:
            return tr("The calibration was left. Nothing has changed.")
        case _:
            return ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Paints the parts of a calibration where they belong.

    Parameters
    ----------
    geometry : Geometry
        The window's size.
    where : Places
    theme : Theme
    scale : Scale
    tr : callable
        Translates a string.
    """

    geometry: Geometry
    where: Places
    theme: Theme
    scale: Scale
    tr: Callable[[str], str]

    def picture_rect(self) -> QRectF:
        """Return what the camera's picture and its frame may cover (px)."""
        return self._room(self.where.picture).adjusted(
            *(side * FRAME_PX * self.scale.px for side in (-1, -1, 1, 1))
        )

    def paint_face(self, painter: QPainter, view: CalibrationView, seen: Preview | None) -> None:
        """Paint the camera's picture, the verdict as a word in its colour, and what to do about it."""
        paint_preview(painter, self._room(self.where.picture), seen, self.theme, self.scale.px)
        if seen is None and view.verdict is FaceVerdict.NO_FACE:  # at the start a camera takes a second
            word, color = self.tr("No picture yet"), self.theme.ink_2
        else:
            word, color = (
                face_word(view.verdict, self.tr),
                verdict_color(self.theme, face_level(view.verdict)),
            )
        room, gap = self._room(self.where.words), 24 * self.scale.px
        verdict = self._fitted(word, room, VERDICT, 1)
        left = QRectF(room.left(), room.top(), room.width(), room.height() - verdict.height - gap)
        advice = self._fitted(sentence_of(view, self.tr), left, ADVICE, 8)
        block = verdict.place(room, LEFT)
        block.translate(0, -(gap + advice.height) / 2)
        painter.setPen(QColor(color))
        verdict.draw(painter, block, LEFT)
        painter.setPen(QColor(self.theme.ink))
        left.moveTop(block.bottom() + gap)
        advice.draw(painter, left, LEFT)

    def paint_target(
        self,
        painter: QPainter,
        view: CalibrationView,
        center: QPointF | None,
        openness: float,
        image: QImage | None,
    ) -> None:
        """Paint the target at `center` (px), which of them it is, and far away from it what there is to say."""
        if view.of > 1:
            number = f"{view.number} / {view.of}"
            self._write(painter, number, self._room(self.where.small), SMALL, self.theme.ink_2, 1)
        if view.message:
            room = self._room(self.where.words)
            if center is not None and center.y() <= self.geometry.height_px / 2:
                room.moveBottom(self.geometry.height_px - room.top())
            self._write(painter, view.message, room, ADVICE, self.theme.ink, 3)
        if center is not None and image is None:
            paint_ring(painter, center, openness, self.theme, self.scale.px)
        elif center is not None and image is not None:
            paint_picture(painter, center, openness, image, self.scale.px)

    def paint_result(self, painter: QPainter, view: CalibrationView) -> None:
        """Paint the sentence, the map, and its numbers below it."""
        self.paint_sentence(painter, view)
        found = view.validation
        if found is None:
            return
        room, small = self._room(self.where.picture), self._room(self.where.small)
        height = map_place(self.geometry, room).height()
        under = (
            small.top() >= room.bottom() - 1
        )  # the map, not beside it: what the map does not need is theirs
        free = QRectF(0, 0, small.width(), small.height() + (room.height() - height if under else 0))
        what_comes = self._fitted(self._what_comes(view), free, SMALL, 2)
        free.setHeight(free.height() - what_comes.height)
        numbers = self._fitted(result_numbers(found, view.grid, self.tr), free, SMALL, 4)
        below = numbers.height + what_comes.height
        if under:  # as far from the map as the map is from the rest
            beside = (room.height() + small.height() - height - below) / 3
            room.translate(0, beside)
            small.moveTop(room.top() + height + beside)
            small.setHeight(below)
        paint_map(painter, room, found, view.grid, self.geometry, self.theme, self.scale, self.tr)
        painter.setPen(QColor(self.theme.ink_2))
        block = QRectF(small.left(), small.center().y() - below / 2, small.width(), numbers.height)
        numbers.draw(painter, block, CENTER)
        block.moveTop(block.bottom())
        what_comes.draw(painter, block, CENTER)

    def _what_comes(self, view: CalibrationView) -> str:
        """What happens by itself, and when; "" where nothing does."""
        if view.left_s is None or view.validation is None:
            return ""
        if validation_level(view.validation) is Level.UNKNOWN:
            return self.tr("The board comes back by itself in {seconds} s.").format(seconds=view.left_s)
        return self.tr("It is used by itself in {seconds} s.").format(seconds=view.left_s)

    def paint_sentence(self, painter: QPainter, view: CalibrationView) -> None:
        """Paint the sentence of this moment, and after a calibration that was left what still works."""
        sentence = sentence_of(view, self.tr)
        self._write(painter, sentence, self._room(self.where.words), SENTENCE, self.theme.ink, 3)
        if view.phase is Phase.LEFT:
            works = self.tr("The board works as it did before, and help can be called.")
            self._write(painter, works, self._room(self.where.small), SMALL, self.theme.ink_2, 2)

    def _room(self, rect: Rect) -> QRectF:
        width, height = self.geometry.width_px, self.geometry.height_px
        return QRectF(rect.x * width, rect.y * height, rect.w * width, rect.h * height)

    def _write(
        self,
        painter: QPainter,
        words: str,
        room: QRectF,
        face: tuple[float, int],
        color: str,
        lines: int,
    ) -> None:
        text = self._fitted(words, room, face, lines)
        painter.setPen(QColor(color))
        text.draw(painter, text.place(room, CENTER), CENTER)

    def _fitted(self, words: str, room: QRectF, face: tuple[float, int], lines: int) -> FittedText:
        (size, weight), smallest = face, self.scale.smallest_px
        size = max(size * self.scale.px, smallest)
        return fit(words, weight, size, smallest, room.width(), room.height(), lines)
