"""Programs stamp samples in many ways; the driver finds when they were taken, and where some are missing."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from devices.eeg.stamps import SampleClock

START = 1000.0
Floats = NDArray[np.float64]


@dataclass
class Heard:
    """What the driver made of an amplifier: for each sample its number and time, and where a gap was seen."""

    numbers: list[int] = field(default_factory=list)
    errors_s: list[float] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)


def listen(
    rate_hz: float = 250.0,
    *,
    seconds: float = 12.0,
    packet: int = 8,
    stamped: str = "each",
    missing: tuple[tuple[float, float], ...] = (),
    held_up: tuple[float, float] | None = None,
    ahead_s: float = 0.0,
    true_hz: float | None = None,
) -> Heard:
    """Send packets of samples, late by a random millisecond, and note what comes out."""
    chance = np.random.default_rng(3)
    clock, heard = SampleClock(rate_hz), Heard()
    true_hz = true_hz or rate_hz
    taken = START + np.arange(round(seconds * true_hz)) / true_hz
    waiting: list[tuple[NDArray[np.int64], Floats]] = []
    for first in range(0, len(taken), packet):
        numbers = np.arange(first, min(first + packet, len(taken)))
        at = taken[numbers] - START
        for begin, end in missing:
            numbers = numbers[~((at >= begin) & (at < end))]
            at = taken[numbers] - START
        if not len(numbers):
            continue
        sent = float(taken[numbers[-1]]) + chance.exponential(0.001)
        held = held_up is not None and held_up[0] <= sent - START < held_up[1]
        if held_up is not None and held:
            sent = START + held_up[1]
        stamps = {
            "each": taken[numbers],
            "packet": np.full(len(numbers), sent),
            "counted back": sent - np.arange(len(numbers))[::-1] / rate_hz,
        }[stamped]
        waiting.append((numbers, stamps + ahead_s))
        if held:
            continue
        together = np.concatenate([numbers for numbers, _ in waiting])
        arrived = clock.times(np.concatenate([stamps for _, stamps in waiting]), sent + 0.001)
        waiting.clear()
        for piece in arrived:
            those = together[piece.start : piece.stop]
            heard.gaps += [int(those[0])] if piece.gap else []
            heard.numbers += those.tolist()
            heard.errors_s += (piece.t - taken[those]).tolist()
    return heard


STAMPED = pytest.mark.parametrize("stamped", ["each", "packet", "counted back"])
RATES = pytest.mark.parametrize(("rate_hz", "packet"), [(125.0, 1), (256.0, 12), (500.0, 16), (2000.0, 40)])


@STAMPED
@RATES
def test_however_a_program_stamps_the_times_are_those_of_the_samples(
    rate_hz: float, packet: int, stamped: str
) -> None:
    heard = listen(rate_hz, packet=packet, stamped=stamped)
    assert heard.numbers == list(range(round(12 * rate_hz)))
    assert heard.gaps[0] == 0
    errors = np.abs(heard.errors_s[round(rate_hz) :])
    assert errors.max() < 0.012
    assert np.median(errors) < 0.0005


@STAMPED
@RATES
def test_a_lost_packet_is_a_gap_exactly_there(rate_hz: float, packet: int, stamped: str) -> None:
    packet = max(packet, 8)
    first = round(6 * rate_hz / packet) * packet
    lost = ((first - 0.5) / rate_hz, (first + packet - 0.5) / rate_hz)
    heard = listen(rate_hz, packet=packet, stamped=stamped, missing=(lost,))
    assert first + packet in heard.gaps
    after = [e for n, e in zip(heard.numbers, heard.errors_s, strict=True) if n > first + packet]
    assert max(map(abs, after)) < 0.012, "the times after it are not drawn to those before"


def test_a_single_sample_that_is_missing_is_a_gap_where_the_amplifier_stamps() -> None:
    assert listen(packet=4, missing=((6.0, 6.003),)).gaps == [0, 1501]


@STAMPED
def test_an_outage_is_not_smoothed_away(stamped: str) -> None:
    heard = listen(stamped=stamped, missing=((5.0, 8.5),))
    assert heard.gaps == [0, round(8.5 * 250)]
    assert max(map(abs, heard.errors_s[300:])) < 0.006


def test_two_losses_soon_after_each_other_are_two_gaps() -> None:
    heard = listen(stamped="packet", missing=((6.015, 6.111), (7.0, 7.1)))
    assert len(heard.gaps) == 3


@STAMPED
def test_a_program_that_was_held_up_lost_nothing(stamped: str) -> None:
    heard = listen(stamped=stamped, held_up=(6.0, 6.15))
    assert heard.gaps == [0]
    assert heard.numbers == list(range(3000))


@pytest.mark.parametrize("ahead_s", [-3600.0, 3600.0, 0.5, -1e9, 1e9])
@STAMPED
def test_another_clock_keeps_its_intervals_and_its_gaps(ahead_s: float, stamped: str) -> None:
    heard = listen(ahead_s=ahead_s, stamped=stamped, missing=((5.0, 8.5),))
    assert round(8.5 * 250) in heard.gaps
    assert np.median(np.abs(heard.errors_s)) < 0.003, "late by the least delay of the connection"


@pytest.mark.parametrize("true_hz", [248.5, 249.9, 250.1, 251.0])
def test_a_quartz_that_is_off_is_followed(true_hz: float) -> None:
    heard = listen(true_hz=true_hz, seconds=40.0, stamped="packet")
    assert heard.gaps == [0]
    assert max(map(abs, heard.errors_s[2000:])) < 0.004


def test_another_clock_that_runs_slower_is_followed() -> None:
    clock, errors = SampleClock(250.0), []
    for number in range(0, 30_000, 5):
        taken = START + np.arange(number, number + 5) / 250
        (piece,) = clock.times(taken * 0.9999 + 3600.0, float(taken[-1]))
        errors.append(float(np.abs(piece.t - taken).max()))
    assert max(errors) < 0.004


def held_up_again_and_again(every_s: float, for_s: float, seconds: float) -> tuple[list[int], list[float]]:
    """A program that sends each sample by itself, and is held up; at which samples gaps are seen, and the errors."""
    clock, gaps, errors = SampleClock(250.0), [], []
    sent = START
    for number in range(round(seconds * 250)):
        taken = START + number / 250
        phase = (taken - START) % every_s
        sent = max(sent, taken + (for_s - phase if taken > START + 1.0 and phase < for_s else 0.0))
        for piece in clock.times(np.array([sent]), sent + 0.0005):
            gaps += [number] if piece.gap else []
            errors.append(float(piece.t[0]) - taken)
    return gaps, errors


def test_a_program_that_is_held_up_now_and_then_is_known_for_it_after_the_first_time() -> None:
    gaps, errors = held_up_again_and_again(1.0, 0.03, 12.0)
    assert len([gap for gap in gaps if gap < 600]) > 0
    assert [gap for gap in gaps if gap > 600] == []
    assert max(map(abs, errors[600:])) < 0.002


def test_times_that_were_too_late_are_put_right_behind_a_gap() -> None:
    gaps, errors = held_up_again_and_again(5.0, 0.15, 9.0)
    between = zip([0, *gaps], [*gaps, len(errors)], strict=True)
    rows = [errors[begin:end] for begin, end in between if end - begin >= 200]
    assert len(rows) >= 2
    assert max(abs(error) for row in rows for error in row) < 0.002, (
        "an epoch's length without a gap is in time"
    )


def test_a_clock_that_is_set_back_or_forth_is_a_gap_and_time_goes_on() -> None:
    clock = SampleClock(250.0)
    last, gaps = -math.inf, []
    for number in range(500):
        now = START + number / 50
        jump = 0.0 if number < 200 else -30.0 if number < 350 else 7200.0
        pieces = clock.times(now + jump - np.arange(5)[::-1] / 250, now)
        assert sum(len(piece.t) for piece in pieces) == 5
        gaps += [number for piece in pieces if piece.gap]
        for piece in pieces:
            assert piece.t[0] > last
            last = float(piece.t[-1])
    assert gaps == [0, 200, 350]
    assert abs(last - (START + 499 / 50)) < 0.02


def test_after_a_silence_the_stamps_are_not_believed_that_nothing_is_missing() -> None:
    clock = SampleClock(250.0)
    stamps = START + np.arange(40) / 250
    assert [piece.gap for piece in clock.times(stamps[:20], float(stamps[19]))] == [True]
    clock.skip()
    (piece,) = clock.times(stamps[20:], float(stamps[39]))
    assert piece.gap
    assert piece.t == pytest.approx(stamps[20:], abs=1e-6)


def test_a_stamp_that_is_no_number_takes_its_place_in_the_row() -> None:
    clock = SampleClock(250.0)
    stamps = START + np.arange(20) / 250
    broken = stamps.copy()
    broken[[3, 9]] = math.nan, math.inf
    (piece,) = clock.times(broken, float(stamps[-1]))
    assert piece.t == pytest.approx(stamps, abs=1e-6)
    assert clock.times(np.full(4, math.nan), float(stamps[-1]) + 0.016)[0].t[0] == pytest.approx(
        stamps[-1] + 0.004
    )


@given(
    st.lists(
        st.tuples(
            st.lists(st.one_of(st.floats(), st.floats(START - 2, START + 2)), min_size=1, max_size=6),
            st.floats(0.0, 4.0),
        ),
        max_size=8,
    )
)
def test_whatever_the_stamps_are_time_goes_forward_and_nothing_comes_twice(
    groups: list[tuple[list[float], float]],
) -> None:
    clock, last, now = SampleClock(250.0), -math.inf, START
    for stamps, later in groups:
        now += later
        stop = 0
        for piece in clock.times(np.array(stamps), now):
            assert stop <= piece.start < piece.stop <= len(stamps)
            assert len(piece.t) == piece.stop - piece.start
            assert np.isfinite(piece.t).all()
            assert piece.t[0] > last and (np.diff(piece.t) > 0).all()
            stop, last = piece.stop, float(piece.t[-1])
