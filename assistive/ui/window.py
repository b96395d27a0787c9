"""assistive.ui: the window that holds the board."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QKeyEvent, QMoveEvent, QPalette, QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QWidget

from assistive.eeg.calibration_view import EegPhase
from assistive.eeg.messages import EegShown
from assistive.gaze.messages import EndCalibration
from assistive.messages import BoardShown, DwellView, SettingsChanged, WindowGeometry
from assistive.settings import Settings
from assistive.ui.board_view import BoardView
from assistive.ui.bridge import Bridge
from assistive.ui.calibration_view import CalibrationPage
from assistive.ui.eeg_sheet import EegSheet
from assistive.ui.face_check import Preview
from assistive.ui.flash_player import FlashPlayer
from assistive.ui.geometry import real_geometry, share_of_screen
from assistive.ui.theme import THEMES
from calibration.view import CalibrationView
from devices.clock import Clock

SMALLEST = QSize(320, 240)


def _no_switch(name: str) -> None:
    """Nobody listens to the keyboard."""


def _no_calibration() -> None:
    """There is none."""


class BoardWindow(QWidget):
    """Shows what the bridge brings, and tells the engine its size and place whenever they change.

    Parameters
    ----------
    bridge : Bridge
    view : callable
        Tells where the gaze is and how far the dwell has come.
    settings : Settings
    tr : callable
        Translates a string.
    clock : Clock
    calibration : callable
        Tells where a calibration is; None: there is none.
    preview : callable
        Gives the camera's newest picture; None: there is none.
    key_pressed, key_released : callable
        Take the name of a key ("Space", "F8", "A"; that of ``Qt.Key`` without "Key_"), for switches that
        type. A key that types into the partner's line, or a Space on a focused button, does not come here.

    Signals
    -------
    closed
        The window was closed; nothing is asked and nothing is lost by it.
    """

    closed = pyqtSignal()

    def __init__(
        self,
        bridge: Bridge,
        view: Callable[[], DwellView],
        settings: Settings,
        tr: Callable[[str], str],
        clock: Clock,
        key_pressed: Callable[[str], None] = _no_switch,
        key_released: Callable[[str], None] = _no_switch,
        calibration: Callable[[], CalibrationView | None] = _no_calibration,
        preview: Callable[[], Preview | None] = _no_calibration,
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._clock = clock
        self.key_pressed = key_pressed
        self.key_released = key_released
        self._down: set[str] = set()
        self._told: WindowGeometry | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that no target has the focus before Tab
        self._listening_to_screen = False
        self.setWindowTitle(tr("Sayso"))
        self.setMinimumSize(SMALLEST)
        self.board = BoardView(self, bridge.post, view, clock, tr)
        self.player = FlashPlayer(self.board, bridge.post, clock)
        self.calibration = CalibrationPage(self.board, calibration, preview, clock, tr)
        self.calibration.ended.connect(self._end_calibration)
        self.calibration.painted.connect(self.board.note_painted)
        self.eeg_sheet = EegSheet(self.board, tr)
        self.eeg_sheet.painted.connect(self.board.note_painted)
        self._apply(settings)
        bridge.calibration_shown.connect(lambda m: self.calibration.show_moment(m.view))
        bridge.board_shown.connect(self._on_board)
        bridge.flashes_shown.connect(self.player.play)
        bridge.flashes_stopped.connect(lambda _: self.player.stop())
        bridge.outcome_shown.connect(self.player.mark)
        bridge.eeg_shown.connect(self._on_eeg)
        bridge.text_shown.connect(self.board.show_text)
        bridge.help_shown.connect(self.board.show_help)
        bridge.scan_shown.connect(self.board.show_offered)
        bridge.settings_changed.connect(self._on_settings)

    def open(self, windowed: tuple[int, int] | None = None) -> None:
        """Show the window: over the whole screen, or with this size (logical px)."""
        if windowed is None:
            screen = self.screen()
            if screen is not None:  # without a window manager nobody else makes it that large
                self.setGeometry(screen.geometry())
            self.showFullScreen()
        else:
            self.resize(*windowed)
            self.show()

    def when_painted(self, call: Callable[[], object]) -> None:
        """Call this once, after a board has been painted for the first time."""
        self.board.when_painted(call)

    def _end_calibration(self) -> None:
        self._bridge.post(EndCalibration(self._clock.now()))

    def _on_board(self, message: BoardShown) -> None:
        self.board.show_board(message.board)
        self.player.board_changed()

    def _on_eeg(self, message: EegShown) -> None:
        view = message.view
        self.eeg_sheet.show_moment(view)
        # Only before the flashes: what is learned from must look like what is chosen by later.
        self.player.cue(view.wanted if view is not None and view.phase is EegPhase.CUE else "")

    def _on_settings(self, message: SettingsChanged) -> None:
        self._apply(message.settings)

    def _apply(self, settings: Settings) -> None:
        theme = THEMES[settings.look.theme]
        self.board.set_theme(theme)
        self.board.show_cursor(settings.look.gaze_cursor)
        self.player.set_strength(settings.eeg.strength)
        if settings.eeg.source != "off":
            self.player.onset.use_frames()
        self.player.board_changed()
        self.calibration.apply(settings)
        self.eeg_sheet.apply(settings)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, self.board.palette().color(QPalette.ColorRole.Window))
        self.setPalette(palette)

    # ------------------------------------------------------------ size and place

    def _tell_geometry(self) -> None:
        if not self.isVisible():
            return
        message = WindowGeometry(self._clock.now(), real_geometry(self), share_of_screen(self))
        told = self._told
        if told is None or (told.geometry, told.window) != (message.geometry, message.window):
            self._told = message
            self._bridge.post(message)

    def showEvent(self, a0: QShowEvent | None) -> None:
        """Tell the geometry, and listen to the screen from now on."""
        super().showEvent(a0)
        handle = self.windowHandle()
        if handle is not None and not self._listening_to_screen:
            self._listening_to_screen = True
            handle.screenChanged.connect(lambda _: self._on_screen())
        self.setFocus()
        self._tell_geometry()

    def _on_screen(self) -> None:
        self.board.set_theme(self.board.theme)  # millimetres a pixel have changed, so may have sizes
        self._tell_geometry()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Give the board all the room and tell the geometry."""
        self.board.setGeometry(self.rect())
        super().resizeEvent(a0)
        self._tell_geometry()

    def moveEvent(self, a0: QMoveEvent | None) -> None:
        """Tell the geometry."""
        super().moveEvent(a0)
        self._tell_geometry()

    def changeEvent(self, a0: QEvent | None) -> None:
        """Tell the geometry after the window went full screen or came back; let go of keys when it is left."""
        super().changeEvent(a0)
        if a0 is not None and a0.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            while self._down:  # another window hears of their release
                self.key_released(self._down.pop())
        if a0 is not None and a0.type() == QEvent.Type.WindowStateChange:
            self._tell_geometry()

    # ------------------------------------------------------------ keys and closing

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        """F11 leaves and enters full screen; Escape does nothing; every key may be a switch."""
        if a0 is None or a0.isAutoRepeat():
            return
        if a0.key() == Qt.Key.Key_F11:
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        else:
            self._down.add(_name(a0))
            self.key_pressed(_name(a0))

    def keyReleaseEvent(self, a0: QKeyEvent | None) -> None:
        """Tell that a switch is up again."""
        if a0 is not None and not a0.isAutoRepeat() and a0.key() != Qt.Key.Key_F11:
            self._down.discard(_name(a0))
            self.key_released(_name(a0))

    def closeEvent(self, a0: QCloseEvent | None) -> None:
        """Tell that the window was closed."""
        super().closeEvent(a0)
        self.closed.emit()


def _name(event: QKeyEvent) -> str:
    try:
        return Qt.Key(event.key()).name.removeprefix("Key_")
    except ValueError:
        return str(event.key())
