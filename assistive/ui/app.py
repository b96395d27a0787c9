"""assistive.ui: the application: the window and the session, wired together."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QObject, QSocketNotifier
from PyQt6.QtWidgets import QApplication
from PyQt6.sip import voidptr

from assistive.audio_output import AudioOutput
from assistive.eeg.input import eeg_driver, names_the_eeg
from assistive.folders import Folders, find_folders
from assistive.gaze.input import gaze_driver, names_the_device
from assistive.gaze.messages import CalibrationShown
from assistive.i18n import translator
from assistive.instance import Instance
from assistive.log_file import log_to
from assistive.messages import CaregiverKey, Incoming, Outgoing, SettingsChanged, Trouble
from assistive.session import Session
from assistive.settings import Settings
from assistive.sound_device import SoundDevice
from assistive.store import read_settings
from assistive.supervisor import CANNOT_RUN, FAULTS_VARIABLE, QUIT, die_with_parent
from assistive.ui.awake import ScreenAwake
from assistive.ui.bridge import Bridge
from assistive.ui.crash import catch_crashes
from assistive.ui.face_check import Preview
from assistive.ui.heartbeat import Heartbeat
from assistive.ui.pointer import PointerSource
from assistive.ui.window import BoardWindow
from assistive.wav import WavOutput
from calibration.view import CalibrationView, Phase
from devices.clock import Clock, LslClock
from devices.driver import Driver
from devices.gaze.pointer import PointerDriver
from devices.gaze.replay import ReplayDriver
from devices.gaze.webcam.driver import WebcamDriver
from devices.i18n import N_
from devices.switch.keyboard import KeyboardSwitch
from models.language.messages import ModelState, ModelStatus


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
        self._settings = settings
        self._tr = translator(settings.look.language)
        self._early: list[Incoming] | None = []  # what is posted before there is a session
        self._guard = catch_crashes(_faults(folders), self._post, clock, self.tr_now)
        self._bridge = Bridge(self._post)
        self._bridge.settings_changed.connect(self._on_settings)
        self._output: AudioOutput = SoundDevice(self._post, clock) if wav is None else WavOutput(wav, clock)
        self.session = Session(folders, settings, clock, self._bridge.show, self._output, troubles, watch)
        early, self._early = self._early, None
        for message in early:
            self.session.post(message)
        self.keyboard = KeyboardSwitch()
        self.window = BoardWindow(
            self._bridge,
            self.session.view,
            settings,
            self.tr_now,
            clock,
            self._key_pressed,
            self.keyboard.release,
            self.session.calibration,
            self._camera_picture,
        )
        self._camera: WebcamDriver | None = None
        self._bridge.calibration_shown.connect(self._on_calibration)
        self.window.closed.connect(self._quit)

    def tr_now(self, sentence: str) -> str:
        """Translate into the language of this moment."""
        return self._tr(sentence)

    def open(self, size: tuple[int, int] | None) -> None:
        """Show the window (full screen without a size) and start the engine."""
        self.session.start()
        self.window.open(size)

    def start_helpers(self, driver: Driver | None, *, model: bool) -> None:
        """Start the input (None: what the settings say), then what may come later: voice and model."""
        if driver is not None:
            self.session.use_gaze(driver)
        else:
            self._use_gaze(self._settings)
        self._use_eeg(self._settings)
        self.session.add_driver(self.keyboard)
        self.session.start_helpers(model=model)

    def pointer(self) -> Driver:
        """The pointer as gaze."""
        read = PointerSource(self.window).position
        return PointerDriver(read, choosing=lambda: self.session.view().progress > 0)

    def _use_gaze(self, settings: Settings) -> None:
        screen = self.window.screen()
        size = screen.size() if screen is not None else None
        pixels = None if size is None else (float(size.width()), float(size.height()))
        driver, trouble = gaze_driver(settings, self.clock.now(), pixels, self.tr_now)
        if trouble is not None:
            self.session.post(trouble)
        self._camera = driver if isinstance(driver, WebcamDriver) else None
        self._show_face(self.session.calibration())  # one may have begun before there was a camera
        self.session.use_gaze(driver or self.pointer())

    def _use_eeg(self, settings: Settings) -> None:
        driver, trouble = eeg_driver(settings, self.clock.now(), self.tr_now)
        if trouble is not None:
            self.session.post(trouble)
        self.session.use_eeg(driver)

    def _key_pressed(self, key: str) -> None:
        self.keyboard.press(key)
        if not self.keyboard.knows(key):
            self.session.post(CaregiverKey(self.clock.now()))

    def _camera_picture(self) -> Preview | None:
        return self._camera.preview() if self._camera is not None else None

    def _on_calibration(self, message: CalibrationShown) -> None:
        self._show_face(message.view)

    def _show_face(self, view: CalibrationView | None) -> None:
        if self._camera is not None:
            self._camera.show_preview(view is not None and view.phase is Phase.FACE)

    def _post(self, message: Incoming) -> None:
        if self._early is not None:
            self._early.append(message)
        else:
            self.session.post(message)

    def _on_settings(self, message: SettingsChanged) -> None:
        self._tr = translator(message.settings.look.language)
        changed, self._settings = message.settings.differing(self._settings), message.settings
        if names_the_device(changed):
            self._use_gaze(message.settings)
        if names_the_eeg(changed):
            self._use_eeg(message.settings)

    def _quit(self) -> None:
        self.session.close()
        self._output.close()
        self._guard.close()
        QApplication.quit()


def _faults(folders: Folders) -> Path:
    """The folder for the tracebacks of fatal signals: the one the supervisor names."""
    return Path(os.environ.get(FAULTS_VARIABLE, folders.state / "faults.log")).parent


def run_app(args: argparse.Namespace) -> int:
    """Open the board and stay until it is closed. Returns the process's exit status."""
    die_with_parent()
    clock = LslClock()
    folders, troubles = find_folders(t=clock.now())
    instance = Instance(folders.state)
    if not instance.alone:
        print("Sayso is open already. Its window is the one to use.", file=sys.stderr)
        return CANNOT_RUN
    settings, complaints = read_settings(folders.settings, translator, clock.now())
    log_to(folders.state / "sayso.log")
    qt = QApplication([sys.argv[0]])
    qt.setApplicationName("Sayso")
    report = _Report(args.report, clock)
    app = Application(
        folders, settings, clock, wav=args.wav, troubles=troubles + complaints, watch=report.watch
    )
    app.open(args.windowed)
    notifier = _quit_on_signals(app.window.close)
    awake = ScreenAwake(app.session.post, clock, app.tr_now)
    if args.safe:
        app.session.post(_safe(clock))

    def later() -> None:
        if args.safe:
            driver: Driver | None = app.pointer()
        else:
            driver = ReplayDriver(args.replay, tr=app.tr_now) if args.replay is not None else None
        app.start_helpers(driver, model=not args.safe)
        report.tell("first_key")
        awake.hold()

    app.window.when_painted(later)
    heartbeat = Heartbeat(lambda: app.session.engine_awake_at, clock)
    qt.exec()
    heartbeat.deleteLater()
    notifier.setEnabled(False)
    awake.release()
    instance.release()
    return QUIT


class _Report:
    """Tells the benchmarks when the first key could be chosen and when the model was there."""

    def __init__(self, path: Path | None, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def tell(self, what: str) -> None:
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"what": what, "t": self._clock.now()}) + "\n")

    def watch(self, message: Incoming | Outgoing) -> None:
        if isinstance(message, ModelStatus) and message.state is ModelState.READY:
            self.tell("model_ready")


def _safe(clock: Clock) -> Trouble:
    return Trouble(
        clock.now(),
        "safe",
        N_("Sayso stopped several times and was started in its simplest form."),
        N_("The letters, the pointer and the voice work. There is no language model now."),
        N_("Close Sayso and start it again to try everything; sayso doctor says what is wrong."),
    )


def _quit_on_signals(close: Callable[[], object]) -> QSocketNotifier:
    """SIGTERM, SIGINT and SIGHUP close the window as the person would."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write)
    # Qt's loop is C++: Python would not look at its signals before the next event.
    notifier = QSocketNotifier(voidptr(read), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda *_: (os.read(read, 64), close()))
    return notifier
