"""benchmarks: how calm each filter makes a gaze that rests, and how long it holds a saccade back."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from typing import Any

from benchmarks.gaze_frames import read_groups
from calibration.gaze import fit_gaze
from calibration.screen import ScreenSize
from devices.gaze.recording import RecordingError, read_gaze_csv
from models.gaze.filters import NAMES, make_filter
from models.gaze.noise import Noise

Place = tuple[float, float, float]  # seconds, degrees to the right and down; NaN: no gaze
Run = tuple[int, int]

SACCADE_DEG = 1.0  # between two samples, or more where the gaze is noisy
SACCADE_SDS = 6.0
LONGEST_STEP_S = 0.1
SHORTEST_S = 0.25  # of a fixation
CALM_AFTER_S = 0.2
MIDDLE_S = 0.4  # the place of a fixation is the median of so much of it
FAR_DEG = 2.0  # a saccade to be followed
SETTLED_DEG = 1.0
SETTLED_SAMPLES = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --data, --diagonal and --distance."""
    parser.add_argument(
        "--data", type=Path, required=True, metavar="CSV", help="a recording of gaze, or webcam_9_points.csv"
    )
    parser.add_argument(
        "--diagonal", type=float, default=24.0, metavar="INCH", help="of a screen whose size is not told (24)"
    )
    parser.add_argument("--distance", type=float, default=600.0, metavar="MM", help="of the eyes (600)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Keys: fixations, saccades, and for each filter jitter_deg, spread_deg, settle_ms, settle_samples."""
    traces = _webcam(args) if _is_webcam(args.data) else [_tracker(args)]
    found = [(trace, _fixations(trace)) for trace in traces]
    if not any(len(fixations) > 1 for _, fixations in found):
        raise ValueError(f"{args.data} holds no two fixations of {SHORTEST_S:g} s")
    figures: dict[str, Any] = {"fixations": sum(len(fixations) for _, fixations in found)}
    print(f"{figures['fixations']} fixations; jitter from sample to sample, spread around their middle")
    print(f"{'filter':>10}{'jitter deg':>12}{'spread deg':>12}{'settled ms':>12}{'samples':>9}")
    for name in NAMES:
        jitter, spread, settled = [], [], []
        for trace, fixations in found:
            steady = _filtered(name, trace)
            calm = [_calm(steady[a:b]) for a, b in fixations]
            jitter += [_jitter(part) for part in calm if len(part) > 2]
            spread += [_spread(part) for part in calm if len(part) > 2]
            settled += _settled(trace, steady, fixations)
        figures["saccades"] = len(settled)
        figures[name] = {
            "jitter_deg": round(median(jitter), 3),
            "spread_deg": round(median(spread), 3),
            "settle_ms": round(1000 * mean(s for s, _ in settled), 1) if settled else None,
            "settle_samples": round(mean(n for _, n in settled), 2) if settled else None,
        }
        row = figures[name]
        print(
            f"{name:>10}{row['jitter_deg']:>12}{row['spread_deg']:>12}{row['settle_ms']!s:>12}{row['settle_samples']!s:>9}"
        )
    return figures


def _is_webcam(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        return "iris_x" in file.readline(65_536)


def _webcam(args: argparse.Namespace) -> list[list[Place]]:
    """Each sitting as the model places it that is fitted to it: what is left is what a filter has to do with."""
    traces = []
    for group in read_groups(args.data, args.diagonal, args.distance):
        model = fit_gaze(group.samples, group.screen)
        per_x, per_y = group.screen.degrees_per_share
        timed = [s.features for s in group.samples if math.isfinite(s.features.t)]
        placed = [(features.t, model.place(features)) for features in timed]
        traces.append([(t, p.x * per_x, p.y * per_y) if p else (t, math.nan, math.nan) for t, p in placed])
    return traces


def _tracker(args: argparse.Namespace) -> list[Place]:
    try:
        samples = read_gaze_csv(args.data).samples
    except RecordingError as error:
        raise ValueError(str(error)) from error
    width_mm = args.diagonal * 25.4 * 16 / math.hypot(16, 9)
    per_x, per_y = ScreenSize(1920, 1080, width_mm, width_mm * 9 / 16, args.distance).degrees_per_share
    return [(s.t, s.x * per_x, s.y * per_y) for s in samples]


def _filtered(name: str, trace: Sequence[Place]) -> list[Place]:
    steadying, noise = make_filter(name), Noise()
    steady = []
    for t, x, y in trace:
        if steadying is not None and math.isfinite(x) and math.isfinite(y):
            noise.take(t, x, y)
            x, y = steadying.take(t, x, y, max(noise.sd))
        steady.append((t, x, y))
    return steady


def _fixations(trace: Sequence[Place]) -> list[Run]:
    """Runs of samples without a saccade and without a gap, from the raw gaze (Salvucci & Goldberg, ETRA 2000: I-VT)."""
    noise = Noise()
    sds = []
    for t, x, y in trace:
        if math.isfinite(x) and math.isfinite(y):
            noise.take(t, x, y)
            sds.append(max(noise.sd))
    known = [sd for sd in sds if math.isfinite(sd)]
    limit = max(SACCADE_DEG, SACCADE_SDS * median(known)) if known else SACCADE_DEG
    runs, begin = [], 0
    for k in range(1, len(trace) + 1):
        # written so that a missing place ends a run, too
        if (
            k < len(trace)
            and _distance(trace[k - 1], trace[k]) <= limit
            and trace[k][0] - trace[k - 1][0] <= LONGEST_STEP_S
        ):
            continue
        if trace[k - 1][0] - trace[begin][0] >= SHORTEST_S:
            runs.append((begin, k))
        begin = k
    return runs


def _distance(a: Place, b: Place) -> float:
    return math.hypot(a[1] - b[1], a[2] - b[2])


def _calm(fixation: Sequence[Place]) -> list[Place]:
    return [place for place in fixation if place[0] - fixation[0][0] >= CALM_AFTER_S]


def _jitter(places: Sequence[Place]) -> float:
    return math.sqrt(mean(_distance(a, b) ** 2 for a, b in pairwise(places)))


def _spread(places: Sequence[Place]) -> float:
    middle = (0.0, mean(x for _, x, _ in places), mean(y for _, _, y in places))
    return math.sqrt(mean(_distance(place, middle) ** 2 for place in places))


def _settled(
    trace: Sequence[Place], steady: Sequence[Place], fixations: Sequence[Run]
) -> list[tuple[float, int]]:
    """Seconds and samples from each saccade's end until the gaze stays on its goal."""
    found: list[tuple[float, int]] = []
    before: Place | None = None
    for begin, end in fixations:
        start = trace[begin][0]
        early = [place for place in trace[begin:end] if place[0] - start < MIDDLE_S]
        goal = (0.0, median(x for _, x, _ in early), median(y for _, _, y in early))
        if before is not None and _distance(before, goal) > FAR_DEG:
            on = [_distance(place, goal) < SETTLED_DEG for place in steady[begin:end]]
            stays = (k for k in range(len(on)) if all(on[k : k + SETTLED_SAMPLES]))
            samples = next(stays, len(on) - 1)
            found.append((trace[begin + samples][0] - start, samples))
        before = goal
    return found
