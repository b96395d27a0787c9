"""assistive.ui: one target on the board, a real button for assistive technology."""

from __future__ import annotations

import math
from collections.abc import Callable

from PyQt6.QtCore import QPoint, QRectF, Qt
from PyQt6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QAbstractButton, QWidget

from assistive.boards.board import Action, Rect, Target, TargetKind, Verb
from assistive.ui.cell_face import CellFace, Scale, face_of
from assistive.ui.flash_look import flash_face, paint_mark
from assistive.ui.offer_look import offered_face, paint_offer
from assistive.ui.theme import Theme


class TargetButton(QAbstractButton):
    """Draws a target, the dwell on it and the fade from what it was before.

    The widget is a little larger than its cell, by :meth:`margin`, so that the frame of the dwell stands
    around the cell; only the cell takes the mouse.

    Parameters
    ----------
    pressed : callable
        Takes the target that was pressed by mouse, touch, key or assistive technology.
    """

    def __init__(self, parent: QWidget, target_id: str, pressed: Callable[[Target], None]) -> None:
        super().__init__(parent)
        self._chosen = pressed
        self._target = Target(target_id, TargetKind.FUNCTION, "", Rect(0, 0, 0, 0), Action(Verb.WRITE))
        self._theme: Theme | None = None
        self._scale = Scale(1.0, 1.0)
        self._face: CellFace | None = None
        self._former: CellFace | None = None
        self._fade = 1.0
        self._progress = 0.0
        self._flash_step = 0.0
        self._flash_face: CellFace | None = None
        self._offered = False
        self._mark = ""
        self._kept: CellFace | None = None  # what stood in the cell when it was chosen
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._held = self._target  # what it showed when the press began
        self.pressed.connect(self._on_pressed)
        self.clicked.connect(self._on_clicked)

    @property
    def target(self) -> Target:
        """What is shown now."""
        return self._target

    @staticmethod
    def margin(theme: Theme, scale: Scale) -> int:
        """How far the widget reaches beyond its cell on every side, in px."""
        return math.ceil(max(2.0, theme.frame_px * scale.px)) + 1

    def show_target(self, target: Target, theme: Theme, scale: Scale) -> bool:
        """Show this target; True when its words have changed, so that a fade makes sense."""
        changed = (target.label, target.note, target.kind) != (
            self._target.label,
            self._target.note,
            self._target.kind,
        )
        if changed or theme is not self._theme or scale != self._scale:
            self._former = self._face if changed and theme is self._theme else None
            self._face = self._flash_face = None
            if theme is not self._theme or scale != self._scale:
                self._kept = None
            self.update()
        self._target, self._theme, self._scale = target, theme, scale
        if changed:
            name = target.name or target.label
            self.setAccessibleName(name)
            self.setAccessibleDescription(target.note)
            self.setEnabled(target.choosable)
            self._progress = 0.0
        return changed

    def set_fade(self, fade: float) -> None:
        """Show the label `fade` (0..1) of the way from the former one to the new one."""
        if fade != self._fade:
            self._fade = fade
            self.update()
        if fade >= 1.0:
            self._former = None

    def set_progress(self, progress: float) -> None:
        """Draw the ring closed by `progress`; 0 draws no ring."""
        if progress != self._progress:
            self._progress = progress
            self.update()

    def set_flash(self, step: float) -> None:
        """Look as in a flash that changes the luminance by at most `step`; 0 looks as ever."""
        if step != self._flash_step:
            self._flash_step, self._flash_face = step, None
            self.update()

    def set_offered(self, offered: bool) -> None:
        """Look as what a switch takes now."""
        if offered != self._offered:
            self._offered = offered
            self.update()

    def set_mark(self, color: str, *, keep: bool = False) -> None:
        """Draw a line of this colour around the cell; "" draws none.

        `keep`: until then the cell goes on showing the words that it has now, and cannot be pressed once they are
        not its own any more.
        """
        self._mark = color
        self._kept = self._made_face() if color and keep else None
        self.update()

    def area_px(self) -> float:
        """How large the cell is, in square px."""
        cell = self._cell()
        return cell.width() * cell.height()

    def _on_pressed(self) -> None:
        self._held = self._target

    def _on_clicked(self) -> None:
        if self._kept is None or self._kept is self._face:
            self._chosen(self._held)

    def _cell(self) -> QRectF:
        margin = self.margin(self._theme, self._scale) if self._theme else 0
        return QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)

    def hitButton(self, pos: QPoint) -> bool:
        """Only the cell takes the mouse, not the margin around it."""
        return self._cell().contains(pos.toPointF())

    def keyPressEvent(self, e: QKeyEvent | None) -> None:
        """Enter chooses, as Space does."""
        if e is not None and e.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not e.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(e)

    def resizeEvent(self, e: QResizeEvent | None) -> None:
        """Lay the label out anew."""
        self._face = self._former = self._flash_face = self._kept = None
        super().resizeEvent(e)

    def _made_face(self) -> CellFace | None:
        if self._face is None and self._theme is not None:
            self._face = face_of(self._target, self._theme, self._cell(), self._scale)
        return self._face

    def paintEvent(self, e: QPaintEvent | None) -> None:
        """Paint ground, cell, ring, label, and what stands around it: a mark, or the frame of dwell, offer or focus."""
        theme, face = self._theme, self._kept or self._made_face()
        if theme is None or face is None:
            return
        if self._flash_step:
            if self._flash_face is None:
                self._flash_face = flash_face(face, theme, self._flash_step)
            face = self._flash_face
        elif self._offered:
            face = offered_face(face, theme)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.ground))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        face.paint_cell(painter)
        frame_px = theme.frame_px * self._scale.px
        if self._progress > 0.0:
            face.paint_ring(painter, self._progress, theme.track)
        if self._mark:
            paint_mark(painter, face, self._mark, 2 * frame_px)
        elif self._offered:
            paint_offer(painter, face, theme, frame_px)
        elif self._progress > 0.0:
            face.paint_frame(painter, theme.dwell, frame_px)
        elif self.hasFocus():
            face.paint_frame(painter, theme.ink, max(2.0, 0.75 * frame_px))
        fade = self._fade if self._kept is None else 1.0
        if self._former is not None and fade < 1.0:
            self._former.paint_label(painter, 1.0 - fade)
        face.paint_label(painter, fade)
        painter.end()
