"""A calibration waits: for a face, for a camera, for eyes that look away; and it ends when they do not come back."""

from __future__ import annotations

import math
from dataclasses import replace

from looker import MIDDLE, SCREEN, Looker, at_target, features
from procedure_story import begin, targets_of

from calibration.plan import Plan
from calibration.procedure import Procedure
from calibration.view import Phase
from devices.samples import FaceVerdict
from models.gaze.features import EyeFeatures


def test_looking_away_pauses_and_looking_back_goes_on_with_the_same_target() -> None:
    looker = Looker(looks=lambda t, view: None if 106 < t < 112 else at_target(t, view))
    procedure = begin(looker)

    paused = looker.run(procedure, until=lambda view: "Paused" in view.message)
    assert paused.phase is Phase.TARGET and paused.progress == 0.0 and looker.t < 109
    assert looker.run(procedure).phase is Phase.FITTING
    there = [view.place for view in looker.shown if 106.5 < view.t < 112.8]
    assert set(there) == {paused.place}
    assert not any(view.message for view in looker.shown if view.t > 112.1)
    assert len(targets_of(procedure)) == 9


def test_eyes_that_come_and_go_for_ever_do_not_keep_it_for_ever() -> None:
    looker = Looker(looks=lambda t, view: MIDDLE if t % 5 < 1 else None)
    procedure = begin(looker)
    procedure.start_now(looker.t)

    assert looker.run(procedure).phase is Phase.LEFT
    assert looker.t - 100.0 < 200


def test_looking_far_beside_the_screen_is_looking_away() -> None:
    def head_turned(seen: EyeFeatures) -> EyeFeatures:
        return replace(seen, forward=(math.sin(0.8), 0.0, math.cos(0.8))) if seen.t > 106 else seen

    looker = Looker(changed=head_turned)
    procedure = begin(looker)
    assert "Paused" in looker.run(procedure, until=lambda view: bool(view.message) and view.t > 106).message
    assert looker.run(procedure).phase is Phase.LEFT


def test_looking_away_for_long_ends_it_and_it_can_go_on_later() -> None:
    looker = Looker(looks=lambda t, view: None if t > 108 else at_target(t, view))
    procedure = begin(looker)
    view = looker.run(procedure)

    assert view.phase is Phase.LEFT and looker.t < 122
    assert "Nothing has changed" in view.message
    assert procedure.broken_off


def test_a_camera_that_is_unplugged_is_told_and_waited_for() -> None:
    looker = Looker(plugged_in=lambda t: not 106 < t < 140)
    procedure = begin(looker)

    lost = looker.run(procedure, until=lambda view: view.t > 110)
    assert "camera" in lost.message
    assert looker.run(procedure).phase is Phase.FITTING
    assert len(targets_of(procedure)) == 9


def test_a_camera_that_does_not_come_back_ends_it() -> None:
    looker = Looker(plugged_in=lambda t: t < 106)
    procedure = begin(looker)

    assert looker.run(procedure).phase is Phase.LEFT
    assert 160 < looker.t < 170


def test_the_end_comes_on_time_when_only_the_deadlines_wake_it() -> None:
    looker = Looker(plugged_in=lambda t: t < 106)
    procedure = begin(looker)
    looker.run(procedure, until=lambda view: view.t > 105.9)

    t, ticks = looker.t, 0
    while (deadline := procedure.deadline()) is not None:
        assert deadline >= t
        t, ticks = deadline, ticks + 1
        procedure.tick(t)
    assert procedure.phase is Phase.LEFT
    assert ticks < 10
    assert 160 < t < 170


def test_a_bad_picture_is_told_before_anything_is_asked_of_the_eyes() -> None:
    procedure = Procedure(Plan(5), SCREEN, 0.0)
    for i in range(60):
        procedure.take(features(i / 30, None, verdict=FaceVerdict.DARK))
    view = procedure.view(2.0)
    assert view.phase is Phase.FACE and view.verdict is FaceVerdict.DARK and view.message

    for i in range(60, 100):
        procedure.take(features(i / 30, MIDDLE))
    assert procedure.view(4.0).phase is Phase.TARGET


def test_a_picture_that_cannot_be_made_better_is_enough_after_a_while() -> None:
    procedure = Procedure(Plan(5), SCREEN, 0.0)
    for i in range(60):
        procedure.take(features(i / 5, MIDDLE, verdict=FaceVerdict.SLOW))
    assert procedure.view(12.0).phase is Phase.TARGET


def test_nobody_before_the_camera_ends_it() -> None:
    looker = Looker(looks=lambda t, view: None)
    procedure = begin(looker)

    assert looker.run(procedure).phase is Phase.LEFT
    assert looker.t < 170


def test_the_caregiver_starts_it_whatever_the_picture() -> None:
    procedure = Procedure(Plan(5), SCREEN, 0.0)
    procedure.take(features(0.1, None))
    procedure.start_now(0.2)
    assert procedure.view(0.3).phase is Phase.TARGET
