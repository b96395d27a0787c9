"""What a frame is said to be good for, from measures alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.gaze.face_words import verdict_sentence
from devices.gaze.webcam.eyes import EyeMeasures
from devices.gaze.webcam.judge import HOLD_S, FaceLook, Judge
from devices.samples import FaceVerdict

FRAME_S = 1 / 30


def eyes(width_px: float = 40.0, x: float = 0.0, y: float = 0.0, opening: float = 0.35) -> EyeMeasures:
    both = np.ones(2)
    return EyeMeasures(width_px * both, x * both, y * both, opening * both)


def look(
    at: EyeMeasures | None = None,
    brightness: float = 0.5,
    glare: float = 0.0,
    inside: bool = True,
    others: int = 0,
) -> FaceLook:
    return FaceLook(brightness, glare, inside, others, at or eyes())


def judged(
    looks: list[FaceLook | None], frame_s: float = FRAME_S, still_after_s: float = 15.0
) -> list[FaceVerdict]:
    judge = Judge(still_after_s)
    return [
        judge.without_face(k * frame_s, 0.5) if seen is None else judge.with_face(k * frame_s, seen)
        for k, seen in enumerate(looks)
    ]


def test_a_moment_of_glare_is_passed_over_and_glare_that_stays_is_said() -> None:
    moment = round(0.5 * HOLD_S / FRAME_S)

    verdicts = judged([look()] * 10 + [look(glare=0.3)] * moment + [look()] * 10)
    assert set(verdicts) == {FaceVerdict.GOOD}

    verdicts = judged([look()] * 10 + [look(glare=0.3)] * 40)
    assert verdicts[10] is FaceVerdict.GOOD
    assert verdicts[-1] is FaceVerdict.GLARE


@given(st.lists(st.floats(13.0, 19.0), min_size=2, max_size=200))
def test_at_the_edge_of_too_far_the_word_does_not_flicker(widths: list[float]) -> None:
    verdicts = judged([look(eyes(width)) for width in widths])

    changed = [k * FRAME_S for k, (a, b) in enumerate(pairwise(verdicts)) if a is not b]
    assert all(later - sooner >= HOLD_S - 2 * FRAME_S for sooner, later in pairwise(changed))


def test_a_width_between_both_limits_changes_nothing() -> None:
    assert judged([look(eyes(16.0))] * 60)[-1] is FaceVerdict.GOOD
    assert judged([look(eyes(14.0))] * 60 + [look(eyes(16.0))] * 60)[-1] is FaceVerdict.SMALL


def test_the_worst_is_said_first() -> None:
    everything = look(eyes(10.0), brightness=0.05, glare=0.5, inside=False, others=2)
    assert judged([everything])[0] is FaceVerdict.DARK
    assert judged([look(eyes(10.0), glare=0.5, others=1)])[0] is FaceVerdict.SMALL


def test_a_face_that_is_gone_is_told_at_once_and_the_next_one_starts_anew() -> None:
    verdicts = judged([look(others=1)] * 5 + [None] * 20 + [look()])

    assert verdicts[4] is FaceVerdict.TWO_FACES
    assert set(verdicts[5:25]) == {FaceVerdict.NO_FACE}
    assert verdicts[25] is FaceVerdict.GOOD


@pytest.mark.parametrize(
    ("life", "verdict"),
    [
        (lambda k: eyes(x=0.004 * np.sin(k), y=0.004 * np.cos(3 * k)), FaceVerdict.STILL),  # a photo's noise
        (lambda k: eyes(x=0.1 * (k // 40 % 2)), FaceVerdict.GOOD),  # looks from key to key
        (lambda k: eyes(y=0.1 * (k // 40 % 2)), FaceVerdict.GOOD),  # can only look up and down
        (lambda k: eyes(opening=0.1 if k % 120 < 4 else 0.35), FaceVerdict.GOOD),  # stares, and blinks
        (lambda k: eyes(opening=0.05), FaceVerdict.GOOD),  # rests with closed eyes
    ],
)
def test_life_is_a_look_or_a_blink(life: object, verdict: FaceVerdict) -> None:
    assert callable(life)
    assert judged([look(life(k)) for k in range(200)], still_after_s=5.0)[-1] is verdict


def test_it_takes_the_whole_time_to_call_a_face_a_photo() -> None:
    verdicts = judged([look()] * 180, still_after_s=5.0)

    assert FaceVerdict.STILL not in verdicts[: round(5.0 / FRAME_S)]
    assert verdicts[-1] is FaceVerdict.STILL


@pytest.mark.parametrize(
    ("fps", "verdict"),
    [(30, FaceVerdict.GOOD), (20, FaceVerdict.GOOD), (14, FaceVerdict.SLOW), (5, FaceVerdict.SLOW)],
)
def test_too_few_pictures_a_second(fps: float, verdict: FaceVerdict) -> None:
    assert judged([look()] * round(4 * fps), frame_s=1 / fps)[-1] is verdict


def test_every_verdict_has_its_sentence() -> None:
    sentences = {verdict_sentence(verdict) for verdict in FaceVerdict}
    assert len(sentences) == len(FaceVerdict)
    assert verdict_sentence(FaceVerdict.GLARE, str.upper).startswith("LIGHT")
