"""What the stories of calibrations share: keys to choose from, and how a calibration begins."""

from __future__ import annotations

from looker import SCREEN, Looker, Place

from calibration.grid_choice import KeySize
from calibration.plan import Plan
from calibration.procedure import Procedure

KEYS = (KeySize("9x6", 5.3, 3.0), KeySize("5x4", 10.0, 4.3), KeySize("2x2", 25.0, 8.5))


def begin(looker: Looker, plan: Plan | None = None, **more: object) -> Procedure:
    """A calibration that starts when the person is there."""
    return Procedure(plan or Plan(9), SCREEN, looker.t, keys=KEYS, **more)  # type: ignore[arg-type]


def targets_of(procedure: Procedure) -> set[Place]:
    """The targets that count."""
    return {(sample.x, sample.y) for sample in procedure.samples()}
