"""The screen stays on: the desktop is asked first, the X server next, and a failure is a sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from assistive.messages import Trouble
from assistive.ui.awake import ScreenAwake, x_settings
from devices.clock import VirtualClock

SAVER = """
import sys
from PyQt6.QtCore import QCoreApplication, QObject, pyqtClassInfo, pyqtSlot
from PyQt6.QtDBus import QDBusConnection

@pyqtClassInfo("D-Bus Interface", "org.freedesktop.ScreenSaver")
class Saver(QObject):
    @pyqtSlot(str, str, result="uint")
    def Inhibit(self, who, why):
        print("inhibit", who, flush=True)
        return 7

    @pyqtSlot("uint")
    def UnInhibit(self, cookie):
        print("uninhibit", cookie, flush=True)
        app.quit()

app = QCoreApplication([])
saver = Saver()
bus = QDBusConnection.sessionBus()
bus.registerService("org.freedesktop.ScreenSaver")
bus.registerObject("/org/freedesktop/ScreenSaver", saver, QDBusConnection.RegisterOption.ExportAllSlots)
print("ready", flush=True)
app.exec()
"""

PERSON = """
import sys
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication
from assistive.ui import awake
from devices.clock import LslClock

awake.PRETENDED = ()  # the window is pretended here, the desktop is not
app = QApplication([])
keeper = awake.ScreenAwake(lambda trouble: print("TROUBLE", trouble.key), LslClock(), str)
keeper.hold()
assert keeper.held_by == "", "hold() waits for nobody"

def look():
    if keeper.held_by:
        print("held by", keeper.held_by, flush=True)
        keeper.release()
        QTimer.singleShot(50, app.quit)
        timer.stop()

timer = QTimer()
timer.timeout.connect(look)
timer.start(10)
app.exec()
"""


@pytest.mark.skipif(not shutil.which("dbus-run-session"), reason="there is no session bus to start")
def test_the_desktop_is_asked_and_released(tmp_path: Path) -> None:
    (tmp_path / "saver.py").write_text(SAVER)
    (tmp_path / "person.py").write_text(PERSON)
    script = (
        f"{sys.executable} saver.py > saver.log & "
        "until grep -q ready saver.log; do kill -0 $! || exit 1; done; "
        f"{sys.executable} person.py && wait"
    )
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert "held by org.freedesktop.ScreenSaver" in done.stdout, done.stderr
    assert (tmp_path / "saver.log").read_text().split("\n")[1:3] == ["inhibit Sayso", "uninhibit 7"]


def test_where_nobody_answers_it_is_a_trouble_and_no_crash(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))  # no xset
    monkeypatch.setattr("assistive.ui.awake.PRETENDED", ())
    troubles: list[Trouble] = []
    keeper = ScreenAwake(troubles.append, VirtualClock(3.0), lambda text: text)
    keeper.hold()
    qtbot.waitUntil(lambda: keeper.held_by == "none")
    (trouble,) = troubles
    assert (trouble.t, trouble.key) == (3.0, "awake")
    assert trouble.works and trouble.todo
    keeper.release()


def test_the_x_server_is_asked_where_there_is_no_desktop_and_set_back(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    program = tmp_path / "xset"
    program.write_text(
        f'#!/bin/sh\necho "$@" >> {log}\necho "  timeout:  600    cycle:  500"\necho "  DPMS is Enabled"\n'
    )
    program.chmod(0o755)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr("assistive.ui.awake.QGuiApplication.platformName", lambda: "xcb")
    troubles: list[Trouble] = []
    keeper = ScreenAwake(troubles.append, VirtualClock(), lambda text: text)
    keeper.hold()
    qtbot.waitUntil(lambda: keeper.held_by == "xset")
    assert log.read_text().split("\n")[:2] == ["q", "s off -dpms"]
    keeper.release()
    qtbot.waitUntil(lambda: "s 600 500 +dpms" in log.read_text())
    assert troubles == []


def test_what_the_x_server_had_is_read_from_its_answer() -> None:
    assert x_settings("timeout:  0    cycle:  600\n  DPMS is Disabled") == ["s", "0", "600", "-dpms"]
    assert x_settings("Server does not have the DPMS Extension") == ["s", "default"]
