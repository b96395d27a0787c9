"""The engine's inbox: nothing that matters is lost, and order is kept."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.mailbox import Mailbox
from devices.samples import DeviceState, DeviceStatus, GazeSample, SwitchEvent

Inbox = Mailbox[GazeSample | SwitchEvent | DeviceStatus]


def gaze(t: float) -> GazeSample:
    return GazeSample(t, 0.5, 0.5)


def press(t: float) -> SwitchEvent:
    return SwitchEvent(t, "1", True)


def everything_in(box: Inbox) -> list[GazeSample | SwitchEvent | DeviceStatus]:
    return list(iter(lambda: box.get(0), None))


def test_a_full_inbox_drops_the_oldest_gaze_and_keeps_every_switch_press() -> None:
    box = Inbox(2, (GazeSample,))
    for message in (gaze(1), press(2), gaze(3), press(4), gaze(5), gaze(6), press(7)):
        box.put(message)

    assert everything_in(box) == [press(2), press(4), gaze(5), gaze(6), press(7)]
    assert box.dropped == 2


def test_more_statuses_than_the_capacity_all_wait() -> None:
    box = Inbox(1, (GazeSample,))
    statuses = [DeviceStatus(t, "tracker", DeviceState.LOST) for t in range(100)]
    for status in statuses:
        box.put(status)

    assert len(box) == 100
    assert everything_in(box) == statuses
    assert box.dropped == 0


def test_an_empty_inbox_answers_none_in_time() -> None:
    box = Inbox(1)
    assert box.get(0) is None
    assert box.get(0.01) is None


def test_the_reader_wakes_up_when_something_arrives() -> None:
    box = Inbox(1)
    got: list[object] = []
    reader = threading.Thread(target=lambda: got.append(box.get(10)))
    reader.start()
    box.put(press(1))
    reader.join(10)
    assert got == [press(1)]


def test_many_producers_lose_nothing_and_each_keeps_its_order() -> None:
    box: Mailbox[tuple[int, int] | GazeSample] = Mailbox(8, (GazeSample,))

    def produce(who: int) -> None:
        for n in range(500):
            box.put((who, n))
            box.put(gaze(n))

    producers = [threading.Thread(target=produce, args=(who,)) for who in range(4)]
    for producer in producers:
        producer.start()
    kept: list[tuple[int, int]] = []
    n_gaze = 0
    while len(kept) < 4 * 500:
        message = box.get(10)
        assert message is not None
        if isinstance(message, GazeSample):
            n_gaze += 1
        else:
            kept.append(message)
    for producer in producers:
        producer.join(10)
    n_gaze += sum(isinstance(m, GazeSample) for m in iter(lambda: box.get(0), None))

    for who in range(4):
        assert [n for w, n in kept if w == who] == list(range(500))
    assert n_gaze + box.dropped == 4 * 500


def test_an_inbox_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Mailbox[int](0)


@given(st.integers(1, 5), st.lists(st.sampled_from(["gaze", "press", "take"]), max_size=60))
def test_whatever_comes_what_matters_arrives_in_order(capacity: int, steps: list[str]) -> None:
    box = Inbox(capacity, (GazeSample,))
    sent: list[float] = []
    taken: list[GazeSample | SwitchEvent | DeviceStatus] = []
    for t, step in enumerate(steps):
        if step == "take":
            message = box.get(0)
            if message is not None:
                taken.append(message)
        else:
            box.put(gaze(t) if step == "gaze" else press(t))
            sent.append(t)
        waiting_presses = sum(steps[int(s)] == "press" and press(s) not in taken for s in sent)
        assert 0 <= len(box) - waiting_presses <= capacity
    taken += everything_in(box)

    assert [m.t for m in taken] == sorted(m.t for m in taken)
    assert [m.t for m in taken if isinstance(m, SwitchEvent)] == [s for s in sent if steps[int(s)] == "press"]
    assert len(taken) + box.dropped == len(sent)
