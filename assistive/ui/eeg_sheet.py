"""assistive.ui: what a calibration by EEG says, under the board's letters and choices: words, progress, the verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PyQt6.QtWidgets import QWidget

from assistive.boards.board import Rect
from assistive.boards.eeg_calibration_page import EegPlaces, eeg_places
from assistive.eeg.calibration_view import EegCalibrationView, EegPhase
from assistive.eeg.calibration_words import errors_sentence, verdict_word
from assistive.settings import Settings
from assistive.ui.cell_face import Scale
from assistive.ui.fitted_text import FittedText, fit
from assistive.ui.geometry import real_geometry
from assistive.ui.reliability_plot import paint_reliability
from assistive.ui.theme import DARK, THEMES, VISUAL_ANGLE_MM
from assistive.ui.verdict_colors import verdict_color
from calibration.gaze import Axes
from calibration.level import Level
from calibration.verdict import Verdict

GAP_PX = 22.0  # between two texts; all in px at 1080 lines
SHRINKS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4)  # of all texts alike, until they have room
DOT_PX, DOTS_APART_PX = 7.0, 30.0
LEVELS = {Verdict.HELPS: Level.GOOD, Verdict.HELPS_A_LITTLE: Level.USABLE, Verdict.UNUSABLE: Level.POOR}
CENTER = Qt.AlignmentFlag.AlignHCenter


@dataclass(frozen=True, slots=True)
class Words:
    """A text, its size (px at 1080 lines) and weight, and how many lines it may take."""

    text: str
    size_px: float
    weight: int
    color: str
    lines: int


Placed = tuple[Words, FittedText, QRectF]
"""A text, its lines, and where they stand (px)."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A moment on a window of one size."""

    where: EegPlaces
    texts: list[Placed]


class EegSheet(QWidget):
    """Fills the board under its targets while a calibration is on. Nothing on it moves while something flashes.

    Parameters
    ----------
    board : QWidget
        The board's widget; the sheet is always as large as it is.
    tr : callable
        Translates a string.

    Signals
    -------
    painted
        It was painted; the board below is not then.
    """

    painted = pyqtSignal()

    def __init__(self, board: QWidget, tr: Callable[[str], str]) -> None:
        super().__init__(board)
        self._tr = tr
        self._theme = DARK
        self._axes = Axes.BOTH
        self._view: EegCalibrationView | None = None
        self._laid: Laid | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self.lower()
        board.installEventFilter(self)
        self.setGeometry(board.rect())

    # ------------------------------------------------------------ what is shown

    def show_moment(self, view: EegCalibrationView | None) -> None:
        """Show this moment; None: the calibration is over."""
        former, self._view = self._view, view
        if view is None:
            self.hide()
            return
        if former is None or _seen(former) != _seen(view):
            self.setAccessibleName(" ".join(words.text for words in self.words(view)))
            self._renew()
        self.show()

    def apply(self, settings: Settings) -> None:
        """Take the theme and the directions of the eyes from the settings."""
        self._theme = THEMES[settings.look.theme]
        self._axes = Axes(settings.gaze.axes)
        self._renew()

    def words(self, view: EegCalibrationView) -> list[Words]:
        """Return the texts of this moment, from top to bottom."""
        theme, result, sentence = self._theme, view.phase is EegPhase.RESULT, view.sentence
        texts = []
        if result:
            level = LEVELS[view.verdict] if view.verdict is not None else Level.UNKNOWN
            word, color = verdict_word(view.verdict, self._tr), verdict_color(theme, level)
            texts.append(Words(word, 64.0, 700, color, 1))
            sentence = _told_once(word, sentence)
        texts.append(Words(sentence, 40.0 if result else 54.0, 500, theme.ink, 8))
        if view.errors is not None:
            told = errors_sentence(view.errors, self._tr)
            texts.append(Words(told, 27.0, 500, theme.ink_2, 4))
        texts.append(Words(view.note, 27.0 if result else 36.0, 500, theme.ink_2, 4))
        return [words for words in texts if words.text]

    # ------------------------------------------------------------ size

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        """Stay as large as the board."""
        if a1 is not None and a1.type() == QEvent.Type.Resize:
            board = self.parentWidget()
            assert board is not None
            self.setGeometry(board.rect())
        return False

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Place everything anew."""
        self._renew()
        super().resizeEvent(a0)

    def scale(self) -> Scale:
        """Return how large the window is beside one with 1080 lines, and the smallest text that can be read."""
        geometry = real_geometry(self)
        px = min(max(min(self.width(), self.height()) / 1080, 0.3), 4.0)
        return Scale(px, VISUAL_ANGLE_MM * geometry.width_px / geometry.width_mm)

    # ------------------------------------------------------------ paint

    def _renew(self) -> None:
        self._laid = None
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        """Paint the ground, the words, how far it is, and the plot of the result.

        It is also asked for what is under a letter that flashes: that has to take no time.
        """
        part = QRectF(self.rect() if a0 is None else a0.rect())
        painter = QPainter(self)
        painter.fillRect(part, QColor(self._theme.ground))
        view = self._view
        if view is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._laid is None:
                where = eeg_places(view, real_geometry(self), self._axes)
                self._laid = Laid(where, self.laid_out(view, where))
            for words, text, block in self._laid.texts:
                if block.intersects(part):
                    painter.setPen(QColor(words.color))
                    text.draw(painter, block, CENTER)
            self._paint_progress(painter, part, self._room(self._laid.where.progress), view)
            plot = self._room(self._laid.where.plot)
            if plot.intersects(part):
                paint_reliability(painter, plot, view.reliability, self._theme, self.scale(), self._tr)
        painter.end()
        self.painted.emit()

    def laid_out(self, view: EegCalibrationView, where: EegPlaces) -> list[Placed]:
        """Return each text with its lines and its place (px): one below the other, in the middle of their room."""
        room, scale, words = self._room(where.words), self.scale(), self.words(view)
        gap = GAP_PX * scale.px
        texts: list[FittedText] = []
        for share in SHRINKS:
            texts = [_fitted(each, room, scale, share) for each in words]
            height = sum(text.height for text in texts) + gap * (len(texts) - 1)
            if height <= room.height() and not any(text.elided for text in texts):
                break
        y = room.center().y() - (sum(text.height for text in texts) + gap * (len(texts) - 1)) / 2
        placed = []
        for each, text in zip(words, texts, strict=True):
            placed.append(
                (each, text, QRectF(room.center().x() - text.width / 2, y, text.width, text.height))
            )
            y += text.height + gap
        return placed

    def _paint_progress(
        self, painter: QPainter, part: QRectF, room: QRectF, view: EegCalibrationView
    ) -> None:
        if not room.intersects(part) or (view.phase is EegPhase.READY and not view.resumable):
            return
        px, theme = self.scale().px, self._theme
        apart = min(DOTS_APART_PX * px, room.width() / max(1, view.most))
        radius = min(DOT_PX * px, apart / 3)
        left = room.center().x() - (view.most - 1) * apart / 2
        for i in range(view.most):
            done = i < max(view.done, view.resumable)
            painter.setBrush(QColor(theme.dwell if done else theme.ground))
            painter.setPen(
                QPen(QColor(theme.dwell if done else theme.outline), max(1.0, theme.outline_px * px))
            )
            painter.drawEllipse(QPointF(left + i * apart, room.center().y()), radius, radius)

    def _room(self, rect: Rect) -> QRectF:
        width, height = self.width(), self.height()
        return QRectF(rect.x * width, rect.y * height, rect.w * width, rect.h * height)


def _fitted(words: Words, room: QRectF, scale: Scale, share: float) -> FittedText:
    size = max(share * words.size_px * scale.px, scale.smallest_px)
    return fit(words.text, words.weight, size, scale.smallest_px, room.width(), room.height(), words.lines)


def _told_once(verdict: str, sentence: str) -> str:
    """The sentence without the verdict at its beginning: it stands above."""
    begins, colon, rest = sentence.partition(": ")
    return rest[:1].upper() + rest[1:] if colon and begins == verdict else sentence


def _seen(view: EegCalibrationView) -> tuple[object, ...]:
    """What is painted of it: a flash that begins paints nothing anew."""
    page = EegPhase.FLASHING if view.phase in (EegPhase.CUE, EegPhase.BREAK) else view.phase
    return (
        page,
        view.sentence,
        view.note,
        view.done,
        view.most,
        view.resumable,
        view.verdict,
        view.reliability,
        view.errors,
    )
