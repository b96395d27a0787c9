"""The picture of the eyes is a second model: used where it helps at places that were left out, and only there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from synthetic_person import BETWEEN, FIVE, NINE, SCREEN, Person, error_cm

from calibration.cross_validation import leave_one_place_out, places
from calibration.gaze import CalibrationSample, Eyes, GazeModel, fit_gaze
from calibration.patches import PatchRidge, fit_patches, help_enough


def pictured(
    samples: Sequence[CalibrationSample], *, seed: int = 0, shows: bool = True
) -> list[CalibrationSample]:
    """Grey patches of dark irises where the eyes really look; or (not `shows`) of nothing but noise."""
    chance = np.random.default_rng(seed)
    down, across = np.mgrid[0:6, 0:10]
    found = []
    for sample in samples:
        x = 4.5 - 5.0 * (sample.x - 0.5)
        y = 2.5 + 2.5 * (sample.y - 0.5)
        iris = np.exp(-((across - x) ** 2 + (down - y) ** 2) / 4.0)
        picture = 0.8 - 0.6 * iris if shows else np.full((6, 10), 0.5)
        both = np.clip(np.stack([picture, picture]) + chance.normal(0.0, 0.02, (2, 6, 10)), 0.0, 1.0)
        found.append(
            replace(sample, features=replace(sample.features, patches=tuple(float(v) for v in both.ravel())))
        )
    return found


def test_patches_that_show_more_than_the_landmarks_are_used_and_help() -> None:
    person = Person(seed=1, noise=3.0)
    samples, after = pictured(person.looks(NINE)), pictured(person.looks(BETWEEN))
    model = fit_gaze(samples, SCREEN)
    assert model.patches is not None
    assert error_cm(model, after) < 0.85 * error_cm(replace(model, patches=None), after)


@pytest.mark.parametrize("seed", range(8))
def test_patches_that_show_nothing_are_not_used_or_do_no_harm(seed: int) -> None:
    person = Person(seed=seed)
    model = fit_gaze(pictured(person.looks(NINE), shows=False), SCREEN)
    after = pictured(person.looks(BETWEEN), seed=1, shows=False)
    assert error_cm(model, after) < 1.1 * error_cm(replace(model, patches=None), after)


def test_with_few_places_they_are_never_used() -> None:
    person = Person(seed=1, noise=3.0)
    assert fit_gaze(pictured(person.looks(FIVE[:4])), SCREEN).patches is None
    assert fit_gaze(pictured(person.looks(FIVE[:4] * 3)), SCREEN).patches is None
    assert not help_enough(np.full(4, 2.0), np.full(4, 0.1))


def test_a_frame_without_patches_is_placed_by_its_landmarks() -> None:
    person = Person(seed=1, noise=3.0)
    model = fit_gaze(pictured(person.looks(NINE)), SCREEN)
    frame = person.frames((0.3, 0.3))[0]
    assert model.place(frame) == replace(model, patches=None).place(frame)


@pytest.mark.parametrize("eyes", [Eyes.RIGHT, Eyes.LEFT])
def test_only_the_patch_of_the_eye_that_is_followed_counts(eyes: Eyes) -> None:
    person = Person(seed=1, noise=3.0)
    model = fit_gaze(pictured(person.looks(NINE)), SCREEN, eyes=eyes)
    assert model.patches is not None and len(model.patches.usual) == 60
    (sample,) = pictured(person.looks([(0.3, 0.3)], 1))
    right, left = sample.features.patches[:60], sample.features.patches[60:]
    other = (*right, *(0.1,) * 60) if eyes is Eyes.RIGHT else (*(0.1,) * 60, *left)
    assert model.place(replace(sample.features, patches=other)) == model.place(sample.features)


def test_patches_come_back_from_the_file() -> None:
    person = Person(seed=1, noise=3.0)
    model = fit_gaze(pictured(person.looks(NINE)), SCREEN)
    again = GazeModel.from_json(model.to_json())
    (sample,) = pictured(person.looks([(0.3, 0.3)], 1))
    assert again.patches is not None
    assert again.place(sample.features) == model.place(sample.features)


def test_a_correction_is_never_larger_than_what_was_seen() -> None:
    chance = np.random.default_rng(0)
    greys = chance.uniform(0.2, 0.8, (9, 60))
    errors = chance.normal(0.0, 1.0, (9, 2))
    ridge = fit_patches(greys, errors, np.ones(9))
    assert (np.abs(ridge.correction(np.ones(60) * 50.0)) <= np.abs(errors).max(axis=0)).all()


def test_each_place_is_left_out_once_with_all_its_looks() -> None:
    samples = Person().looks([*FIVE, FIVE[1]], 2)
    left_out = list(leave_one_place_out(samples))
    assert [(own[0].x, own[0].y) for _, own in left_out] == places(samples) == FIVE
    assert [len(own) for _, own in left_out] == [2, 4, 2, 2, 2]
    assert all(len(others) + len(own) == len(samples) for others, own in left_out)
    assert all((s.x, s.y) != (own[0].x, own[0].y) for others, own in left_out for s in others)


def test_a_recentre_takes_into_account_what_the_patches_add() -> None:
    person = Person(seed=2)
    always = PatchRidge(
        np.zeros(120), np.ones(120), np.tile([6.0, -4.0], (120, 1)) / 60.0, np.array([9.0, 9.0])
    )
    plain = fit_gaze(person.looks(NINE), SCREEN)
    grey = [
        replace(s, features=replace(s.features, patches=(0.5,) * 120)) for s in person.looks([(0.5, 0.5)])
    ]
    assert error_cm(replace(plain, patches=always), grey) > 5.0
    assert error_cm(replace(plain, patches=always).recentred(grey), grey) < 2.0
