"""Which stream is meant by a name, and the clock of the computer that sends it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from outlet_process import OutletProcess, keep_lsl_apart

from devices.clock import LslClock
from devices.lsl_inlet import Inlet
from devices.lsl_stream import FoundStream, StreamGone, called, search

keep_lsl_apart()
Offer = Callable[..., OutletProcess]


@pytest.fixture(autouse=True)
def one_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.lsl_stream.OTHERS_S", 0.05)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every stream counts as one of another computer."""
    monkeypatch.setattr(FoundStream, "is_here", False)


def connected(name: str) -> Inlet:
    (found,) = called(name, search(threading.Event(), 4.0, ("gaze",)))
    return Inlet(found, buffer_s=1)


def test_a_stream_is_chosen_by_its_name_or_source_or_a_part_of_it() -> None:
    streams = [FoundStream(*texts, "uid", "host", None) for texts in (("Tobii", ""), ("Tobii_gaze", "SN7"))]

    def names(wanted: str) -> list[str]:
        return [one.name for one in called(wanted, streams)]

    assert names("") == ["Tobii", "Tobii_gaze"]
    assert names("tobii") == ["Tobii"]
    assert names("TOB") == ["Tobii", "Tobii_gaze"]
    assert names("sn7") == ["Tobii_gaze"]
    assert names("eyelink") == []


def test_a_stream_of_another_computer_is_named_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "Bedside")
    named = [FoundStream("Tobii", "", "uid", host, None).full_name for host in ("bedside", "ward-3")]
    assert named == ["Tobii", "Tobii (ward-3)"]


def test_what_a_stream_says_of_its_channels_is_told_in_order(offer: Offer) -> None:
    name = str(uuid4())
    channels = [{"label": " left \n x ", "unit": "px"}, {}, {"unit": "mm"}]
    offer(name, channels)
    told = connected(name).describe(("unit", "label"), threading.Event())
    assert told == [("px", "left x"), ("", ""), ("mm", "")]


def test_the_clock_of_another_computer_is_compared_without_waiting(offer: Offer, elsewhere: None) -> None:
    name = str(uuid4())
    offer(name, [{}] * 6).keep_pushing([0.5] * 6, 60.0)
    inlet = connected(name)
    waits: list[float] = []
    correction = 0.0
    while correction == 0.0 and len(waits) < 300:
        assert len(inlet.pull(1.0)[1])
        began = time.monotonic()
        correction = inlet.correction(LslClock().now())
        waits.append(time.monotonic() - began)
    assert correction != 0.0 and abs(correction) < 0.1, "it is the same computer after all"
    assert max(waits) < 0.3


def test_who_needs_the_clock_from_the_first_sample_waits_for_it(offer: Offer, elsewhere: None) -> None:
    name = str(uuid4())
    outlet = offer(name, [{}])
    inlet = connected(name)
    inlet.wait_for_clock(threading.Event())
    assert inlet.correction(-1e9) != 0.0
    outlet.kill()
    stop = threading.Event()
    stop.set()
    with pytest.raises(StreamGone):
        inlet.describe(("label",), stop)
