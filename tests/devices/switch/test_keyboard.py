"""Keys as switches: felt at once, bounces and auto-repeat heard as nothing, a stuck switch told."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import ANY

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.clock import LslClock
from devices.driver import Emitted
from devices.mailbox import Mailbox
from devices.runner import DriverRunner
from devices.samples import DeviceState, DeviceStatus, SwitchEvent
from devices.switch.debounce import Contact
from devices.switch.keyboard import KeyboardSwitch


def felt(*edges: tuple[float, bool], until: float = 100.0) -> list[tuple[float, bool]]:
    """Return the presses and releases that come out of raw edges (s)."""
    contact = Contact("1", 0.03)
    events = [event for t, closed in edges for event in contact.edge(t, closed)]
    return [(event.t, event.pressed) for event in events + contact.settle(until)]


def test_a_clean_press_is_felt_at_once_and_its_release_has_its_own_time() -> None:
    assert felt((1.0, True), (1.2, False)) == [(1.0, True), (1.2, False)]


def test_a_contact_that_bounces_as_it_closes_and_opens_is_one_press() -> None:
    closing = [(1.0, True), (1.004, False), (1.006, True), (1.01, False), (1.011, True)]
    opening = [(1.5, False), (1.503, True), (1.507, False)]
    assert felt(*closing, *opening) == [(1.0, True), (1.507, False)]


def test_quick_presses_that_were_meant_are_two() -> None:
    assert felt((1.0, True), (1.02, False), (1.06, True), (1.08, False)) == [
        (1.0, True),
        (1.02, False),
        (1.06, True),
        (1.08, False),
    ]


def test_an_unmarked_auto_repeat_is_one_long_press() -> None:
    repeat = [(1.5 + i * 0.033 + pair, bool(pair)) for i in range(30) for pair in (0, 0.0001)]
    assert felt((1.0, True), *[(t, pair) for t, pair in repeat], (3.0, False)) == [(1.0, True), (3.0, False)]


def test_a_release_waits_until_it_is_certain() -> None:
    contact = Contact("1", 0.03)
    contact.edge(1.0, True)
    assert contact.due() is None
    contact.edge(1.2, False)
    assert contact.due() == pytest.approx(1.23)
    assert contact.settle(1.22) == []
    assert contact.settle(1.24) == [SwitchEvent(1.2, "1", False)]
    assert contact.due() is None
    assert contact.settle(1.25) == []


@given(st.lists(st.tuples(st.floats(0.0, 0.2), st.booleans()), max_size=40))
def test_however_a_contact_chatters_presses_and_releases_alternate(chatter: list[tuple[float, bool]]) -> None:
    t, edges = 0.0, []
    for after, closed in chatter:
        t += after
        edges.append((t, closed))
    events = felt(*edges, until=t + 1.0)
    assert [pressed for _, pressed in events] == [i % 2 == 0 for i in range(len(events))]
    assert [at for at, _ in events] == sorted(at for at, _ in events)
    closed_at_the_end = bool(edges) and edges[-1][1]
    assert len(events) % 2 == (1 if closed_at_the_end else 0), "what was last is what stays"


class Desk:
    """A keyboard switch that runs, and what is heard of it."""

    def __init__(self, switch: KeyboardSwitch) -> None:
        self.switch = switch
        self.box: Mailbox[Emitted] = Mailbox(100)
        self.runner = DriverRunner(switch, self.box.put, LslClock())
        self.runner.start()
        # The driver listens as soon as a press comes through.
        self.switch.press("space")
        while not self._hears_a_press():
            self.switch.press("space")
        self.switch.release("space")
        assert self.next_press() == ("1", False)

    def _hears_a_press(self) -> bool:
        message = self.box.get(0.02)
        while message is not None and not isinstance(message, SwitchEvent):
            message = self.box.get(0.02)
        return message is not None

    def next(self) -> Emitted:
        message = self.box.get(10)
        assert message is not None
        return message

    def next_press(self) -> tuple[str, bool]:
        message = self.next()
        while not isinstance(message, SwitchEvent):
            message = self.next()
        return message.switch, message.pressed

    def hear_status(self, words: str) -> None:
        message = self.next()
        while not (isinstance(message, DeviceStatus) and words in message.detail):
            message = self.next()
        assert message.state is DeviceState.RUNNING


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk(KeyboardSwitch({"Space": "1", "enter": "1", "return": "2"}))
    yield desk
    assert desk.runner.stop()


def test_keys_are_switches_and_other_keys_are_not(desk: Desk) -> None:
    desk.switch.press("Return")
    assert desk.next_press() == ("2", True)
    desk.switch.release("RETURN")
    assert desk.next_press() == ("2", False)
    desk.switch.press("a")
    desk.switch.release("a")
    assert desk.box.get(0) is None


def test_the_auto_repeat_of_a_held_key_is_no_press(desk: Desk) -> None:
    desk.switch.press("return")
    for _ in range(5):
        desk.switch.release("return", repeat=True)
        desk.switch.press("return", repeat=True)
    desk.switch.release("return")
    assert [desk.next_press(), desk.next_press()] == [("2", True), ("2", False)]


def test_two_keys_of_one_switch_are_down_until_both_are_up(desk: Desk) -> None:
    desk.switch.press("space")
    desk.switch.press("enter")
    desk.switch.release("space")
    desk.switch.press("return")
    desk.switch.release("enter")
    assert [desk.next_press() for _ in range(3)] == [("1", True), ("2", True), ("1", False)]


def test_a_switch_that_sticks_is_told_and_its_release_still_counts() -> None:
    desk = Desk(KeyboardSwitch(stuck_s=0.1))
    desk.switch.press("return")
    assert desk.next_press() == ("2", True)
    desk.hear_status("Switch 2 has been held down")
    desk.switch.release("return")
    assert desk.next_press() == ("2", False)
    assert desk.next() == DeviceStatus(ANY, "keyboard", DeviceState.RUNNING, "")
    assert desk.runner.stop()


def test_a_window_that_loses_the_focus_lets_go(desk: Desk) -> None:
    desk.switch.press("return")
    assert desk.next_press() == ("2", True)
    desk.switch.release_all()
    assert desk.next_press() == ("2", False)


def test_before_it_runs_and_after_it_stopped_a_press_is_nothing() -> None:
    switch = KeyboardSwitch()
    switch.press("space")
    desk = Desk(switch)
    assert desk.runner.stop()
    switch.press("space")
    assert isinstance(desk.next(), DeviceStatus)
    assert desk.box.get(0) is None
