"""calibration: a calibration that was broken off by a crash or a restart, as plain data, to go on with."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from calibration.gaze import Axes, Eyes
from calibration.kept_samples import seen_from_json, seen_to_json
from calibration.plan import Kind, Plan
from calibration.raw_gaze import Seen
from calibration.round import Taken
from calibration.screen import ScreenSize

VERSION = 1


def taken_to_json(plan: Plan, screen: ScreenSize, taken: Mapping[int, Taken[Seen]]) -> dict[str, Any]:
    """Return the targets that were looked at, in a form that JSON has."""
    return {
        "version": VERSION,
        "plan": [plan.kind.value, plan.points, plan.eyes.value, plan.axes.value],
        "screen": [screen.width_px, screen.height_px, screen.width_mm, screen.height_mm],
        "targets": [
            {
                "index": index,
                "angles": list(one.angles),
                "spread_deg": one.spread_deg,
                "seen": [seen_to_json(seen) for seen in one.items],
            }
            for index, one in taken.items()
        ],
    }


def taken_from_json(
    data: Mapping[str, Any], plan: Plan, screen: ScreenSize, count: int
) -> dict[int, Taken[Seen]]:
    """Return what `taken_to_json` was given.

    Parameters
    ----------
    count : int
        How many targets the plan has.

    Raises
    ------
    ValueError
        It belongs to another plan or another screen, or is damaged.
    """
    try:
        if data["version"] != VERSION:
            raise ValueError(f"version {data['version']!r} is not known")
        kind, points, eyes, axes = data["plan"]
        if Plan(points, Eyes(eyes), Axes(axes), Kind(kind)) != plan:
            raise ValueError("it was another calibration")
        if list(data["screen"]) != [screen.width_px, screen.height_px, screen.width_mm, screen.height_mm]:
            raise ValueError("it was on another screen")
        taken = {}
        for target in data["targets"]:
            x, y = map(float, target["angles"])
            spread = float(target["spread_deg"])
            if target["index"] not in range(count) or not all(map(math.isfinite, (x, y, spread))):
                raise ValueError("there is no such target")
            taken[int(target["index"])] = Taken((x, y), spread, tuple(map(seen_from_json, target["seen"])))
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"no calibration: {error!r}") from error
    return taken
