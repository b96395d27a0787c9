"""devices.gaze.webcam: which cameras are here, and why one cannot be used. Nothing of OpenCV is needed for it."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

SYSFS = Path("/sys/class/video4linux")


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera: its device file, and what it is called."""

    path: str
    name: str


class Obstacle(StrEnum):
    """Why a camera cannot be used."""

    ABSENT = "absent"
    FORBIDDEN = "forbidden"
    IN_USE = "in_use"


def cameras(sysfs: Path = SYSFS, dev: Path = Path("/dev")) -> list[Camera]:
    """List the cameras in the order of their numbers.

    A camera shows several devices; the first one (``index`` 0) has the pictures, the others tell about them.
    """
    found = []
    for entry in sysfs.glob("video*"):
        number = entry.name.removeprefix("video")
        if number.isdigit() and _read(entry / "index") in ("", "0"):
            found.append((int(number), Camera(str(dev / entry.name), _read(entry / "name") or entry.name)))
    return [camera for _, camera in sorted(found, key=lambda item: item[0])]


def camera_name(source: str, sysfs: Path = SYSFS, dev: Path = Path("/dev")) -> str:
    """Return what the camera is called that a driver with this source uses; `source` itself where it is no camera.

    A camera that is unplugged gives its number to the next one: its name says which one it really is.
    """
    there = cameras(sysfs, dev)
    if not source:
        return there[0].name if there else ""
    path = str(dev / f"video{source}") if source.isdigit() else source
    return next((camera.name for camera in there if camera.path == path), source)


def obstacle(path: str) -> Obstacle | None:
    """Try to open a camera's device file; None if it can be opened."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC))
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return Obstacle.FORBIDDEN
        return Obstacle.IN_USE if error.errno == errno.EBUSY else Obstacle.ABSENT
    return None


def used_by(path: str, proc: Path = Path("/proc")) -> str:
    """Return the name of a program that has this device open, other than this process; "" if none is seen.

    Only processes of the same account can be looked into.
    """
    for process in proc.glob("[0-9]*"):
        if process.name == str(os.getpid()):
            continue
        try:
            if any(str(fd.readlink()) == path for fd in (process / "fd").iterdir()):
                return _read(process / "comm")
        except OSError:
            continue
    return ""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
