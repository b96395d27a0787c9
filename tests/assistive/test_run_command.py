"""`sayso run` says in words why it cannot open a window, instead of trying for ever."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from assistive.commands.run import display_trouble
from assistive.supervisor import CANNOT_RUN

NOBODY = ":98765"


def sayso_run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assistive", "run", *arguments]
    inherited = {
        k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    return subprocess.run(
        command,
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )


def test_a_display_that_does_not_answer_is_said_and_not_tried_again(tmp_path: Path) -> None:
    done = sayso_run(DISPLAY=NOBODY, SAYSO_HOME=str(tmp_path))
    assert done.returncode == CANNOT_RUN
    assert done.stderr.startswith(f"The display {NOBODY} does not answer")
    assert not (tmp_path / "state" / "crashes.log").exists()


def test_a_display_of_another_computer_is_asked_by_its_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1] - 6000
        there = {"DISPLAY": f"127.0.0.1:{number}.0"}
        assert display_trouble(there) == ""
    assert "does not answer" in display_trouble(there)


def test_where_another_platform_is_chosen_the_display_does_not_matter() -> None:
    assert display_trouble({"DISPLAY": NOBODY, "QT_QPA_PLATFORM": "offscreen"}) == ""
    assert display_trouble({"DISPLAY": NOBODY, "WAYLAND_DISPLAY": "wayland-0"}) == ""
    assert display_trouble({}) == ""


def test_a_sound_file_that_cannot_be_written_is_said_before_anything_starts(tmp_path: Path) -> None:
    done = sayso_run(
        "--wav", str(tmp_path / "gone" / "x.wav"), QT_QPA_PLATFORM="offscreen", SAYSO_HOME=str(tmp_path)
    )
    assert done.returncode == 2
    assert "x.wav cannot be written: No such file or directory" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_demo_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("a file")
    done = sayso_run("--demo", str(tmp_path / "demo" / "inside"))
    assert done.returncode == 1
    assert "cannot be kept" in done.stdout
    assert "Traceback" not in done.stderr
