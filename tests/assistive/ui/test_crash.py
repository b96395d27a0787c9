"""Something goes wrong inside: the process goes on, the person is told, the traceback is on disk."""

from __future__ import annotations

import faulthandler
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import qWarning

from assistive.messages import Trouble
from assistive.ui.crash import FAULTS, CrashGuard, catch_crashes
from devices.clock import VirtualClock

FAILING_SLOT = """
import sys
from pathlib import Path
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication
from assistive.ui.crash import catch_crashes
from devices.clock import LslClock

guard = catch_crashes(Path(sys.argv[1]), lambda trouble: print("TROUBLE", trouble.key), LslClock(), str)
app = QApplication([])

def fail():
    raise RuntimeError("secret detail")

QTimer.singleShot(0, fail)
QTimer.singleShot(50, app.quit)
app.exec()
print("STILL HERE")
"""


@pytest.fixture
def troubles() -> list[Trouble]:
    return []


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(50.0)


@pytest.fixture
def guard(tmp_path: Path, troubles: list[Trouble], clock: VirtualClock) -> Iterator[CrashGuard]:
    before = faulthandler.is_enabled()
    guard = catch_crashes(tmp_path / "state", troubles.append, clock, lambda text: text)
    yield guard
    guard.close()
    if before:
        faulthandler.enable(sys.__stderr__ or sys.stderr)


def test_an_exception_in_a_slot_does_not_end_the_process(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAILING_SLOT, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == ["TROUBLE inside", "STILL HERE"]


def test_an_exception_in_a_thread_is_told_in_plain_words(
    guard: CrashGuard, troubles: list[Trouble], caplog: pytest.LogCaptureFixture
) -> None:
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    (trouble,) = troubles
    assert "ZeroDivisionError" not in f"{trouble.what} {trouble.works} {trouble.todo}"
    assert trouble.what and trouble.works and trouble.todo
    assert "ZeroDivisionError" in caplog.text


def test_what_fails_at_every_frame_is_told_now_and_then(
    guard: CrashGuard, troubles: list[Trouble], clock: VirtualClock
) -> None:
    def fail() -> None:
        try:
            raise RuntimeError("in a frame")
        except RuntimeError as error:
            sys.excepthook(type(error), error, error.__traceback__)

    for _ in range(60):
        fail()
    assert len(troubles) == 1
    clock.advance(20.0)
    fail()
    assert len(troubles) == 2


def test_fatal_signals_have_a_file_that_only_the_owner_reads(guard: CrashGuard, tmp_path: Path) -> None:
    file = tmp_path / "state" / FAULTS
    assert file.stat().st_mode & 0o777 == 0o600
    assert faulthandler.is_enabled()


def test_a_folder_that_cannot_be_written_does_not_stop_the_start(
    tmp_path: Path, troubles: list[Trouble], clock: VirtualClock
) -> None:
    (tmp_path / "file").write_text("in the way")
    catch_crashes(tmp_path / "file", troubles.append, clock, str).close()
    assert troubles == []


@pytest.mark.qt_no_exception_capture
def test_qts_own_messages_go_to_the_log(guard: CrashGuard, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        qWarning("a plugin is missing")
    assert "a plugin is missing" in caplog.text
