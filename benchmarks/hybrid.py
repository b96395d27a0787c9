"""benchmarks: keys chosen by a gaze that gets worse, by EEG, and by both in one posterior.

The gaze is that of one person (recorded with an eye tracker, its noise raised as in `benchmarks.gaze_selection`), the EEG
that of others (held-out epochs, as in `benchmarks.held_out_eeg`): what two people did apart is put together as if one
had done it. Nobody was recorded who did both at once, and whether one disturbs the other is not measured here.

At each trial one key is meant, with a prior in which it has the rank that the prior claims. Keys flash in random groups
while they are looked at; an epoch counts .8 s after its flash. The gaze is averaged over the look; with it nothing is
chosen within the first second, which is the dwell. Gaze alone gives up when the recorded look ends, EEG and both after
ten sequences; nothing is chosen then, and the time counts. What each modality has proved to be worth is learned from
trial to trial. Between trials a second goes by.

At matched error: each way of choosing has the threshold with which most is chosen right while at most five of 100
choices are wrong, found on one half of the runs and measured on the other. The intervals come from drawing the trials'
keys anew, with all their runs, 500 times.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistive.boards.board import Target
from assistive.fusion.belief import WINDOW_S, Belief
from assistive.fusion.flashing import Flash, Grouping, Place, sequence
from assistive.fusion.hybrid import HybridInquiry, Reliability, gaze_evidence
from assistive.fusion.inquiry import NOTHING
from benchmarks.eeg_files import fif_files, read_recording
from benchmarks.gaze_selection import (
    Noise,
    Samples,
    Trial,
    as_targets,
    calibrated_prior,
    measured_noise,
    read_gaze,
    read_keys,
    read_trials,
    validated_sd,
    with_noise,
)
from benchmarks.held_out_eeg import Answers, HeldOutEeg, of_spellers
from models.erp.epochs import LENGTH_S

NOISES = (1, 2, 3, 4, 5, 6)
WAYS = ("gaze", "eeg", "both")
SEED = 6
DWELL_S = 1.0
BETWEEN_S = 1.0
MOST_SEQUENCES = 10
MEANS_NOTHING = 0.01
MOST_WRONG = 0.05  # of what is chosen
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999)
DRAWS = 500
INTERVAL = (0.025, 0.975)

Outcomes = tuple[tuple[bool | None, float], ...]  # by threshold: right, wrong or nothing chosen; seconds


@dataclass(frozen=True, slots=True)
class Attempt:
    """One trial in one run, by one way of choosing."""

    trial: int
    run: int
    outcomes: Outcomes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --data, --gaze and --runs."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder of FIF recordings")
    parser.add_argument(
        "--gaze",
        type=Path,
        required=True,
        metavar="STEM",
        help="STEM.csv, STEM_trials.csv and STEM_keys.csv, as for gaze-selection",
    )
    parser.add_argument("--runs", type=int, default=10, metavar="N", help="seeded runs of all trials (10)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Key: levels, a list of noise, and of gaze, eeg and both, each with correct_per_minute, low, high, error."""
    if args.runs < 2:
        raise ValueError("two runs or more are needed, one half to set the threshold: --runs 2")
    stem = args.gaze.with_name(args.gaze.name.removesuffix(".csv"))
    keys = read_keys(stem.with_name(stem.name + "_keys.csv"))
    gaze = read_gaze(stem.with_name(stem.name + ".csv"))
    trials = read_trials(stem.with_name(stem.name + "_trials.csv"), gaze, keys)
    eegs = of_spellers([read_recording(path) for path in fif_files(args.data)])
    print(f"{len(trials)} trials with gaze of one person, EEG of {len(eegs)} recordings of others: they are")
    print("different people, put together as if one had done both")
    board = _Board(as_targets(keys), _places(keys))
    noise = measured_noise(trials, keys)
    levels = []
    for times in NOISES:
        attempts: dict[str, list[Attempt]] = {way: [] for way in WAYS}
        for n in range(args.runs):
            print(f"\rnoise x{times}, run {n + 1} of {args.runs}  ", end="", flush=True)
            for way, some in _run(trials, keys, board, noise, times, eegs, n).items():
                attempts[way] += some
        levels.append({"noise": times, **{way: figures(attempts[way]) for way in WAYS}})
    print("\r" + " " * 40)
    _print(levels)
    return {"levels": levels}


@dataclass(frozen=True, slots=True)
class _Board:
    targets: Sequence[Target]
    places: Mapping[str, Place]


def _run(
    trials: Sequence[Trial],
    keys: Mapping[str, tuple[float, float]],
    board: _Board,
    noise: Noise,
    times: int,
    eegs: Sequence[HeldOutEeg],
    n: int,
) -> dict[str, list[Attempt]]:
    """One run of all trials: the noise, the prior and the person whose EEG it is are the same for all ways."""
    chance = random.Random(f"{SEED} {times} {n}")
    eeg = eegs[n // 2 % len(eegs)]  # each is in both halves
    noisy = [Trial(trial.key, with_noise(trial.samples, noise, times, chance)) for trial in trials]
    priors = [calibrated_prior(trial.key, list(keys), chance) for trial in trials]
    worth = {way: (Reliability(), Reliability()) for way in WAYS}
    found: dict[str, list[Attempt]] = {way: [] for way in WAYS}
    for i in chance.sample(range(len(trials)), len(trials)):
        sd = _sd_of_a_look([other for j, other in enumerate(noisy) if j != i], keys)
        for way in WAYS:
            inquiry = HybridInquiry(
                priors[i], *worth[way], nothing=MEANS_NOTHING, most_sequences=MOST_SEQUENCES
            )
            answers = Answers(eeg, random.Random(f"{SEED} {times} {n} {i}"))
            samples = noisy[i].samples if way != "eeg" else []
            flashing = _Flashing(eeg.soa_s, answers, board.places, chance) if way != "gaze" else None
            steps = _steps(inquiry, noisy[i].key, samples, sd, board.targets, flashing)
            found[way].append(Attempt(i, n, outcomes(steps, noisy[i].key, DWELL_S if samples else 0.0)))
            inquiry.meant(noisy[i].key)
    return found


class _Flashing:
    """What flashes, and when its epochs are complete."""

    def __init__(
        self, soa_s: float, answers: Answers, places: Mapping[str, Place], chance: random.Random
    ) -> None:
        self._soa_s, self._answers, self._places, self._chance = soa_s, answers, places, chance
        self._shown: list[Flash] = []
        self._left: list[Flash] = []
        self._sequences = 0
        self._waiting: deque[tuple[float, Flash, bool]] = deque()

    @property
    def next_s(self) -> float:
        """When something happens next: a flash, or an epoch that is complete."""
        more = bool(self._left) or self._sequences < MOST_SEQUENCES
        onset = len(self._shown) * self._soa_s if more else math.inf
        return min(onset, self._waiting[0][0] if self._waiting else math.inf)

    def step(self, inquiry: HybridInquiry, meant: str) -> None:
        """Let it happen."""
        if self._waiting and self._waiting[0][0] <= self.next_s:
            _, flash, last = self._waiting.popleft()
            if flash:
                inquiry.flash(flash, self._answers.llr(meant in flash))
            if last:
                inquiry.sequence_done()
            return
        if not self._left:
            likely = inquiry.posterior
            self._left = list(
                sequence(self._places, Grouping.GROUPS, self._chance, before=self._shown, likely=likely)
            )
            self._sequences += 1
        flash = self._left.pop(0)
        self._waiting.append((len(self._shown) * self._soa_s + LENGTH_S, flash, not self._left))
        self._shown.append(flash)


def _steps(
    inquiry: HybridInquiry,
    meant: str,
    samples: Samples,
    sd: tuple[float, float],
    targets: Sequence[Target],
    flashing: _Flashing | None,
) -> Iterator[tuple[float, str, float]]:
    """After all that happens in a trial: its time, what is most probable, and how probable that is."""
    look, left = Belief(), deque(samples)
    start = samples[0][0] if samples else 0.0
    while True:
        sample_s = left[0][0] - start if left else math.inf
        flash_s = flashing.next_s if flashing is not None else math.inf
        t = min(sample_s, flash_s)
        if math.isinf(t):
            return
        if sample_s <= flash_s:
            _, x, y = left.popleft()
            inquiry.look(gaze_evidence(targets, look.place(t, (x, y), sd), sd))
        elif flashing is not None:
            flashing.step(inquiry, meant)
        yield (t, *inquiry.best)


def outcomes(steps: Iterable[tuple[float, str, float]], meant: str, dwell_s: float) -> Outcomes:
    """For each threshold, what is chosen once it is passed, no sooner than the dwell, and the seconds until then."""
    found: list[tuple[bool | None, float]] = []
    t = 0.0
    for t, name, p in steps:
        while len(found) < len(THRESHOLDS) and t >= dwell_s and p >= THRESHOLDS[len(found)]:
            found.append((None if name == NOTHING else name == meant, t + BETWEEN_S))
        if len(found) == len(THRESHOLDS):
            break
    return tuple(found + [(None, t + BETWEEN_S)] * (len(THRESHOLDS) - len(found)))


# ---------------------------------------------------------------- figures


def figures(attempts: Sequence[Attempt]) -> dict[str, float]:
    """Return the rate at matched error, its interval, and the share of choices that were wrong."""
    rate, error = matched(attempts)
    trials = sorted({each.trial for each in attempts})
    by_trial = {trial: [each for each in attempts if each.trial == trial] for trial in trials}
    chance = random.Random(SEED)
    drawn = sorted(
        matched([each for trial in chance.choices(trials, k=len(trials)) for each in by_trial[trial]])[0]
        for _ in range(DRAWS)
    )
    low, high = (drawn[round(share * (DRAWS - 1))] for share in INTERVAL)
    return {
        "correct_per_minute": round(rate, 3),
        "low": round(low, 3),
        "high": round(high, 3),
        "error": round(error, 4),
    }


def matched(attempts: Sequence[Attempt]) -> tuple[float, float]:
    """Right choices a minute and the share of wrong ones, with the threshold that the other half of the runs sets."""
    halves = [[each for each in attempts if each.run % 2 == half] for half in (0, 1)]
    right, wrong, seconds = 0, 0, 0.0
    for half, other in ((0, 1), (1, 0)):
        chosen = _best_threshold(halves[other])
        for each in halves[half]:
            outcome, took = each.outcomes[chosen]
            right += outcome is True
            wrong += outcome is False
            seconds += took
    return 60.0 * right / max(seconds, 1e-9), wrong / max(1, right + wrong)


def _best_threshold(attempts: Sequence[Attempt]) -> int:
    """The threshold with most right choices a minute at the error that is allowed; the highest where none keeps it."""
    best, most = len(THRESHOLDS) - 1, -1.0
    for i in range(len(THRESHOLDS)):
        right = sum(each.outcomes[i][0] is True for each in attempts)
        wrong = sum(each.outcomes[i][0] is False for each in attempts)
        rate = right / max(sum(each.outcomes[i][1] for each in attempts), 1e-9)
        if wrong <= MOST_WRONG * (right + wrong) and rate > most:
            best, most = i, rate
    return best


def _sd_of_a_look(trials: Sequence[Trial], keys: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    """The error of the mean of a short look: what its samples share, and what is left of what they do not."""
    shared, between = validated_sd(trials, keys), measured_noise(trials, keys).between
    n = WINDOW_S * _rate_hz(trials)
    return math.hypot(shared[0], between[0] / math.sqrt(n)), math.hypot(shared[1], between[1] / math.sqrt(n))


def _rate_hz(trials: Sequence[Trial]) -> float:
    steps = [b[0] - a[0] for trial in trials for a, b in pairwise(trial.samples) if b[0] > a[0]]
    return 1.0 / statistics.median(steps)


def _places(keys: Mapping[str, tuple[float, float]]) -> dict[str, Place]:
    """The row and the column of each key: ranks of its place."""
    columns = sorted({x for x, _ in keys.values()})
    rows = sorted({y for _, y in keys.values()})
    return {key: (rows.index(y), columns.index(x)) for key, (x, y) in keys.items()}


def _print(levels: Sequence[dict[str, Any]]) -> None:
    print(
        f"right choices a minute, at most {MOST_WRONG:.0%} of what is chosen is wrong (95 % interval; wrong):"
    )
    print(f"{'noise':>6}" + "".join(f"{way:>30}" for way in WAYS))
    for level in levels:
        cells = (
            f"{level[way]['correct_per_minute']:.2f} ({level[way]['low']:.2f}-{level[way]['high']:.2f}; "
            f"{level[way]['error']:.3f})"
            for way in WAYS
        )
        print(f"{'x' + str(level['noise']):>6}" + "".join(f"{cell:>30}" for cell in cells))
    for level in levels:
        better = max(("gaze", "eeg"), key=lambda way: level[way]["correct_per_minute"])
        both, alone = level["both"], level[better]
        if both["low"] > alone["high"]:
            found = "clearly above"
        elif both["correct_per_minute"] >= alone["low"]:
            found = "within the interval of, or above,"
        else:
            found = "below"
        print(f"noise x{level['noise']}: both is {found} {better}, the better one alone")
