"""assistive.ui: the application: the window and the session, wired together."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QApplication

from assistive.i18n import translator
from assistive.messages import BoardShown, Incoming, Outgoing, Trouble
from assistive.session import Session
from assistive.settings import Settings
from assistive.store import Folders, open_folders, read_settings
from assistive.supervisor import die_with_parent
from assistive.ui.audio import QtAudioOutput
from assistive.ui.awake import ScreenAwake
from assistive.ui.bridge import Bridge
from assistive.ui.crash import catch_crashes
from assistive.ui.pointer import PointerSource
from assistive.ui.window import BoardWindow
from assistive.voice import AudioOutput
from assistive.wav import WavOutput
from devices.clock import Clock, LslClock
from devices.driver import Driver
from devices.gaze.pointer import PointerDriver
from devices.gaze.replay import ReplayDriver
from devices.registry import DriverUnavailable, load
from devices.switch.keyboard import KeyboardSwitch

_log = logging.getLogger(__name__)


class Application(QObject):
    """The window, its session and its devices: made in the order that shows the first key soonest."""

    def __init__(
        self,
        folders: Folders,
        settings: Settings,
        clock: Clock,
        *,
        wav: Path | None = None,
        troubles: tuple[Trouble, ...] = (),
        watch: Callable[[Incoming | Outgoing], None] | None = None,
    ) -> None:
        super().__init__()
        self.clock = clock
        self.settings = settings
        self.bridge = Bridge(self._post)
        output: AudioOutput = WavOutput(wav) if wav is not None else QtAudioOutput(self._post, clock)
        self.session = Session(folders, settings, clock, self.bridge.show, output, troubles, watch)
        self.window = BoardWindow(self.bridge, self.session.view, settings, translator, clock)
        self.keyboard = KeyboardSwitch()
        self.window.key_pressed = self.keyboard.press
        self.window.key_released = self.keyboard.release
        self.window.closed.connect(self._quit)

    def _post(self, message: Incoming) -> None:
        self.session.post(message)

    def open(self, size: tuple[int, int] | None) -> None:
        """Show the window (full screen without a size) and start the engine."""
        self.session.start()
        self.window.open(size)

    def start_helpers(self, driver: Driver | None, *, model: bool) -> None:
        """Start the input, then what may come later: voice and model."""
        self.session.add_driver(driver or self._pointer())
        self.session.add_driver(self.keyboard)
        self.session.start_helpers(model=model)

    def _pointer(self) -> Driver:
        return PointerDriver(PointerSource(self.window).position)

    def _quit(self) -> None:
        self.session.close()
        QApplication.quit()


def run_app(args: argparse.Namespace) -> int:
    """Open the board and stay until it is closed. Returns the process's exit status."""
    die_with_parent()
    qt = QApplication([sys.argv[0]])
    qt.setApplicationName("Sayso")
    clock = LslClock()
    folders, troubles = open_folders()
    settings, complaints = read_settings(folders.config / "settings.toml")
    app = Application(folders, settings, clock, wav=args.wav, troubles=troubles + complaints)
    crashes = catch_crashes(folders.state, app.session.post, clock)
    app.open(args.windowed)
    _quit_on_signals(app.window.close)
    awake = ScreenAwake()
    driver, trouble = (None, None) if args.safe else _driver(settings, args.replay, clock)
    if trouble is not None:
        app.session.post(trouble)

    def later() -> None:
        app.start_helpers(driver, model=not args.safe)
        awake.hold()

    app.window.when_painted(later)
    status = qt.exec()
    awake.release()
    crashes.close()
    return status


def _driver(settings: Settings, replay: Path | None, clock: Clock) -> tuple[Driver | None, Trouble | None]:
    """The gaze driver that the settings name; None for the pointer, which the window provides."""
    if replay is not None or settings.input.gaze == "replay":
        return ReplayDriver(replay or Path(settings.input.replay)), None
    if settings.input.gaze == "pointer":
        return None, None
    try:
        return load(settings.input.gaze)(), None
    except DriverUnavailable as error:
        works = "The pointer stands in: move it as you would look."
        return None, Trouble(clock.now(), "input", str(error), works, "Choose another input device.")


def _quit_on_signals(close: Callable[[], object]) -> None:
    """SIGTERM and Ctrl-C close the window as the person would. Qt must come up for air to notice them."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: close())
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write)
    from PyQt6.QtCore import QSocketNotifier

    notifier = QSocketNotifier(read, QSocketNotifier.Type.Read, QApplication.instance())
    notifier.activated.connect(lambda *_: os.read(read, 64))


__all__ = ["Application", "BoardShown", "QTimer", "run_app"]
