"""Calibrations outlive Sayso: fitted in a process of their own, kept for their camera and screen, found again."""

from __future__ import annotations

import json
import queue
import stat
from pathlib import Path

from looker import SCREEN, features

from assistive.gaze.keeper import CalibrationKeeper
from assistive.gaze.messages import (
    Calibrated,
    CalibrationFound,
    CalibrationKept,
    FitRequest,
    Fitted,
    SetupChanged,
)
from assistive.messages import Trouble
from calibration.outcome import Outcome, TargetSample
from calibration.plan import Plan
from calibration.round import Taken
from calibration.store import Setup
from calibration.unfinished import Unfinished
from devices.clock import LslClock

SETUP = Setup("webcam", "", SCREEN)
ONE = features(5.0, (0.5, 0.1))
HALF = Unfinished(Plan(3), SCREEN, {0: Taken((1.0, 2.0), 0.5, (ONE,))})
OTHER = Setup("webcam", "/dev/video2", SCREEN)


class Keeper:
    """A keeper, and what it posts."""

    def __init__(self, folder: Path) -> None:
        self.posted: queue.Queue[object] = queue.Queue()
        self.keeper = CalibrationKeeper(folder, self.posted.put, LslClock(), str)

    def tell(self, message: object) -> None:
        self.keeper.outgoing(message)

    def next(self) -> object:
        return self.posted.get(timeout=30.0)

    def find(self, setup: Setup) -> CalibrationFound:
        self.tell(SetupChanged(1.0, setup))
        found = self.next()
        assert isinstance(found, CalibrationFound)
        assert found.setup == setup
        return found

    def close(self) -> None:
        assert self.keeper.close(10.0)


def looks() -> tuple[TargetSample, ...]:
    """Ten frames at each of three targets."""
    places = [(0.5, 0.1), (0.1, 0.9), (0.9, 0.9)]
    return tuple(
        TargetSample(features(10.0 * i + n / 30, place), *place)
        for i, place in enumerate(places)
        for n in range(10)
    )


def test_what_was_calibrated_is_there_on_the_next_day(tmp_path: Path) -> None:
    folder = tmp_path / "calibrations"
    first = Keeper(folder)
    nothing = first.find(SETUP)
    assert (nothing.model, nothing.problem, nothing.unfinished) == ("", "", "")
    first.tell(FitRequest(2.0, 1, looks(), SCREEN, Plan(3)))
    fitted = first.next()
    assert isinstance(fitted, Fitted)
    assert fitted.model
    first.tell(Calibrated(3.0, Plan(3), Outcome(), fitted.model))
    first.close()
    [path] = folder.glob("*.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    second = Keeper(folder)
    found = second.find(SETUP)
    assert found.model == fitted.model
    assert 0 <= found.age_s < 60
    other = second.find(OTHER)
    assert other.model == ""
    assert "another camera" in other.problem
    second.close()


def test_a_calibration_that_was_broken_off_is_given_back_once_it_is_wanted(tmp_path: Path) -> None:
    first = Keeper(tmp_path)
    first.find(SETUP)
    first.tell(CalibrationKept(1.0, HALF))
    first.close()
    second = Keeper(tmp_path)
    kept = Unfinished.from_json(json.loads(second.find(SETUP).unfinished))
    assert (kept.plan, kept.screen, list(kept.taken)) == (HALF.plan, SCREEN, [0])
    assert kept.taken[0].items[0].t == ONE.t
    second.tell(CalibrationKept(2.0))
    assert second.find(SETUP).unfinished == ""
    second.close()


def test_a_disk_that_refuses_is_said_and_the_calibration_is_used_all_the_same(tmp_path: Path) -> None:
    in_the_way = tmp_path / "calibrations"
    in_the_way.write_text("a file, not a folder")
    keeper = Keeper(in_the_way)
    keeper.find(SETUP)
    keeper.tell(CalibrationKept(1.0, HALF))
    trouble = keeper.next()
    assert isinstance(trouble, Trouble)
    assert trouble.works
    assert trouble.todo
    assert keeper.find(SETUP).model == ""  # it goes on
    keeper.close()


def test_nothing_of_it_is_read_before_there_is_a_camera(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "calibrations")
    keeper.tell(CalibrationKept(1.0, HALF))
    keeper.tell(Calibrated(1.0, Plan(3), Outcome(), "{}"))
    keeper.close()
    assert keeper.posted.empty()
    assert not (tmp_path / "calibrations").exists()
