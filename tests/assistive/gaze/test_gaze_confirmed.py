"""Selections that were meant keep the gaze true; those that were undone never teach."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.boards.board import Rect
from assistive.gaze.confirmed import GazeConfirmed
from calibration.drift import Advice, Drift
from calibration.pointing import Pointing
from calibration.screen import ScreenSize
from devices.samples import GazeSample

KEY = Rect(0.4, 0.4, 0.1, 0.2)
HERE = [(0.46, 0.52)]


def chosen(confirmed: GazeConfirmed, *times: float) -> None:
    for t in times:
        confirmed.selected(t, KEY, HERE)


def test_a_selection_is_meant_once_three_more_were_kept() -> None:
    confirmed = GazeConfirmed()
    chosen(confirmed, 1.0, 2.0, 3.0)
    assert confirmed.due(3.0) == []
    chosen(confirmed, 4.0)
    [look] = confirmed.due(4.0)
    assert look.measured == (0.46, 0.52)
    assert look.centre == pytest.approx((0.45, 0.5))
    assert look.size == (0.1, 0.2)
    assert confirmed.due(4.0) == []  # each once


def test_a_slow_writer_is_believed_after_one_more_selection() -> None:
    confirmed = GazeConfirmed()
    chosen(confirmed, 1.0)
    assert confirmed.due(100.0) == []  # perhaps nobody looks at the text
    chosen(confirmed, 101.0)
    assert len(confirmed.due(101.0)) == 1


def test_what_was_undone_never_teaches() -> None:
    confirmed = GazeConfirmed()
    chosen(confirmed, 1.0, 2.0)
    confirmed.selected(3.0, KEY, [(0.9, 0.9)])
    assert confirmed.undone()
    chosen(confirmed, 5.0, 6.0, 7.0, 8.0, 9.0)
    assert {look.measured for look in confirmed.due(60.0)} == {(0.46, 0.52)}


def test_what_came_after_and_was_undone_confirms_nothing() -> None:
    """Two wrong ones, both undone later: the second does not vouch for the first."""
    confirmed = GazeConfirmed()
    chosen(confirmed, 1.0, 5.0)
    confirmed.undone()
    assert confirmed.due(12.0) == []
    confirmed.undone()
    chosen(confirmed, 15.0)
    assert confirmed.due(100.0) == []


def test_a_click_never_teaches_and_its_undo_means_no_look() -> None:
    confirmed = GazeConfirmed()
    chosen(confirmed, 1.0)
    confirmed.selected(2.0, KEY, [])
    assert not confirmed.undone()
    confirmed.selected(3.0, KEY, [])
    chosen(confirmed, 4.0)
    assert len(confirmed.due(20.0)) == 1


def test_an_undo_without_a_selection_is_nothing() -> None:
    assert not GazeConfirmed().undone()


def test_the_middle_of_the_look_counts_and_blinks_do_not() -> None:
    confirmed = GazeConfirmed()
    confirmed.selected(1.0, KEY, [(0.1, 0.1), (0.44, 0.5), (0.45, 0.51), (0.46, 0.52), (math.nan, math.nan)])
    confirmed.selected(2.0, KEY, [(math.nan, math.nan)])
    chosen(confirmed, 3.0)
    look = confirmed.due(20.0)[0]
    assert look.measured == pytest.approx((0.445, 0.505))
    assert len(confirmed.due(20.0)) == 0


@given(st.lists(st.tuples(st.floats(0, 20), st.sampled_from(["gaze", "click", "undo", "due"])), max_size=80))
def test_every_look_is_given_out_at_most_once_and_in_order(story: list[tuple[float, str]]) -> None:
    confirmed, t, made, out = GazeConfirmed(), 0.0, 0, []
    for dt, what in story:
        t += dt
        if what == "gaze":
            made += 1
            confirmed.selected(t, KEY, [(float(made), 0.0)])
        elif what == "click":
            confirmed.selected(t, KEY, [])
        elif what == "undo":
            confirmed.undone()
        else:
            out += [look.measured[0] for look in confirmed.due(t)]
    assert out == sorted(set(out))


# ---------------------------------------------------------------- half an hour with a tracker that drifts

SCREEN = ScreenSize(1920, 1080, 531.0, 299.0)
COLUMNS, ROWS = 9, 6


@dataclass
class Outcome:
    """Of half an hour of writing: the share of looks that hit the key that was meant, and what was offered."""

    hits: float
    offers: list[Advice]


def writes(
    seed: int, *, follow: bool, drift_deg: float = 2.0, beside: float = 0.0, minutes: float = 30.0
) -> Outcome:
    """A person looks at key after key of a 9 x 6 grid with a tracker whose offset walks away in some direction.

    They notice nine of ten wrong letters and undo them. `beside`: the share of the error that they see and correct by
    looking beside the key, in each look.
    """
    chance = random.Random(seed)
    drift = Drift(SCREEN, follow=follow)
    to, confirmed = Pointing(None, filter="saccade", screen=SCREEN, drift=drift), GazeConfirmed()
    x_deg, y_deg = SCREEN.degrees_per_share
    way = chance.uniform(0, 2 * math.pi)
    aim_beside = [0.0, 0.0]
    hits, offers, t = [], [], 0.0
    w, h = 1 / COLUMNS, 1 / ROWS
    while t < 60 * minutes:
        column, row = chance.randrange(COLUMNS), chance.randrange(ROWS)
        centre = ((column + 0.5) * w, (row + 0.5) * h)
        off = drift_deg * t / (60 * minutes)
        aim = (
            centre[0] + chance.gauss(0, 0.15 * w) + (off * math.cos(way) + aim_beside[0]) / x_deg,
            centre[1] + chance.gauss(0, 0.15 * h) + (off * math.sin(way) + aim_beside[1]) / y_deg,
        )
        still = (
            chance.gauss(0, 0.5) / x_deg,
            chance.gauss(0, 0.5) / y_deg,
        )  # an error that lasts for the look
        points = [
            to.take(
                GazeSample(
                    t + k / 60,
                    aim[0] + still[0] + chance.gauss(0, 0.3) / x_deg,
                    aim[1] + still[1] + chance.gauss(0, 0.3) / y_deg,
                )
            )
            for k in range(10)
        ]
        seen = points[-1]
        hit = (math.floor(seen.x / w), math.floor(seen.y / h)) == (column, row)
        hits.append(hit)
        on = Rect(math.floor(seen.x / w) * w, math.floor(seen.y / h) * h, w, h)
        confirmed.selected(t, on, [point.measured for point in points[3:]])
        if not hit and chance.random() < 0.9 and confirmed.undone():
            drift.undone()
        for look in confirmed.due(t):
            drift.confirmed(t, look)
        if (advice := drift.advice(t)) is not None:
            offers.append(advice)
        aim_beside[0] -= beside * (seen.x - centre[0]) * x_deg
        aim_beside[1] -= beside * (seen.y - centre[1]) * y_deg
        t += chance.uniform(2.0, 4.0)
    return Outcome(mean(hits), offers)


SEEDS = range(3)


def test_a_tracker_that_drifts_keeps_hitting_the_keys() -> None:
    followed = [writes(seed, follow=True) for seed in SEEDS]
    left_alone = [writes(seed, follow=False) for seed in SEEDS]
    assert mean(o.hits for o in followed) > mean(o.hits for o in left_alone) + 0.03
    assert all(a.hits >= b.hits for a, b in zip(followed, left_alone, strict=True))
    assert sum(len(o.offers) for o in followed) <= len(SEEDS)  # hardly anything is asked of the person


def test_without_drift_following_does_no_harm() -> None:
    followed = [writes(seed, follow=True, drift_deg=0.0) for seed in SEEDS]
    left_alone = [writes(seed, follow=False, drift_deg=0.0) for seed in SEEDS]
    assert mean(o.hits for o in followed) >= mean(o.hits for o in left_alone) - 0.001
    assert not any(o.offers for o in followed)


def test_a_person_who_corrects_the_cursor_is_not_fought() -> None:
    for drift_deg in (0.0, 2.0):
        followed = [writes(seed, follow=True, drift_deg=drift_deg, beside=0.4) for seed in SEEDS]
        left_alone = [writes(seed, follow=False, drift_deg=drift_deg, beside=0.4) for seed in SEEDS]
        assert mean(o.hits for o in followed) >= mean(o.hits for o in left_alone) - 0.002
