"""assistive.commands: `sayso run`: the board, watched over by a supervisor; or a scripted demo without a display."""

from __future__ import annotations

import argparse
import logging
import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

X_PORT = 6000
X_PATIENCE_S = 3.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `sayso run`."""
    parser.add_argument(
        "--windowed", metavar="WxH", type=_size, help="a window of this size, not the full screen"
    )
    parser.add_argument(
        "--wav", type=_writable, metavar="FILE", help="write all sound to this file instead of playing it"
    )
    parser.add_argument(
        "--replay", type=Path, metavar="CSV", help="take the gaze from this recording (t,x,y; 0-1)"
    )
    parser.add_argument("--safe", action="store_true", help="without language model, by pointer alone")
    parser.add_argument(
        "--demo",
        type=Path,
        metavar="DIR",
        help="let a scripted gaze write and speak a sentence offscreen; leave transcript, screenshot and WAV in DIR",
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help=argparse.SUPPRESS)  # for the benchmarks
    parser.add_argument("--alone", action="store_true", help="without the supervisor that starts Sayso again")


def run(args: argparse.Namespace) -> int:
    """Open the board. Without a display, say so and show by a demo that everything works."""
    if args.demo is not None:
        return _demo(args.demo)
    if not has_display():
        print("There is no display here, so a window cannot be opened.")
        print("Instead, a scripted gaze writes and speaks a sentence on the real window, offscreen.")
        return _demo(Path("demo"))
    if not args.alone:
        from assistive.folders import find_folders
        from assistive.supervisor import CANNOT_RUN, supervise

        if trouble := display_trouble(os.environ):
            print(trouble, file=sys.stderr)
            return CANNOT_RUN
        command = [sys.executable, "-P", "-m", "assistive", "run", "--alone", *_passed_on()]
        return supervise(command, find_folders()[0].state)
    from assistive.ui.app import run_app

    return _leave(run_app(args))


def _leave(status: int) -> NoReturn:
    """End this process at once, all being saved and closed.

    A thread that still computes speech would be torn down inside C++ and abort the process: the supervisor would
    take that for a crash and open Sayso again.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _demo(folder: Path) -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from assistive.ui.demo import run_demo

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(
            f"The demo cannot be kept in {folder}: {error.strerror}. Choose another folder with --demo DIR."
        )
        return 1
    return run_demo(folder)


def display_trouble(environ: Mapping[str, str]) -> str:
    """Say why no window can be opened on the X display that `environ` names; "" when one can, or it names none.

    Qt would abort without a word that helps, and the supervisor would try again for ever.
    """
    name = environ.get("DISPLAY", "")
    parts = re.fullmatch(r"(?P<host>[^:/]*)(?:/[^:]*)?:(?P<number>\d+)(?:\.\d+)?", name)
    if environ.get("QT_QPA_PLATFORM") or environ.get("WAYLAND_DISPLAY") or not parts:
        return ""
    number = int(parts["number"])
    try:
        if parts["host"] not in ("", "unix"):
            socket.create_connection((parts["host"], X_PORT + number), X_PATIENCE_S).close()
            return ""
    except OSError as error:
        return _no_display(name, error)
    for path in (f"\0/tmp/.X11-unix/X{number}", f"/tmp/.X11-unix/X{number}"):
        with socket.socket(socket.AF_UNIX) as server:
            try:
                server.connect(path)
                return ""
            except OSError as error:
                reason = error
    return _no_display(name, reason)


def _no_display(name: str, error: OSError) -> str:
    return (
        f"The display {name} does not answer ({error.strerror or error}), so a window cannot be opened.\n"
        "Log in at the computer's own screen and start Sayso there; sayso doctor says what else is missing."
    )


def _writable(text: str) -> Path:
    path = Path(text)
    try:
        path.open("ab").close()
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{text} cannot be written: {error.strerror}") from error
    return path


def has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    return bool(chosen or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _passed_on() -> list[str]:
    """What came after `run` on the command line."""
    arguments = sys.argv[1:]
    return arguments[arguments.index("run") + 1 :] if "run" in arguments else arguments


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    try:
        size = int(width), int(height)
    except ValueError:
        size = (0, 0)
    if min(size) < 200:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 1280x800 (at least 200x200)")
    return size
