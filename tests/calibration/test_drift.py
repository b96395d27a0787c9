"""Drift is followed from selections that were meant, gently, and a look at one target sets it right at once."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.drift import QUIET_S, SENTENCES, Advice, ConfirmedLook, Drift
from calibration.gaze import Axes
from calibration.screen import ScreenSize

SCREEN = ScreenSize(1920, 1080, 531.0, 299.0)
X_DEG, Y_DEG = SCREEN.degrees_per_share
KEY = (1 / 9, 1 / 6)
CENTRE = (0.5, 0.5)


def look(
    x_deg: float, y_deg: float = 0.0, size: tuple[float, float] = KEY, centre: tuple[float, float] = CENTRE
) -> ConfirmedLook:
    """A look that was measured so many degrees to the right of the target's middle, and below it."""
    return ConfirmedLook((centre[0] + x_deg / X_DEG, centre[1] + y_deg / Y_DEG), centre, size)


def offset_deg(drift: Drift) -> tuple[float, float]:
    return drift.offset[0] * X_DEG, drift.offset[1] * Y_DEG


def taught(
    drift: Drift, x_deg: float, looks: int, begin: float = 0.0, sd: float = 1.0, seed: int = 1
) -> float:
    """Confirm so many looks, one every three seconds; the time of the last."""
    chance = random.Random(seed)
    for k in range(looks):
        drift.confirmed(begin + 3.0 * k, look(x_deg + chance.gauss(0, sd), chance.gauss(0, sd)))
    return begin + 3.0 * looks


def test_nothing_is_taken_off_before_anything_is_known() -> None:
    drift = Drift(SCREEN)
    assert drift.offset == (0.0, 0.0)
    assert drift.sd[0] * X_DEG == pytest.approx(0.7)


def test_an_offset_is_found_within_a_few_sentences() -> None:
    drift = Drift(SCREEN)
    taught(drift, 2.0, 100)
    x, y = offset_deg(drift)
    assert x == pytest.approx(2.0, abs=0.5)
    assert abs(y) < 0.3
    assert drift.sd[0] * X_DEG < 0.5


def test_one_look_moves_little() -> None:
    drift = Drift(SCREEN)
    taught(drift, 0.0, 50)
    before = offset_deg(drift)[0]
    drift.confirmed(200.0, look(2.5))
    assert abs(offset_deg(drift)[0] - before) < 0.3


def test_a_look_at_nothing_teaches_nothing() -> None:
    drift = Drift(SCREEN)
    drift.confirmed(1.0, look(math.nan))
    drift.confirmed(1.0, look(0.0, math.inf))
    assert drift.offset == (0.0, 0.0)


@pytest.mark.parametrize("seed", range(8))
def test_without_drift_nothing_much_is_taken_off(seed: int) -> None:
    drift = Drift(SCREEN)
    chance = random.Random(seed)
    for k in range(300):
        drift.confirmed(3.0 * k, look(chance.gauss(0, 1), chance.gauss(0, 1)))
        assert math.hypot(*offset_deg(drift)) < 0.5


def test_a_large_key_tells_less_than_a_small_one() -> None:
    large, small = Drift(SCREEN), Drift(SCREEN)
    for k in range(6):
        large.confirmed(3.0 * k, look(2.0, size=(0.5, 0.5)))
        small.confirmed(3.0 * k, look(2.0, size=(0.05, 0.05)))
    assert offset_deg(small)[0] > 1.3
    assert offset_deg(large)[0] < 0.5


def test_an_outlier_is_hardly_believed() -> None:
    trusting, robust = Drift(SCREEN), Drift(SCREEN)
    for k in range(40):
        trusting.confirmed(3.0 * k, look(2.0))
        robust.confirmed(3.0 * k, look(2.0))
    robust.confirmed(123.0, look(-25.0))
    assert offset_deg(robust)[0] == pytest.approx(offset_deg(trusting)[0], abs=0.3)


def test_while_nobody_looks_nothing_is_forgotten() -> None:
    drift = Drift(SCREEN)
    end = taught(drift, 2.0, 100)
    before = offset_deg(drift)[0]
    drift.confirmed(end + 8 * 3600, look(-2.0))  # the first one after the night is only one look
    assert offset_deg(drift)[0] > 0.6 * before


def test_eyes_that_move_in_one_direction_have_no_offset_in_the_other() -> None:
    drift = Drift(SCREEN, Axes.HORIZONTAL)
    for k in range(50):
        drift.confirmed(3.0 * k, look(2.0, 3.0))
    assert drift.offset[0] > 0
    assert drift.offset[1] == 0.0
    assert drift.recentre(200.0, [(0.55, 0.9)] * 20, CENTRE)
    assert drift.offset[1] == 0.0


def test_it_goes_on_from_where_it_was() -> None:
    drift = Drift(SCREEN)
    taught(drift, 3.0, 100)
    again = Drift(SCREEN, offset=drift.offset)
    assert again.offset == pytest.approx(drift.offset)


def test_what_is_not_to_be_followed_is_noticed_all_the_same() -> None:
    drift = Drift(SCREEN, follow=False)
    assert [advice for _, advice in offers(drift, 2.0, 200)] == [Advice.ONE_SIDED]
    assert drift.offset == (0.0, 0.0)
    assert drift.recentre(300.0, [(0.55, 0.5)] * 20, CENTRE)
    assert drift.offset == pytest.approx((0.05, 0.0))


# ---------------------------------------------------------------- recentre


def test_one_fixation_sets_it_right_at_once() -> None:
    drift = Drift(SCREEN)
    chance = random.Random(1)
    seen = [
        (0.5 + 3 / X_DEG + chance.gauss(0, 0.01), 0.5 - 2 / Y_DEG + chance.gauss(0, 0.01)) for _ in range(30)
    ]
    assert drift.recentre(5.0, [*seen, (math.nan, math.nan), (0.9, 0.1)], CENTRE)
    assert offset_deg(drift) == pytest.approx((3.0, -2.0), abs=0.4)


@pytest.mark.parametrize(
    "seen",
    [
        [],
        [(0.55, 0.55)] * 5,
        [(math.nan, math.nan)] * 50,
        [(0.95, 0.95)] * 50,
        [(0.3 + 0.4 * (k % 2), 0.5) for k in range(50)],
    ],
    ids=["nothing", "too few", "closed eyes", "looked elsewhere", "looked around"],
)
def test_a_look_that_was_no_fixation_on_the_target_changes_nothing(seen: list[tuple[float, float]]) -> None:
    drift = Drift(SCREEN)
    taught(drift, 2.0, 50)
    before = drift.offset
    assert not drift.recentre(200.0, seen, CENTRE)
    assert drift.offset == before


# ---------------------------------------------------------------- advice


def offers(
    drift: Drift, x_deg: float, seconds: float, begin: float = 0.0, seed: int = 1
) -> list[tuple[float, Advice]]:
    """A person who chooses every three seconds with such an offset: what is offered, and when."""
    chance = random.Random(seed)
    said = []
    for k in range(int(seconds / 3)):
        t = begin + 3.0 * k
        drift.confirmed(
            t,
            look(
                max(-2.9, min(2.9, x_deg - offset_deg(drift)[0] + chance.gauss(0, 1))) + offset_deg(drift)[0]
            ),
        )
        if (advice := drift.advice(t)) is not None:
            said.append((t, advice))
    return said  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_a_gaze_that_is_true_is_left_alone(seed: int) -> None:
    assert offers(Drift(SCREEN), 0.0, 1800, seed=seed) == []


def test_a_gaze_that_is_suddenly_off_to_one_side_is_noticed_within_a_minute_and_a_half() -> None:
    drift = Drift(SCREEN)
    offers(drift, 0.0, 300)
    said = offers(drift, 2.0, 300, begin=300.0)
    assert [advice for _, advice in said] == [Advice.ONE_SIDED]
    assert said[0][0] < 390


def test_a_gaze_that_is_too_far_off_is_not_followed_any_more() -> None:
    drift = Drift(SCREEN)
    said = []
    for k in range(600):
        drift.confirmed(3.0 * k, look(0.02 * k))
        if (advice := drift.advice(3.0 * k)) is not None:
            said.append((3.0 * k, advice))
    assert Advice.FAR in [advice for _, advice in said]
    assert math.hypot(*offset_deg(drift)) <= 4.0 + 1e-9
    assert all(b - a >= QUIET_S for (a, _), (b, _) in pairwise(said))
    assert drift.recentre(2000.0, [(0.5 + 6 / X_DEG, 0.5)] * 20, CENTRE)
    assert offset_deg(drift)[0] == pytest.approx(6.0, abs=0.2)
    drift.confirmed(2001.0, look(6.0))
    assert offset_deg(drift)[0] == pytest.approx(6.0, abs=0.2)  # from here it is followed again
    assert drift.advice(2400.0) is None


def test_many_undone_selections_are_noticed() -> None:
    drift = Drift(SCREEN)
    for _ in range(3):
        drift.undone()
    assert drift.advice(10.0) is None
    drift.undone()
    assert drift.advice(12.0) is Advice.UNDONE
    assert drift.offset == (0.0, 0.0)  # they teach nothing
    assert drift.advice(12.1) is None  # it is said once
    for k in range(8):
        drift.confirmed(20.0 + 3 * k, look(0.0))
    assert drift.advice(50.0) is None
    for _ in range(8):
        drift.undone()
    assert drift.advice(60.0) is None  # not again within minutes
    assert drift.advice(12.0 + QUIET_S) is Advice.UNDONE


def test_an_error_that_comes_and_goes_a_little_is_told_once() -> None:
    drift = Drift(SCREEN, follow=False)
    assert len(offers(drift, 1.8, 300)) == 1
    assert offers(drift, 0.9, 300, begin=300.0) == []
    assert offers(drift, 1.8, 300, begin=600.0) == []
    assert offers(drift, 0.0, 300, begin=900.0) == []
    assert len(offers(drift, 1.8, 300, begin=1200.0)) == 1


def test_every_advice_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Advice)


# ---------------------------------------------------------------- people who correct the cursor themselves


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("true_deg", [0.0, 2.0])
def test_it_does_not_fight_a_person_who_looks_beside_what_is_off(share: float, true_deg: float) -> None:
    """The person corrects a share of the error that they see at each look, and slowly gives in to looking straight."""

    def errors(follow: bool) -> list[float]:
        drift, beside, chance, seen = Drift(SCREEN), 0.0, random.Random(1), []
        for k in range(600):
            measured = true_deg + beside + chance.gauss(0, 0.8)
            shown = measured - (offset_deg(drift)[0] if follow else 0.0)
            seen.append(abs(true_deg + beside - (offset_deg(drift)[0] if follow else 0.0)))
            beside = (beside - share * shown) * math.exp(-3 / 120)
            if follow:
                drift.confirmed(3.0 * k, look(measured))
        return seen

    with_it, without = errors(True), errors(False)
    assert sum(with_it) <= 1.02 * sum(without)
    assert max(with_it[100:]) <= 1.1 * max(without[100:])


@given(
    st.lists(
        st.tuples(
            st.floats(-10, 1e5),
            st.floats(allow_nan=True, allow_infinity=True),
            st.floats(-100, 100),
            st.floats(0, 2),
            st.booleans(),
        ),
        max_size=50,
    )
)
def test_whatever_is_confirmed_the_offset_stays_within_its_limit(
    looks: list[tuple[float, float, float, float, bool]],
) -> None:
    drift, t = Drift(SCREEN), 0.0
    for dt, x, y, size, undone in looks:
        t += dt
        if undone:
            drift.undone()
        drift.confirmed(t, ConfirmedLook((x, y), CENTRE, (size, size)))
        drift.advice(t)
        assert math.hypot(*offset_deg(drift)) <= 4.0 + 1e-6
        assert all(0 < sd < 1 for sd in drift.sd)
