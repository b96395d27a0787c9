"""assistive.ui: the board: its targets as buttons, its captions, the text, the dwell in progress."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

from PyQt6.QtCore import QRect, Qt, QTimer, QVariantAnimation
from PyQt6.QtGui import QColor, QHideEvent, QPaintEvent, QPalette, QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QStyle, QWidget

from assistive.boards.board import Board, Rect, Target
from assistive.messages import (
    DwellView,
    HelpAnswered,
    HelpShown,
    Incoming,
    PartnerSaid,
    Press,
    ScanShown,
    TextShown,
)
from assistive.ui.caption_label import CaptionLabel
from assistive.ui.cell_face import Scale
from assistive.ui.gaze_dot import GazeDot
from assistive.ui.geometry import real_geometry
from assistive.ui.help_band import HelpBand
from assistive.ui.target_button import TargetButton
from assistive.ui.text_panel import TextPanel
from assistive.ui.theme import DARK, VISUAL_ANGLE_MM, Theme
from devices.clock import Clock

FRAME_MS = 16
POLL_MS = 100  # well under the shortest time before a ring starts
CALM_S = 0.5  # after this long without a change the frames slow down
FADE_MS = 120


class BoardView(QWidget):
    """Shows one board at a time and pulls the dwell at the frame rate while there is one.

    Parameters
    ----------
    post : callable
        Takes a message for the engine.
    view : callable
        Tells where the gaze is and how far the dwell has come.
    clock : Clock
    tr : callable
        Translates a string.
    """

    def __init__(
        self,
        parent: QWidget,
        post: Callable[[Incoming], None],
        view: Callable[[], DwellView],
        clock: Clock,
        tr: Callable[[str], str],
    ) -> None:
        super().__init__(parent)
        self._post = post
        self._view = view
        self._clock = clock
        self._theme = DARK
        self._scale = Scale(1.0, 1.0)
        self._board = Board("", ())
        self._buttons: dict[str, TargetButton] = {}
        self._captions: dict[str, CaptionLabel] = {}
        self._dwelled: str | None = None
        self._offered: tuple[str, ...] = ()
        self._last_view = DwellView(0.0)
        self._changed_at = -math.inf
        self._cursor_shown = False
        self._after_paint: list[Callable[[], object]] = []
        self.panel = TextPanel(self, tr, lambda text: post(PartnerSaid(clock.now(), text)))
        self.panel.hide()
        self.help_band = HelpBand(self, tr, lambda: post(HelpAnswered(clock.now())))
        self._dot = GazeDot(self)
        self._fading: list[TargetButton] = []
        self._fade = QVariantAnimation(self)
        self._fade.setStartValue(0.0)
        self._fade.setEndValue(1.0)
        self._fade.setDuration(FADE_MS)
        self._fade.valueChanged.connect(self._set_fade)
        self._frames = QTimer(self)
        self._frames.timeout.connect(self._frame)
        self.setAutoFillBackground(True)
        self.set_theme(DARK)

    # ------------------------------------------------------------ what is shown

    def show_board(self, board: Board) -> None:
        """Show this board; targets keep their widgets by id, changed labels fade all at once."""
        former, self._board = set(self._buttons), board
        self._end_fade()
        for gone in former - {target.id for target in board.targets}:
            self._remove(self._buttons.pop(gone))
        for gone in set(self._captions) - {caption.id for caption in board.captions}:
            self._remove(self._captions.pop(gone))
        self._place(fade=True)
        if former != set(self._buttons):
            self._order_tabs()
        self.help_band.raise_()
        self._dot.raise_()

    def show_offered(self, shown: ScanShown) -> None:
        """Show what scanning offers."""
        self._offered = shown.targets
        for target_id, button in self._buttons.items():
            button.set_offered(target_id in self._offered)

    def show_text(self, shown: TextShown) -> None:
        """Show this text."""
        self.panel.show_text(shown)

    def show_help(self, shown: HelpShown) -> None:
        """Show or take away the band that tells that help is being called."""
        self.help_band.show_reason(shown.reason)
        self.help_band.setVisible(shown.calling)
        self._place_panel()

    def set_theme(self, theme: Theme) -> None:
        """Draw everything in this theme."""
        self._theme = theme
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(theme.ground))
        self.setPalette(palette)
        self._end_fade()
        self._place(fade=False)

    def show_cursor(self, shown: bool) -> None:
        """Show a dot where the person looks."""
        self._cursor_shown = shown
        self._dot.hide()

    def when_painted(self, call: Callable[[], object]) -> None:
        """Call this once, after a board has been painted for the first time."""
        self._after_paint.append(call)

    @property
    def theme(self) -> Theme:
        """The theme in which everything is drawn."""
        return self._theme

    def button(self, target_id: str) -> TargetButton | None:
        """Return the button of a target, None if it is not on the board."""
        return self._buttons.get(target_id)

    # ------------------------------------------------------------ places

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Place everything anew."""
        self._end_fade()
        self._place(fade=False)
        super().resizeEvent(a0)

    def _rect(self, rect: Rect) -> QRect:
        left, top = round(rect.x * self.width()), round(rect.y * self.height())
        right, bottom = round((rect.x + rect.w) * self.width()), round((rect.y + rect.h) * self.height())
        return QRect(left, top, right - left, bottom - top)

    def _place(self, fade: bool) -> None:
        geometry = real_geometry(self)
        mm_per_px = geometry.width_mm / max(1, geometry.width_px)
        self._scale = Scale(
            min(max(min(self.width(), self.height()) / 1080, 0.3), 4.0), VISUAL_ANGLE_MM / mm_per_px
        )
        self._dot.set_theme(self._theme, self._scale.px)
        margin = TargetButton.margin(self._theme, self._scale)
        changed = []
        for target in self._board.targets:
            button = self._buttons.get(target.id)
            if button is None:
                button = self._buttons[target.id] = TargetButton(self, target.id, self._pressed)
            button.setGeometry(self._rect(target.rect).adjusted(-margin, -margin, margin, margin))
            if button.show_target(target, self._theme, self._scale):
                changed.append(button)
            button.set_offered(target.id in self._offered)
            button.show()
        for caption in self._board.captions:
            label = self._captions.get(caption.id)
            if label is None:
                label = self._captions[caption.id] = CaptionLabel(self)
            label.setGeometry(self._rect(caption.rect))
            label.show_caption(caption, self._theme, self._scale)
            label.show()
        self._place_panel()
        if fade and changed:
            self._begin_fade(changed)

    def _place_panel(self) -> None:
        calling = self.help_band.isVisibleTo(self)
        place = self._board.text_rect
        if place is None:
            self.panel.hide()
            band = self._free_band()
        else:
            rect = self._rect(place)
            self.panel.set_look(self._theme, self._scale)
            self.panel.setGeometry(rect)
            self.panel.cover_strip(calling)
            self.panel.show()
            self.panel.lower()
            band = self.panel.strip().toRect().translated(rect.topLeft())
        self.help_band.set_look(self._theme, self._scale.px)
        self.help_band.setGeometry(band)
        if calling:
            self.help_band.raise_()

    def _free_band(self) -> QRect:
        """Where a page without text has most room from side to side."""
        edges = sorted((self._rect(t.rect) for t in self._board.targets), key=QRect.top)
        best, free_from = (0, 0), 0
        for rect in [*edges, QRect(0, self.height(), 1, 1)]:
            best = max(best, (rect.top() - free_from, -free_from))
            free_from = max(free_from, rect.bottom() + 1)
        room, top = best[0], -best[1]
        gap = round(14 * self._scale.px)
        height = min(max(room - 2 * gap, round(64 * self._scale.px)), round(96 * self._scale.px))
        top = max(
            gap, top + (room - height) // 2
        )  # where there is no room it covers what is least in the way
        return QRect(gap, top, self.width() - 2 * gap, height)

    def _order_tabs(self) -> None:
        buttons = [self._buttons[target.id] for target in self._board.targets]
        for one, next_one in pairwise(buttons):
            QWidget.setTabOrder(one, next_one)

    def _remove(self, widget: QWidget) -> None:
        if widget.hasFocus():  # else Qt would hand the focus to a neighbour that nobody chose
            self.setFocus()
        widget.hide()
        widget.deleteLater()

    # ------------------------------------------------------------ choices by hand

    def _pressed(self, target: Target) -> None:
        if target.choosable:
            self._post(Press(self._clock.now(), target.id, target.label))

    # ------------------------------------------------------------ what moves

    def _begin_fade(self, buttons: list[TargetButton]) -> None:
        style = self.style()
        still = style is None or not style.styleHint(
            QStyle.StyleHint.SH_Widget_Animation_Duration, None, self
        )
        self._fading = buttons
        if still or not self.isVisible():
            self._end_fade()
        else:
            self._set_fade(0.0)
            self._fade.start()

    def _set_fade(self, fade: float) -> None:
        for button in self._fading:
            button.set_fade(fade)

    def _end_fade(self) -> None:
        self._fade.stop()
        self._set_fade(1.0)
        self._fading = []

    def showEvent(self, a0: QShowEvent | None) -> None:
        """Begin to look for a dwell."""
        self._frames.start(POLL_MS)
        super().showEvent(a0)

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        """The ground is filled by Qt; note that a board was painted."""
        super().paintEvent(a0)
        self.note_painted()

    def note_painted(self) -> None:
        """A board was painted, or what covers all of it but its targets."""
        if self._after_paint and self._buttons:
            calls, self._after_paint = self._after_paint, []
            for call in calls:
                QTimer.singleShot(0, call)

    def hideEvent(self, a0: QHideEvent | None) -> None:
        """Nothing moves on a board that nobody sees."""
        self._frames.stop()
        super().hideEvent(a0)

    def _frame(self) -> None:
        view, now = self._view(), self._clock.now()
        if self._differs(view):
            self._changed_at = now
        self._last_view = view
        dwelled = view.target_id if view.progress > 0.0 else None
        if dwelled != self._dwelled and self._dwelled in self._buttons:
            self._buttons[self._dwelled].set_progress(0.0)
        self._dwelled = dwelled
        if dwelled in self._buttons:
            self._buttons[dwelled].set_progress(min(1.0, view.progress))
        if self._cursor_shown:
            self._show_dot(view)
        busy = now - self._changed_at < CALM_S
        if busy != (self._frames.interval() == FRAME_MS):
            self._frames.setTimerType(Qt.TimerType.PreciseTimer if busy else Qt.TimerType.CoarseTimer)
            self._frames.start(FRAME_MS if busy else POLL_MS)

    def _differs(self, view: DwellView) -> bool:
        last = self._last_view
        if (view.target_id, view.progress) != (last.target_id, last.progress):
            return True
        return self._cursor_shown and math.isfinite(view.x) and (view.x, view.y) != (last.x, last.y)

    def _show_dot(self, view: DwellView) -> None:
        if math.isfinite(view.x) and math.isfinite(view.y):
            self._dot.move_to(view.x * self.width(), view.y * self.height())
        else:
            self._dot.hide()
