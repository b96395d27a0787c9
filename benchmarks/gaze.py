"""benchmarks: how far the gaze of a webcam is off, from nine calibration points, from three, and from one."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.gaze_frames import Group, read_groups
from calibration.cross_validation import leave_one_place_out, places
from calibration.gaze import CalibrationSample, GazeModel, fit_gaze

TARGETS = {"leave_one_point_out_px": 84.0, "three_points_px": 118.0, "one_point_px": 200.0}
CHOICES = 40
SEED = 5
RIDGE_ALPHA = 1.0
GRID = (4, 3)

Floats = NDArray[np.float64]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --data, --diagonal and --distance."""
    parser.add_argument("--data", type=Path, required=True, metavar="CSV", help="webcam_9_points.csv")
    parser.add_argument(
        "--diagonal",
        type=float,
        default=15.6,
        metavar="INCH",
        help="of a screen whose size is not told (15.6)",
    )
    parser.add_argument("--distance", type=float, default=600.0, metavar="MM", help="of the eyes (600)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Keys: leave_one_point_out_px, three_points_px, one_point_px, landmark_ridge_px, grid_hit_share_4x3."""
    groups = read_groups(args.data, args.diagonal, args.distance)
    used = [group for group in groups if len(places(group.samples)) >= 4]
    for group in groups:
        seen = f"{group.name}: {len(places(group.samples))} points, {len(group.samples)} frames"
        print(seen if group in used else f"{seen}: fewer than 4 points, left out")
    if not used:
        raise ValueError("no session has 4 points or more: nothing can be left out")
    print(
        f"screens of {args.diagonal:g} inch at {args.distance / 10:g} cm; errors of each point's mean place"
    )
    rng = np.random.default_rng(SEED)
    left_out: list[float] = []
    hits: list[bool] = []
    within: list[bool] = []
    three: list[float] = []
    one: list[float] = []
    ridge: list[float] = []
    for group in used:
        print(f"{group.name}: leaving out one point, then calibrating with three and with one", flush=True)
        for others, own in leave_one_place_out(group.samples):
            model = fit_gaze(others, group.screen)
            left_out.append(_error_px(model, own))
            hits.extend(_hits(model, own))
            within.append(_within(model, own))
        ridge.extend(_ridge_errors(group))
        targets = places(group.samples)
        for _ in range(CHOICES):
            chosen = rng.choice(len(targets), 3, replace=False)
            three.append(_rest_px(group, [targets[i] for i in chosen]))
        one.extend(_rest_px(group, [target]) for target in targets)
    figures = {
        "leave_one_point_out_px": round(float(np.nanmean(left_out)), 1),
        "three_points_px": round(float(np.nanmedian(three)), 1),
        "one_point_px": round(float(np.nanmedian(one)), 1),
        "landmark_ridge_px": round(float(np.nanmean(ridge)), 1),
        "grid_hit_share_4x3": round(float(np.mean(hits)), 3),
    }
    for name, value in figures.items():
        target = TARGETS.get(name)
        verdict = (
            "" if target is None else f"   target <= {target:g}: {'reached' if value <= target else 'missed'}"
        )
        print(f"{name:>24}  {value}{verdict}")
    print(f"points left out within two claimed standard deviations: {np.mean(within):.0%} (95 % is honest)")
    return figures


def _error_px(model: GazeModel, samples: Sequence[CalibrationSample]) -> float:
    """How far the mean place of the frames is from the point; NaN where no frame has a place."""
    placed = [p for s in samples if (p := model.place(s.features)) is not None]
    if not placed:
        return float("nan")
    x = (np.mean([p.x for p in placed]) - samples[0].x) * model.screen.width_px
    y = (np.mean([p.y for p in placed]) - samples[0].y) * model.screen.height_px
    return float(np.hypot(x, y))


def _rest_px(group: Group, chosen: Sequence[tuple[float, float]]) -> float:
    """The mean error at the points that were not chosen, fitted to those that were."""
    model = fit_gaze([s for s in group.samples if (s.x, s.y) in chosen], group.screen)
    own = [own for _, own in leave_one_place_out(group.samples) if (own[0].x, own[0].y) not in chosen]
    return float(np.nanmean([_error_px(model, samples) for samples in own]))


def _hits(model: GazeModel, samples: Sequence[CalibrationSample]) -> list[bool]:
    """For each frame, whether it lands on a key of the grid that has the point in its middle."""
    columns, rows = GRID
    return [
        p is not None and abs(p.x - s.x) <= 0.5 / columns and abs(p.y - s.y) <= 0.5 / rows
        for s in samples
        for p in [model.place(s.features)]
    ]


def _within(model: GazeModel, samples: Sequence[CalibrationSample]) -> bool:
    """Whether the mean place is off by at most two claimed standard deviations in both directions."""
    placed = [p for s in samples if (p := model.place(s.features)) is not None]
    x, y, sd_x, sd_y = np.mean([(p.x, p.y, p.sd_x, p.sd_y) for p in placed], axis=0)
    return bool(abs(x - samples[0].x) <= 2.0 * sd_x and abs(y - samples[0].y) <= 2.0 * sd_y)


def _ridge_errors(group: Group) -> list[float]:
    """What a plain ridge over all the columns is off, each point left out."""
    columns = group.columns[:, np.isfinite(group.columns).mean(axis=0) > 0.5]
    whole = np.all(np.isfinite(columns), axis=1)
    columns = columns[whole]
    samples = [s for s, ok in zip(group.samples, list(whole), strict=True) if ok]
    targets = np.array([(s.x * group.screen.width_px, s.y * group.screen.height_px) for s in samples])
    errors = []
    for x, y in places(samples):
        own = np.array([(s.x, s.y) == (x, y) for s in samples])
        if own.all():
            continue
        placed = _ridge(columns[~own], targets[~own], columns[own])
        errors.append(float(np.hypot(*(placed.mean(axis=0) - targets[own][0]))))
    return errors


def _ridge(inputs: Floats, targets: Floats, asked: Floats) -> Floats:
    mean, scale = inputs.mean(axis=0), inputs.std(axis=0) + 1e-9
    rows = (inputs - mean) / scale
    middle = targets.mean(axis=0)
    weights = np.linalg.solve(
        rows.T @ rows + RIDGE_ALPHA * np.eye(rows.shape[1]), rows.T @ (targets - middle)
    )
    placed: Floats = (asked - mean) / scale @ weights + middle
    return placed
