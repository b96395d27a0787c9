"""assistive.ui: the one place where the engine and Qt meet."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject, Qt, pyqtSignal, pyqtSlot

from assistive.eeg.messages import EegShown, ShowFlashes, ShowOutcome, StopFlashes
from assistive.gaze.messages import CalibrationShown
from assistive.messages import (
    BoardShown,
    HelpShown,
    Incoming,
    Outgoing,
    ScanShown,
    SettingsChanged,
    TextShown,
)


class Bridge(QObject):
    """Carries the engine's messages to the Qt thread, in order, and hands the window's back.

    Parameters
    ----------
    post : callable
        Takes a message for the engine; must be safe to call from the Qt thread and quick.
    """

    board_shown = pyqtSignal(BoardShown)
    text_shown = pyqtSignal(TextShown)
    help_shown = pyqtSignal(HelpShown)
    scan_shown = pyqtSignal(ScanShown)
    settings_changed = pyqtSignal(SettingsChanged)
    calibration_shown = pyqtSignal(CalibrationShown)
    flashes_shown = pyqtSignal(ShowFlashes)
    flashes_stopped = pyqtSignal(StopFlashes)
    outcome_shown = pyqtSignal(ShowOutcome)
    eeg_shown = pyqtSignal(EegShown)
    _arrived = pyqtSignal(object)

    def __init__(self, post: Callable[[Incoming], None]) -> None:
        super().__init__()
        self.post = post
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

    def show(self, message: Outgoing) -> None:
        """Show a message in the window; callable from any thread. What no window shows is left alone."""
        self._arrived.emit(message)

    @pyqtSlot(object)
    def _deliver(self, message: Outgoing) -> None:
        match message:
            case BoardShown():
                self.board_shown.emit(message)
            case TextShown():
                self.text_shown.emit(message)
            case HelpShown():
                self.help_shown.emit(message)
            case ScanShown():
                self.scan_shown.emit(message)
            case SettingsChanged():
                self.settings_changed.emit(message)
            case CalibrationShown():
                self.calibration_shown.emit(message)
            case ShowFlashes():
                self.flashes_shown.emit(message)
            case StopFlashes():
                self.flashes_stopped.emit(message)
            case ShowOutcome():
                self.outcome_shown.emit(message)
            case EegShown():
                self.eeg_shown.emit(message)
            case _:
                pass
