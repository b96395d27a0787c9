"""Whether flashes come evenly: lateness that stays the same harms nothing, uneven or missed frames are said."""

from __future__ import annotations

import math
import random

import pytest

from assistive.messages import Incoming, Trouble
from assistive.ui.flash_jitter import AGAIN_S, FEWEST, KEY, FlashJitter

FRAME = 1 / 60


def told(lateness: list[float]) -> list[Trouble]:
    posted: list[Incoming] = []
    jitter = FlashJitter(posted.append)
    for i, late in enumerate(lateness):
        jitter.take(0.2 * i, 0.2 * i + late, FRAME)
    return [message for message in posted if isinstance(message, Trouble)]


def test_a_constant_lateness_is_no_trouble() -> None:
    assert told([0.050] * 200) == []


def test_jitter_within_the_limit_is_no_trouble() -> None:
    chance = random.Random(1)
    assert told([chance.gauss(0.02, 0.004) for _ in range(200)]) == []


def test_more_than_ten_milliseconds_are_said_once_until_a_minute_is_over() -> None:
    chance = random.Random(1)
    flashes = round(AGAIN_S / 0.2) + 60
    troubles = told([chance.gauss(0.05, 0.015) for _ in range(flashes)])
    assert [trouble.key for trouble in troubles] == [KEY, KEY]
    assert troubles[0].works and troubles[0].todo


@pytest.mark.parametrize(("missed", "said"), [(2, 0), (3, 1)])
def test_a_few_missed_frames_are_said(missed: int, said: int) -> None:
    lateness = [0.001] * 60
    for i in range(missed):
        lateness[20 + 5 * i] += 1.2 * FRAME
    assert len(told(lateness)) == said


def test_before_enough_flashes_nothing_is_claimed() -> None:
    jitter = FlashJitter(lambda _: None)
    for i in range(FEWEST - 1):
        jitter.take(i, i + 0.01, FRAME)
    assert math.isnan(jitter.sd_s)
    jitter.take(FEWEST, FEWEST + 0.01, FRAME)
    assert jitter.sd_s == pytest.approx(0.0)
