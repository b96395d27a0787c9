"""Which key a noisy gaze is on: the benchmark reads what trackers record, and its prior is what it says."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistive.cli import main
from benchmarks.gaze_selection import NOISES, calibrated_prior

KEYS = {f"{column}{row}": (0.2 + 0.15 * column, 0.3 + 0.2 * row) for column in range(5) for row in range(3)}


def recorded(
    folder: Path,
    *,
    off: float = 0.01,
    hz: float = 60.0,
    columns: Sequence[str] = ("t", "left_x", "left_y", "right_x", "right_y"),
    lost: float = 0.0,
) -> Path:
    """A person looks at each key twice for a second; the stem of the three files."""
    chance = random.Random(7)
    gaze, trials, t = [",".join(columns)], ["target,t_start,t_end"], 100.0
    for name in list(KEYS) * 2:
        x, y = (place + chance.gauss(0.0, off) for place in KEYS[name])
        trials.append(f"{name},{t},{t + 1.5}")
        for _ in range(int(1.5 * hz)):
            t += 1 / hz
            places = [f"{x + chance.gauss(0, off / 2):.5f}", f"{y + chance.gauss(0, off / 2):.5f}"] * 2
            for i in range(len(places)):
                if chance.random() < lost:
                    places[i] = chance.choice(["", "nan", "NaN"])
            gaze.append(",".join([f"{t:.5f}", *places[: len(columns) - 1]]))
        t += 1.0
    keys = ["key,x,y", *(f"{name},{x},{y}" for name, (x, y) in KEYS.items())]
    stem = folder / "session"
    for ending, lines in (("", gaze), ("_trials", trials), ("_keys", keys)):
        Path(f"{stem}{ending}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return stem


def levels(stem: Path, tmp_path: Path, seeds: int = 2) -> list[dict[str, float]]:
    out = tmp_path / "out.json"
    arguments = ["bench", "gaze-selection", "--data", str(stem), "--seeds", str(seeds), "--json", str(out)]
    assert main(arguments) == 0
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert list(figures) == ["levels"]
    found: list[dict[str, float]] = figures["levels"]
    return found


def test_a_quiet_gaze_is_right_and_a_prior_helps_a_noisy_one(tmp_path: Path) -> None:
    found = levels(recorded(tmp_path, off=0.025), tmp_path, seeds=4)
    assert [level["noise"] for level in found] == list(NOISES)
    assert set(found[0]) == {"noise", "right_uniform", "right_prior", "nearest_key"}
    assert found[0]["nearest_key"] > 0.95
    assert found[3]["nearest_key"] < 0.8
    for level in found[1:]:
        assert level["right_prior"] > level["nearest_key"]
        assert level["right_uniform"] >= level["nearest_key"] - 0.03


@pytest.mark.parametrize(
    ("columns", "hz", "lost"),
    [(("t", "x", "y"), 30.0, 0.0), (("t", "left_x", "left_y", "right_x", "right_y"), 120.0, 0.3)],
)
def test_other_columns_other_rates_and_lost_samples(
    columns: tuple[str, ...], hz: float, lost: float, tmp_path: Path
) -> None:
    found = levels(recorded(tmp_path, hz=hz, columns=columns, lost=lost), tmp_path, seeds=1)
    assert found[0]["nearest_key"] == found[0]["right_prior"] == 1.0


def test_a_key_with_a_probability_is_the_truth_in_such_a_share_of_trials() -> None:
    chance = random.Random(3)
    keys = [str(i) for i in range(28)]
    rows = [calibrated_prior("7", keys, chance) for _ in range(4000)]
    assert all(sum(row.values()) == pytest.approx(1.0) for row in rows)
    ranks = [sorted(row.values(), reverse=True).index(row["7"]) for row in rows]
    assert sum(rank < 5 for rank in ranks) / len(rows) == pytest.approx(0.6, abs=0.03)
    best = max(rows[0].values())
    assert ranks.count(0) / len(rows) == pytest.approx(best, abs=0.03)


@pytest.mark.parametrize(
    ("ending", "content", "said"),
    [
        ("", "time,x,y\n1,2,3\n", "columns t and x, y"),
        ("", "t,x,y\n1,,\n", "no sample"),
        ("_trials", "target,t_start\n", "t_end"),
        ("_trials", "target,t_start,t_end\nnobody,0,1\n", "no key"),
        ("_trials", "target,t_start,t_end\n00,0,1\n", "at least 3"),
        ("_keys", "key,x,y\nA,,\n", "two keys"),
    ],
)
def test_a_wrong_file_is_said_in_a_sentence(
    ending: str, content: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stem = recorded(tmp_path)
    Path(f"{stem}{ending}.csv").write_text(content, encoding="utf-8")
    assert main(["bench", "gaze-selection", "--data", str(stem)]) == 1
    assert said in capsys.readouterr().out


def test_a_missing_file_is_said_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "gaze-selection", "--data", str(tmp_path / "nothing")]) == 1
    assert "nothing_keys.csv" in capsys.readouterr().out
