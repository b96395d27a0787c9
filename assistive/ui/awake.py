"""assistive.ui: keeps the screen from going dark while the board is open."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QMetaType, QObject, QProcess
from PyQt6.QtDBus import (
    QDBusArgument,
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusPendingReply,
)
from PyQt6.QtGui import QGuiApplication

from assistive.messages import Trouble
from devices.clock import Clock

TROUBLE_KEY = "awake"
ANSWER_MS = 2000
GNOME_IDLE = 8  # "inhibit the session being marked as idle", org.gnome.SessionManager
PRETENDED = ("offscreen", "minimal", "vnc")

log = logging.getLogger(__name__)


class ScreenAwake(QObject):
    """Asks the desktop not to blank the screen, the X server where no desktop answers.

    Nothing here waits: the answers come in through Qt's event loop. What was asked for is taken back by
    :meth:`release`, and by the desktop itself when the process ends.

    Parameters
    ----------
    report : callable
        Takes a Trouble when nobody could be asked.
    clock : Clock
    tr : callable
        Translates a string.

    Attributes
    ----------
    held_by : str
        Who keeps the screen awake: "org.freedesktop.ScreenSaver", "org.gnome.SessionManager", "xset",
        "" for nobody (yet), "none" for nobody at all.
    """

    def __init__(
        self,
        report: Callable[[Trouble], None],
        clock: Clock,
        tr: Callable[[str], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._report = report
        self._clock = clock
        self._tr = tr
        self._give_back: Callable[[], None] | None = None
        self._pending: list[QObject] = []
        self.held_by = ""

    def hold(self) -> None:
        """Ask for a screen that stays on. Returns at once."""
        if QGuiApplication.platformName() in PRETENDED:
            self.held_by = "none"
        elif _has_session_bus():
            self._ask_freedesktop()
        else:
            self._ask_x_server()

    def release(self) -> None:
        """Let the screen go dark again as it did before."""
        give_back, self._give_back, self.held_by = self._give_back, None, ""
        if give_back is not None:
            give_back()

    # ------------------------------------------------------------ the desktop

    def _ask_freedesktop(self) -> None:
        service, path = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"
        ask = QDBusMessage.createMethodCall(service, path, service, "Inhibit")
        ask.setArguments(["Sayso", self._tr("Somebody is writing with their eyes.")])
        self._call(ask, lambda cookie: self._held(service, path, "UnInhibit", cookie), self._ask_gnome)

    def _ask_gnome(self) -> None:
        service, path = "org.gnome.SessionManager", "/org/gnome/SessionManager"
        ask = QDBusMessage.createMethodCall(service, path, service, "Inhibit")
        reason = self._tr("Somebody is writing with their eyes.")
        ask.setArguments(["Sayso", _uint(0), reason, _uint(GNOME_IDLE)])
        self._call(ask, lambda cookie: self._held(service, path, "Uninhibit", cookie), self._ask_x_server)

    def _call(self, ask: QDBusMessage, held: Callable[[int], None], otherwise: Callable[[], None]) -> None:
        ask.setAutoStartService(False)
        call = QDBusConnection.sessionBus().asyncCall(ask, ANSWER_MS)
        watcher = QDBusPendingCallWatcher(call, self)
        self._pending.append(watcher)

        def answered() -> None:
            self._pending.remove(watcher)
            watcher.deleteLater()
            reply = QDBusPendingReply(call)
            if reply.isError():
                log.info("%s does not keep the screen awake: %s", ask.service(), reply.error().message())
                otherwise()
            else:
                held(int(reply.value()))

        watcher.finished.connect(answered)

    def _held(self, service: str, path: str, take_back: str, cookie: int) -> None:
        self.held_by = service

        def give_back() -> None:
            message = QDBusMessage.createMethodCall(service, path, service, take_back)
            message.setArguments([_uint(cookie)])
            QDBusConnection.sessionBus().send(message)

        self._give_back = give_back

    # ------------------------------------------------------------ the X server

    def _ask_x_server(self) -> None:
        if QGuiApplication.platformName() != "xcb":
            self._nobody()
            return
        self._xset(["q"], self._on_x_state)

    def _on_x_state(self, state: str) -> None:
        before = x_settings(state)
        off = ["s", "off", *(["-dpms"] if "DPMS is Enabled" in state else [])]
        self._xset(off, lambda _: self._on_x_held(before))

    def _on_x_held(self, before: list[str]) -> None:
        self.held_by = "xset"
        self._give_back = lambda: _start_detached(before)

    def _xset(self, arguments: list[str], done: Callable[[str], None]) -> None:
        process = QProcess(self)
        self._pending.append(process)

        def finished(code: int) -> None:
            self._pending.remove(process)
            text = bytes(process.readAllStandardOutput().data()).decode(errors="replace")
            process.deleteLater()
            if code == 0:
                done(text)
            else:
                self._nobody()

        def failed(error: QProcess.ProcessError) -> None:
            if error == QProcess.ProcessError.FailedToStart:  # every other error ends in finished as well
                self._pending.remove(process)
                process.deleteLater()
                self._nobody()

        process.finished.connect(finished)
        process.errorOccurred.connect(failed)
        process.start("xset", arguments)

    def _nobody(self) -> None:
        self.held_by = "none"
        log.warning("nothing on this computer keeps the screen awake")
        self._report(
            Trouble(
                t=self._clock.now(),
                key=TROUBLE_KEY,
                what=self._tr("The screen may go dark after a while."),
                works=self._tr("Everything else works."),
                todo=self._tr("Turn off blanking in the settings of this computer's screen."),
            )
        )


def x_settings(state: str) -> list[str]:
    """Return the arguments of ``xset`` that bring back the state that ``xset q`` has printed."""
    times = re.search(r"timeout:\s*(\d+)\s+cycle:\s*(\d+)", state)
    saver = ["s", times[1], times[2]] if times else ["s", "default"]
    if "DPMS is" not in state:  # a server without it complains of the word
        return saver
    return [*saver, "+dpms" if "DPMS is Enabled" in state else "-dpms"]


def _start_detached(arguments: list[str]) -> None:
    process = QProcess()
    process.setProgram("xset")
    process.setArguments(arguments)
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    process.startDetached()


def _uint(value: int) -> QDBusArgument:
    # PyQt6 makes a plain number of this member; its stubs take it for a member still.
    argument: QDBusArgument = QDBusArgument(value, QMetaType.Type.UInt.value)  # type: ignore[call-overload]
    return argument


def _has_session_bus() -> bool:
    # Without an address the bus library would start a bus of its own and wait for it.
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS")) or bool(
        runtime and (Path(runtime) / "bus").exists()
    )
