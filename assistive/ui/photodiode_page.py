"""assistive.ui: a patch that flashes together with keys, for a photodiode that measures how late the light comes."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QColor, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PyQt6.QtWidgets import QApplication, QWidget

from assistive.eeg.flash_patch import PATCH, patch_board, patch_sequence
from assistive.eeg.marker_text import FlashMark, mark_text
from assistive.eeg.messages import FlashesBroken, FlashShown, ShowFlashes
from assistive.messages import DwellView, Incoming, Trouble
from assistive.settings import Settings
from assistive.ui.board_view import BoardView
from assistive.ui.flash_player import FlashPlayer
from assistive.ui.geometry import real_geometry
from assistive.ui.theme import THEMES, Theme
from devices.clock import Clock, LslClock
from devices.samples import Marker

PATCH_MM = 20.0  # seen from 60 cm .0011 steradian, so that black and white may follow each other
DARK, BRIGHT = "#000000", "#ffffff"


class PhotodiodePage(QWidget):
    """Waits for the space bar, then lets the patch flash with each stimulus and tells a marker for each.

    The patch is at the middle of the left edge: a screen is drawn from top to bottom, so there its light comes as late
    as the keys' does on the whole.

    Parameters
    ----------
    mark : callable
        Takes a marker for each flash of the patch, with its stamp as it is: no delay is added.
    clock : Clock
    theme : Theme
    tr : callable
        Translates a string.
    flashes : int
        So many at least; then it closes.

    Signals
    -------
    closed
        All flashes were shown, or somebody closed the window.
    """

    closed = pyqtSignal()

    def __init__(
        self,
        mark: Callable[[Marker], None],
        clock: Clock,
        theme: Theme,
        tr: Callable[[str], str],
        flashes: int,
    ) -> None:
        super().__init__()
        self._mark = mark
        self._clock = clock
        self._tr = tr
        self._left = flashes
        self.shown = 0
        self._playing: dict[int, ShowFlashes] = {}
        self._number = 0
        self.setWindowTitle(tr("Sayso: measure the screen's delay"))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(theme.ground))
        self.setPalette(palette)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.board = BoardView(self, self._take, lambda: DwellView(0.0), clock, tr)
        self.board.set_theme(theme)
        self.patch = _Patch(self)
        self.player = FlashPlayer(self.board, self._take, clock, self.patch.set_lit)
        self.player.onset.use_frames()
        self._tell(
            tr("Fix the photodiode on the black square. Then press the space bar."),
            tr(
                "Keys and square will flash about four times a second: nobody who gets seizures from flashing light "
                "should look. Record the photodiode's channel and the stream “Sayso markers”; afterwards "
                "sayso flash-delay FILE tells the delay. Escape ends it."
            ),
        )

    def _tell(self, sentence: str, note: str = "") -> None:
        self.board.show_board(patch_board(sentence, note))

    def _begin(self) -> None:
        if not self._playing:
            self._tell(self._tr("The patch is flashing. Escape ends it."))
            self._next()

    def _next(self) -> None:
        self._number += 1
        sequence = patch_sequence(self._number, self._clock.now())
        self._playing = {self._number: sequence}
        self.player.play(sequence)

    def _take(self, message: Incoming) -> None:
        match message:
            case FlashShown():
                self._flashed(message)
            case FlashesBroken():
                self._playing = {}
                self._tell(
                    self._tr("The flashes stopped: this window was covered or hung. Press the space bar.")
                )
            case Trouble():
                self._tell(self._tr(message.what), self._tr(message.todo))
            case _:
                pass  # a key that was pressed by hand: nothing is written here

    def _flashed(self, message: FlashShown) -> None:
        flashes = self._playing[message.number].flashes
        if flashes[message.index]:
            self.shown += 1
            self._left -= 1
            self._mark(Marker(message.t, mark_text(FlashMark(message.number, message.index, (PATCH,)))))
        if message.index == len(flashes) - 1:
            if self._left > 0:
                self._next()
            else:
                self.close()

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        """Space begins, Escape ends."""
        if a0 is not None and a0.key() == Qt.Key.Key_Space:
            self._begin()
        elif a0 is not None and a0.key() == Qt.Key.Key_Escape:
            self.close()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Place the board, and the patch at the middle of the left edge."""
        self.board.setGeometry(self.rect())
        geometry = real_geometry(self)
        width = round(PATCH_MM * geometry.width_px / geometry.width_mm)
        height = round(PATCH_MM * geometry.height_px / geometry.height_mm)
        self.patch.setGeometry(0, (self.height() - height) // 2, width, height)
        super().resizeEvent(a0)

    def closeEvent(self, a0: QCloseEvent | None) -> None:
        """Stop the flashes and tell that it is over."""
        self.player.stop()
        super().closeEvent(a0)
        self.closed.emit()


class _Patch(QWidget):
    """A black square that is white while something flashes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lit = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def set_lit(self, lit: bool) -> None:
        if lit != self.lit:
            self.lit = lit
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(BRIGHT if self.lit else DARK))
        painter.end()


def run_photodiode_page(
    mark: Callable[[Marker], None], settings: Settings, tr: Callable[[str], str], flashes: int
) -> tuple[int, str]:
    """Show the page over the whole screen until it is closed; return how many flashes there were, and how they were stamped."""
    qt = QApplication([sys.argv[0]])
    page = PhotodiodePage(mark, LslClock(), THEMES[settings.look.theme], tr, flashes)
    page.closed.connect(qt.quit)
    page.showFullScreen()
    qt.exec()
    return page.shown, page.player.kind.value
