"""A desktop for one test: a virtual screen, a session bus with the accessibility service, the real mouse."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ImageGrab

SYSTEM_PYTHON = "/usr/bin/python3"  # the accessibility bindings come with the system
NEEDED = ("Xvfb", "xdotool", "dbus-daemon", "import")
LISTING = Path(__file__).with_name("list_keys.py")


def missing() -> str:
    """What this computer lacks for a desktop, as a reason to skip; "" when nothing."""
    gone = [name for name in NEEDED if shutil.which(name) is None]
    if gone:
        return f"not installed: {', '.join(gone)} (make test installs them)"
    found = subprocess.run([SYSTEM_PYTHON, "-c", "import pyatspi"], capture_output=True)
    return "" if found.returncode == 0 else "python3-pyatspi is not installed (make test installs it)"


@dataclass(frozen=True)
class Key:
    """A button as assistive technology sees it: its name and its place on the screen, in pixels."""

    name: str
    x: int
    y: int
    width: int
    height: int

    @property
    def center(self) -> tuple[int, int]:
        """Its middle."""
        return self.x + self.width // 2, self.y + self.height // 2


class Desktop:
    """The virtual screen and what a person does there."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def mouse(self, x: int, y: int) -> None:
        """Move the pointer."""
        subprocess.run(["xdotool", "mousemove", str(x), str(y)], env=self.environment, check=True)

    def click(self, x: int, y: int) -> None:
        """Move the pointer there and press its button."""
        self.mouse(x, y)
        subprocess.run(["xdotool", "click", "1"], env=self.environment, check=True)

    def press(self, key: str) -> None:
        """Press a key of the keyboard, by its name in X."""
        subprocess.run(["xdotool", "key", key], env=self.environment, check=True)

    def pixels(self) -> NDArray[np.uint8]:
        """What is on the screen now: height x width x 3."""
        return np.asarray(ImageGrab.grab(xdisplay=self.environment["DISPLAY"]).convert("RGB"))

    def keys(self) -> dict[str, Key]:
        """Every button of Sayso in the accessibility tree, by name; empty while there is none."""
        done = subprocess.run(
            [SYSTEM_PYTHON, str(LISTING)], env=self.environment, capture_output=True, text=True, timeout=60
        )
        keys = [Key(**found) for found in json.loads(done.stdout or "[]")]
        return {key.name: key for key in keys}

    def screenshot(self, path: Path) -> None:
        """Take a picture of the screen."""
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True)


@contextmanager
def desktop(folder: Path, size: str = "1920x1080") -> Iterator[Desktop]:
    """A desktop that is gone afterwards."""
    read, write = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-dpi", "96", "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as told:
        display = told.readline().strip()
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"DISPLAY": f":{display}", "XDG_RUNTIME_DIR": str(folder)},
    )
    assert bus.stdout is not None
    environment = os.environ | {
        "DISPLAY": f":{display}",
        "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip(),
        "XDG_RUNTIME_DIR": str(folder),
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "NO_AT_BRIDGE": "0",
    }
    try:
        yield Desktop(environment)
    finally:
        for process in (bus, screen):
            process.send_signal(signal.SIGTERM)
            process.wait(10)
        bus.stdout.close()
