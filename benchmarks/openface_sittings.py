"""benchmarks: fixations of several sittings as OpenFace measured them, read from a CSV file by the names of its columns."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.gaze_frames import read_table

Floats = NDArray[np.float64]

GAZE = tuple(f"gaze_{side}_{axis}" for side in ("left", "right") for axis in "xyz")
HEAD = ("head_tx", "head_ty", "head_tz", "head_roll", "head_pitch")
TARGET = ("screen_x", "screen_y")
LEAST_FIXATIONS = 5
_STEEPEST = 10.0  # a ray that meets the screen so many times farther aside than it is away does not meet it


@dataclass(frozen=True, slots=True, eq=False)
class Sitting:
    """The fixations of one sitting.

    Parameters
    ----------
    name : str
    horizontal, vertical : array of shape (n, 5)
        Inputs of the regression, in cm from the camera: the head, where it faces from its own place, where the eyes
        look from there, the distance, and 1.
    targets_px : array of shape (n, 2)
    """

    name: str
    horizontal: Floats
    vertical: Floats
    targets_px: Floats


def read_sittings(path: Path) -> list[Sitting]:
    """Read the sittings in the file's order; rows with missing values and sittings of fewer than 5 fixations are left out.

    Raises
    ------
    OSError, ValueError
        The file cannot be read, or it is none of this kind.
    """
    needed = ("session_id", *GAZE, *HEAD, *TARGET)
    header, rows = read_table(path)
    missing = [name for name in needed if name not in header]
    if missing:
        raise ValueError(f"{path.name} is no file of OpenFace sittings: it lacks {', '.join(missing)}")
    found: dict[str, list[tuple[list[float], list[float], list[float]]]] = {}
    for row in rows:
        inputs = _inputs(row)
        if inputs is not None:
            found.setdefault(row["session_id"] or "", []).append(inputs)
    sittings = [
        Sitting(name, *(np.array(part) for part in zip(*fixations, strict=True)))
        for name, fixations in found.items()
        if len(fixations) >= LEAST_FIXATIONS
    ]
    if len(sittings) < 2:
        raise ValueError(f"{path.name} has fewer than two sittings of {LEAST_FIXATIONS} fixations")
    return sittings


def _inputs(row: Mapping[str, str | None]) -> tuple[list[float], list[float], list[float]] | None:
    """Both axes' inputs and the target of one row; None where they are not whole.

    OpenFace's camera looks along z, x to the picture's right (the person's left), y down; mm and radians. The file
    calls the rotations about x and y, in OpenFace's order, head_roll and head_pitch.
    """
    try:
        gaze = np.array([float(row[name] or "nan") for name in GAZE]).reshape(2, 3).sum(axis=0)
        tx, ty, tz, about_x, about_y = (float(row[name] or "nan") for name in HEAD)
        target = [float(row[name] or "nan") for name in TARGET]
    except (TypeError, ValueError):
        return None
    if not np.isfinite([*gaze, tx, ty, tz, about_x, about_y, *target]).all() or gaze[2] >= 0.0 or tz <= 0.0:
        return None
    x, y, z = tx / 10.0, ty / 10.0, tz / 10.0
    face = (math.tan(about_y), math.tan(about_x))
    eyes = (float(gaze[0] / gaze[2]), float(-gaze[1] / gaze[2]))
    if max(map(abs, (*face, *eyes))) > _STEEPEST:
        return None
    return (
        [-x, z * face[0], z * (eyes[0] - face[0]), z, 1.0],
        [y, z * face[1], z * (eyes[1] - face[1]), z, 1.0],
        target,
    )
