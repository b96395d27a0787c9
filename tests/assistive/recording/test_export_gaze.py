"""`sayso export gaze`: the gaze of a recording as a table that researchers, and Sayso itself, read."""

from __future__ import annotations

import csv
import json
import math
import stat
from pathlib import Path
from typing import Any

import pytest
from diarist import STORIES_FOLDER, Diarist
from hypothesis import given, settings
from hypothesis import strategies as st

from assistive.cli import main
from assistive.folders import find_folders
from assistive.messages import Press
from devices.gaze.recording import read_gaze_csv
from devices.samples import GazeSample


def exported(recording: Path, out: Path) -> list[dict[str, str]]:
    assert main(["export", "gaze", str(recording), "--csv", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def same(a: GazeSample, b: GazeSample) -> bool:
    return repr(a) == repr(b)  # NaN is NaN here


def test_what_was_looked_at_comes_out_whole_and_is_read_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person = Diarist().write("te").blink(0.2).write("a")
    speak = person.target("speak").label
    person.look("speak")
    out = tmp_path / "for research" / "tea.csv"
    rows = exported(person.keep(tmp_path / "tea.jsonl"), out)
    looked = [message for message in person.messages if isinstance(message, GazeSample)]
    assert capsys.readouterr().out == f"{len(looked)} samples are written to {out}.\n"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600

    read = read_gaze_csv(out).samples
    assert [(s.t, s.x, s.y) for s in read if s.valid] == [(s.t, s.x, s.y) for s in looked if s.valid]
    assert any(not s.valid for s in read)
    assert list(rows[0]) == ["t", "x", "y", "left_x", "left_y", "right_x", "right_y", "chosen"]
    assert [row["chosen"] for row in rows if row["chosen"]] == [
        "t",
        "e",
        "a",
        speak,
    ]


def test_what_was_pressed_was_not_looked_at(tmp_path: Path) -> None:
    person = Diarist().write("t")
    key = person.target("e")
    person.tell(Press(person.clock.now(), key.id, key.label)).look("a")
    rows = exported(person.keep(tmp_path / "te.jsonl"), tmp_path / "te.csv")
    assert [row["chosen"] for row in rows if row["chosen"]] == ["t", "a"]


shares = st.floats(allow_nan=False, allow_infinity=False)
eyes = st.none() | st.tuples(shares, shares) | st.just((math.nan, math.nan))


@settings(max_examples=40)
@given(st.lists(st.tuples(st.tuples(shares, shares) | st.just((math.nan, math.nan)), eyes, eyes), min_size=1))
def test_any_samples_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, looks: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    nowhere = (math.nan, math.nan)
    samples = [GazeSample(n / 10, *place, left, right) for n, (place, left, right) in enumerate(looks)]
    lines(folder / "any.jsonl", *map(line, samples))
    exported(folder / "any.jsonl", folder / "any.csv")
    expected = [GazeSample(s.t, s.x, s.y, s.left or nowhere, s.right or nowhere) for s in samples]
    assert all(map(same, read_gaze_csv(folder / "any.csv").samples, expected))


def test_a_webcam_s_recording_holds_what_was_measured_of_the_face(tmp_path: Path) -> None:
    eye = {"is": "Eye", "iris_x": 0.1, "iris_y": -0.2, "lid_upper": -0.3, "lid_lower": 0.2, "opening": 0.5}
    good = {"enum": "FaceVerdict", "value": "good"}
    face = {"is": "EyeFeatures", "t": 1.0, "verdict": good, "left": eye, "position_cm": [1.0, 2.0, -60.0]}
    path = lines(
        tmp_path / "webcam.jsonl",
        {"in": face | {"patches": [0.5] * 120}},
        {"in": {"is": "EyeFeatures", "t": 1.1, "verdict": {"enum": "FaceVerdict", "value": "no_face"}}},
    )
    seen, unseen = exported(path, tmp_path / "webcam.csv")
    assert "x" not in seen
    assert (seen["verdict"], unseen["verdict"]) == ("good", "no_face")
    assert (seen["left_iris_y"], seen["left_opening"], seen["right_iris_y"]) == ("-0.2", "0.5", "")
    assert (seen["head_z_cm"], seen["forward_z"], seen["patch_119"]) == ("-60.0", "", "0.5")
    assert unseen["left_iris_y"] == unseen["patch_0"] == ""


def test_a_webcam_and_then_a_tracker_share_a_table(tmp_path: Path) -> None:
    good = {"enum": "FaceVerdict", "value": "good"}
    path = lines(
        tmp_path / "both.jsonl",
        {"in": {"is": "EyeFeatures", "t": 1.0, "verdict": good}},
        line(GazeSample(2.0, 0.25, 0.5)),
    )
    face, gaze = exported(path, tmp_path / "both.csv")
    assert (face["x"], gaze["x"], gaze["verdict"]) == ("", "0.25", "")
    assert [s.valid for s in read_gaze_csv(tmp_path / "both.csv").samples] == [False, True]


# ------------------------------------------------------------ damaged, foreign, in the way


def line(sample: GazeSample) -> dict[str, Any]:
    def number(value: float) -> Any:
        return value if math.isfinite(value) else {"float": repr(value)}

    fields = {"t": sample.t, "x": number(sample.x), "y": number(sample.y)}
    pairs = {"left": sample.left, "right": sample.right}
    return {
        "in": {"is": "GazeSample"}
        | fields
        | {k: list(map(number, v)) for k, v in pairs.items() if v is not None}
    }


def lines(path: Path, *content: dict[str, Any]) -> Path:
    whole = [{"sayso recording": 1}, *content, {"end": True}]
    path.write_text("".join(json.dumps(one) + "\n" for one in whole), "utf-8")
    return path


def test_damaged_lines_are_left_out_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = lines(tmp_path / "hurt.jsonl", *[line(GazeSample(float(n), 0.5, 0.5)) for n in range(5)])
    content = path.read_bytes().splitlines(keepends=True)
    content[2] = b'{"in":{"is":"GazeSample","t":"later","x":0.5,"y":0.5}}\n'
    content[4] = b"\xff\x00{\n"
    path.write_bytes(b"".join(content[:-1]) + b'{"in":{"is":"Gaze')
    rows = exported(path, tmp_path / "hurt.csv")
    assert [row["t"] for row in rows] == ["0.0", "2.0", "4.0"]
    told = capsys.readouterr().out
    assert "2 damaged lines of the recording are left out, the first is line 3." in told
    assert "stops in the middle" in told


@pytest.mark.parametrize(
    "content", [None, b"", b"{}\n", b"\x89PNG\r\n", b't,x,y\n0,"a",b\n', b"[" * 10_000 + b"\n"]
)
def test_what_holds_no_gaze_is_told_and_leaves_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    path, out = tmp_path / "odd.jsonl", tmp_path / "out.csv"
    if content is not None:
        path.write_bytes(content)
    assert main(["export", "gaze", str(path), "--csv", str(out)]) == 1
    assert str(path) in capsys.readouterr().err
    assert not out.exists()


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story = STORIES_FOLDER / "a_cup_of_tea.jsonl"
    out = tmp_path / "out.csv"
    out.write_text("dear to somebody")
    assert main(["export", "gaze", str(story), "--csv", str(out)]) == 1
    assert "is there already" in capsys.readouterr().err
    assert out.read_text() == "dear to somebody"
    assert main(["export", "gaze", str(story), "--csv", str(out / "below a file.csv")]) == 1
    assert str(out) in capsys.readouterr().err


def test_a_name_alone_is_one_of_the_person_s_own_recordings(tmp_path: Path) -> None:
    folder = find_folders()[0].recordings
    folder.mkdir()
    lines(folder / "2026-11-24-093000.jsonl", line(GazeSample(1.0, 0.5, 0.5)))
    assert len(exported(Path("2026-11-24-093000"), tmp_path / "out.csv")) == 1


@settings(max_examples=60)
@given(st.data())
def test_bytes_that_were_changed_end_in_a_table_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    good = {"enum": "FaceVerdict", "value": "good"}
    path = lines(
        folder / "changed.jsonl",
        line(GazeSample(1.0, 0.5, 0.5, (0.5, 0.5), (0.5, 0.5))),
        {"in": {"is": "EyeFeatures", "t": 1.0, "verdict": good, "position_cm": [1.0, 2.0, -60.0]}},
        {"selected": {"is": "Selection", "t": 1.0, "target_id": "a", "label": "a"}},
    )
    whole = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    path.write_bytes(whole)
    assert main(["export", "gaze", str(path), "--csv", str(folder / "out.csv")]) in (0, 1)
