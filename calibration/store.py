"""calibration: the calibrations of one person on disk, one file for each camera or tracker, screen, eyes and direction."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calibration.fit import Model, model_from_json
from calibration.gaze import Axes, Eyes
from calibration.screen import ScreenSize

VERSION = 1
MOST_BYTES = 2**23

Write = Callable[[Path, bytes], None]
"""Replaces a file's content whole, readable by its owner alone; raises OSError (`assistive.durable.write_atomically`)."""

Tr = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Setup:
    """What a calibration belongs to: with another one of these it is worth nothing.

    Parameters
    ----------
    device : str
        The driver's name: "webcam", "lsl", ...
    source : str
        Which of its cameras or trackers: a camera's name and its picture's size, a stream's name.
    screen : ScreenSize
        The distance to it may change; its size may not.
    eyes : Eyes
    axes : Axes
    """

    device: str
    source: str
    screen: ScreenSize
    eyes: Eyes = Eyes.BOTH
    axes: Axes = Axes.BOTH

    @property
    def file_name(self) -> str:
        """The name of its file: readable, and different for every setup."""
        mark = hashlib.sha256(json.dumps(self.to_json()).encode()).hexdigest()[:12]
        plain = re.sub(r"[^a-z0-9]+", "-", self.device.lower()).strip("-") or "gaze"
        return f"{plain[:24]}-{mark}.json"

    def to_json(self) -> dict[str, Any]:
        """Return it in a form that JSON has."""
        screen = self.screen
        size = [screen.width_px, screen.height_px, round(screen.width_mm), round(screen.height_mm)]
        return {
            "device": self.device,
            "source": self.source,
            "screen": size,
            "eyes": self.eyes.value,
            "axes": self.axes.value,
        }


@dataclass(frozen=True, slots=True)
class Stored:
    """A calibration that was kept.

    Parameters
    ----------
    made_at : float
        When, in seconds since 1970.
    model : GazeModel or Correction
    accuracy_cm, precision_cm : float
        As it was validated; NaN: not known.
    grid : str
        The grid that fitted it, as the setting look.grid names it.
    """

    made_at: float
    model: Model
    accuracy_cm: float = math.nan
    precision_cm: float = math.nan
    grid: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was found: a calibration, or in `problem` a sentence that says why there is none ("" for the first time)."""

    stored: Stored | None = None
    problem: str = ""


def save(folder: Path, setup: Setup, stored: Stored, write: Write) -> Path:
    """Keep a calibration, and return its file.

    Raises
    ------
    OSError
        The disk refused; what was there before is untouched.
    """
    data = {
        "version": VERSION,
        "setup": setup.to_json(),
        "made_at": stored.made_at,
        "model": json.loads(stored.model.to_json()),
        "accuracy_cm": _known(stored.accuracy_cm),
        "precision_cm": _known(stored.precision_cm),
        "grid": stored.grid,
    }
    path = folder / setup.file_name
    write(path, json.dumps(data, allow_nan=False).encode())
    return path


def load(folder: Path, setup: Setup, tr: Tr = str) -> Loaded:
    """Find the calibration for a setup. Never raises for what is on the disk.

    A file that is damaged is set aside under a dated name beside it; one from a newer Sayso is left alone. Those of other
    cameras and screens are not used.

    Parameters
    ----------
    folder : Path
        Where this person's calibrations are.
    """
    path = folder / setup.file_name
    try:
        data = read_table(path)
        if data.get("setup") != setup.to_json():
            raise ValueError("the file was renamed, or made for something else")
        if isinstance(data.get("version"), int) and data["version"] > VERSION:
            return Loaded(
                problem=tr(
                    "The calibration is from a newer Sayso and cannot be used here. It was left as it is. "
                    "Other inputs work; calibrate anew to choose with the eyes."
                )
            )
        return Loaded(_stored(data))
    except FileNotFoundError:
        return Loaded(problem=_of_others(folder, setup, tr))
    except (ValueError, RecursionError):
        _set_aside(path)
        return Loaded(
            problem=tr(
                "The calibration is damaged and was set aside. Other inputs work; "
                "calibrate anew to choose with the eyes."
            )
        )
    except OSError as error:
        return Loaded(
            problem=tr(
                "The calibration cannot be read ({reason}). Other inputs work; calibrate anew to choose with the eyes."
            ).format(reason=error.strerror or str(error))
        )


def age_sentence(age_s: float, tr: Tr = str) -> str:
    """Say how old the calibration is that is used again, and that one look brings it up to date."""
    hours = max(0.0, age_s if math.isfinite(age_s) else 0.0) / 3600
    if hours < 1:
        return tr("The calibration was made just now.")
    if hours < 20:
        age = tr("from today")
    elif hours < 44:
        age = tr("from yesterday")
    else:
        age = tr("{days} days old").format(days=round(hours / 24))
    return tr(
        "The calibration is {age}. It is used again; looking at one target brings it up to date."
    ).format(age=age)


def _stored(data: Mapping[str, Any]) -> Stored:
    try:
        if data["version"] != VERSION:
            raise ValueError("no version that is known")
        made_at = float(data["made_at"])
        if not 0 <= made_at <= 1e11 or not isinstance(data["grid"], str):
            raise ValueError("no calibration")
        accuracy, precision = (
            math.nan if data[name] is None else float(data[name]) for name in ("accuracy_cm", "precision_cm")
        )
        return Stored(made_at, model_from_json(json.dumps(data["model"])), accuracy, precision, data["grid"])
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"no calibration: {error!r}") from error


def read_table(path: Path) -> dict[str, Any]:
    """Return what a JSON file holds.

    Raises
    ------
    OSError
        It cannot be read.
    ValueError
        It is too large, or holds something else.
    """
    # Opening a pipe could wait for ever. A folder is refused by the system itself.
    if path.is_fifo():
        raise ValueError("a pipe")
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError("too large")
    table = json.loads(data)
    if not isinstance(table, dict):
        raise ValueError("no table")
    return table


def _of_others(folder: Path, setup: Setup, tr: Tr) -> str:
    """Why there is none for this setup, where there are some for others; "" where there is none at all."""
    others = []
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
        with contextlib.suppress(OSError, ValueError, RecursionError):
            other = read_table(path).get("setup")
            if isinstance(other, dict):
                others.append(other)
    if not others:
        return ""
    now = setup.to_json()
    same_screen = [other for other in others if other.get("screen") == now["screen"]]
    camera = ("device", "source")
    if not same_screen:
        what = tr("The calibration that there is was made for another screen.")
    elif not any(all(other.get(name) == now[name] for name in camera) for other in same_screen):
        what = tr("The calibration that there is was made with another camera or tracker.")
    else:
        what = tr("The calibration that there is was made for other eyes or another direction.")
    return f"{what} " + tr("Other inputs work; calibrate anew to choose with the eyes.")


def _set_aside(path: Path) -> None:
    stem = f"{path.name}.aside-{time.strftime('%Y-%m-%d-%H%M%S')}"
    name, count = path.with_name(stem), 1
    while os.path.lexists(name):
        count += 1
        name = path.with_name(f"{stem}-{count}")
    # A disk that cannot be written to keeps the damaged file; it is found damaged again next time.
    with contextlib.suppress(OSError):
        path.rename(name)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
