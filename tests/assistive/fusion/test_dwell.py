"""Dwell: a gaze trace goes in, choices come out."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assistive.fusion.dwell import Dwell
from assistive.settings import DwellSettings

HZ = 60.0
SETTINGS = DwellSettings(letter_s=1.0, lock_on_s=0.25, keep_s=0.4, drain_s=1.0, rearm_s=0.4)


class Eye:
    """Looks at targets for a while and notes what was chosen, and when."""

    def __init__(self, settings: DwellSettings = SETTINGS, hz: float = HZ) -> None:
        self.dwell = Dwell(settings)
        self.hz = hz
        self.t = 0.0
        self.chosen: list[tuple[float, str]] = []

    def look(self, target: str | None, seconds: float, *, dwell_s: float = 1.0, still: bool = False) -> Eye:
        for i in range(round(seconds * self.hz)):
            self.t += 1 / self.hz
            point = (0.5, 0.5) if still else (0.5, 0.5 + 0.001 * (i % 7))
            done = self.dwell.look(self.t, target, dwell_s, point)
            if done is not None:
                self.chosen.append((self.t, done))
                self.dwell.selected(self.t, done, point)
        return self

    def blink(self, seconds: float) -> Eye:
        for _ in range(round(seconds * self.hz)):
            self.t += 1 / self.hz
            self.dwell.rest(self.t)
        return self

    @property
    def names(self) -> list[str]:
        return [name for _, name in self.chosen]


def test_a_look_of_the_dwell_time_chooses_and_a_shorter_one_does_not() -> None:
    assert Eye().look("a", 0.95).look(None, 3).names == []
    eye = Eye().look("a", 1.1)
    assert eye.names == ["a"]
    assert 1.0 <= eye.chosen[0][0] <= 1.05


def test_a_blink_pauses_and_does_not_reset() -> None:
    eye = Eye().look("a", 0.6).blink(0.3).look("a", 0.5)
    assert eye.names == ["a"]
    assert 1.3 <= eye.chosen[0][0] <= 1.4


def test_a_short_glance_at_the_neighbour_keeps_the_progress() -> None:
    assert Eye().look("a", 0.7).look("b", 0.2).look("a", 0.35).names == ["a"]


def test_progress_drains_after_a_long_look_away() -> None:
    eye = Eye().look("a", 0.7).look(None, 2.0)
    assert eye.dwell.shown() == (None, 0.0)
    assert eye.look("a", 0.9).names == []


def test_a_glance_shorter_than_the_lock_on_leaves_nothing() -> None:
    eye = Eye()
    for _ in range(8):
        eye.look("a", 0.2).look("b", 0.2)
    assert eye.names == []
    assert eye.dwell.shown()[1] == 0.0


def test_one_long_look_needs_the_pause_before_it_chooses_again() -> None:
    eye = Eye().look("a", 2.6)
    assert eye.names == ["a", "a"]
    assert eye.chosen[1][0] - eye.chosen[0][0] >= 1.4 - 2 / HZ


def test_a_point_that_does_not_move_at_all_is_a_hand_at_rest() -> None:
    eye = Eye().look("a", 10.0, still=True)
    assert eye.names == ["a"]
    assert eye.look("a", 1.2).names == ["a", "a"], "it moved: it chooses again"


def test_a_slot_whose_content_changed_gathers_nothing_for_a_while() -> None:
    eye = Eye().look("word:0", 0.9)
    eye.dwell.changed(eye.t, ["word:0"])
    eye.look("word:0", 1.35)
    assert eye.names == []
    assert eye.look("word:0", 0.2).names == ["word:0"]


def test_a_key_that_now_does_something_else_waits_until_the_eye_has_left_it() -> None:
    eye = Eye().look("speak", 1.1)
    eye.dwell.disarm_until_left("speak")
    assert eye.look("speak", 5.0).names == ["speak"]
    assert eye.look(None, 0.1).look("speak", 1.1).names == ["speak", "speak"]


def test_rare_samples_are_no_evidence_of_looking() -> None:
    assert Eye(hz=1.0).look("a", 60).names == []
    assert Eye(hz=1000.0).look("a", 1.1).names == ["a"]


def test_progress_drains_through_a_gap_in_the_samples_too() -> None:
    eye = Eye().look("a", 0.9)
    eye.t += 60.0
    assert eye.look("a", 0.9).names == []
    assert eye.look("a", 0.2).names == ["a"]
    short = Eye().look("a", 0.9)
    short.t += 0.3
    assert short.look("a", 0.2).names == ["a"]


def test_time_that_runs_backwards_is_ignored() -> None:
    eye = Eye().look("a", 0.9)
    eye.t -= 0.8
    assert eye.look("a", 0.7).names == []
    assert eye.look("a", 0.3).names == ["a"]


def test_what_came_under_the_eye_by_itself_has_to_be_left_first() -> None:
    eye = Eye().look("a", 0.5)
    eye.dwell.appeared(eye.t)
    assert eye.look("b", 5.0).names == []
    assert eye.look(None, 0.1).look("b", 1.1).names == ["b"]
    later = Eye().look("a", 0.5)
    later.dwell.appeared(later.t)
    assert later.look(None, 0.3).look("b", 1.1).names == ["b"]


def test_what_came_because_it_was_chosen_is_armed_after_the_usual_time() -> None:
    eye = Eye().look("a", 1.1)
    eye.dwell.appeared(eye.chosen[0][0])
    assert eye.look("b", 1.5).names == ["a", "b"]


traces = st.lists(
    st.tuples(st.sampled_from(["a", "b", None, "blink"]), st.floats(0.0, 2.0), st.sampled_from([30.0, 60.0])),
    max_size=12,
)


@given(traces)
def test_choices_are_never_closer_than_a_dwell_and_progress_stays_in_bounds(
    trace: list[tuple[str | None, float, float]],
) -> None:
    eye = Eye()
    for target, seconds, hz in trace:
        eye.hz = hz
        _ = eye.blink(seconds) if target == "blink" else eye.look(target, seconds)
        name, share = eye.dwell.shown()
        assert 0.0 <= share <= 1.0
        assert (name is None) == (not eye.dwell._progress)
    times = [t for t, _ in eye.chosen]
    assert all(b - a >= 1.0 - 1 / 30 for a, b in pairwise(times))
    looked = sum(seconds for target, seconds, _ in trace if target in ("a", "b"))
    assert len(eye.chosen) <= looked / (1.0 - 1 / 30)
