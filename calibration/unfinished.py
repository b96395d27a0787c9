"""calibration: a calibration that was broken off by a crash or a restart, to go on with."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calibration.gaze import Axes, Eyes
from calibration.kept_samples import seen_from_json, seen_to_json
from calibration.plan import Kind, Plan
from calibration.raw_gaze import Seen
from calibration.round import Taken
from calibration.screen import ScreenSize

VERSION = 1


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The targets that were looked at so far, by their number from 0."""

    plan: Plan
    screen: ScreenSize
    taken: Mapping[int, Taken[Seen]]

    def to_json(self) -> dict[str, Any]:
        """Return it in a form that JSON has. It takes tens of milliseconds: not for the engine's thread."""
        plan, screen = self.plan, self.screen
        return {
            "version": VERSION,
            "plan": [plan.kind.value, plan.points, plan.eyes.value, plan.axes.value],
            "screen": [
                screen.width_px,
                screen.height_px,
                screen.width_mm,
                screen.height_mm,
                screen.distance_mm,
            ],
            "targets": [
                {
                    "index": index,
                    "angles": list(one.angles),
                    "spread_deg": one.spread_deg,
                    "seen": [seen_to_json(seen) for seen in one.items],
                }
                for index, one in self.taken.items()
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Unfinished:
        """Return what `to_json` was called on.

        Raises
        ------
        ValueError
            It is damaged, or of another version.
        """
        try:
            if data["version"] != VERSION:
                raise ValueError(f"version {data['version']!r} is not known")
            kind, points, eyes, axes = data["plan"]
            width_px, height_px, width_mm, height_mm, distance_mm = data["screen"]
            plan = Plan(int(points), Eyes(eyes), Axes(axes), Kind(kind))
            screen = ScreenSize(
                int(width_px), int(height_px), float(width_mm), float(height_mm), float(distance_mm)
            )
            taken = dict(_target(target, plan) for target in data["targets"])
        except (KeyError, TypeError, OverflowError, AttributeError) as error:
            raise ValueError(f"no calibration: {error!r}") from error
        return cls(plan, screen, taken)


def _target(target: Mapping[str, Any], plan: Plan) -> tuple[int, Taken[Seen]]:
    x, y = map(float, target["angles"])
    spread, index = float(target["spread_deg"]), target["index"]
    if index not in range(plan.points) or not all(map(math.isfinite, (x, y, spread))):
        raise ValueError("there is no such target")
    return int(index), Taken((x, y), spread, tuple(map(seen_from_json, target["seen"])))
