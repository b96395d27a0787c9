"""The engine's side of a calibration: what is asked of the worker, shown, kept and used; and the worker itself."""

from __future__ import annotations

import math
import os
import queue
import select
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from looker import MIDDLE, SCREEN, Looker, at_target, features, off_by, perfect

from assistive.boards.board import Geometry
from assistive.boards.key_sizes import key_sizes
from assistive.boards.layout import load_layout
from assistive.fit_worker import FitWorker
from assistive.gaze.calibrating import LEFT_S, RESULT_S, Calibrating, Scene, Sent
from assistive.gaze.fits import gaze_fits
from assistive.gaze.messages import (
    Calibrated,
    CalibrationKept,
    CalibrationShown,
    FitRequest,
    Fitted,
)
from calibration.correction import Correction
from calibration.findings import Look
from calibration.fit import Model, fit, model_from_json
from calibration.gaze import Axes, GazeModel
from calibration.outcome import TargetSample
from calibration.plan import Kind, Plan
from calibration.point import GazePoint
from calibration.pointing import Pointing
from calibration.raw_gaze import Seen
from calibration.targets import calibration_targets
from calibration.view import Phase
from devices.clock import LslClock
from devices.samples import GazeSample

WINDOW = Geometry(1920, 1080, 527.0, 296.0)
KEYS = key_sizes(load_layout("en"), WINDOW)


def look_for(model: Model) -> Look:
    """As the engine makes it."""
    fitted = model if isinstance(model, GazeModel) else None
    pointing = Pointing(fitted, filter="one_euro", screen=SCREEN)

    def look(seen: Seen) -> GazePoint:
        corrected = isinstance(model, Correction) and isinstance(seen, GazeSample)
        return pointing.take(model.apply(seen) if corrected else seen)

    return look


class Room:
    """A person, a screen and the engine's part of it."""

    def __init__(self, looker: Looker | None = None, earlier: Look | None = None) -> None:
        self.looker = looker or Looker()
        self.sent: list[Sent] = []
        self.calibrating = Calibrating(self.sent.append)
        self.scene = Scene(SCREEN, not self.looker.tracker, KEYS, look_for, earlier)

    def begin(self, plan: Plan, unfinished: Any = None) -> None:
        """Somebody asks for a calibration."""
        self.calibrating.begin(self.looker.t, plan, self.scene, unfinished)

    def look(self) -> Phase:
        """The person looks until something else is waited for."""
        return self.looker.run(self.calibrating).phase

    def answer(self) -> None:
        """The worker answers the last request."""
        request = self.of(FitRequest)[-1]
        model = fit(request.samples, request.screen, request.plan).to_json()
        self.calibrating.fitted(Fitted(self.looker.t, request.number, model))

    def calibrate(self, plan: Plan) -> Phase:
        """From the beginning to the result."""
        self.begin(plan)
        assert self.look() is Phase.FITTING
        self.answer()
        return self.look()

    def of(self, kind: type) -> list[Any]:
        """The messages of one kind, in order."""
        return [message for message in self.sent if isinstance(message, kind)]


def test_a_person_calibrates_and_uses_what_was_found() -> None:
    room = Room()

    assert room.calibrate(Plan(9)) is Phase.RESULT
    assert len(room.of(FitRequest)) == 1
    assert not room.of(Calibrated), "nothing changes before it is wanted"
    room.calibrating.choose(room.looker.t, "use")

    (used,) = room.of(Calibrated)
    assert used.outcome.validation.accuracy_deg < 2.0
    assert used.outcome.choice.grid in {key.grid for key in KEYS}
    for place in [(0.3, 0.6), (0.8, 0.2)]:
        look = look_for(model_from_json(used.model))
        for i in range(30):
            point = look(features(i / 30, place))
        assert math.hypot(point.x - place[0], point.y - place[1]) < 0.08
    assert room.sent[-1] == CalibrationShown(room.looker.t, None)
    assert room.of(CalibrationKept)[-1].unfinished is None
    assert not room.calibrating.active and room.calibrating.deadline() is None


def test_the_screen_is_told_of_changes_and_the_ring_is_pulled() -> None:
    room = Room()
    room.calibrate(Plan(9))

    frames = len(room.looker.shown)
    assert frames > 300 and len(room.of(CalibrationShown)) < 60
    shown = [message.view.phase for message in room.of(CalibrationShown)]
    assert list(dict.fromkeys(shown)) == [
        Phase.FACE,
        Phase.TARGET,
        Phase.FITTING,
        Phase.CHECK,
        Phase.RESULT,
    ]
    result = room.of(CalibrationShown)[-1].view
    assert result.validation is not None and result.grid and result.message


def test_the_eyes_choose_only_where_the_result_is_shown() -> None:
    room = Room()
    room.begin(Plan(5))
    assert room.calibrating.take(features(room.looker.t + 0.01, MIDDLE)) is None
    room.look()
    room.answer()
    room.look()

    for i in range(20):
        point = room.calibrating.take(features(room.looker.t + i / 30, (0.2, 0.5)))
    assert point is not None and point.x == pytest.approx(0.2, abs=0.1)


def test_a_tracker_that_is_off_is_corrected_the_same_way() -> None:
    class OffTracker(Looker):
        def seen(self, view: Any) -> Any:
            sample = super().seen(view)
            return replace(sample, x=sample.x + 0.06)

    room = Room(OffTracker(tracker=True, noise_deg=0.3))
    assert room.calibrate(Plan(5)) is Phase.RESULT
    room.calibrating.choose(room.looker.t, "use")

    (used,) = room.of(Calibrated)
    assert used.outcome.validation.accuracy_deg < 1.0
    correction = model_from_json(used.model)
    assert isinstance(correction, Correction) and correction.apply(
        GazeSample(0, 0.56, 0.5)
    ).x == pytest.approx(0.5, abs=0.02)


def test_nobody_presses_anything_and_the_person_comes_back_to_the_board_with_it() -> None:
    room = Room()
    room.calibrate(Plan(5))

    deadline = room.calibrating.deadline()
    assert deadline == pytest.approx(room.looker.t + RESULT_S)
    shown = room.calibrating.view(room.looker.t + 10.0)
    assert shown is not None and shown.left_s == pytest.approx(RESULT_S - 10.0, abs=1), "it says when"
    room.calibrating.tick(deadline)
    assert room.of(Calibrated) and not room.calibrating.active


def test_looking_away_for_long_goes_back_to_the_board_and_changes_nothing() -> None:
    room = Room(Looker(looks=lambda t, view: None if t > 106 else at_target(t, view)))
    room.begin(Plan(9))
    assert room.look() is Phase.LEFT
    room.calibrating.tick(room.looker.t + LEFT_S)

    assert not room.calibrating.active and not room.of(Calibrated)


def test_again_goes_on_where_it_was_broken_off_and_begins_anew_after_a_result() -> None:
    room = Room(Looker(looks=lambda t, view: None if 108 < t < 130 else at_target(t, view)))
    room.begin(Plan(9))
    assert room.look() is Phase.LEFT
    room.looker.t = 131.0
    room.calibrating.choose(131.0, "again")
    shown = len(room.looker.shown)
    assert room.look() is Phase.FITTING
    after = {view.place for view in room.looker.shown[shown:] if view.place}
    assert 0 < len(after) < 9 and len({(s.x, s.y) for s in room.of(FitRequest)[-1].samples}) == 9

    room.answer()
    room.look()
    shown = len(room.looker.shown)
    room.calibrating.choose(room.looker.t, "again")
    assert room.look() is Phase.FITTING
    assert len({view.place for view in room.looker.shown[shown:] if view.place}) == 9


def test_what_was_looked_at_is_kept_target_by_target_and_used_after_a_crash() -> None:
    room = Room()
    room.begin(Plan(5))
    room.looker.run(room.calibrating, until=lambda view: view.number == 4)
    kept = room.of(CalibrationKept)[-1].unfinished
    assert len(room.of(CalibrationKept)) == 3

    after = Room()
    after.begin(Plan(5), kept)
    assert after.look() is Phase.FITTING
    shown = {view.place for view in after.looker.shown if view.place}
    assert shown == set(calibration_targets(5)[3:])

    other = Room()
    other.begin(Plan(9), kept)
    other.look()
    assert len({view.place for view in other.looker.shown if view.place}) == 9


def test_ending_it_in_the_middle_changes_nothing() -> None:
    room = Room()
    room.begin(Plan(9))
    room.looker.run(room.calibrating, until=lambda view: view.number == 4)
    room.calibrating.choose(room.looker.t, "end")

    assert not room.calibrating.active and not room.of(Calibrated)
    assert room.sent[-1] == CalibrationShown(room.looker.t, None)


def test_a_second_calibration_is_compared_with_the_first() -> None:
    room = Room()
    room.calibrate(Plan(5))
    room.calibrating.choose(room.looker.t, "use")
    first = room.of(Calibrated)[0]

    room.scene = replace(room.scene, earlier=look_for(model_from_json(first.model)))
    room.looker.changed = lambda seen: replace(seen, forward=(0.1, 0.0, 0.995))  # sits differently
    assert room.calibrate(Plan(5)) is Phase.RESULT
    room.calibrating.choose(room.looker.t, "use")
    second = room.of(Calibrated)[1]
    assert second.model and not second.outcome.earlier_is_better
    assert second.outcome.validation.accuracy_deg < 2.0


def test_an_answer_that_is_too_late_is_dropped() -> None:
    room = Room()
    room.begin(Plan(3))
    room.look()
    first = room.of(FitRequest)[-1]
    room.begin(Plan(3))
    room.look()

    room.calibrating.fitted(Fitted(room.looker.t, first.number, "{}"))
    assert room.calibrating.phase is Phase.FITTING
    room.answer()
    assert room.calibrating.phase is Phase.CHECK


@pytest.mark.parametrize("model", ["", "{", "[]", '{"version": 99}', "null"])
def test_a_fit_that_failed_changes_nothing_and_says_so(model: str) -> None:
    room = Room()
    room.begin(Plan(3))
    room.look()
    room.calibrating.fitted(Fitted(room.looker.t, room.of(FitRequest)[-1].number, model, "It failed."))

    assert room.calibrating.phase is Phase.LEFT
    assert room.of(CalibrationShown)[-1].view.message == "It failed."
    room.calibrating.choose(room.looker.t, "use")
    assert not room.of(Calibrated)


def test_one_look_recentres_and_the_board_is_back_at_once() -> None:
    room = Room(earlier=off_by(0.05, 0.0))
    room.begin(Plan(kind=Kind.RECENTRE))
    room.look()

    (used,) = room.of(Calibrated)
    assert used.model == "" and used.outcome.recentred is not None
    assert not room.calibrating.active
    assert Phase.RESULT not in [message.view.phase for message in room.of(CalibrationShown) if message.view]


def test_who_has_no_calibration_yet_gets_one_instead_of_a_recentre() -> None:
    room = Room()
    room.begin(Plan(3, kind=Kind.RECENTRE))
    assert room.look() is Phase.FITTING


def test_the_old_model_stays_where_it_is_better() -> None:
    room = Room(earlier=perfect)
    room.begin(Plan(3))
    room.look()
    request = room.of(FitRequest)[-1]
    moved = tuple(replace(sample, x=sample.x + 0.15) for sample in request.samples)
    model = fit(moved, SCREEN, request.plan).to_json()
    room.calibrating.fitted(Fitted(room.looker.t, request.number, model))
    room.look()
    room.calibrating.choose(room.looker.t, "use")

    assert room.of(Calibrated)[0].model == "" and room.of(Calibrated)[0].outcome.earlier_is_better


@pytest.mark.parametrize(
    ("axes", "grids"), [(Axes.BOTH, "9x6"), (Axes.HORIZONTAL, "6x1"), (Axes.VERTICAL, "1x5")]
)
def test_the_grids_to_choose_from_have_keys_that_grow(axes: Axes, grids: str) -> None:
    sizes = key_sizes(load_layout("en"), WINDOW, axes)

    assert sizes[0].grid == grids
    areas = [size.width_cm * size.height_cm for size in sizes]
    assert areas == sorted(areas) and areas[0] > 9


# ---------------------------------------------------------------- the worker


@pytest.fixture
def answers() -> queue.Queue[Fitted]:
    """What the worker posts."""
    return queue.Queue()


@pytest.fixture
def worker(answers: queue.Queue[Fitted]) -> Iterator[FitWorker[FitRequest, str]]:
    """A real worker."""
    worker = gaze_fits(answers.put, LslClock())
    yield worker
    worker.close()


def request(number: int, samples: Any = None) -> FitRequest:
    """Three looks."""
    if samples is None:
        samples = tuple(
            TargetSample(features(index + i / 30, place), *place)
            for index, place in enumerate(calibration_targets(3))
            for i in range(20)
        )
    return FitRequest(0.0, number, samples, SCREEN, Plan(3))


class Deadly:
    """Kills the process that reads it."""

    def __reduce__(self) -> Any:
        return os._exit, (3,)


def test_a_model_is_fitted_in_another_process(
    worker: FitWorker[FitRequest, str], answers: queue.Queue[Fitted]
) -> None:
    worker.fit(request(7))

    fitted = answers.get(timeout=60)
    assert fitted.number == 7 and not fitted.reason
    assert model_from_json(fitted.model).place(features(9.0, MIDDLE)) is not None  # type: ignore[union-attr]
    assert worker.pid is None, "the child is gone"


def test_a_child_that_dies_costs_one_fit_and_no_more(
    worker: FitWorker[FitRequest, str], answers: queue.Queue[Fitted]
) -> None:
    worker.fit(request(1, (Deadly(),)))
    worker.fit(request(2))

    first, second = answers.get(timeout=60), answers.get(timeout=60)
    assert (first.number, first.model) == (1, "") and "nothing has changed" in first.reason
    assert second.number == 2 and second.model


def test_a_fit_that_raises_has_an_answer(
    worker: FitWorker[FitRequest, str], answers: queue.Queue[Fitted]
) -> None:
    worker.fit(request(1, ("nonsense",)))
    assert answers.get(timeout=60).reason


def test_a_fit_that_takes_too_long_is_given_up(answers: queue.Queue[Fitted]) -> None:
    worker = gaze_fits(answers.put, LslClock(), longest_s=0.0)
    worker.fit(request(1))
    assert answers.get(timeout=60).reason
    worker.close()


def test_closing_does_not_wait_for_a_fit(answers: queue.Queue[Fitted]) -> None:
    worker = gaze_fits(answers.put, LslClock())
    worker.fit(request(1))
    worker.close()
    assert answers.empty()


PARENT = """
import sys
from assistive.gaze.fits import gaze_fits
from devices.clock import LslClock
if __name__ == "__main__":
    worker = gaze_fits(print, LslClock())
    print(worker._start().process.pid, flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux")
def test_the_child_dies_with_its_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    root = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    assert parent.stdout is not None and parent.stdin is not None
    child = os.pidfd_open(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    ended, _, _ = select.select([child], [], [], 30)
    assert ended
    os.close(child)
    parent.stdout.close()
    parent.stdin.close()
