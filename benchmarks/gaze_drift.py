"""benchmarks: how far the gaze is off when a new sitting starts from the earlier ones, after 0, 1 and 3 fixations."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.gaze_frames import MM_PER_INCH
from benchmarks.openface_sittings import Floats, Sitting, read_sittings
from calibration.regression import Gaussian, Noise
from calibration.sittings import Sittings

TARGET = 0.15
CHOICES = 20
SEED = 5
# OpenFace measures the head's rotation in full and, as any face mesh, a part of the eye's in it: .62 (see
# calibration.gaze_prior). The gains' spread and what changes between sittings are those of the webcam's model.
PRIOR_MEAN = (1.0, 1.0, 1.6, 0.0, 0.0)
PRIOR_SD = ((0.1, 0.3, 0.5, 0.15, 2.0), (0.1, 0.3, 0.5, 0.3, 2.0))
BETWEEN_SD = (0.03, 0.1, 0.3, 0.07, 1.0)
NOISE = Noise(look_sd=2.0, frame_sd=0.1)  # cm; each row is a whole fixation, and has no frames


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --data, --screen and --diagonal."""
    parser.add_argument("--data", type=Path, required=True, metavar="CSV", help="openface_sittings.csv")
    parser.add_argument(
        "--screen", metavar="WxH", help="its pixels (without: the targets lie around its middle)"
    )
    parser.add_argument(
        "--diagonal",
        type=float,
        default=15.6,
        metavar="INCH",
        help="of a screen whose size is not told (15.6)",
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Keys: carry_over_0, carry_over_1, carry_over_3: median errors as shares of the screen's diagonal."""
    sittings = read_sittings(args.data)
    width, height = _screen(args.screen, sittings)
    px_cm = args.diagonal * MM_PER_INCH / 10.0 / math.hypot(width, height)
    print(f"{len(sittings)} sittings, screen {width:.0f}x{height:.0f}, {args.diagonal:g} inch")
    print(f"{'sitting':>12} {'0':>6} {'1':>6} {'3':>6}  fixations")
    rng = np.random.default_rng(SEED)
    axes = [Sittings.first(Gaussian.independent(PRIOR_MEAN, sd), BETWEEN_SD, NOISE) for sd in PRIOR_SD]
    errors: dict[int, list[float]] = {0: [], 1: [], 3: []}
    for number, sitting in enumerate(sittings):
        rows = (sitting.horizontal, sitting.vertical)
        targets = (sitting.targets_px - [width / 2.0, 0.0]) * px_cm
        if number:
            axes = [axis.next() for axis in axes]
            own = {
                count: errors_cm(axes, rows, targets, _chosen(len(targets), count, rng))
                / math.hypot(width * px_cm, height * px_cm)
                for count in errors
            }
            for count, found in own.items():
                errors[count].extend(found)
            medians = " ".join(f"{np.median(found):6.3f}" for found in own.values())
            print(f"{sitting.name[:12]:>12} {medians}", flush=True)
        axes = _learned(axes, rows, targets, list(range(len(targets))))
    figures = {f"carry_over_{count}": round(float(np.median(found)), 4) for count, found in errors.items()}
    for name, value in figures.items():
        verdict = f"   target <= {TARGET}: {'reached' if value <= TARGET else 'missed'}"
        print(f"{name:>14}  {value}{verdict if name == 'carry_over_1' else ''}")
    return figures


def _screen(told: str | None, sittings: Sequence[Sitting]) -> tuple[float, float]:
    if told is None:
        targets = np.concatenate([sitting.targets_px for sitting in sittings])
        width, height = (float(v) for v in targets.min(axis=0) + targets.max(axis=0))
    else:
        try:
            width, height = (float(v) for v in told.lower().split("x"))
        except ValueError as error:
            raise ValueError(f"--screen {told}: write it as 1920x1080") from error
    if width <= 0.0 or height <= 0.0:
        raise ValueError("the screen has no size: tell it with --screen")
    return width, height


def _chosen(fixations: int, count: int, rng: np.random.Generator) -> list[list[int]]:
    """Which fixations a sitting starts with: each one once, or some choices of three."""
    if count == 0:
        return [[]]
    if count == 1:
        return [[i] for i in range(fixations)]
    return [sorted(rng.choice(fixations, count, replace=False).tolist()) for _ in range(CHOICES)]


def errors_cm(
    axes: Sequence[Sittings], rows: tuple[Floats, Floats], targets: Floats, choices: Sequence[list[int]]
) -> Floats:
    """How far the fixations that were not chosen are off, in cm, for every choice."""
    errors: list[Floats] = []
    for chosen in choices:
        horizontal, vertical = _learned(axes, rows, targets, chosen)
        rest = np.setdiff1d(np.arange(len(targets)), chosen)
        x = rows[0][rest] @ horizontal.belief.mean - targets[rest, 0]
        y = rows[1][rest] @ vertical.belief.mean - targets[rest, 1]
        errors.append(np.hypot(x, y))
    return np.concatenate(errors)


def _learned(
    axes: Sequence[Sittings], rows: tuple[Floats, Floats], targets: Floats, chosen: list[int]
) -> list[Sittings]:
    looks = np.arange(len(chosen))
    return [
        axis.learned(own[chosen], targets[chosen, i], looks)
        for i, (axis, own) in enumerate(zip(axes, rows, strict=True))
    ]
