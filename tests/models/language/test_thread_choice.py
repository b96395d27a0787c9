"""The fewest threads that are nearly as quick as the best, measured once for a computer and a model."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from models.language.runtime import BatchToken, Runtime
from models.language.threads import FILE, choose_threads, decode_seconds, fewest


class Stopwatch:
    """Says what a decode takes with so many threads, and how often it was asked."""

    def __init__(self, *seconds: float) -> None:
        self.seconds = seconds
        self.asked: list[int] = []

    def __call__(self, runtime: Runtime, n_threads: int) -> float:
        self.asked.append(n_threads)
        return self.seconds[n_threads - 1]


def test_a_thread_that_gains_less_than_a_tenth_is_not_taken() -> None:
    assert fewest({1: 0.080, 2: 0.050, 3: 0.040, 4: 0.037, 5: 0.060}) == 3
    assert fewest({1: 0.080}) == 1


def test_it_is_measured_once(tiny_runtime: Runtime, tiny_model: Path, tmp_path: Path) -> None:
    watch = Stopwatch(0.08, 0.05, 0.05)
    assert choose_threads(tiny_runtime, tiny_model, tmp_path, 3, watch) == 2
    assert watch.asked == [1, 2, 3]
    assert choose_threads(tiny_runtime, tiny_model, tmp_path, 3, watch) == 2
    assert watch.asked == [1, 2, 3]
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("change", ["file", "cores", "damage", "nonsense"])
def test_it_is_measured_again_after_a_change(
    tiny_runtime: Runtime, tiny_model: Path, tmp_path: Path, change: str
) -> None:
    choose_threads(tiny_runtime, tiny_model, tmp_path, 2, Stopwatch(0.08, 0.05))
    most = 2
    if change == "file":
        os.utime(tiny_model, (1, 1))
    elif change == "cores":
        most = 3
    elif change == "damage":
        (tmp_path / FILE).write_text("[1]")
    else:
        (tmp_path / FILE).write_text((tmp_path / FILE).read_text().replace(", 2]", ", 99]"))
    watch = Stopwatch(0.05, 0.08, 0.09)
    assert choose_threads(tiny_runtime, tiny_model, tmp_path, most, watch) == 1
    assert len(watch.asked) == most


def test_two_models_are_kept_side_by_side(tiny_runtime: Runtime, tiny_model: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.gguf"
    other.write_bytes(tiny_model.read_bytes())
    choose_threads(tiny_runtime, tiny_model, tmp_path, 2, Stopwatch(0.08, 0.05))
    choose_threads(tiny_runtime, other, tmp_path, 2, Stopwatch(0.05, 0.08))
    unasked = Stopwatch()
    assert choose_threads(tiny_runtime, tiny_model, tmp_path, 2, unasked) == 2
    assert choose_threads(tiny_runtime, other, tmp_path, 2, unasked) == 1


def test_one_thread_needs_no_measuring(tiny_runtime: Runtime, tiny_model: Path, tmp_path: Path) -> None:
    assert choose_threads(tiny_runtime, tiny_model, tmp_path, 1, Stopwatch()) == 1


def test_a_folder_that_cannot_be_written_keeps_nothing(tiny_runtime: Runtime, tiny_model: Path) -> None:
    assert choose_threads(tiny_runtime, tiny_model, tiny_model / "x", 2, Stopwatch(0.08, 0.05)) == 2


def test_the_real_measurement_leaves_a_clear_cache(
    tiny_runtime: Runtime, tiny_model: Path, tmp_path: Path
) -> None:
    assert 0 < decode_seconds(tiny_runtime, 2) < 5
    assert choose_threads(tiny_runtime, tiny_model, tmp_path, 2) in (1, 2)
    tiny_runtime.decode([BatchToken(5, 0, 0, True)])
    alone = tiny_runtime.logits(0).copy()
    tiny_runtime.clear()
    tiny_runtime.decode([BatchToken(5, 0, 0, True)])
    np.testing.assert_allclose(tiny_runtime.logits(0), alone, atol=1e-4)
