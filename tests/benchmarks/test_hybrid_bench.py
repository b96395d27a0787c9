"""Recorded looks and recorded EEG of different people go in; what they choose alone and together comes out."""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import pytest

from benchmarks import hybrid
from benchmarks.held_out_eeg import Block, HeldOutEeg
from benchmarks.hybrid import THRESHOLDS, Attempt, figures, matched, outcomes
from calibration.verdict import Verdict
from tests.eeg_person import EegPerson

COLUMNS, ROWS = 4, 3


@pytest.fixture
def looks(tmp_path: Path) -> Path:
    """Someone looks at each of twelve keys for 1.5 s, with a small error; some samples are damaged."""
    chance = random.Random(1)
    keys = {chr(65 + i): (0.2 + 0.2 * (i % COLUMNS), 0.25 + 0.25 * (i // COLUMNS)) for i in range(12)}
    (tmp_path / "looks_keys.csv").write_text(
        "key,x,y\n" + "".join(f"{key},{x},{y}\n" for key, (x, y) in keys.items()), encoding="utf-8"
    )
    samples, trials = ["t,x,y\n", "oops,0.5,0.5\n"], ["target,t_start,t_end\n"]
    for i, (key, (x, y)) in enumerate(keys.items()):
        off = chance.gauss(0.0, 0.02), chance.gauss(0.0, 0.02)
        trials.append(f"{key},{10.0 * i},{10.0 * i + 1.5}\n")
        for n in range(45):
            at = (x + off[0] + chance.gauss(0.0, 0.01), y + off[1] + chance.gauss(0.0, 0.01))
            samples.append(f"{10.0 * i + n / 30},{at[0] if n % 20 else 'nan'},{at[1]}\n")
    (tmp_path / "looks.csv").write_text("".join(samples), encoding="utf-8")
    (tmp_path / "looks_trials.csv").write_text("".join(trials), encoding="utf-8")
    return tmp_path / "looks"


def made_up(_recordings: object) -> list[HeldOutEeg]:
    chance = np.random.default_rng(1)
    target = chance.random(800) < 1 / 6
    lead = 2.0
    scores = chance.normal(np.where(target, lead / 2, -lead / 2), 1.0)
    return [HeldOutEeg("made up", 0.18, 1 / 6, Verdict.HELPS, (Block(lead * scores, target),))]


def test_both_are_never_below_the_better_one_and_stay_when_the_gaze_gets_worse(
    looks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(hybrid, "of_spellers", made_up)
    monkeypatch.setattr(hybrid, "NOISES", (1, 6))
    EegPerson().raw(20).save(tmp_path / "someone_raw.fif", verbose="error")
    levels = hybrid.run(argparse.Namespace(data=tmp_path, gaze=looks, runs=4))["levels"]
    assert [level["noise"] for level in levels] == [1, 6]
    good, bad = levels
    assert good["gaze"]["correct_per_minute"] > good["eeg"]["correct_per_minute"]
    assert bad["gaze"]["correct_per_minute"] < bad["eeg"]["correct_per_minute"]
    for level in levels:
        better = max((level["gaze"], level["eeg"]), key=lambda found: float(found["correct_per_minute"]))
        assert level["both"]["correct_per_minute"] >= better["low"]
        assert all(level[way]["low"] <= level[way]["high"] for way in hybrid.WAYS)
    told = capsys.readouterr().out
    assert "different people" in told


def test_nothing_is_chosen_before_the_dwell_and_nothing_at_all_where_it_is_never_sure() -> None:
    steps = [(0.5, "a", 0.96), (1.2, "a", 0.97), (1.5, "b", 0.992), (2.0, "b", 0.9)]
    found = dict(zip(THRESHOLDS, outcomes(iter(steps), "a", dwell_s=1.0), strict=True))
    assert found[0.5] == found[0.97] == (True, 2.2)
    assert found[0.99] == (False, 2.5)
    assert found[0.995] == (None, 3.0)


def of(*by_threshold: tuple[bool | None, float]) -> tuple[tuple[bool | None, float], ...]:
    return (*by_threshold, *[by_threshold[-1]] * (len(THRESHOLDS) - len(by_threshold)))


def test_the_threshold_is_the_one_with_which_few_enough_are_wrong() -> None:
    hasty = [Attempt(i, run, of((i % 2 == 0, 1.0), (True, 2.0))) for i in range(10) for run in range(2)]
    assert matched(hasty) == pytest.approx((30.0, 0.0))
    sure = [Attempt(i, run, of((True, 1.0), (True, 2.0))) for i in range(10) for run in range(2)]
    assert matched(sure) == pytest.approx((60.0, 0.0))


def test_the_threshold_is_never_set_on_the_runs_that_it_is_measured_on() -> None:
    # By the even runs the first threshold is right, in the odd ones it never is.
    attempts = [Attempt(i, run, of((run % 2 == 0, 1.0), (True, 2.0))) for i in range(10) for run in range(2)]
    rate, error = matched(attempts)
    assert error == pytest.approx(0.5)
    assert rate == pytest.approx(60.0 * 10 / (10 * 1.0 + 10 * 2.0))


def test_time_without_a_choice_counts_and_the_interval_holds_the_rate() -> None:
    attempts = [
        Attempt(i, run, of((True if (i + run) % 3 else None, 2.0))) for i in range(12) for run in range(4)
    ]
    found = figures(attempts)
    assert found["correct_per_minute"] == pytest.approx(20.0)
    assert found["low"] <= found["correct_per_minute"] <= found["high"]
    assert found["error"] == 0.0


def test_one_run_is_refused(looks: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two runs"):
        hybrid.run(argparse.Namespace(data=tmp_path, gaze=looks, runs=1))
