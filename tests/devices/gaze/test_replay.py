"""A recording looks again: the same intervals on the live clock, and nobody looks where nothing was recorded."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from devices.clock import LslClock, VirtualClock
from devices.driver import DeviceLost, Emitted, VirtualStop
from devices.gaze.replay import ReplayDriver
from devices.mailbox import Mailbox
from devices.runner import DriverRunner
from devices.samples import DeviceState, DeviceStatus, GazeSample

Record = Callable[..., Path]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    def write(*rows: tuple[float, float, float]) -> Path:
        path = tmp_path / "look.csv"
        path.write_text("t,x,y\n" + "".join(f"{t!r},{x},{y}\n" for t, x, y in rows))
        return path

    return write


def play(driver: ReplayDriver, seconds: float = 10_000.0, begin: float = 500.0) -> list[GazeSample]:
    clock = VirtualClock(begin)
    out: list[Emitted] = []

    def emit(sample: Emitted) -> None:
        assert sample.t <= clock.now() + 0.002, "nothing comes before its time"
        out.append(sample)

    driver.run(emit, VirtualStop(clock, begin + seconds), clock)
    return [sample for sample in out if isinstance(sample, GazeSample)]


def test_the_intervals_stay_and_the_times_are_those_of_now(record: Record) -> None:
    path = record((1119284.0, 0.1, 0.2), (1119284.5, 0.3, 0.4), (1119284.625, 0.5, 0.6))
    samples = play(ReplayDriver(path))
    assert [(s.t, s.x, s.y) for s in samples[:3]] == [
        (500.0, 0.1, 0.2),
        (500.5, 0.3, 0.4),
        (500.625, 0.5, 0.6),
    ]
    assert not samples[3].valid, "after the end nobody looks"
    assert samples[3].t > 500.625
    assert len(samples) == 4


def test_twice_as_fast_takes_half_the_time(record: Record) -> None:
    samples = play(ReplayDriver(record((0, 0.1, 0.1), (1, 0.2, 0.2), (2, 0.3, 0.3)), speed=2.0))
    assert [s.t for s in samples[:3]] == [500.0, 500.5, 501.0]


@pytest.mark.parametrize(("rate_hz", "n_rows"), [(1000, 3000), (1, 30)])
def test_fast_and_slow_recordings_come_whole_and_in_order(record: Record, rate_hz: int, n_rows: int) -> None:
    samples = play(ReplayDriver(record(*[(i / rate_hz, 0.5, 0.5) for i in range(n_rows)])))
    assert len(samples) == n_rows + 1
    assert all(s.valid for s in samples[:-1])
    assert all(before.t < after.t for before, after in pairwise(samples))
    assert samples[-2].t == pytest.approx(500.0 + (n_rows - 1) / rate_hz)


def test_in_a_gap_nobody_looks(record: Record) -> None:
    rows = [(i * 0.016, 0.5, 0.5) for i in range(10)] + [(60 + i * 0.016, 0.5, 0.5) for i in range(10)]
    samples = play(ReplayDriver(record(*rows)))
    assert [s.valid for s in samples] == [True] * 10 + [False] + [True] * 10 + [False]
    assert samples[10].t == pytest.approx(500.0 + 10 * 0.016)


def test_after_a_suspended_machine_wakes_up_it_goes_on_instead_of_hurrying_after(record: Record) -> None:
    path = record(*[(i * 0.1, 0.5, 0.5) for i in range(20)])
    clock = VirtualClock()
    out: list[Emitted] = []

    def emit(sample: Emitted) -> None:
        out.append(sample)
        if len(out) == 5:
            clock.advance(3600.0)

    ReplayDriver(path).run(emit, VirtualStop(clock), clock)
    intervals = [after.t - before.t for before, after in pairwise(out[:20])]
    assert [i for i in intervals if i > 0.11] == [pytest.approx(3600.0)]
    assert min(intervals) == pytest.approx(0.1)


def test_a_loop_begins_again_after_a_pause_even_for_a_single_sample(record: Record) -> None:
    samples = play(ReplayDriver(record((7, 0.5, 0.5)), loop=True), seconds=5.5)
    assert [s.valid for s in samples] == [True, False] * 6
    assert [s.t for s in samples if s.valid] == pytest.approx([500, 501, 502, 503, 504, 505])


def test_it_stops_in_the_middle_when_told_to(record: Record) -> None:
    samples = play(ReplayDriver(record(*[(i, 0.5, 0.5) for i in range(100)])), seconds=10.5)
    assert len(samples) == 11


def test_a_recording_that_cannot_be_read_is_a_device_that_is_lost(tmp_path: Path) -> None:
    with pytest.raises(DeviceLost, match="no such recording"):
        play(ReplayDriver(tmp_path / "nowhere.csv"))


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf")])
def test_an_impossible_speed_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="times as fast"):
        ReplayDriver("look.csv", speed=speed)


def test_live_at_a_thousand_hertz_every_sample_arrives_and_then_it_is_stopped(record: Record) -> None:
    path = record(*[(i / 1000, 0.5, 0.5) for i in range(500)])
    box: Mailbox[Emitted] = Mailbox(1000, (GazeSample,))
    runner = DriverRunner(ReplayDriver(path), box.put, LslClock())
    runner.start()
    heard: list[Emitted] = []
    while not (heard and isinstance(heard[-1], DeviceStatus) and heard[-1].state is DeviceState.STOPPED):
        message = box.get(10)
        assert message is not None
        heard.append(message)

    samples = [m for m in heard if isinstance(m, GazeSample)]
    assert [m.state for m in heard if isinstance(m, DeviceStatus)] == [
        DeviceState.STARTING,
        DeviceState.RUNNING,
        DeviceState.STOPPED,
    ]
    assert len(samples) == 501
    assert all(before.t < after.t for before, after in pairwise(samples))
    assert not samples[-1].valid
