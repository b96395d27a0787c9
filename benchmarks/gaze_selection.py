"""benchmarks: which key a noisy gaze is on: by the nearest key, by position and likelihood, and with a prior.

In each trial the eyes rest on one key, so this measures assignment, not how a look that reads is told from one
that chooses. Every trial begins with nothing known of the trials before it: no offset is learned.

The measured noise has the two parts that a validation tells: the error about the key that a trial's samples share
(accuracy; the tracker's constant offset is in it) and their spread (precision); root mean squares, trials left out
that rest on another key. At noise xN, normal errors are added to both, seeded, so that the error of a look and of a
sample have N times their measured size; x1 is the recording as it is. The belief is told the standard deviation that
a validation would give: that of the other trials at the same noise. All rules choose by the same dwell; by the rule of
the nearest key each sample belongs to the key whose middle is nearest to it.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import math
import random
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistive.boards.board import Action, Rect, Target, TargetKind, Verb
from assistive.fusion.belief import Belief
from assistive.fusion.dwell import Dwell
from assistive.settings import DwellSettings

NOISES = (1, 2, 3, 4)
SEED = 5
DWELL_S = 1.0
TOP, TOP_SHARE = 5, 0.6  # the truth is among the prior's first five in so many trials
LEAST_SD = 1e-4
MAD_TO_SD = 1.4826  # for a normal distribution
STRAY = 3.0  # standard deviations; a larger error is not one of measurement

Point = tuple[float, float]
Samples = list[tuple[float, float, float]]  # t, x, y


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --data and --seeds."""
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="STEM",
        help="STEM.csv has t and x, y or left_x, left_y, right_x, right_y, STEM_trials.csv has target, t_start "
        "and t_end, STEM_keys.csv has key, x and y; all places are shares of the screen",
    )
    parser.add_argument("--seeds", type=int, default=20, metavar="N", help="runs that are averaged (20)")


@dataclass(frozen=True, slots=True)
class Trial:
    """The key that was looked at, and the gaze meanwhile."""

    key: str
    samples: Samples


@dataclass(frozen=True, slots=True)
class Noise:
    """Standard deviations of the error that a trial's samples share, and of what is left, for x and y."""

    shared: Point
    between: Point


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Key: levels, a list of noise, right_uniform, right_prior, nearest_key (shares of the trials)."""
    if args.seeds < 1:
        raise ValueError("at least one run is needed: --seeds 1")
    keys = read_keys(_beside(args.data, "_keys.csv"))
    trials = read_trials(_beside(args.data, "_trials.csv"), read_gaze(_beside(args.data, ".csv")), keys)
    targets = as_targets(keys)
    noise = measured_noise(trials, keys)
    print(
        f"{len(trials)} trials, {len(keys)} keys, the mean of {args.seeds} seeded runs, no offset is learned"
    )
    print(
        "measured noise (shares of the screen): shared by a trial's samples "
        f"{noise.shared[0]:.4f} {noise.shared[1]:.4f}, between them {noise.between[0]:.4f} {noise.between[1]:.4f}"
    )
    levels = []
    for times in NOISES:
        right = {"right_uniform": 0, "right_prior": 0, "nearest_key": 0}
        for seed in range(args.seeds):
            print(f"\rnoise x{times}, run {seed + 1} of {args.seeds}   ", end="", flush=True)
            chance = random.Random(f"{SEED} {seed} {times}")
            noisy = [Trial(trial.key, with_noise(trial.samples, noise, times, chance)) for trial in trials]
            for name, n in _right(noisy, keys, targets, chance).items():
                right[name] += n
        n_all = args.seeds * len(trials)
        levels.append({"noise": times, **{name: round(n / n_all, 4) for name, n in right.items()}})
    print("\rshare of trials with the right key:" + " " * 20)
    print(f"{'noise':>6} {'nearest key':>12} {'uniform prior':>14} {'prior':>8}")
    for level in levels:
        print(
            f"{'x' + str(level['noise']):>6} {level['nearest_key']:>12.3f} "
            f"{level['right_uniform']:>14.3f} {level['right_prior']:>8.3f}"
        )
    return {"levels": levels}


def _right(
    trials: Sequence[Trial], keys: Mapping[str, Point], targets: Sequence[Target], chance: random.Random
) -> dict[str, int]:
    """How many trials end with the right key, by each rule."""
    right = {"right_uniform": 0, "right_prior": 0, "nearest_key": 0}
    uniform = {key: 1.0 / len(keys) for key in keys}
    for i, trial in enumerate(trials):
        sd = validated_sd((other for j, other in enumerate(trials) if j != i), keys)
        prior = calibrated_prior(trial.key, list(keys), chance)
        right["right_uniform"] += _believed(trial.samples, sd, targets, uniform) == trial.key
        right["right_prior"] += _believed(trial.samples, sd, targets, prior) == trial.key
        right["nearest_key"] += _nearest(trial.samples, keys) == trial.key
    return right


def _believed(
    samples: Samples, sd: Point, targets: Sequence[Target], prior: Mapping[str, float]
) -> str | None:
    belief = Belief()

    def meant(t: float, point: Point, current: str | None) -> str | None:
        found = belief.look(t, point, sd, targets, prior, current)
        return found.target.id if found is not None else None

    return dwelled(samples, meant)


def _nearest(samples: Samples, keys: Mapping[str, Point]) -> str | None:
    return dwelled(samples, lambda t, at, _: min(keys, key=lambda key: math.dist(keys[key], at)))


def dwelled(samples: Samples, meant: Callable[[float, Point, str | None], str | None]) -> str | None:
    """Return the first key whose dwell completes, or that came closest to it; `meant` says which one a sample is on."""
    dwell = Dwell(DwellSettings(letter_s=DWELL_S))
    shares: dict[str, float] = {}
    for t, x, y in samples:
        key = meant(t, (x, y), dwell.current)
        done = dwell.look(t, key, DWELL_S, (x, y))
        if done is not None:
            return done
        if key is not None:
            shares[key] = max(shares.get(key, 0.0), dwell.share(key))
    return max(shares, key=lambda key: shares[key], default=None)


def calibrated_prior(truth: str, keys: Sequence[str], chance: random.Random) -> dict[str, float]:
    """Return a prior in which a key with probability p is the truth in a share p of trials.

    The probabilities fall with the rank as 1 / rank^s (Zipf), with s such that the first five have 60 %; the
    truth's rank is drawn by them. With fewer than nine keys, five are more than that already: all are equal.
    """
    p = _zipf(len(keys))
    rank = chance.choices(range(len(keys)), p)[0]
    others = [key for key in keys if key != truth]
    chance.shuffle(others)
    return dict(zip([*others[:rank], truth, *others[rank:]], p, strict=True))


def _zipf(n: int) -> list[float]:
    low, high = 0.0, 8.0
    for _ in range(50):
        middle = (low + high) / 2
        p = [1.0 / (rank + 1) ** middle for rank in range(n)]
        if sum(p[:TOP]) / sum(p) < TOP_SHARE:
            low = middle
        else:
            high = middle
    total = sum(p)
    return [each / total for each in p]


# ---------------------------------------------------------------- noise


def measured_noise(trials: Sequence[Trial], keys: Mapping[str, Point]) -> Noise:
    """Both parts of the noise; a few trials that rest on another key do not count."""
    between = [
        (statistics.pstdev(s[1] for s in trial.samples), statistics.pstdev(s[2] for s in trial.samples))
        for trial in trials
    ]
    return Noise(
        validated_sd(trials, keys), (_rms([sd[0] for sd in between]), _rms([sd[1] for sd in between]))
    )


def with_noise(samples: Samples, noise: Noise, times: int, chance: random.Random) -> Samples:
    """Return the samples with both parts of the noise raised to so many `times` what they are."""
    more = math.sqrt(times * times - 1)
    off_x, off_y = (chance.gauss(0.0, more * sd) for sd in noise.shared)
    sd_x, sd_y = (more * sd for sd in noise.between)
    return [
        (t, x + off_x + chance.gauss(0.0, sd_x), y + off_y + chance.gauss(0.0, sd_y)) for t, x, y in samples
    ]


def validated_sd(trials: Iterable[Trial], keys: Mapping[str, Point]) -> Point:
    """The error of a look by these trials, the constant part included."""
    errors = [_error(trial, keys) for trial in trials]
    x, y = (_rms([error[axis] for error in errors]) for axis in (0, 1))
    return max(x, LEAST_SD), max(y, LEAST_SD)


def _rms(values: Sequence[float]) -> float:
    """The root mean square of those that are not far larger than most."""
    most = STRAY * MAD_TO_SD * statistics.median(abs(value) for value in values)
    kept = [value for value in values if abs(value) <= most] or values
    return math.sqrt(statistics.fmean(value * value for value in kept))


def _error(trial: Trial, keys: Mapping[str, Point]) -> Point:
    (x, y), (key_x, key_y) = _mean(trial.samples), keys[trial.key]
    return x - key_x, y - key_y


def _mean(samples: Samples) -> Point:
    return statistics.fmean(s[1] for s in samples), statistics.fmean(s[2] for s in samples)


# ---------------------------------------------------------------- files


def read_keys(path: Path) -> dict[str, Point]:
    """Return the keys and their places."""
    keys = {}
    for row in _rows(path, ("key", "x", "y")):
        x, y = _number(row["x"]), _number(row["y"])
        if row["key"] and math.isfinite(x) and math.isfinite(y):
            keys[row["key"]] = (x, y)
    if len(keys) < 2:
        raise ValueError(f"{path} has fewer than two keys with a place")
    return keys


def read_gaze(path: Path) -> Samples:
    """Return the samples in the order of their times: one place, the mean of both eyes, or of the one that is seen."""
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns = set(reader.fieldnames or ())
        sides = [side for side in ("left_", "right_", "") if {f"{side}x", f"{side}y"} <= columns]
        if "t" not in columns or not sides:
            raise ValueError(f"{path} needs the columns t and x, y (or left_x, left_y, right_x, right_y)")
        for row in reader:
            t = _number(row["t"])
            eyes = [(_number(row[f"{side}x"]), _number(row[f"{side}y"])) for side in sides]
            seen = [eye for eye in eyes if math.isfinite(eye[0]) and math.isfinite(eye[1])]
            if math.isfinite(t) and seen:
                found.append((t, statistics.fmean(e[0] for e in seen), statistics.fmean(e[1] for e in seen)))
    if not found:
        raise ValueError(f"{path} has no sample with a place")
    return sorted(found)


def read_trials(path: Path, gaze: Samples, keys: Mapping[str, Point]) -> list[Trial]:
    """Return the trials in which there is gaze at all; the others are told."""
    trials, without = [], 0
    for row in _rows(path, ("target", "t_start", "t_end")):
        if row["target"] not in keys:
            raise ValueError(f"{path}: the target {row['target']!r} is no key")
        start, end = _number(row["t_start"]), _number(row["t_end"])
        samples = [sample for sample in gaze if start <= sample[0] <= end]
        if len(samples) > 1:
            trials.append(Trial(row["target"], samples))
        else:
            without += 1
    if without:
        print(f"left out: {without} trials without gaze")
    if len(trials) < 3:
        raise ValueError(f"{path} and the gaze have {len(trials)} trials in common; at least 3 are needed")
    return trials


def as_targets(keys: Mapping[str, Point]) -> list[Target]:
    """The keys as targets that fill the distance to their nearest neighbour in their row and column."""
    w = _pitch([x for x, _ in keys.values()])
    h = _pitch([y for _, y in keys.values()])
    w, h = w or h or 0.1, h or w or 0.1
    return [
        Target(key, TargetKind.LETTER, key, Rect(x - w / 2, y - h / 2, w, h), Action(Verb.WRITE, key), key)
        for key, (x, y) in keys.items()
    ]


def _pitch(values: Sequence[float]) -> float:
    """The median distance from one row or column to the next; 0 where there is one only."""
    places = sorted(set(values))
    steps = [b - a for a, b in itertools.pairwise(places) if b - a > 0.01]
    return statistics.median(steps) if steps else 0.0


def _beside(stem: Path, ending: str) -> Path:
    return stem.with_name(stem.name.removesuffix(".csv") + ending)


def _rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(f"{path} lacks the columns: {', '.join(missing)}")
        return [{column: (row[column] or "").strip() for column in columns} for row in reader]


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return math.nan
