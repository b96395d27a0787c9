"""Calibrations on disk: the right one for this camera and screen, and never a crash for what is found there."""

from __future__ import annotations

import json
import math
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from looker import SCREEN, Looker, features

from assistive.durable import write_atomically
from assistive.i18n import translator
from calibration.correction import Correction, Line
from calibration.fit import fit
from calibration.gaze import Axes, Eyes, GazeModel
from calibration.outcome import TargetSample
from calibration.plan import Plan
from calibration.procedure import Procedure
from calibration.screen import ScreenSize
from calibration.store import Setup, Stored, age_sentence, load, save
from calibration.targets import calibration_targets
from calibration.unfinished_file import LASTS_S, keep_unfinished, load_unfinished

SETUP = Setup("webcam", "HD camera 1280x720", SCREEN)
NOW = 1_800_000_000.0
TRACKER = Stored(NOW, Correction(Line(0.01, 1.1)), 0.8, 0.4, "6x5")


@pytest.fixture(scope="module")
def model() -> GazeModel:
    """What was fitted to a person."""
    samples = [
        TargetSample(features(index + i / 30, place), *place)
        for index, place in enumerate(calibration_targets(5))
        for i in range(20)
    ]
    fitted = fit(samples, SCREEN, Plan(5))
    assert isinstance(fitted, GazeModel)
    return fitted


def test_what_was_calibrated_yesterday_is_there_today(tmp_path: Path, model: GazeModel) -> None:
    path = save(tmp_path, SETUP, Stored(NOW, model, 1.2, math.nan, "5x4"), write_atomically)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    loaded = load(tmp_path, SETUP)
    assert loaded.problem == "" and loaded.stored is not None
    assert loaded.stored.made_at == NOW and loaded.stored.grid == "5x4"
    assert loaded.stored.accuracy_cm == 1.2 and math.isnan(loaded.stored.precision_cm)
    restored = loaded.stored.model
    assert isinstance(restored, GazeModel)
    face = features(0.0, (0.3, 0.7))
    assert restored.place(face) == model.place(face)


def test_the_first_day_there_is_nothing_and_nothing_is_said(tmp_path: Path) -> None:
    assert load(tmp_path, SETUP) == load(tmp_path / "missing", SETUP)
    assert load(tmp_path, SETUP).stored is None and load(tmp_path, SETUP).problem == ""


@pytest.mark.parametrize(
    ("other", "word"),
    [
        (replace(SETUP, screen=ScreenSize(1280, 720, 300.0, 170.0)), "another screen"),
        (replace(SETUP, source="HD camera 640x480"), "another camera"),
        (replace(SETUP, device="lsl", source="Tobii"), "another camera or tracker"),
        (replace(SETUP, eyes=Eyes.LEFT), "other eyes"),
        (replace(SETUP, axes=Axes.VERTICAL), "another direction"),
    ],
)
def test_one_of_another_camera_or_screen_is_not_used_and_it_is_said(
    tmp_path: Path, other: Setup, word: str
) -> None:
    save(tmp_path, other, TRACKER, write_atomically)
    loaded = load(tmp_path, SETUP)

    assert loaded.stored is None
    assert (
        word in loaded.problem
        and "Other inputs work" in loaded.problem
        and "calibrate anew" in loaded.problem
    )
    assert translator("ru")(loaded.problem) != loaded.problem
    assert load(tmp_path, other).stored == TRACKER, "it is still there for the other one"


def test_a_file_that_was_copied_from_another_screen_is_not_used(tmp_path: Path) -> None:
    other = replace(SETUP, screen=ScreenSize(1280, 720, 300.0, 170.0))
    path = save(tmp_path, other, TRACKER, write_atomically)
    path.rename(tmp_path / SETUP.file_name)

    assert load(tmp_path, SETUP).stored is None


def test_sitting_nearer_to_the_same_screen_is_no_other_setup(tmp_path: Path) -> None:
    save(tmp_path, SETUP, TRACKER, write_atomically)
    nearer = replace(SETUP, screen=replace(SCREEN, distance_mm=450.0))
    assert load(tmp_path, nearer).stored == TRACKER


def test_a_damaged_file_is_set_aside_and_the_next_one_can_be_kept(tmp_path: Path) -> None:
    path = save(tmp_path, SETUP, TRACKER, write_atomically)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    loaded = load(tmp_path, SETUP)
    assert loaded.stored is None and "set aside" in loaded.problem
    aside = [file for file in tmp_path.iterdir() if ".aside-" in file.name]
    assert [file.read_bytes() for file in aside] == [whole[: len(whole) // 2]]
    assert load(tmp_path, SETUP).problem == "", "it is said once"
    save(tmp_path, SETUP, TRACKER, write_atomically)
    assert load(tmp_path, SETUP).stored == TRACKER


@pytest.mark.parametrize(
    "wrong", [{"made_at": -1.0}, {"made_at": 1e12}, {"grid": 4}, {"accuracy_cm": "a"}, {"version": 0}]
)
def test_a_value_that_cannot_be_is_damage(tmp_path: Path, wrong: dict[str, object]) -> None:
    path = save(tmp_path, SETUP, TRACKER, write_atomically)
    path.write_text(json.dumps(json.loads(path.read_text()) | wrong))
    assert "damaged" in load(tmp_path, SETUP).problem


def test_one_from_a_newer_sayso_is_left_alone(tmp_path: Path) -> None:
    path = save(tmp_path, SETUP, TRACKER, write_atomically)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": 99}))

    assert "newer" in load(tmp_path, SETUP).problem and path.exists()


def test_a_disk_that_refuses_loses_nothing(tmp_path: Path) -> None:
    save(tmp_path, SETUP, TRACKER, write_atomically)

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError):
        save(tmp_path, SETUP, replace(TRACKER, grid="2x2"), full)
    assert load(tmp_path, SETUP).stored == TRACKER


def test_a_folder_where_the_file_should_be_is_told_not_raised(tmp_path: Path) -> None:
    (tmp_path / SETUP.file_name).mkdir()
    assert "cannot be read" in load(tmp_path, SETUP).problem


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = ("version", "setup", "made_at", "model", "accuracy_cm", "precision_cm", "grid")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(st.sampled_from(FIELDS), JSON, st.booleans())
def test_nothing_in_the_file_breaks_the_start(tmp_path: Path, field: str, value: object, gone: bool) -> None:
    path = save(tmp_path, SETUP, TRACKER, write_atomically)
    table = json.loads(path.read_text()) | {field: value}
    if gone:
        del table[field]
    path.write_text(json.dumps(table))

    loaded = load(tmp_path, SETUP)
    assert (loaded.stored is None) == bool(loaded.problem)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.binary(max_size=80))
def test_any_bytes_are_met_calmly(tmp_path: Path, data: bytes) -> None:
    (tmp_path / SETUP.file_name).write_bytes(data)
    (tmp_path / "lsl-0.json").write_bytes(data)
    assert load(tmp_path, SETUP).stored is None


def test_names_are_readable_and_never_the_same() -> None:
    setups = [
        SETUP,
        replace(SETUP, source="Übersee/../Kamera"),
        replace(SETUP, device="../../etc"),
        replace(SETUP, eyes=Eyes.RIGHT),
        replace(SETUP, axes=Axes.HORIZONTAL),
    ]
    names = [setup.file_name for setup in setups]
    assert len(set(names)) == len(names)
    assert all("/" not in name and ".." not in name for name in names)
    assert SETUP.file_name.startswith("webcam-")


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0.1, "just now"), (5, "from today"), (26, "from yesterday"), (24 * 9, "9 days old"), (-3, "just now")],
)
def test_its_age_is_told(hours: float, words: str) -> None:
    said = age_sentence(hours * 3600)
    assert words in said
    assert translator("ru")(said) != said


def test_an_unfinished_calibration_is_found_again_for_a_quarter_of_an_hour(tmp_path: Path) -> None:
    looker = Looker()
    procedure = Procedure(Plan(5), SCREEN, looker.t)
    looker.run(procedure, until=lambda view: view.number == 3)
    keep_unfinished(tmp_path, SETUP, procedure.unfinished(), NOW, write_atomically)

    found = load_unfinished(tmp_path, SETUP, NOW + 60)
    assert found is not None
    again = Procedure(Plan(5), SCREEN, 0.0, unfinished=found)
    assert again.looked_at == 2
    assert load_unfinished(tmp_path, SETUP, NOW + LASTS_S + 1) is None
    assert load_unfinished(tmp_path, SETUP, NOW - 60) is None, "the clock was set back"
    assert load_unfinished(tmp_path, replace(SETUP, eyes=Eyes.LEFT), NOW) is None

    keep_unfinished(tmp_path, SETUP, None, NOW, write_atomically)
    assert load_unfinished(tmp_path, SETUP, NOW) is None
    keep_unfinished(tmp_path, SETUP, None, NOW, write_atomically)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    st.binary(max_size=60)
    | JSON.map(lambda value: json.dumps({"setup": SETUP.to_json(), "made_at": value}).encode())
    | JSON.map(
        lambda value: json.dumps({"setup": SETUP.to_json(), "made_at": NOW, "unfinished": value}).encode()
    )
)
def test_an_unfinished_one_that_is_damaged_is_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "unfinished").write_bytes(data)
    assert load_unfinished(tmp_path, SETUP, NOW) is None
