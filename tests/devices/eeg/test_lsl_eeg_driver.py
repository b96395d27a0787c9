"""The program of an amplifier offers EEG over LSL, from a process of its own; what comes, and what is said, is checked."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from driver_listener import Listener
from outlet_process import OutletProcess, keep_lsl_apart

from devices.clock import LslClock
from devices.driver import DeviceLost, Driver
from devices.eeg.lsl import LslEegDriver
from devices.eeg.recent import RecentEeg
from devices.samples import DeviceState, DeviceStatus, EegChunk

keep_lsl_apart()
UNICORN = [{"label": label, "type": "EEG", "unit": "microvolts"} for label in ("Fz", "Cz", "Pz")]
CHANCE = random.Random(4)


def described(*labels: str, unit: str = "microvolts") -> list[dict[str, str]]:
    return [{"label": label, "unit": unit} for label in labels]


def rows(count: int, channels: int, spread: float) -> list[list[float]]:
    """Samples as of EEG."""
    return [[CHANCE.gauss(0.0, spread) for _ in range(channels)] for _ in range(count)]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.lsl_stream.OTHERS_S", 0.05)
    monkeypatch.setattr("devices.lsl_stream.POLL_S", 0.03)
    monkeypatch.setattr("devices.eeg.lsl_markers.LOOK_S", 0.1)
    monkeypatch.setattr("devices.eeg.lsl_session.HELD_S", 0.2)


@pytest.fixture
def name() -> str:
    return f"amplifier {uuid4()}"


@pytest.fixture
def offer(offer: Callable[..., OutletProcess]) -> Callable[..., OutletProcess]:
    return lambda *args, **options: offer(*args, **{"kind": "EEG", "rate_hz": 250.0} | options)


@pytest.fixture
def listen(listen_to: Callable[[Driver], Listener]) -> Callable[..., Listener]:
    return lambda stream, **options: listen_to(LslEegDriver(stream, **options))


def samples(listener: Listener, count: int) -> EegChunk:
    """Wait for so many samples, as one chunk."""
    chunks = [listener.chunk()]
    while sum(len(chunk.t) for chunk in chunks) < count:
        chunks.append(listener.chunk())
    return EegChunk(
        np.concatenate([chunk.t for chunk in chunks]),
        np.concatenate([chunk.data for chunk in chunks]),
        chunks[0].channels,
        chunks[0].rate_hz,
        chunks[0].gap,
    )


Offer = Callable[..., OutletProcess]
Listen = Callable[..., Listener]


# ------------------------------------------------------------ samples


@pytest.mark.parametrize("rate_hz", [125.0, 2000.0])
def test_samples_come_whole_in_microvolts_and_in_time(
    name: str, offer: Offer, listen: Listen, rate_hz: float
) -> None:
    count = round(rate_hz)
    sent = rows(count, 3, 12.0)
    amplifier = offer(name, UNICORN, rate_hz=rate_hz)
    listener = listen(name)
    amplifier.push(sent, [(number - count + 1) / rate_hz for number in range(count)])
    got = samples(listener, count)
    assert got.channels == ("Fz", "Cz", "Pz") and got.rate_hz == rate_hz
    assert got.gap, "nothing is known of what was before"
    assert got.data == pytest.approx(np.array(sent), rel=1e-5)
    assert np.diff(got.t) == pytest.approx(1 / rate_hz, abs=1e-6)
    assert abs(LslClock().now() - got.t[-1]) < 5
    assert [m.detail for m in listener.heard if isinstance(m, DeviceStatus)] == ["", ""]


@pytest.mark.parametrize(
    ("unit", "sent_in_uv", "words"),
    [
        ("V", 1e-6, ""),
        ("counts", 1.0, "does not say in which unit"),
        ("microvolts", 1e-6, "cannot be right"),
    ],
)
def test_whatever_the_unit_is_microvolts_come_out_and_a_guess_is_called_one(
    name: str, offer: Offer, listen: Listen, unit: str, sent_in_uv: float, words: str
) -> None:
    amplifier = offer(name, described("C3", "C4", unit=unit), number="double64")
    listener = listen(name)
    microvolts = np.array(rows(60, 2, 20.0))
    amplifier.push((microvolts * sent_in_uv).tolist(), [(n - 59) / 250 for n in range(60)])
    assert samples(listener, 50).data[:50] == pytest.approx(microvolts[:50], rel=1e-3, abs=1e-3)
    if words:
        listener.state(DeviceState.RUNNING, words)


def test_the_caregiver_chooses_channels_and_what_is_no_eeg_is_left_out_otherwise(
    name: str, offer: Offer, listen: Listen
) -> None:
    amplifier = offer(name, described("Fz", "Cz", "TRIGGER", "Battery"))
    amplifier.keep_pushing([1.0, 2.0, 3.0, 4.0], 250.0, shake=0.5)
    everything, chosen, absent = (
        listen(name),
        listen(name, channels=["trigger", "1"]),
        listen(name, channels=["Fz", "Oz"]),
    )
    assert everything.chunk().channels == ("Fz", "Cz")
    chunk = chosen.chunk()
    assert chunk.channels == ("TRIGGER", "Fz")
    assert np.median(chunk.data, axis=0) == pytest.approx([3.0, 1.0], abs=0.5)
    assert "no channel Oz" in absent.state(DeviceState.LOST).detail


def test_numbers_that_are_none_are_a_channel_that_tells_nothing(
    name: str, offer: Offer, listen: Listen
) -> None:
    amplifier = offer(name, UNICORN)
    listener = listen(name)
    sent = rows(60, 3, 10.0)
    for row in sent:
        row[1] = float("nan")
    sent[55][2] = float("inf")
    amplifier.push(sent, [(n - 59) / 250 for n in range(60)])
    got = samples(listener, 60).data
    assert np.isnan(got[:, 1]).all() and np.isnan(got[55, 2])
    assert np.isfinite(got[:, 0]).all()


def test_a_clock_an_hour_apart_counts_from_the_arrival_and_its_markers_with_it(
    name: str, offer: Offer, listen: Listen
) -> None:
    ahead_s = -3600.0
    amplifier = offer(name, UNICORN)
    trigger = offer(f"{name} markers", [{}], kind="Markers", rate_hz=0.0, number="string")
    listener = listen(name)
    amplifier.keep_pushing([1.0, 2.0, 3.0], 250.0, ahead_s, shake=1.0)
    got = samples(listener, 150)
    assert abs(LslClock().now() - got.t[-1]) < 1.0
    assert got.t[-1] - got.t[0] == pytest.approx((len(got.t) - 1) / 250, abs=0.02)
    before = LslClock().now()
    trigger.push([["flash"]], [ahead_s - 1.0])
    marker = listener.marker()
    assert marker.label == "flash"
    assert before - 1.2 < marker.t < before - 0.8, "a second before it was sent"


# ------------------------------------------------------------ gaps, outages


def test_samples_that_are_missing_are_a_gap(name: str, offer: Offer, listen: Listen) -> None:
    amplifier = offer(name, UNICORN)
    listener = listen(name)
    sent = rows(200, 3, 10.0)
    stamps = [(n - 400) / 250 for n in range(200)]
    amplifier.push(sent[:100] + sent[110:], stamps[:100] + stamps[110:])
    recent, chunks = RecentEeg(), [listener.chunk()]
    while sum(len(chunk.t) for chunk in chunks) < 190:
        chunks.append(listener.chunk())
    for chunk in chunks:
        recent.add(chunk)
    assert [chunk.gap for chunk in chunks if chunk.gap] == [True, True]
    second = next(chunk for chunk in chunks[1:] if chunk.gap)
    assert second.data[0] == pytest.approx(sent[110], rel=1e-5)
    start = float(second.t[0])
    assert recent.between(start - 0.1, start + 0.1) is None, "an epoch over it is void"
    assert recent.between(start, start + 0.2) is not None


def test_a_program_that_is_killed_is_lost_at_once_and_found_again_as_another_one(
    name: str, offer: Offer, listen: Listen
) -> None:
    amplifier = offer(name, UNICORN)
    listener = listen(name)
    amplifier.keep_pushing([1.0, 2.0, 3.0], 250.0, shake=1.0)
    samples(listener, 150)
    amplifier.kill()
    killed = time.monotonic()
    lost = listener.state(DeviceState.LOST)
    assert lost.t - killed < 0.5
    assert name in lost.detail and "gaze and switches still work" in lost.detail

    # Other channels, another rate: a new device as far as anybody can tell.
    amplifier = offer(name, described("Fz", "Oz"), rate_hz=500.0)
    amplifier.keep_pushing([1.0, 2.0], 500.0, shake=1.0)
    listener.state(DeviceState.RUNNING)
    chunk = listener.chunk()
    assert chunk.gap and chunk.channels == ("Fz", "Oz") and chunk.rate_hz == 500.0
    times = [float(t) for m in listener.heard if isinstance(m, EegChunk) for t in m.t]
    assert all(before < after for before, after in pairwise(times))


def test_a_program_that_freezes_is_lost_soon_and_goes_on_after_a_gap(
    name: str, offer: Offer, listen: Listen
) -> None:
    amplifier = offer(name, UNICORN)
    listener = listen(name)
    amplifier.keep_pushing([1.0, 2.0, 3.0], 250.0, shake=1.0)
    samples(listener, 150)
    os.kill(amplifier.process.pid, signal.SIGSTOP)
    frozen = time.monotonic()
    lost = listener.state(DeviceState.LOST, "sends nothing")
    assert lost.t - frozen < 0.6
    os.kill(amplifier.process.pid, signal.SIGCONT)
    assert listener.chunk().gap, "whatever its stamps say"
    states = [m.state for m in listener.heard if isinstance(m, DeviceStatus)]
    assert states[-1] is DeviceState.RUNNING


def test_a_program_that_stays_frozen_is_given_up(
    name: str, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.eeg.silence.LOST_S", 0.6)
    amplifier = offer(name, UNICORN)
    amplifier.push(rows(60, 3, 10.0), [(n - 59) / 250 for n in range(60)])
    with pytest.raises(DeviceLost, match="sends nothing"):
        LslEegDriver(name).run(lambda sample: None, threading.Event(), LslClock())


def test_another_rate_than_promised_is_explained_and_no_sample_of_it_comes(
    name: str, offer: Offer, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.eeg.rate_check.WINDOW_S", 0.5)
    amplifier = offer(name, UNICORN, rate_hz=500.0)
    listener = listen(name)
    amplifier.keep_pushing([1.0, 2.0, 3.0], 250.0, shake=1.0)
    lost = listener.state(DeviceState.LOST)
    assert "promises 500" in lost.detail
    assert not any(isinstance(m, EegChunk) for m in listener.heard)


# ------------------------------------------------------------ markers and what is not there


def test_markers_of_the_same_program_come_when_they_come(name: str, offer: Offer, listen: Listen) -> None:
    amplifier = offer(name, UNICORN)
    amplifier.keep_pushing([1.0, 2.0, 3.0], 250.0, shake=1.0)
    listener = listen(name)
    samples(listener, 100)
    for label in ("target/code=7", "later"):
        trigger = offer(f"{name} markers", [{}], kind="markers", rate_hz=0.0, number="string")
        before = LslClock().now()
        trigger.push([[label]], [-0.05])
        marker = listener.marker()
        assert marker.label == label
        assert before - 0.06 < marker.t < LslClock().now() - 0.04
        trigger.kill()


def test_numbers_are_markers_too_and_chosen_markers_that_are_missing_are_told(
    name: str, offer: Offer, listen: Listen
) -> None:
    amplifier = offer(name, UNICORN)
    amplifier.keep_pushing([1.0, 2.0, 3.0], 250.0, shake=1.0)
    codes = f"codes {uuid4()}"
    listener = listen(name, markers=codes)
    listener.state(DeviceState.RUNNING, "markers that were chosen in the settings are not there")
    trigger = offer(codes, [{}], kind="Markers", rate_hz=0.0, number="int32")
    listener.wait(lambda m: isinstance(m, DeviceStatus) and m.detail == "")
    trigger.push([[11]])
    assert listener.marker().label == "11"


def test_markers_without_eeg_are_told(name: str, offer: Offer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.eeg.lsl.SEARCH_S", 0.4)
    monkeypatch.setattr("devices.eeg.lsl.MARKERS_S", 3.0)
    monkeypatch.setattr("devices.eeg.lsl.TYPES", (f"eeg {name}",))
    offer(f"{name} markers", [{}], kind="Markers", rate_hz=0.0, number="string")
    with pytest.raises(DeviceLost, match=f"There are markers .*{name}.*, but no EEG"):
        LslEegDriver(name).run(lambda sample: None, threading.Event(), LslClock())


@pytest.mark.parametrize(
    ("channels", "options", "words"),
    [
        (UNICORN, {"rate_hz": 0.0}, "does not say how many samples a second"),
        (UNICORN, {"rate_hz": 124.0}, "sends 124 samples a second"),
        (UNICORN, {"number": "string"}, "sends texts"),
        (described("TRIG", "counter", "ACC_X"), {}, "finds no EEG"),
    ],
)
def test_what_cannot_be_used_is_explained(
    name: str,
    offer: Offer,
    channels: Sequence[dict[str, str]],
    options: dict[str, Any],
    words: str,
) -> None:
    offer(name, channels, **options)
    with pytest.raises(DeviceLost, match=words) as lost:
        LslEegDriver(name).run(lambda sample: None, threading.Event(), LslClock())
    assert "in the settings" in str(lost.value)


def test_of_several_amplifiers_the_first_is_taken_and_all_are_named(
    name: str, offer: Offer, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.lsl_stream.OTHERS_S", 0.8)
    for letter in "ab":
        offer(f"{name} {letter}", UNICORN).keep_pushing([1.0, 2.0, 3.0], 250.0, shake=1.0)
    told = listen(name).state(DeviceState.RUNNING, "several EEG streams")
    assert told.detail.count(name) == 3 and f"{name} a is used" in told.detail


def test_without_an_amplifier_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.eeg.lsl.SEARCH_S", 0.2)
    monkeypatch.setattr("devices.eeg.lsl.TYPES", (f"eeg {uuid4()}",))
    with pytest.raises(DeviceLost, match="Start the program of your amplifier"):
        LslEegDriver().run(lambda sample: None, threading.Event(), LslClock())
