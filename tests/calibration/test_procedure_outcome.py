"""What comes of a calibration: which of two is used, one look that sets it right, a fit that fails."""

from __future__ import annotations

import pytest
from looker import MIDDLE, Looker, off_by, perfect
from procedure_story import begin

from calibration.plan import Kind, Plan
from calibration.view import Phase


def test_a_new_calibration_that_is_worse_than_the_old_one_is_not_used() -> None:
    looker = Looker()
    procedure = begin(looker, Plan(5), earlier=perfect)
    looker.run(procedure)
    procedure.fitted(looker.t, off_by(0.1, 0.1))
    result = looker.run(procedure)

    assert procedure.outcome.earlier_is_better
    assert "stays" in result.message
    assert result.validation is not None and result.validation.accuracy_cm < 1.5


def test_a_new_calibration_that_is_about_as_good_is_used() -> None:
    looker = Looker()
    procedure = begin(looker, Plan(5), earlier=off_by(0.03, 0.0))
    looker.run(procedure)
    procedure.fitted(looker.t, perfect)
    looker.run(procedure)

    assert not procedure.outcome.earlier_is_better


def test_one_look_tells_how_far_the_gaze_is_off_now() -> None:
    looker = Looker()
    procedure = begin(looker, Plan(kind=Kind.RECENTRE), earlier=off_by(0.08, -0.05))

    assert looker.run(procedure).phase is Phase.RESULT
    assert looker.t - 100.0 < 5
    recentred = procedure.outcome.recentred
    assert recentred is not None and recentred.target == MIDDLE
    off = [sum(axis) / len(axis) for axis in zip(*recentred.measured, strict=True)]
    assert off == pytest.approx([0.58, 0.45], abs=0.03)
    assert len(recentred.samples) >= 8


def test_a_gaze_that_is_off_by_half_a_screen_is_not_recentred() -> None:
    looker = Looker()
    procedure = begin(looker, Plan(kind=Kind.RECENTRE), earlier=off_by(0.5, 0.0))

    assert looker.run(procedure).phase is Phase.LEFT
    assert procedure.outcome.recentred is None


def test_a_fit_that_fails_or_never_comes_leaves_everything_as_it_was() -> None:
    looker = Looker()
    procedure = begin(looker, Plan(3))
    looker.run(procedure)
    procedure.not_fitted(looker.t, "It failed.")
    assert procedure.view(looker.t).message == "It failed."

    other = begin(looker, Plan(3))
    looker.run(other)
    deadline = other.deadline()
    assert deadline is not None
    other.tick(deadline)
    assert other.phase is Phase.LEFT
