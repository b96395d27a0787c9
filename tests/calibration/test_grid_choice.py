"""From the validated error to the keys that a person can hit."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.gaze import Axes
from calibration.grid_choice import CEILING_S, FLOOR_S, HIT_SHARE, KeySize, choose_grid
from calibration.quality import Check, Validation, validate
from calibration.screen import ScreenSize

SCREEN = ScreenSize(1920, 1080, 520.0, 290.0, 600.0)
KEYS = (
    KeySize("9x6", 5.4, 3.0),
    KeySize("6x5", 8.3, 3.6),
    KeySize("5x4", 10.0, 4.4),
    KeySize("4x3", 12.6, 5.6),
    KeySize("3x3", 16.9, 5.6),
    KeySize("2x2", 25.6, 8.3),
)
REGIONS = ((0.25, 0.25), (0.75, 0.25), (0.5, 0.5), (0.25, 0.75), (0.75, 0.75))


def gaze_of(bias_cm: float, noise_cm: float, seed: int = 1, worst: float = 1.0) -> Validation:
    """A person whose gaze is off by `bias_cm` somewhere and trembles by `noise_cm`; `worst`: more in one region."""
    chance = random.Random(seed)
    checks = []
    for index, (x, y) in enumerate(REGIONS):
        times = worst if index == 0 else 1.0
        angle = chance.uniform(0, 2 * math.pi)
        off = (times * bias_cm * math.cos(angle), times * bias_cm * math.sin(angle))
        # Four places around the mean have the same deviation as any noise.
        around = ((noise_cm, noise_cm), (-noise_cm, noise_cm), (noise_cm, -noise_cm), (-noise_cm, -noise_cm))
        gaze = tuple((x + (off[0] + dx) / 52.0, y + (off[1] + dy) / 29.0) for dx, dy in around)
        checks.append(Check(x, y, gaze))
    return validate(checks, SCREEN)


def test_a_good_gaze_gets_the_whole_alphabet_and_a_poor_one_fewer_and_larger_keys() -> None:
    grids = [choose_grid(gaze_of(bias, bias / 2), KEYS) for bias in (0.3, 0.6, 1.0, 1.6)]

    order = [key.grid for key in KEYS]
    places = [order.index(choice.grid) for choice in grids]
    assert places == sorted(places) and places[0] == 0 and places[-1] >= 3
    assert all(choice.fits for choice in grids)


def test_the_predicted_share_of_hits_is_what_a_person_reaches() -> None:
    validation = gaze_of(1.0, 0.5)
    choice = choose_grid(validation, KEYS)
    key = next(key for key in KEYS if key.grid == choice.grid)

    chance = random.Random(7)
    shares = []
    for region in validation.regions:
        deviation = region.precision_cm / math.sqrt(2)
        hits = sum(
            abs(region.offset_cm[0] + chance.gauss(0, deviation)) < key.width_cm / 2
            and abs(region.offset_cm[1] + chance.gauss(0, deviation)) < key.height_cm / 2
            for _ in range(4000)
        )
        shares.append(hits / 4000)
    assert choice.hit_share == pytest.approx(min(shares), abs=0.02)
    assert choice.hit_share >= HIT_SHARE


def test_one_bad_corner_makes_all_keys_larger() -> None:
    order = [key.grid for key in KEYS]
    even = choose_grid(gaze_of(0.6, 0.3), KEYS)
    corner = choose_grid(gaze_of(0.6, 0.3, worst=5.0), KEYS)

    assert order.index(corner.grid) > order.index(even.grid)


def test_the_reason_is_told_with_its_numbers() -> None:
    validation = gaze_of(0.6, 0.3)
    choice = choose_grid(validation, KEYS)
    key = next(key for key in KEYS if key.grid == choice.grid)

    assert f"off by {validation.accuracy_cm:.1f} cm" in choice.why
    assert f"{key.width_cm:.0f} × {key.height_cm:.0f} cm" in choice.why
    assert f"{math.floor(100 * choice.hit_share + 0.01)} of 100" in choice.why


def test_where_no_keys_are_large_enough_the_largest_are_taken_and_it_is_said() -> None:
    choice = choose_grid(gaze_of(7.0, 3.0), KEYS)

    assert choice.grid == "2x2" and not choice.fits and choice.hit_share < HIT_SHARE
    assert "missed" in choice.why and "switch" in choice.why


def test_a_trembling_gaze_gets_a_longer_dwell() -> None:
    calm = choose_grid(gaze_of(0.3, 0.1), KEYS[:1])
    trembling = choose_grid(gaze_of(0.3, 1.0), KEYS[:1])

    assert calm.floor_s == FLOOR_S[0] and calm.ceiling_s == CEILING_S[0]
    assert trembling.floor_s > calm.floor_s and trembling.ceiling_s > calm.ceiling_s
    on_large_keys = choose_grid(gaze_of(0.3, 1.0), KEYS[-1:])
    assert on_large_keys.floor_s < trembling.floor_s
    # .5 cm of noise, 1 cm to the edge of a key 2 cm high: (2.326 * .5 / 1)^2 quarters of a second.
    assert choose_grid(gaze_of(0.0, 0.5), [KeySize("one", 50.0, 2.0)]).floor_s == pytest.approx(
        0.338, abs=0.01
    )


def test_who_was_not_seen_keeps_the_keys_there_are() -> None:
    choice = choose_grid(validate([Check(0.5, 0.5, ())], SCREEN), KEYS)
    assert choice.grid == "" and choice.why


@pytest.mark.parametrize(
    ("axes", "key", "words"),
    [
        (Axes.HORIZONTAL, KeySize("6x1", 8.0, 1.0), "one row"),
        (Axes.VERTICAL, KeySize("1x5", 1.0, 4.0), "one column"),
    ],
)
def test_with_one_direction_the_keys_other_side_does_not_matter(axes: Axes, key: KeySize, words: str) -> None:
    checks = [Check(x, y, tuple((x + 0.01 * dx, y + 0.01 * dx) for dx in (-1, 0, 1, 2))) for x, y in REGIONS]
    choice = choose_grid(validate(checks, SCREEN, axes), [key], axes=axes)

    assert choice.grid == key.grid and choice.fits and words in choice.why


def test_there_must_be_something_to_choose_from() -> None:
    with pytest.raises(ValueError):
        choose_grid(gaze_of(1.0, 1.0), [])


@given(st.floats(0, 20), st.floats(0, 20), st.integers(0, 50))
def test_the_dwell_stays_in_its_bounds_and_more_error_never_gives_more_keys(
    bias: float, noise: float, seed: int
) -> None:
    order = [key.grid for key in KEYS]
    one = choose_grid(gaze_of(bias, noise, seed), KEYS)
    worse = choose_grid(gaze_of(2 * bias, 2 * noise, seed), KEYS)

    assert FLOOR_S[0] <= one.floor_s <= FLOOR_S[1] and CEILING_S[0] <= one.ceiling_s <= CEILING_S[1]
    assert 0.0 <= one.hit_share <= 1.0
    assert order.index(worse.grid) >= order.index(one.grid)
