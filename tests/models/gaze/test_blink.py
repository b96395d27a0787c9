"""A blink is told from a look down, from drooping lids, and from eyes that stay closed."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.gaze.blink import Blinks, Dropouts, Lids

HZ = 30
BLINK = (0.8, 0.5, 0.2, 0.1, 0.1, 0.3, 0.55, 0.8)  # of the usual opening, frame by frame


class Face:
    """A person before the camera: tells what `Blinks` says of each frame."""

    def __init__(self, ear: float = 0.34, fall: float = -0.012, left: float | None = None) -> None:
        self._blinks = Blinks()
        self._ears = (ear, ear if left is None else left)
        self._fall = fall
        self._chance = random.Random(1)
        self.t = 0.0

    def frame(
        self, share: float = 1.0, down: float = 0.0, left_share: float | None = None, drag: float = 40.0
    ) -> Lids:
        self.t += 1 / HZ
        level = 1 + self._fall * down
        right, left = (
            ear * level * open_share + self._chance.gauss(0, 0.006)
            for ear, open_share in zip(
                self._ears, (share, share if left_share is None else left_share), strict=True
            )
        )
        # The lids take the measured gaze with them: half-closed eyes seem to look far below the screen.
        return self._blinks.take(self.t, max(0.0, right), max(0.0, left), down + drag * (1 - share))

    def looks(self, seconds: float, share: float = 1.0, down: float = 0.0) -> list[Lids]:
        return [self.frame(share, down) for _ in range(int(seconds * HZ))]

    def looks_around(self, seconds: float) -> list[Lids]:
        return [
            lids for k in range(int(2 * seconds)) for lids in self.looks(0.5, down=(-12, 3, 13, -5)[k % 4])
        ]


def usable(frames: list[Lids]) -> float:
    return sum(lids.right and lids.left for lids in frames) / len(frames)


def test_an_open_eye_is_used_but_for_a_moment_after_a_large_saccade_down() -> None:
    face = Face()
    assert usable(face.looks_around(10)) > 0.9
    assert usable(face.looks(3, down=-5)) == 1.0
    assert usable(face.looks(3, down=2)) == 1.0


@pytest.mark.parametrize("down", [-12, 0, 13])
def test_a_blink_is_seen_wherever_the_person_looks(down: float) -> None:
    face = Face()
    face.looks_around(6)
    face.looks(1, down=down)
    blink = [face.frame(share, down) for share in BLINK]
    assert [lids.blink for lids in blink[1:-1]] == [True] * (len(BLINK) - 2)
    assert not any(lids.right or lids.left for lids in blink[1:-1])  # nor is one of its half-open frames used
    assert usable(face.looks(1, down=down)[4:]) == 1.0


def test_looking_down_is_no_blink() -> None:
    face = Face()
    face.looks(3, down=-14)
    assert usable(face.looks(2, down=14)[5:]) == 1.0


def test_how_far_the_lids_go_with_the_eye_is_learned() -> None:
    """These lids close by three percent for each degree."""
    face = Face(fall=-0.03)
    face.looks_around(20)
    face.looks(0.5, down=14)
    assert usable(face.looks(2, down=20)[5:]) > 0.95


def test_eyes_that_are_always_half_closed_do_not_always_blink() -> None:
    face = Face(ear=0.12)
    assert usable(face.looks_around(10)) > 0.95
    blink = [face.frame(share) for share in (0.3, 0.1, 0.1, 0.3)]
    assert all(lids.blink for lids in blink)


def test_drooping_lids_are_no_long_blink() -> None:
    """After ten minutes the lids come down to a third, within five."""
    face = Face()
    face.looks_around(600)
    frames = [face.frame(1 - 0.67 * k / (300 * HZ), 6 * math.sin(k / 20), drag=0) for k in range(300 * HZ)]
    assert usable(frames) > 0.98


def test_eyes_that_stay_closed_are_closed_and_do_not_blink_on() -> None:
    face = Face()
    face.looks(3)
    closed = face.looks(120, share=0.2)
    assert [lids.blink for lids in closed[1:21]] == [True] * 20
    assert not any(lids.blink for lids in closed[HZ:])
    assert not any(lids.right or lids.left for lids in closed)  # they are not taken for drooping lids
    assert usable(face.looks(1)[8:]) == 1.0


def test_one_eye_is_enough() -> None:
    face = Face()
    face.looks(3)
    wink = [face.frame(1.0, left_share=0.1) for _ in range(HZ)]
    assert all(lids.right and not lids.left and not lids.blink for lids in wink[6:])
    assert not any(lids.right for lids in wink[:3])  # it could have been the beginning of a blink


def test_an_eye_that_is_not_seen_does_not_count() -> None:
    blinks = Blinks()
    frames = [blinks.take(k / HZ, 0.3, None, 0.0) for k in range(30)]
    assert all(lids == Lids(right=True, left=False, blink=False) for lids in frames)
    assert blinks.take(1.0, 0.05, None, 0.0).blink


def test_a_program_that_is_started_on_closed_eyes_sees_them_open() -> None:
    face = Face()
    face.looks(20, share=0.25)
    assert usable(face.looks(1.5)) > 0.9
    assert all(lids.blink for lids in face.looks(0.2, share=0.2)[1:])


@given(
    st.lists(
        st.tuples(
            st.floats(0, 2),
            st.one_of(st.none(), st.floats(0, 3)),
            st.one_of(st.none(), st.floats(0, 3)),
            st.one_of(st.just(math.nan), st.floats(-1e6, 1e6)),
        ),
        max_size=60,
    )
)
def test_no_measurement_breaks_it(frames: list[tuple[float, float | None, float | None, float]]) -> None:
    blinks, t = Blinks(), 0.0
    for dt, right, left, down in frames:
        t += dt
        lids = blinks.take(t, right, left, down)
        assert not (lids.blink and (lids.right or lids.left))
        assert not (lids.right and right is None)
        assert not (lids.left and left is None)


def tracker(*runs: tuple[float, bool]) -> Iterator[tuple[float, bool]]:
    """What a tracker at 60 Hz tells: so many seconds with or without the eyes."""
    k = 0
    for seconds, seen in runs:
        for _ in range(round(seconds * 60)):
            yield k / 60, seen
            k += 1


def told(
    dropouts: Dropouts, runs: Iterator[tuple[float, bool]], when: Callable[[float], bool]
) -> set[tuple[bool, bool]]:
    return {said for t, said in [(t, dropouts.take(t, seen)) for t, seen in runs] if when(t)}


def test_a_tracker_that_loses_the_eyes_for_a_moment_saw_a_blink() -> None:
    runs = [(1.0, True), (0.2, False), (1.0, True)]
    assert told(Dropouts(), tracker(*runs), lambda t: t < 1) == {(True, False)}
    assert told(Dropouts(), tracker(*runs), lambda t: 1 <= t < 1.25) == {
        (False, True)
    }  # half open, at its end
    assert told(Dropouts(), tracker(*runs), lambda t: t > 1.27) == {(True, False)}


def test_a_tracker_that_loses_the_eyes_for_longer_saw_none() -> None:
    runs = [(1.0, True), (3.0, False), (1.0, True)]
    assert told(Dropouts(), tracker(*runs), lambda t: 1.5 <= t < 4) == {(False, False)}
    assert (True, True) not in told(Dropouts(), tracker(*runs), lambda t: True)


def test_a_tracker_that_drops_single_samples_is_believed_in_between() -> None:
    runs = [(1.0, True)] + 30 * [(1 / 60, False), (2 / 60, True)]
    dropouts = Dropouts()
    assert {(seen, dropouts.take(t, seen)[0]) for t, seen in tracker(*runs)} == {(True, True), (False, False)}


def test_nobody_was_there_so_nobody_blinks() -> None:
    dropouts = Dropouts()
    assert dropouts.take(0.0, False) == (False, False)
