"""The benchmark of LSL counts what it should: on real streams, and on faults that it must not overlook."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pytest
from outlet_process import keep_lsl_apart

from assistive.cli import main
from benchmarks.lsl import EPOCH_S, Heard
from devices.clock import LslClock
from devices.samples import EegChunk

keep_lsl_apart()
KEYS = {"lost", "latency_p50_ms", "latency_p95_ms", "outage_detected_s", "epochs_wrongly_kept"}


def test_nothing_is_lost_and_outages_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.lsl.OUT_S", 0.6)
    monkeypatch.setattr("benchmarks.lsl.AFTER_S", 1.0)
    monkeypatch.setattr("devices.lsl_stream.OTHERS_S", 0.05)
    out = tmp_path / "lsl.json"
    assert main(["bench", "lsl", "--seconds", "1.5", "--json", str(out)]) == 0
    figures = json.loads(out.read_text())
    assert figures.keys() == KEYS
    assert figures["lost"] == 0
    assert figures["epochs_wrongly_kept"] == 0
    assert 0.0 < figures["outage_detected_s"] < 2.0
    assert 0.0 < figures["latency_p50_ms"] <= figures["latency_p95_ms"]


def heard(numbers: list[int], lives: list[int], late_s: float = 0.0, gap_at: int | None = None) -> Heard:
    """A flash at 1000.1 s, and samples of which some may be missing, without that the driver says so."""
    taken = Heard(LslClock(), 250.0)
    taken.starts = {1: 1000.0, 2: 1000.0}
    taken.flashes.append(1000.1)
    data = np.zeros((len(numbers), 8), np.float32)
    data[:, 0], data[:, 1], data[:, 2] = numbers, np.array(numbers) * 4.0, lives
    t = 1000.0 + np.arange(len(numbers)) / 250.0 + late_s
    cut = gap_at or 1
    for part, gap in ((slice(None, cut), True), (slice(cut, None), gap_at is not None)):
        taken.post(EegChunk(t[part], data[part], ("",) * 8, 250.0, gap))
    taken.ask(1000.1 + EPOCH_S)
    return taken


WHOLE = list(range(260))


@pytest.mark.parametrize(
    ("numbers", "lives", "late_s", "wrong"),
    [
        (WHOLE, [1] * 260, 0.0, 0),
        (WHOLE[:90] + [n + 1 for n in WHOLE[90:]], [1] * 260, 0.0, 1),
        (WHOLE, [1] * 90 + [2] * 170, 0.0, 1),
        (WHOLE, [1] * 260, 0.02, 1),
    ],
)
def test_an_epoch_that_is_not_what_it_seems_is_counted(
    numbers: list[int], lives: list[int], late_s: float, wrong: int
) -> None:
    taken = heard(numbers, lives, late_s)
    assert (taken.kept, taken.void, taken.wrongly_kept) == (1, 0, wrong)


def test_an_epoch_over_a_gap_that_is_told_is_void() -> None:
    taken = heard(WHOLE[:90] + [n + 1 for n in WHOLE[90:]], [1] * 260, gap_at=90)
    assert (taken.kept, taken.void, taken.wrongly_kept) == (0, 1, 0)


def test_its_options_have_the_values_of_the_issue() -> None:
    from benchmarks.lsl import add_arguments

    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert vars(parser.parse_args([])) == {"seconds": 60.0, "rate": 250.0}
