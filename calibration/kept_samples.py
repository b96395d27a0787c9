"""calibration: what the eyes did at a target, as plain data and back, so that a calibration survives a restart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calibration.raw_gaze import Seen
from devices.samples import FaceVerdict, GazeSample
from models.gaze.features import Eye, EyeFeatures

DIGITS = 5
PATCH_DIGITS = 3  # a camera's grey values have fewer
_EYE = ("iris_x", "iris_y", "lid_upper", "lid_lower", "opening")


def seen_to_json(seen: Seen) -> dict[str, Any]:
    """Return a sample in a form that JSON has, rounded to what was measured."""
    if isinstance(seen, GazeSample):
        return {"t": seen.t, "x": seen.x, "y": seen.y, "left": seen.left, "right": seen.right}
    return {
        "t": seen.t,
        "verdict": seen.verdict.value,
        "eyes": [
            None if eye is None else [round(getattr(eye, name), DIGITS) for name in _EYE]
            for eye in (seen.right, seen.left)
        ],
        "position_cm": seen.position_cm,
        "forward": seen.forward,
        "patches": [round(grey, PATCH_DIGITS) for grey in seen.patches],
    }


def seen_from_json(data: Mapping[str, Any]) -> Seen:
    """Return the sample that `seen_to_json` was given.

    Raises
    ------
    ValueError
        It is no such data.
    """
    try:
        t = float(data["t"])
        if "verdict" not in data:
            return GazeSample(
                t, float(data["x"]), float(data["y"]), _pair(data["left"]), _pair(data["right"])
            )
        right, left = (None if eye is None else Eye(*map(float, eye)) for eye in data["eyes"])
        return EyeFeatures(
            t,
            FaceVerdict(data["verdict"]),
            right,
            left,
            _triple(data["position_cm"]),
            _triple(data["forward"]),
            tuple(map(float, data["patches"])),
        )
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"no sample: {error!r}") from error


def _pair(value: Any) -> tuple[float, float] | None:
    if value is None:
        return None
    x, y = value
    return float(x), float(y)


def _triple(value: Any) -> tuple[float, float, float] | None:
    if value is None:
        return None
    x, y, z = value
    return float(x), float(y), float(z)
