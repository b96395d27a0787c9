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

from assistive.boards.calibration_page import places
from assistive.settings import Settings
from assistive.ui.calibration_sheet import Sheet, sentence_of
from assistive.ui.calibration_target import Glide, read_picture, target_rect
from assistive.ui.cell_face import Scale
from assistive.ui.face_check import Preview
from assistive.ui.geometry import real_geometry, share_of_screen
from assistive.ui.theme import DARK, THEMES, VISUAL_ANGLE_MM
from calibration.gaze import Axes
from calibration.view import CalibrationView, Phase
from devices.clock import Clock

TARGET_MS = 16
FACE_MS = 33
CALM_MS = 100  # where nothing moves


class CalibrationPage(QWidget):
    """Fills the board under its targets while a calibration is on; what is chosen there are the board's targets.

    Parameters
    ----------
    board : QWidget
        The board's widget; the page is always as large as it is.
    pull : callable
        Tells at the frame rate where the calibration is; None: nothing is known yet.
    preview : callable
        Gives the camera's newest picture; None: there is none.
    clock : Clock
    tr : callable
        Translates a string.

    Signals
    -------
    ended
        Somebody pressed Escape.
    painted
        It was painted; the board below is not then.
    """

    ended = pyqtSignal()
    painted = pyqtSignal()

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
        self._axes = Axes.BOTH
        self._picture = ""
        self._image: QImage | None = None
        self._seen: Preview | None = None
        self._sheet: Sheet | None = None
        self._moved = QRectF()  # where the last moment had something that moves
        self._progress = 0.0
        self._left_s: int | None = None
        self._frames = QTimer(self)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._frame)
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
        """Show this moment, and pull the next ones from now on; None: the calibration is over."""
        former, self._view = self._view, view
        if view is None:
            self._glide = Glide()
            self._seen = None
            self.hide()
            return
        self._glide.aim(self._clock.now(), view.place, still=self._still())
        if view.phase is Phase.FACE:
            self._seen = self._preview()
        if view.left_s != self._left_s:
            self._left_s = view.left_s
            self.update()
        if former is None or _differs(former, view):
            self._sheet = None
            self._frames.setInterval(_interval(view.phase))
            self.setAccessibleName(sentence_of(view, self._tr))
            self.update()
            self.show()
        self._update_what_moves(view)

    def apply(self, settings: Settings) -> None:
        """Take the theme, the picture of the target and the directions of the eyes from the settings."""
        self._theme = THEMES[settings.look.theme]
        self._axes = Axes(settings.gaze.axes)
        if settings.gaze.picture != self._picture:
            self._picture = settings.gaze.picture
            self._image = read_picture(Path(self._picture) if self._picture else None)
        self._sheet = None
        self.update()

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
        self._sheet = None
        super().resizeEvent(a0)

    def showEvent(self, a0: QShowEvent | None) -> None:
        """Begin to pull."""
        self._frames.start()
        super().showEvent(a0)

    def hideEvent(self, a0: QHideEvent | None) -> None:
        """Nothing moves that nobody sees."""
        self._frames.stop()
        super().hideEvent(a0)

    def _frame(self) -> None:
        view = self._pull()
        # What is told may be ahead of what can be pulled, which would show the former phase for a moment.
        if view is not None and self._view is not None and view.t >= self._view.t:
            self.show_moment(view)

    def _still(self) -> bool:
        style = self.style()
        return style is None or not style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self)

    # ------------------------------------------------------------ paint

    def _lay_out(self, view: CalibrationView) -> Sheet:
        if self._sheet is None:
            geometry = real_geometry(self)
            px = min(max(min(self.width(), self.height()) / 1080, 0.3), 4.0)
            scale = Scale(px, VISUAL_ANGLE_MM * geometry.width_px / geometry.width_mm)
            where = places(view, geometry, self._axes)
            self._sheet = Sheet(geometry, where, self._theme, scale, self._tr)
        return self._sheet

    def _center(self) -> QPointF | None:
        """Where the target is now (px): places are on the screen, and the window may be a part of it."""
        place = self._glide.at(self._clock.now())
        if place is None:
            return None
        x, y, w, h = share_of_screen(self.window() or self)
        return QPointF((place[0] - x) / w * self.width(), (place[1] - y) / h * self.height())

    def _update_what_moves(self, view: CalibrationView) -> None:
        sheet, center = self._lay_out(view), self._center()
        moves = QRectF() if center is None else target_rect(center, sheet.scale.px)
        if view.phase is Phase.FACE:
            moves = sheet.picture_rect()
        if moves != self._moved or view.progress != self._progress or view.phase is Phase.FACE:
            self.update(self._moved.united(moves).toAlignedRect())
        self._moved, self._progress = moves, view.progress

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        """Paint the ground and what belongs to the phase."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.ground))
        view = self._view
        if view is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            sheet = self._lay_out(view)
            match view.phase:
                case Phase.FACE:
                    sheet.paint_face(painter, view, self._seen)
                case Phase.TARGET | Phase.CHECK:
                    closed = min(1.0, max(0.0, view.progress))
                    openness = min(1.0 - closed, self._glide.share(self._clock.now()))
                    sheet.paint_target(painter, view, self._center(), openness, self._image)
                case Phase.RESULT:
                    sheet.paint_result(painter, view)
                case _:
                    sheet.paint_sentence(painter, view)
        painter.end()
        self.painted.emit()


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
