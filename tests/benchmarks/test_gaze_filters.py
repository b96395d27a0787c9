"""`sayso bench gaze-filters` on a made-up recording whose saccades are known."""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import Any

import pytest

from benchmarks import gaze_filters


def bench(path: Path) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    gaze_filters.add_arguments(parser)
    return gaze_filters.run(parser.parse_args(["--data", str(path)]))


def recording(path: Path, looks: int) -> Path:
    """At 60 Hz, half a second at each place, with a blink and a damaged row."""
    chance = random.Random(1)
    rows = ["t,x,y"]
    for k in range(30 * looks):
        x = 0.3 + 0.2 * (k // 30 % 2) + chance.gauss(0, 0.004)
        rows.append(f"{k / 60:.4f},{x:.5f},{0.5 + chance.gauss(0, 0.004):.5f}")
    rows[45:50] = [row.split(",")[0] + ",," for row in rows[45:50]]
    rows[100] = "damaged"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_what_filters_are_worth_is_measured(tmp_path: Path) -> None:
    figures = bench(recording(tmp_path / "gaze.csv", looks=20))
    assert figures["fixations"] >= 19
    assert (
        figures["saccades"] == 17
    )  # the look with the blink is too short, and those beside it are on one place
    raw, saccade, one_euro = (figures[name] for name in ("none", "saccade", "one_euro"))
    assert raw["settle_ms"] == 0.0
    assert saccade["jitter_deg"] < 0.4 * raw["jitter_deg"]
    assert one_euro["jitter_deg"] < 0.4 * raw["jitter_deg"]
    assert saccade["settle_samples"] == pytest.approx(1.0, abs=0.2)  # the one that has to agree
    assert one_euro["settle_ms"] > 2 * saccade["settle_ms"]


def test_a_webcam_calibration_is_placed_by_its_model(tmp_path: Path) -> None:
    chance = random.Random(2)
    rows = [
        "session,t,target_x,target_y,screen_w,screen_h,iris_x_left,iris_y_left,lid_upper_left,lid_lower_left"
    ]
    for n, (x, y) in enumerate([(192, 120), (1728, 120), (960, 600), (192, 1080), (1728, 1080)]):
        for k in range(30):
            # An eye that goes with the target: a tenth of its width in half the screen.
            iris_x = -0.1 * (x - 960) / 960 + chance.gauss(0, 0.002)
            iris_y = -0.08 + 0.05 * (y - 600) / 600 + chance.gauss(0, 0.001)
            upper = -0.18 + 0.06 * (y - 600) / 600 + chance.gauss(0, 0.001)
            t = "nan" if k == 7 else f"{n + k / 30:.3f}"
            rows.append(f"s,{t},{x},{y},1920,1200,{iris_x:.5f},{iris_y:.5f},{upper:.5f},0.17")
    path = tmp_path / "webcam.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    figures = bench(path)
    assert figures["fixations"] >= 5
    assert figures["saccades"] >= 4
    assert figures["saccade"]["jitter_deg"] < figures["none"]["jitter_deg"]


@pytest.mark.parametrize("text", ["t,x,y\n0,0.5,0.5\n0.1,0.5,0.5\n", "a,b\n1,2\n", ""])
def test_a_file_without_fixations_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"other\.csv"):
        bench(path)
