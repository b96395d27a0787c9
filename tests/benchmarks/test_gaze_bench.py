"""What the benchmarks of gaze print, for files like those they were made for, and for others."""

from __future__ import annotations

import argparse
import csv
import math
from pathlib import Path

import numpy as np
import pytest

from benchmarks import gaze, gaze_drift
from benchmarks.gaze_frames import read_groups
from calibration.regression import Gaussian
from calibration.sittings import Sittings

COLUMNS = [
    *("session", "t", "target_x", "target_y", "screen_w", "screen_h"),
    *(
        f"{part}_{side}"
        for side in ("left", "right")
        for part in ("iris_x", "iris_y", "lid_upper", "lid_lower")
    ),
    *("head_pitch", "head_yaw", "head_roll"),
]
Row = dict[str, object]


@pytest.fixture(autouse=True)
def few_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough to tell right from wrong."""
    monkeypatch.setattr(gaze, "CHOICES", 8)
    monkeypatch.setattr(gaze_drift, "CHOICES", 4)


def webcam_rows(session: str = "one", screen: tuple[int, int] = (1600, 1000), seed: int = 0) -> list[Row]:
    """Nine places of ten frames each; y up, as in the file."""
    chance = np.random.default_rng(seed)
    rows: list[Row] = []
    for target_y in (0.1, 0.5, 0.9):
        for target_x in (0.1, 0.5, 0.9):
            off = chance.normal(0.0, 0.003, 3)
            for _ in range(10):
                shake = chance.normal(0.0, 0.004, 3) + off
                row: Row = dict.fromkeys(COLUMNS, "")
                row |= {"session": session, "t": len(rows) / 30, "screen_w": screen[0], "screen_h": screen[1]}
                row |= {"target_x": target_x * screen[0], "target_y": target_y * screen[1]}
                for side in ("left", "right"):
                    row[f"iris_x_{side}"] = -0.14 * (target_x - 0.5) + shake[0]
                    row[f"iris_y_{side}"] = -0.1 - 0.04 * (target_y - 0.5) + 4 * shake[1]
                    row[f"lid_upper_{side}"] = 0.15 - 0.11 * (target_y - 0.5) + shake[2]
                    row[f"lid_lower_{side}"] = -0.19
                rows.append(row)
    return rows


def write(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def run_gaze(path: Path) -> dict[str, float]:
    return gaze.run(argparse.Namespace(data=path, diagonal=15.6, distance=600.0))


def run_drift(path: Path, screen: str | None = None) -> dict[str, float]:
    return gaze_drift.run(argparse.Namespace(data=path, diagonal=15.6, screen=screen))


def test_the_figures_of_a_webcam(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = run_gaze(write(tmp_path / "frames.csv", webcam_rows()))
    assert list(figures) == [
        "leave_one_point_out_px",
        "three_points_px",
        "one_point_px",
        "landmark_ridge_px",
        "grid_hit_share_4x3",
    ]
    assert 5 < figures["leave_one_point_out_px"] < 100
    assert figures["leave_one_point_out_px"] < figures["one_point_px"] < 400
    assert 0.9 < figures["grid_hit_share_4x3"] <= 1.0
    assert "leave_one_point_out_px" in capsys.readouterr().out


def test_what_shows_nothing_is_found_out(tmp_path: Path) -> None:
    rows = webcam_rows()
    chance = np.random.default_rng(0)
    for row in rows:
        for side in ("left", "right"):
            row[f"iris_x_{side}"], row[f"lid_upper_{side}"] = (
                chance.normal(0, 0.05),
                chance.normal(0.15, 0.03),
            )
    figures = run_gaze(write(tmp_path / "frames.csv", rows))
    assert figures["leave_one_point_out_px"] > 300
    assert figures["grid_hit_share_4x3"] < 0.5


def test_the_same_frames_with_y_down_give_the_same(tmp_path: Path) -> None:
    rows = webcam_rows()
    up = run_gaze(write(tmp_path / "up.csv", rows))
    for row in rows:
        for name in row:
            if name.startswith(("iris_y", "lid_")):
                row[name] = -float(str(row[name]))
    assert run_gaze(write(tmp_path / "down.csv", rows)) == up


def test_damaged_rows_and_missing_values_are_left_out(tmp_path: Path) -> None:
    rows = webcam_rows()
    whole = run_gaze(write(tmp_path / "whole.csv", rows))
    damaged = [dict(row) for row in rows]
    for row in damaged[::7]:
        row["iris_x_left"] = "nan"
    for row in damaged[::11]:
        row["lid_upper_right"] = "?"
    broken = {**rows[5], "target_x": "nowhere"}
    blind = {**rows[6], "iris_x_left": "", "iris_x_right": ""}
    path = write(tmp_path / "damaged.csv", [*damaged, broken, blind])
    with path.open("a", encoding="utf-8") as file:
        file.write("one,3\n\n")
    assert run_gaze(path)["leave_one_point_out_px"] == pytest.approx(
        whole["leave_one_point_out_px"], rel=0.25
    )


def test_sessions_and_screens_are_calibrated_each_for_itself(tmp_path: Path) -> None:
    mixed = [*webcam_rows("one", seed=1), *webcam_rows("two", (1280, 800), seed=2)]
    path = write(tmp_path / "mixed.csv", [*mixed, {**mixed[0], "session": "short"}])
    groups = read_groups(path, 15.6, 600.0)
    assert [(g.name, len(g.samples)) for g in groups] == [
        ("one 1600x1000", 90),
        ("two 1280x800", 90),
        ("short 1600x1000", 1),
    ]
    for group in groups:
        assert math.hypot(group.screen.width_mm, group.screen.height_mm) == pytest.approx(15.6 * 25.4)
    one, two = (run_gaze(write(tmp_path / f"{n}.csv", mixed[90 * n : 90 * n + 90])) for n in (0, 1))
    both = run_gaze(path)["leave_one_point_out_px"]
    assert both == pytest.approx((one["leave_one_point_out_px"] + two["leave_one_point_out_px"]) / 2, abs=0.2)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "no file of webcam frames"),
        ("a,b\n1,2\n", "target_x"),
        (",".join(COLUMNS) + "\n", "no row"),
        ("\x00\x01\x02", "no file of webcam frames"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=says):
        run_gaze(path)


def sitting_rows(session: str, offset_deg: float, seed: int, eyes: float = 0.62) -> list[Row]:
    """Nine fixations as OpenFace sees them: a part of what the eyes turn, by a camera that is a bit turned."""
    chance = np.random.default_rng(seed)
    tx, ty, tz = (float(v) for v in chance.normal((0, 60, 500), (15, 15, 40)))
    rows: list[Row] = []
    for y in (0.1, 0.5, 0.9):
        for x in (0.1, 0.5, 0.9):
            right = math.atan2((x - 0.5) * 300.0 + tx, tz)
            down = math.atan2(y * 190.0 - ty, tz)
            seen_x = -math.tan(eyes * right + math.radians(offset_deg)) + chance.normal(0, 0.01)
            seen_y = math.tan(eyes * down + math.radians(offset_deg)) + chance.normal(0, 0.01)
            row: Row = {"session_id": session, "yaw": 0, "pitch": 0}
            for side in ("left", "right"):
                row |= {f"gaze_{side}_x": seen_x, f"gaze_{side}_y": seen_y, f"gaze_{side}_z": -1.0}
            row |= {
                "head_tx": tx,
                "head_ty": ty,
                "head_tz": tz,
                "head_roll": 0.0,
                "head_pitch": 0.0,
                "head_yaw": 0.0,
            }
            rows.append({**row, "screen_x": x * 1600, "screen_y": y * 1000})
    return rows


def many_sittings(eyes: float = 0.62, turned_deg: float = 4.0) -> list[Row]:
    chance = np.random.default_rng(3)
    turns = turned_deg * chance.normal(0.0, 1.0, 6)
    return [row for n, turn in enumerate(turns) for row in sitting_rows(f"s{n}", float(turn), n, eyes)]


def test_earlier_sittings_teach_how_this_persons_eyes_are_seen(tmp_path: Path) -> None:
    figures = run_drift(write(tmp_path / "sittings.csv", many_sittings(eyes=0.35, turned_deg=1.5)))
    assert figures["carry_over_1"] < 0.08


def test_the_fixations_that_a_sitting_starts_with_are_not_scored() -> None:
    rows = np.ones((9, 5)), np.ones((9, 5))
    start = Sittings.first(Gaussian.independent([0] * 5, [1] * 5), (0.1,) * 5, gaze_drift.NOISE)
    targets = np.zeros((9, 2))
    targets[4] = 30.0
    errors = gaze_drift.errors_cm([start, start], rows, targets, [[4], [2, 4]])
    assert len(errors) == 8 + 7
    assert errors.max() < 35.0


def test_one_fixation_makes_good_what_changed_between_sittings(tmp_path: Path) -> None:
    figures = run_drift(write(tmp_path / "sittings.csv", many_sittings()))
    assert list(figures) == ["carry_over_0", "carry_over_1", "carry_over_3"]
    assert figures["carry_over_1"] < 0.6 * figures["carry_over_0"]
    assert figures["carry_over_3"] <= figures["carry_over_1"]


def test_damaged_fixations_are_left_out_and_the_screen_may_be_told(tmp_path: Path) -> None:
    rows = many_sittings()
    whole = run_drift(write(tmp_path / "whole.csv", rows))
    assert run_drift(write(tmp_path / "told.csv", rows), "1600x1000") == whole
    rows.insert(4, {**rows[3], "gaze_left_x": "nan"})
    rows.insert(9, {**rows[8], "head_tz": ""})
    rows.insert(20, {**rows[19], "gaze_left_z": 1.0, "gaze_right_z": 1.0})
    assert run_drift(write(tmp_path / "damaged.csv", rows)) == whole
    with pytest.raises(ValueError, match="1920x1080"):
        run_drift(tmp_path / "whole.csv", "wide")


@pytest.mark.parametrize(("sittings", "says"), [(0, "lacks"), (1, "fewer than two sittings")])
def test_without_two_sittings_there_is_nothing_to_carry_over(
    tmp_path: Path, sittings: int, says: str
) -> None:
    path = tmp_path / "few.csv"
    if sittings:
        write(path, sitting_rows("only", 0.0, 0))
    else:
        path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match=says):
        run_drift(path)
