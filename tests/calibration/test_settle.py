"""An eye comes to rest on a target: what is kept of it is the rest alone."""

from __future__ import annotations

import random

import pytest

from calibration.settle import Settle

LEFT, RIGHT = 0.0, 20.0
HZ = 60.0


def look(arrives_s: float, through: tuple[float, ...] = (), *, noise_deg: float = 0.3) -> Settle[float]:
    """A target jumps to the right, and the eye follows it late, `through` these places on its way."""
    chance = random.Random(3)
    settle: Settle[float] = Settle(0.0, jump=(RIGHT - LEFT, 0.0), before=(LEFT, 0.0))
    way = list(through)
    for i in range(round(10 * HZ)):
        t = (i + 1) / HZ
        x = LEFT
        if t >= arrives_s:
            x = way.pop(0) if way else RIGHT
        x += chance.gauss(0.0, noise_deg)
        settle.take(t, (x, chance.gauss(0.0, noise_deg)), None, x)
        if settle.settled:
            return settle
    raise AssertionError("it never settled")


@pytest.mark.parametrize("arrives_s", [0.2, 0.5, 1.0, 1.5, 3.0])
def test_an_eye_that_comes_late_leaves_nothing_of_where_it_was_before(arrives_s: float) -> None:
    samples = look(arrives_s).samples
    assert len(samples) >= 50
    assert all(abs(x - RIGHT) < 2.0 for x in samples)


def test_a_stop_on_the_way_does_not_count() -> None:
    samples = look(0.6, (8.0, 8.0, 8.0, 15.0)).samples
    assert len(samples) >= 50
    assert all(abs(x - RIGHT) < 2.0 for x in samples)


@pytest.mark.parametrize("noise_deg", [0.0, 0.3, 1.5, 4.0])
def test_the_noise_of_the_eye_itself_is_kept(noise_deg: float) -> None:
    settle = look(0.3, noise_deg=noise_deg)
    assert len(settle.samples) >= 0.98 * len(settle._rest)
