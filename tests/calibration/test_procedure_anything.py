"""Whatever the eyes, the clock and the caregiver do, a calibration neither raises nor hangs."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st
from looker import SCREEN, features, perfect
from procedure_story import KEYS

from calibration.gaze import Axes
from calibration.plan import Plan
from calibration.procedure import Procedure
from calibration.targets import COUNTS
from calibration.view import Phase
from devices.samples import GazeSample

PLACES = st.tuples(st.floats(-2, 3), st.floats(-2, 3))
STEPS = st.one_of(
    st.tuples(st.just("look"), st.none() | PLACES | st.just("target"), st.integers(1, 90)),
    st.tuples(st.just("tick"), st.floats(allow_nan=True), st.just(1)),
    st.tuples(st.just("wait"), st.floats(0, 30), st.just(1)),
    st.tuples(st.just("odd"), st.floats(), st.just(1)),
    st.tuples(st.sampled_from(["start", "fit", "end"]), st.just(0.0), st.just(1)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=30), st.sampled_from(COUNTS), st.booleans(), st.sampled_from(list(Axes)))
def test_nothing_that_eyes_do_makes_it_raise_or_hang(
    steps: list[tuple[str, object, int]], points: int, camera: bool, axes: Axes
) -> None:
    t = 0.0
    procedure = Procedure(Plan(points, axes=axes), SCREEN, t, keys=KEYS, face_check=camera, earlier=perfect)
    for what, value, count in steps:
        for _ in range(count):
            t += 1 / 30
            if what == "look":
                look = procedure.view(t).place if value == "target" else value
                if camera:
                    procedure.take(features(t, look))  # type: ignore[arg-type]
                else:
                    procedure.take(GazeSample(t, *(look or (math.nan, math.nan))))  # type: ignore[misc]
            elif what == "tick":
                # A clock that jumps by years would end anything; it must not raise.
                procedure.tick(value if isinstance(value, float) and not value > t + 60 else t)
            elif what == "wait":
                t += float(value)  # type: ignore[arg-type]
                procedure.tick(t)
            elif what == "odd":
                procedure.take(GazeSample(t, float(value), float(value)))  # type: ignore[arg-type]
            elif what == "start":
                procedure.start_now(t)
            elif what == "fit":
                procedure.fitted(t, perfect)
            else:
                procedure.end(t)
            view = procedure.view(t)
            assert 0.0 <= view.progress <= 1.0
    for _ in range(100):
        deadline = procedure.deadline()
        if deadline is None:
            break
        t = max(t, deadline)
        procedure.tick(t)
    assert procedure.phase in (Phase.LEFT, Phase.RESULT)
