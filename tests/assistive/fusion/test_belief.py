"""A gaze goes in, with what is likely; what is meant comes out."""

from __future__ import annotations

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from assistive.boards.board import Action, Rect, Target, TargetKind, Verb
from assistive.fusion.belief import Belief, Meant

SD = (0.03, 0.03)


def key(name: str, x: float, label: str | None = None) -> Target:
    place = Rect(x, 0.4, 0.1, 0.1)
    return Target(
        name, TargetKind.LETTER, name if label is None else label, place, Action(Verb.WRITE, name), name
    )


ROW = [key("a", 0.2), key("b", 0.3), key("c", 0.4)]
EQUAL = dict.fromkeys("abc", 1 / 3)
BETWEEN = (0.4, 0.45)  # b and c meet here


def looked(
    point: tuple[float, float],
    prior: dict[str, float],
    *,
    targets: list[Target] = ROW,
    sd: tuple[float, float] = SD,
    current: str | None = None,
) -> Meant | None:
    belief = Belief()
    meant = None
    for i in range(20):
        meant = belief.look(i / 60, point, sd, targets, prior, current)
    return meant


def name(meant: Meant | None) -> str | None:
    return None if meant is None else meant.target.id


def test_the_key_that_is_looked_at_is_meant_whatever_was_likely() -> None:
    meant = looked((0.35, 0.45), EQUAL)
    assert name(meant) == "b"
    assert meant is not None
    assert 0.7 < meant.probability < 1.0
    assert name(looked((0.35, 0.45), {"a": 0.001, "b": 0.001, "c": 0.998})) == "b"


def test_a_gaze_between_two_keys_is_resolved_by_what_is_likely() -> None:
    assert name(looked(BETWEEN, {"a": 0.1, "b": 0.7, "c": 0.2})) == "b"
    assert name(looked(BETWEEN, {"a": 0.1, "b": 0.2, "c": 0.7})) == "c"


def test_a_longer_look_is_no_new_evidence() -> None:
    belief = Belief()
    at = (0.39, 0.45)
    probabilities = []
    for i in range(600):
        meant = belief.look(i / 60, at, SD, ROW, EQUAL)
        assert meant is not None
        probabilities.append(meant.probability)
    assert max(probabilities) - min(probabilities) < 1e-9


def test_the_better_the_tracker_the_less_the_prior_decides() -> None:
    likely_c = {"a": 0.1, "b": 0.1, "c": 0.8}
    assert name(looked((0.385, 0.45), likely_c, sd=(0.05, 0.05))) == "c"
    assert name(looked((0.385, 0.45), likely_c, sd=(0.005, 0.005))) == "b"


def test_a_target_with_a_fixed_time_is_never_chosen_through_the_prior() -> None:
    undo = {"a": 0.01, "b": 0.01}  # c is not named: it has a fixed time
    assert name(looked((0.395, 0.45), undo)) == "b"
    assert name(looked((0.45, 0.45), undo)) == "c"


def test_an_empty_slot_and_the_space_between_are_nothing() -> None:
    assert looked((0.5, 0.9), EQUAL) is None
    assert looked((0.35, 0.45), EQUAL, targets=[key("b", 0.3, label="")]) is None


def test_trembling_across_a_border_keeps_the_target() -> None:
    assert name(looked((0.402, 0.45), EQUAL, current="b")) == "b"
    assert name(looked((0.402, 0.45), EQUAL)) == "c"


def test_one_stray_sample_is_no_look_and_two_are() -> None:
    belief = Belief()
    sd = (0.01, 0.01)
    here, there = (0.25, 0.45), (0.45, 0.45)
    seen = [
        name(belief.look(i / 60, point, sd, ROW, EQUAL))
        for i, point in enumerate([here, here, here, there, here, here, there, there])
    ]
    assert seen == ["a"] * 7 + ["c"]


def test_a_blink_keeps_the_look_and_a_pause_ends_it() -> None:
    sd = (0.02, 0.02)
    for pause_s, then in ((0.2, "b"), (2.0, "c")):
        belief = Belief()
        for i in range(20):
            belief.look(i / 60, (0.36, 0.45), sd, ROW, EQUAL)
        belief.rest(0.3 + pause_s)
        assert name(belief.look(0.35 + pause_s, (0.43, 0.45), sd, ROW, EQUAL)) == then


def test_noise_within_a_look_is_averaged() -> None:
    chance = random.Random(2)
    belief = Belief()
    sd = (0.04, 0.04)
    right = 0
    for i in range(400):
        point = (0.35 + chance.gauss(0, 0.04), 0.45 + chance.gauss(0, 0.04))
        right += name(belief.look(i / 60, point, sd, ROW, EQUAL)) == "b"
    assert right > 380  # three of four single samples lie on b


@given(
    st.lists(
        st.tuples(st.floats(-2, 3), st.floats(-2, 3), st.floats(1e-6, 0.5), st.floats(0, 1)),
        min_size=1,
        max_size=30,
    )
)
def test_whatever_is_seen_the_probability_is_one(rows: list[tuple[float, float, float, float]]) -> None:
    belief = Belief()
    for i, (x, y, sd, p) in enumerate(rows):
        meant = belief.look(i / 30, (x, y), (sd, sd), ROW, {"a": p, "b": 1 - p, "c": 0.0})
        assert meant is None or (math.isfinite(meant.probability) and 0.0 < meant.probability <= 1.0 + 1e-9)
