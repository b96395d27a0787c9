"""An eye tracker's program offers its gaze over LSL, from a process of its own; it is found, lost and found again."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
from driver_listener import Listener
from outlet_process import OutletProcess, keep_lsl_apart

from devices.clock import LslClock
from devices.driver import DeviceLost, Driver, Emitted
from devices.gaze.lsl import LslGazeDriver
from devices.samples import DeviceState, GazeSample

keep_lsl_apart()
NAN = math.nan

TOBII_PRO = [
    {"label": f"{eye}_{what}", "eye": eye} | ({} if what == "pupil" else {"unit": "screencoords"})
    for eye in ("left", "right")
    for what in ("x", "y", "pupil")
]
STREAM_ENGINE = [{"label": axis, "eye": "both", "unit": "normalized"} for axis in "xy"]
PUPIL_CAPTURE = [{"label": "confidence"}] + [
    {
        "label": f"norm_pos_{axis}",
        "eye": "both",
        "type": f"Screen{axis.upper()}",
        "coordinate_system": "world",
    }
    for axis in "xy"
]


@pytest.fixture(autouse=True)
def one_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.lsl_stream.OTHERS_S", 0.05)


@pytest.fixture
def name() -> str:
    return f"tracker {uuid4()}"


@pytest.fixture
def listen(listen_to: Callable[[Driver], Listener]) -> Callable[..., Listener]:
    return lambda stream, **options: listen_to(LslGazeDriver(stream, **options))


Offer = Callable[..., OutletProcess]
Listen = Callable[..., Listener]


def place(sample: GazeSample) -> tuple[float, float]:
    return round(sample.x, 6), round(sample.y, 6)


# ------------------------------------------------------------ layouts


def test_each_eye_both_eyes_one_eye_and_none(name: str, offer: Offer, listen: Listen) -> None:
    tracker = offer(name, TOBII_PRO, rate_hz=600.0)
    listener = listen(name[-20:].upper())
    tracker.push(
        [
            [0.1, 0.2, 3, 0.3, 0.4, 3],
            [NAN, NAN, NAN, 0.3, 0.4, 3],
            [0.1, 0.2, 3, NAN, NAN, NAN],
            [NAN, NAN, NAN, NAN, NAN, NAN],
            [0.5, 0.5, 3, 0.5, 0.5, 3],
        ],
        [-0.04, -0.03, -0.02, -0.01, 0.0],
    )
    both, right, left, none, after = listener.gaze(5)
    assert place(both) == (0.2, 0.3)
    assert both.left == pytest.approx((0.1, 0.2)) and both.right == pytest.approx((0.3, 0.4))
    assert place(right) == (0.3, 0.4)
    assert place(left) == (0.1, 0.2)
    assert not none.valid
    assert place(after) == (0.5, 0.5)
    assert after.t - both.t == pytest.approx(0.04, abs=1e-6)
    assert listener.state(DeviceState.RUNNING)


def test_the_script_around_tobii_research_says_which_eye_is_valid(
    name: str, offer: Offer, listen: Listen
) -> None:
    labels = ["device_time_stamp"]
    for eye in ("left", "right"):
        labels += [f"{eye}_gaze_origin_validity", f"{eye}_gaze_point_validity", f"{eye}_pupil_validity"]
        labels += [f"{eye}_gaze_origin_in_user_coordinate_system_{i}" for i in range(3)]
        labels += [f"{eye}_gaze_origin_in_trackbox_coordinate_system_{i}" for i in range(3)]
        labels += [f"{eye}_gaze_point_in_user_coordinate_system_{i}" for i in range(3)]
        labels += [f"{eye}_gaze_point_on_display_area_{i}" for i in range(2)]
        labels += [f"{eye}_pupil_diameter"]
    assert len(labels) == 31

    def row(**values: float) -> list[float]:
        return [values.get(label, 77.0) for label in labels]

    seen = {
        f"{eye}_gaze_point_on_display_area_{i}": value
        for eye, i, value in (("left", 0, 0.25), ("left", 1, 0.5), ("right", 0, 0.75), ("right", 1, 0.5))
    }
    tracker = offer(name, [{"label": label} for label in labels], kind="ET", number="double64", rate_hz=120.0)
    listener = listen(name)
    valid = {"left_gaze_point_validity": 1.0, "right_gaze_point_validity": 1.0}
    rows = [row(**seen, **valid)] * 25 + [row(**seen, **valid | {"left_gaze_point_validity": 0.0})]
    tracker.push(rows, [(number - 25) / 120 for number in range(26)])
    samples = listener.gaze(26)
    assert [s.valid for s in samples] == [True] * 26
    assert (samples[24].x, samples[24].y) == (0.5, 0.5)
    assert (samples[25].x, samples[25].y) == (0.75, 0.5)


def test_pixels_are_shares_of_the_screen(name: str, offer: Offer, listen: Listen) -> None:
    tracker = offer(name, [{"label": f"gaze_{axis}", "unit": "pixels"} for axis in "xy"])
    listener = listen(name, screen_px=(1000, 500))
    tracker.push([[250, 250], [NAN, 250]], [-0.01, 0.0])
    first, second = listener.gaze(2)
    assert (first.x, first.y) == (0.25, 0.5)
    assert not second.valid


@pytest.mark.parametrize(
    ("channels", "words"),
    [
        (PUPIL_CAPTURE, "picture of a camera on their head"),
        ([{"label": "AF7"}, {"label": "AF8"}, {"label": ""}], "AF7, AF8, ?"),
        ([{"label": f"gaze_{axis}", "unit": "degrees"} for axis in "xy"], "in degrees"),
        ([{"label": f"gaze_{axis}", "unit": "pixels"} for axis in "xy"], "size of the screen is not known"),
    ],
)
def test_what_cannot_be_used_is_explained(
    name: str, offer: Offer, listen: Listen, channels: list[dict[str, str]], words: str
) -> None:
    offer(name, channels)
    lost = listen(name).state(DeviceState.LOST)
    assert words in lost.detail
    assert "in the settings" in lost.detail or "Choose" in lost.detail


def test_text_is_not_gaze(name: str, offer: Offer, listen: Listen) -> None:
    offer(name, [{"label": "x"}, {"label": "y"}], number="string")
    assert "x (text), y (text)" in listen(name).state(DeviceState.LOST).detail


# ------------------------------------------------------------ time


@pytest.mark.parametrize("ahead_s", [-3600.0, 3600.0, 0.3])
def test_a_wrong_clock_keeps_its_intervals_and_counts_from_the_arrival(
    name: str, offer: Offer, listen: Listen, ahead_s: float
) -> None:
    tracker = offer(name, TOBII_PRO, rate_hz=100.0)
    listener = listen(name)
    tracker.keep_pushing([0.5] * 6, 100.0, ahead_s)
    samples = listener.gaze(60)
    now = LslClock().now()
    assert all(before.t < after.t for before, after in pairwise(samples))
    assert now - 5 < samples[-1].t <= now
    whole = samples[-1].t - samples[10].t
    assert whole == pytest.approx(49 * 0.01, abs=0.05), "the sender's intervals, however they arrive"


def test_time_never_goes_back_whatever_the_stamps_do(name: str, offer: Offer, listen: Listen) -> None:
    tracker = offer(name, STREAM_ENGINE, kind="gaze", rate_hz=0.0)
    listener = listen(name)
    for n in range(5):
        tracker.push([[n / 10, 0.5]] * 4, [0.0, -0.2, 1e6, -1e9])
    samples: list[GazeSample] = []
    while not samples or samples[-1].x < 0.4 - 1e-6:
        samples += listener.gaze(1)
    assert all(before.t < after.t for before, after in pairwise(samples))
    assert all(abs(s.t - LslClock().now()) < 20 for s in samples)


def test_a_tracker_of_1200_hz_comes_whole_and_in_groups(name: str, offer: Offer) -> None:
    tracker = offer(name, TOBII_PRO, rate_hz=1200.0)
    tracker.keep_pushing([0.5] * 6, 1200.0)
    stop = threading.Event()
    samples: list[GazeSample] = []
    groups: set[float] = set()

    class CountedClock(LslClock):
        def now(self) -> float:
            self.last = super().now()
            return self.last

    clock = CountedClock()

    def emit(sample: Emitted) -> None:
        if isinstance(sample, GazeSample):
            samples.append(sample)
            groups.add(clock.last)
            if len(samples) == 1201:
                stop.set()

    LslGazeDriver(name).run(emit, stop, clock)
    seconds = samples[-1].t - samples[0].t
    assert seconds == pytest.approx(1.0, abs=0.1), "none is missing"
    assert len(groups) < 140 * (max(groups) - min(groups)), "few wake-ups"


# ------------------------------------------------------------ silence, loss, return


def test_a_program_that_is_killed_is_lost_at_once_and_found_again(
    name: str, offer: Offer, listen: Listen
) -> None:
    tracker = offer(name, TOBII_PRO)
    listener = listen(name)
    tracker.keep_pushing([0.5] * 6, 60.0)
    listener.state(DeviceState.RUNNING)
    listener.gaze(5)
    tracker.kill()
    killed = time.monotonic()
    lost = listener.state(DeviceState.LOST, "has ended")
    assert lost.t - killed < 3.0
    assert name in lost.detail
    last = next(m for m in reversed(listener.heard) if isinstance(m, GazeSample))
    assert not last.valid, "nobody looks"

    tracker = offer(name, TOBII_PRO)
    tracker.keep_pushing([0.25] * 6, 60.0)
    listener.state(DeviceState.RUNNING)
    assert place(listener.gaze(1)[0]) == (0.25, 0.25)


@pytest.fixture
def quickly_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.gaze.lsl.SILENT_S", 0.5)
    monkeypatch.setattr("devices.gaze.lsl.LOST_S", 0.9)


def test_a_program_that_hangs_is_told_then_lost_then_goes_on(
    name: str, offer: Offer, listen: Listen, quickly_lost: None
) -> None:
    tracker = offer(name, TOBII_PRO)
    listener = listen(name)
    tracker.keep_pushing([0.5] * 6, 60.0)
    listener.state(DeviceState.RUNNING)
    os.kill(tracker.process.pid, signal.SIGSTOP)
    unseen = listener.wait(lambda m: isinstance(m, GazeSample) and not m.valid)
    told = listener.state(DeviceState.RUNNING, "sends nothing")
    lost = listener.state(DeviceState.LOST, "sends nothing")
    assert unseen.t < told.t < lost.t < unseen.t + 3
    os.kill(tracker.process.pid, signal.SIGCONT)
    running = listener.state(DeviceState.RUNNING)
    samples = listener.gaze(1)
    assert samples[0].t > running.t - 1, "nothing of what was looked at before comes late"


def test_a_tracker_without_a_rate_may_be_silent_while_nobody_looks(
    name: str, offer: Offer, listen: Listen, quickly_lost: None
) -> None:
    tracker = offer(name, STREAM_ENGINE, kind="gaze", rate_hz=0.0)
    listener = listen(name)
    tracker.push([[0.5, 0.5]])
    listener.state(DeviceState.RUNNING)
    listener.state(DeviceState.RUNNING, "sends nothing")
    assert listener.nothing_for(2.5)
    tracker.push([[0.25, 0.75]])
    listener.state(DeviceState.RUNNING)

    os.kill(tracker.process.pid, signal.SIGSTOP)
    listener.state(DeviceState.LOST, "sends nothing")


def test_of_several_trackers_the_first_that_can_be_used_is_taken_and_all_are_named(
    name: str, offer: Offer, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.lsl_stream.OTHERS_S", 0.8)
    offer(name, PUPIL_CAPTURE, source_id="a")
    second = offer(name, TOBII_PRO, source_id="b")
    third = offer(name, TOBII_PRO, source_id=f"{name} C")
    second.keep_pushing([0.25] * 6, 60.0)
    third.keep_pushing([0.75] * 6, 60.0)
    listener = listen(name)
    told = listener.state(DeviceState.RUNNING, "several")
    assert told.detail.count(name) == 4
    assert {place(m) for m in listener.heard if isinstance(m, GazeSample)} == {(0.25, 0.25)}

    by_source = listen(f"{name} c")
    by_source.state(DeviceState.RUNNING)
    assert place(by_source.gaze(1)[0]) == (0.75, 0.75)


def test_without_a_tracker_it_says_what_to_do_and_what_there_is(
    name: str, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.gaze.lsl.SEARCH_S", 0.6)
    offer(name, TOBII_PRO)
    with pytest.raises(DeviceLost, match=rf"no eye tracker called another.*{name}"):
        LslGazeDriver("another").run(lambda sample: None, threading.Event(), LslClock())


def test_it_stops_soon_while_it_searches() -> None:
    listener = Listener(LslGazeDriver(f"nowhere {uuid4()}"))
    listener.state(DeviceState.STARTING)
    listener.close()
    assert listener.stop_took_s < 1.0


# ------------------------------------------------------------ what it costs who does not use it


def test_liblsl_is_loaded_by_who_runs_it_and_by_nobody_else() -> None:
    code = "import sys, devices.gaze.lsl; devices.gaze.lsl.LslGazeDriver(); print('pylsl' in sys.modules)"
    shown = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert shown.stdout == "False\n"


def test_it_listens_on_no_tcp_port(name: str, offer: Offer, listen: Listen) -> None:
    def listening() -> set[str]:
        own = {str(fd.readlink()) for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()}
        tables = [Path(f"/proc/net/{table}").read_text().splitlines()[1:] for table in ("tcp", "tcp6")]
        sockets = {f"socket:[{inode}]" for rows in tables for inode in map(listening_inode, rows)}
        return sockets & own

    def listening_inode(row: str) -> str:
        cells = row.split()
        return cells[9] if cells[3] == "0A" else ""

    before = listening()
    tracker = offer(name, TOBII_PRO)
    tracker.keep_pushing([0.5] * 6, 60.0)
    listener = listen(name)
    listener.state(DeviceState.STARTING)
    assert listening() <= before
    listener.state(DeviceState.RUNNING)
    assert listening() <= before
