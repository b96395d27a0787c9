"""A calibration that was broken off goes on later, and a damaged one is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from looker import SCREEN, Looker
from procedure_story import begin, targets_of

from calibration.gaze import Eyes
from calibration.plan import Plan
from calibration.procedure import Procedure
from calibration.screen import ScreenSize
from calibration.targets import calibration_targets
from calibration.unfinished import Unfinished
from calibration.view import Phase


def test_a_calibration_that_was_broken_off_goes_on_after_a_restart() -> None:
    looker = Looker()
    procedure = begin(looker)
    looker.run(procedure, until=lambda view: view.number == 5)
    broken_off = Unfinished.from_json(json.loads(json.dumps(procedure.unfinished().to_json())))

    looker.t += 60
    again = begin(looker, unfinished=broken_off)
    before = len(looker.shown)
    assert looker.run(again).phase is Phase.FITTING
    shown = {view.place for view in looker.shown[before:] if view.place is not None}
    assert shown == set(calibration_targets(9)[4:])
    assert targets_of(again) == set(calibration_targets(9))


@pytest.mark.parametrize(
    ("plan", "screen"),
    [(Plan(5), SCREEN), (Plan(9, eyes=Eyes.LEFT), SCREEN), (Plan(9), ScreenSize(1280, 720, 300, 200))],
)
def test_it_does_not_go_on_with_other_eyes_or_on_another_screen(plan: Plan, screen: ScreenSize) -> None:
    looker = Looker()
    procedure = begin(looker)
    looker.run(procedure, until=lambda view: view.number == 3)

    with pytest.raises(ValueError):
        Procedure(plan, screen, 0.0, unfinished=procedure.unfinished())


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(["version", "plan", "screen", "targets"]), JSON)
def test_what_was_broken_off_and_is_damaged_is_refused(where: str, what: object) -> None:
    whole = begin(Looker()).unfinished()
    try:
        read = Unfinished.from_json(whole.to_json() | {where: what})
    except ValueError:
        return
    assert read == whole
