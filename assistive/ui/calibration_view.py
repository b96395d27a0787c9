"""assistive.ui: what is seen of a calibration, under the board's targets: the face, the target, the map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QHideEvent,
    QImage,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PyQt6.QtWidgets import QStyle, QWidget

from assistive.boards.board import Rect
from assistive.boards.calibration_page import Places, places
from assistive.ui.calibration_target import Glide, paint_picture, paint_ring, read_picture, target_rect
from assistive.ui.cell_face import Scale
from assistive.ui.error_map import map_place, paint_map, result_numbers, result_sentence
from assistive.ui.face_check import Preview, face_level, face_words, paint_preview
from assistive.ui.fitted_text import FittedText, fit
from assistive.ui.geometry import real_geometry
from assistive.ui.theme import DARK, VISUAL_ANGLE_MM, Theme
from assistive.ui.verdict_colors import verdict_color
from calibration.view import CalibrationView, Phase
from devices.clock import Clock

TARGET_MS = 16
FACE_MS = 33
CALM_MS = 100  # where nothing moves

SENTENCE = (48.0, 600)  # px at 1080 lines, weight
VERDICT = (84.0, 700)
ADVICE = (36.0, 500)
SMALL = (27.0, 500)
LEFT, CENTER = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter


class CalibrationPage(QWidget):
    """Fills the board under its targets while a calibration is on; what is chosen there are the board's targets.

    Parameters
    ----------
    board : QWidget
        The board's widget; the page is always as large as it is.
    pull : callable
        Tells at the frame rate where the calibration is; None: it is over.
    preview : callable
        Gives the camera's newest picture; None: there is none.
    clock : Clock
    tr : callable
        Translates a string.

    Signals
    -------
    ended
        Somebody pressed Escape.
    """

    ended = pyqtSignal()

    def __init__(
        self,
        board: QWidget,
        pull: Callable[[], CalibrationView | None],
        preview: Callable[[], Preview | None],
        clock: Clock,
        tr: Callable[[str], str],
    ) -> None:
        super().__init__(board)
        self._pull = pull
        self._preview = preview
        self._clock = clock
        self._tr = tr
        self._theme = DARK
        self._view: CalibrationView | None = None
        self._glide = Glide()
        self._image: QImage | None = None
        self._seen: Preview | None = None
        self._scale = Scale(1.0, 1.0)
        self._places: Places | None = None
        self._frames = QTimer(self)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(lambda: self.show_moment(self._pull()))
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.activated.connect(self.ended)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self.lower()
        board.installEventFilter(self)
        self.setGeometry(board.rect())

    # ------------------------------------------------------------ what is shown

    def show_moment(self, view: CalibrationView | None) -> None:
        """Show this moment, and go on pulling from now on; None: the calibration is over."""
        former, self._view = self._view, view
        if view is None:
            self._glide = Glide()
            self._seen = None
            self.hide()
            return
        before = self._target_rect()
        self._glide.aim(self._clock.now(), view.place, still=self._still())
        if former is None or _differs(former, view):
            self._places = None
            self._frames.setInterval(_interval(view.phase))
            self.setAccessibleName(self._sentence(view))
            self.update()
            self.show()
        elif view.phase is Phase.FACE:
            self._seen = self._preview()
            self.update()
        elif view.place is not None:
            self.update(before.united(self._target_rect()).toAlignedRect())

    def set_theme(self, theme: Theme) -> None:
        """Draw everything in this theme."""
        self._theme = theme
        self.update()

    def set_picture(self, path: Path | None) -> None:
        """Show this picture in place of the ring; a file that cannot be read leaves the ring."""
        self._image = read_picture(path)
        self.update()

    def _sentence(self, view: CalibrationView) -> str:
        if view.message:
            return view.message
        match view.phase:
            case Phase.FACE:
                return ". ".join(face_words(view.verdict, self._tr))
            case Phase.FITTING:
                return self._tr("One moment.")
            case Phase.RESULT if view.validation is not None:
                return result_sentence(view.validation, self._tr)
            case Phase.LEFT:
                return self._tr("The calibration was left. Nothing has changed.")
            case _:
                return ""

    # ------------------------------------------------------------ size and time

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        """Stay as large as the board."""
        if a1 is not None and a1.type() == QEvent.Type.Resize:
            board = self.parentWidget()
            assert board is not None
            self.setGeometry(board.rect())
        return False

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Place everything anew."""
        self._places = None
        super().resizeEvent(a0)

    def showEvent(self, a0: QShowEvent | None) -> None:
        """Begin to pull."""
        self._frames.start()
        super().showEvent(a0)

    def hideEvent(self, a0: QHideEvent | None) -> None:
        """Nothing moves that nobody sees."""
        self._frames.stop()
        super().hideEvent(a0)

    def _still(self) -> bool:
        style = self.style()
        return style is None or not style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self)

    # ------------------------------------------------------------ paint

    def _lay_out(self, view: CalibrationView) -> Places:
        if self._places is None:
            geometry = real_geometry(self)
            px = min(max(min(self.width(), self.height()) / 1080, 0.3), 4.0)
            self._scale = Scale(px, VISUAL_ANGLE_MM * geometry.width_px / geometry.width_mm)
            self._places = places(view, geometry)
        return self._places

    def _target_rect(self) -> QRectF:
        place = self._glide.at(self._clock.now())
        return QRectF() if place is None else target_rect(self._px(place), self._scale.px)

    def _px(self, place: tuple[float, float]) -> QPointF:
        return QPointF(place[0] * self.width(), place[1] * self.height())

    def _room(self, rect: Rect) -> QRectF:
        return QRectF(
            rect.x * self.width(), rect.y * self.height(), rect.w * self.width(), rect.h * self.height()
        )

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        """Paint the ground and what belongs to the phase."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.ground))
        view = self._view
        if view is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            where = self._lay_out(view)
            match view.phase:
                case Phase.FACE:
                    self._paint_face(painter, view, where)
                case Phase.TARGET | Phase.CHECK:
                    self._paint_target(painter, view, where)
                case Phase.RESULT:
                    self._paint_result(painter, view, where)
                case _:
                    self._write(
                        painter, self._sentence(view), self._room(where.words), SENTENCE, self._theme.ink, 3
                    )
                    if view.phase is Phase.LEFT:
                        works = self._tr("The board works as it did before, and help can be called.")
                        self._write(painter, works, self._room(where.small), SMALL, self._theme.ink_2, 2)
        painter.end()

    def _paint_face(self, painter: QPainter, view: CalibrationView, where: Places) -> None:
        theme = self._theme
        paint_preview(painter, self._room(where.picture), self._seen, theme, self._scale.px)
        word, sentence = face_words(view.verdict, self._tr)
        color = verdict_color(theme, face_level(view.verdict))
        room = self._room(where.words)
        top, below = QRectF(room), QRectF(room)
        top.setHeight(0.36 * room.height())
        below.setTop(top.bottom())
        self._write(painter, word, top, VERDICT, color, 1, LEFT)
        advice = self._fitted(view.message or sentence, below, ADVICE, 4)
        below.setHeight(advice.height)
        painter.setPen(QColor(theme.ink))
        advice.draw(painter, below, LEFT)

    def _paint_target(self, painter: QPainter, view: CalibrationView, where: Places) -> None:
        if view.of > 1:
            number = f"{view.number} / {view.of}"
            self._write(painter, number, self._room(where.small), SMALL, self._theme.ink_2, 1)
        now = self._clock.now()
        place = self._glide.at(now)
        if place is None:
            return
        openness = min(1.0 - min(1.0, max(0.0, view.progress)), self._glide.share(now))
        if self._image is None:
            paint_ring(painter, self._px(place), openness, self._theme, self._scale.px)
        else:
            paint_picture(painter, self._px(place), openness, self._image, self._scale.px)

    def _paint_result(self, painter: QPainter, view: CalibrationView, where: Places) -> None:
        theme, found = self._theme, view.validation
        self._write(painter, self._sentence(view), self._room(where.words), SENTENCE, theme.ink, 2)
        if found is None:
            return
        room, small, geometry = self._room(where.picture), self._room(where.small), real_geometry(self)
        numbers = self._fitted(result_numbers(found, view.grid, self._tr), small, SMALL, 2)
        height = map_place(geometry, room).height()
        beside = (room.height() + small.height() - height - numbers.height) / 3  # above, between and below
        room.translate(0, beside)
        paint_map(painter, room, found, view.grid, geometry, theme, self._scale, self._tr)
        painter.setPen(QColor(theme.ink_2))
        small.moveTop(room.top() + height + beside)
        small.setHeight(numbers.height)
        numbers.draw(painter, small, CENTER)

    def _write(
        self,
        painter: QPainter,
        words: str,
        room: QRectF,
        face: tuple[float, int],
        color: str,
        lines: int,
        align: Qt.AlignmentFlag = CENTER,
    ) -> None:
        text = self._fitted(words, room, face, lines)
        painter.setPen(QColor(color))
        text.draw(painter, text.place(room, align), align)

    def _fitted(self, words: str, room: QRectF, face: tuple[float, int], lines: int) -> FittedText:
        (size, weight), smallest = face, self._scale.smallest_px
        size = max(size * self._scale.px, smallest)
        return fit(words, weight, size, smallest, room.width(), room.height(), lines)


def _interval(phase: Phase) -> int:
    if phase in (Phase.TARGET, Phase.CHECK):
        return TARGET_MS
    return FACE_MS if phase is Phase.FACE else CALM_MS


def _differs(one: CalibrationView, other: CalibrationView) -> bool:
    """Whether more has changed than the place of the target and how far it has closed."""
    return any(
        getattr(one, part) != getattr(other, part)
        for part in ("phase", "number", "of", "verdict", "message", "validation", "grid")
    )
