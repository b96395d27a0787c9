"""The pointer stands in for the eyes, and a hand at rest does not stare."""

from __future__ import annotations

import math

import pytest

from devices.clock import VirtualClock
from devices.driver import Emitted, VirtualStop
from devices.gaze.pointer import PointerDriver
from devices.samples import GazeSample, Point


class Hand:
    """A pointer that is where its path says at the time; counts how often it is looked at."""

    def __init__(self, *path: tuple[float, Point | None]) -> None:
        self.clock = VirtualClock()
        self._path = path
        self.reads = 0

    def read(self) -> Point | None:
        self.reads += 1
        return [place for since, place in self._path if since <= self.clock.now()][-1]

    def samples(self, seconds: float, **options: float) -> list[GazeSample]:
        out: list[Emitted] = []
        PointerDriver(self.read, **options).run(out.append, VirtualStop(self.clock, seconds), self.clock)
        assert all(isinstance(sample, GazeSample) for sample in out)
        return [sample for sample in out if isinstance(sample, GazeSample)]


def test_the_pointer_is_sampled_at_its_rate() -> None:
    samples = Hand((0.0, (0.25, 0.75))).samples(1.0, rate_hz=60.0)
    assert 60 <= len(samples) <= 61
    assert {(s.x, s.y) for s in samples} == {(0.25, 0.75)}
    assert [s.t for s in samples] == sorted({s.t for s in samples})


def test_a_hand_at_rest_looks_at_nothing_after_four_seconds_and_costs_hardly_any_work() -> None:
    hand = Hand((0.0, (0.5, 0.5)))
    samples = hand.samples(64.0)
    assert [s.valid for s in samples].count(False) == 1
    assert not samples[-1].valid
    assert samples[-1].t == pytest.approx(4.0, abs=0.02)
    assert hand.reads < 4 * 60 + 60 * 10 + 10


def test_a_pointer_that_is_held_still_until_a_choice_is_made_does_not_rest() -> None:
    hand = Hand((0.0, (0.5, 0.5)))
    out: list[Emitted] = []
    driver = PointerDriver(hand.read, choosing=lambda: 0.3 < hand.clock.now() < 12.0)
    driver.run(out.append, VirtualStop(hand.clock, 20.0), hand.clock)
    nobody = [sample.t for sample in out if isinstance(sample, GazeSample) and not sample.valid]
    assert nobody == [pytest.approx(16.0, abs=0.05)]


def test_it_looks_again_within_a_tenth_of_a_second_when_it_moves() -> None:
    samples = Hand((0.0, (0.5, 0.5)), (10.0, (0.6, 0.5))).samples(11.0)
    again = next(s for s in samples if s.t >= 10.0)
    assert again.valid
    assert again.t <= 10.11
    assert sum(s.t > again.t for s in samples) > 50, "at the full rate again"


def test_the_trembling_of_a_mouse_on_a_table_is_rest_but_a_slow_movement_is_not() -> None:
    trembling = Hand(*[(i * 0.1, (0.5 + 0.0008 * (i % 2), 0.5)) for i in range(100)])
    assert not trembling.samples(9.0)[-1].valid
    slow = Hand(*[(i * 0.1, (0.1 + 0.0008 * i, 0.5)) for i in range(100)])
    assert slow.samples(9.0)[-1].valid


@pytest.mark.parametrize("outside", [None, (math.nan, 0.5), (0.5, math.inf)])
def test_a_pointer_that_is_not_known_looks_at_nothing(outside: Point | None) -> None:
    samples = Hand((0.0, (0.5, 0.5)), (1.0, outside), (2.0, (0.5, 0.5))).samples(3.0)
    assert all(s.valid == (not 1.0 <= s.t < 2.0) for s in samples)


def test_a_pointer_that_is_never_there_costs_hardly_any_work() -> None:
    hand = Hand((0.0, None))
    samples = hand.samples(64.0)
    assert not any(s.valid for s in samples)
    assert hand.reads < 4 * 60 + 60 * 10 + 10


def test_after_a_suspended_machine_wakes_up_no_samples_are_made_up() -> None:
    hand = Hand((0.0, (0.1, 0.1)), (1.0, (0.2, 0.1)), (3601.5, (0.3, 0.1)))
    asleep = hand.read

    def read() -> Point | None:
        if 1.0 < hand.clock.now() < 1.1:
            hand.clock.advance(3600.0)
        return asleep()

    out: list[Emitted] = []
    PointerDriver(read).run(out.append, VirtualStop(hand.clock, 3602.0), hand.clock)
    assert len(out) < 180


@pytest.mark.parametrize("rate_hz", [0.0, -1.0, math.nan, math.inf])
def test_an_impossible_rate_is_refused(rate_hz: float) -> None:
    with pytest.raises(ValueError, match="times a second"):
        PointerDriver(lambda: None, rate_hz=rate_hz)
