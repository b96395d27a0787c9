"""benchmarks: the frames of a webcam calibration, read from a CSV file by the names of its columns."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from calibration.gaze import CalibrationSample
from calibration.screen import ScreenSize
from devices.samples import FaceVerdict
from models.gaze.features import Eye, EyeFeatures

MM_PER_INCH = 25.4
NEEDED = ("target_x", "target_y", "screen_w", "screen_h")
PARTS = ("iris_x", "iris_y", "lid_upper", "lid_lower")
HEAD = ("head_pitch", "head_yaw", "head_roll")


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The frames of one session on one screen.

    Parameters
    ----------
    name : str
    screen : ScreenSize
    samples : list of CalibrationSample
    columns : array of shape (frames, features)
        All the features of the file as they are; NaN where a value is missing.
    """

    name: str
    screen: ScreenSize
    samples: list[CalibrationSample]
    columns: np.ndarray[tuple[int, int], np.dtype[np.float64]]


def read_groups(path: Path, diagonal_inch: float, distance_mm: float) -> list[Group]:
    """Read the file, grouped by session and screen.

    Rows without a target, a screen or an eye are left out. The file may have y up or down: the upper lid is above the
    lower one.

    Parameters
    ----------
    path : Path
    diagonal_inch : float
        Of the screens: the file tells pixels only.
    distance_mm : float
        Of the eyes from the screen.

    Raises
    ------
    OSError, ValueError
        The file cannot be read, or it is none of this kind.
    """
    header, rows = read_table(path)
    missing = [name for name in NEEDED if name not in header]
    if missing or not any(f"iris_x_{side}" in header for side in ("left", "right")):
        raise ValueError(
            f"{path.name} is no file of webcam frames: it lacks {', '.join(missing) or 'iris_x_left'}"
        )
    up = _y_is_up(rows)
    found: dict[tuple[str, float, float], list[tuple[CalibrationSample, list[float]]]] = {}
    for row in rows:
        target_x, target_y, width, height = (_number(row, name) for name in NEEDED)
        eyes = {side: _eye(row, side, up) for side in ("left", "right")}
        if not all(map(math.isfinite, (target_x, target_y, width, height))) or width <= 0.0 or height <= 0.0:
            continue
        if eyes["left"] is None and eyes["right"] is None:
            continue
        features = EyeFeatures(_number(row, "t"), FaceVerdict.GOOD, eyes["right"], eyes["left"])
        sample = CalibrationSample(features, target_x / width, target_y / height)
        found.setdefault((row.get("session") or "", width, height), []).append((sample, _columns(row)))
    if not found:
        raise ValueError(f"{path.name} has no row with a target, a screen and an eye")
    groups = []
    for (session, width, height), frames in found.items():
        pitch_mm = diagonal_inch * MM_PER_INCH / math.hypot(width, height)
        screen = ScreenSize(round(width), round(height), width * pitch_mm, height * pitch_mm, distance_mm)
        name = f"{session or 'session'} {width:.0f}x{height:.0f}"
        groups.append(Group(name, screen, [s for s, _ in frames], np.array([c for _, c in frames])))
    return groups


def read_table(path: Path) -> tuple[Sequence[str], list[dict[str, str | None]]]:
    """The names of the columns and the rows of a CSV file.

    Raises
    ------
    OSError, ValueError
        The file cannot be read.
    """
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        try:
            return list(reader.fieldnames or []), list(reader)
        except csv.Error as error:
            raise ValueError(f"{path.name} is not a CSV file: {error}") from error


def _names() -> Iterator[str]:
    for side in ("left", "right"):
        for part in PARTS:
            yield f"{part}_{side}"
    yield from HEAD


def _columns(row: Mapping[str, str | None]) -> list[float]:
    return [_number(row, name) for name in _names()]


def _eye(row: Mapping[str, str | None], side: str, up: bool) -> Eye | None:
    iris_x, iris_y, upper, lower = (_number(row, f"{part}_{side}") for part in PARTS)
    if not all(map(math.isfinite, (iris_x, iris_y, upper))):
        return None
    opening = abs(upper - lower) if math.isfinite(lower) else 0.0
    sign = -1.0 if up else 1.0
    return Eye(iris_x, sign * iris_y, sign * upper, sign * lower, opening)


def _y_is_up(rows: list[dict[str, str | None]]) -> bool:
    """Whether the upper lid has the larger y."""
    openings = [
        _number(row, f"lid_upper_{side}") - _number(row, f"lid_lower_{side}")
        for row in rows
        for side in ("left", "right")
    ]
    known = [opening for opening in openings if math.isfinite(opening)]
    return not known or float(np.median(known)) > 0.0


def _number(row: Mapping[str, str | None], name: str) -> float:
    try:
        return float(row.get(name) or "nan")
    except (TypeError, ValueError):
        return math.nan
