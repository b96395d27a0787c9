"""A driver that dies, comes back, hangs or talks nonsense: the person's other inputs never notice."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from devices.clock import LslClock, VirtualClock
from devices.driver import DeviceKind, DeviceLost, Emitted, ScriptedDriver
from devices.mailbox import Mailbox
from devices.runner import DriverRunner
from devices.samples import DeviceState, DeviceStatus, GazeSample, SwitchEvent

STARTING, RUNNING, LOST, STOPPED = (
    DeviceState.STARTING,
    DeviceState.RUNNING,
    DeviceState.LOST,
    DeviceState.STOPPED,
)
LOOK = GazeSample(1.0, 0.5, 0.5)
AWAY = GazeSample(2.0, float("nan"), float("nan"))
QUICK = (0.001, 0.002)


class House:
    """A runner with its mailbox."""

    def __init__(self, driver: Any, clock: Any = None, **options: Any) -> None:
        self.box: Mailbox[Emitted] = Mailbox(1000)
        self.runner = DriverRunner(
            driver, self.box.put, clock or LslClock(), **({"retry_s": QUICK} | options)
        )

    def hear(self, until: Callable[[Emitted], bool]) -> list[Emitted]:
        heard: list[Emitted] = []
        while not heard or not until(heard[-1]):
            message = self.box.get(10)
            assert message is not None, f"nothing more came after {heard}"
            heard.append(message)
        return heard


def is_status(state: DeviceState) -> Callable[[Emitted], bool]:
    return lambda message: isinstance(message, DeviceStatus) and message.state is state


def states(heard: list[Emitted]) -> list[DeviceState]:
    return [message.state for message in heard if isinstance(message, DeviceStatus)]


def test_a_tracker_is_starting_until_its_first_sample_and_stops_when_its_source_ends() -> None:
    house = House(ScriptedDriver([LOOK, AWAY]))
    house.runner.start()
    heard = house.hear(is_status(STOPPED))

    assert states(heard) == [STARTING, RUNNING, STOPPED]
    assert heard[2] == LOOK
    assert house.runner.state is STOPPED


def test_a_switch_runs_at_once() -> None:
    house = House(ScriptedDriver([threading.Event()], kind=DeviceKind.SWITCH))
    house.runner.start()
    assert states(house.hear(is_status(RUNNING))) == [STARTING, RUNNING]
    assert house.runner.stop()


def test_a_tracker_that_is_unplugged_is_lost_in_plain_words_and_comes_back() -> None:
    gone = DeviceLost("The tracker was unplugged. Plug it in again.")
    house = House(ScriptedDriver([LOOK, gone], [gone], [gone], [LOOK, threading.Event()]))
    house.runner.start()
    first = house.hear(is_status(LOST))
    again = house.hear(is_status(RUNNING))

    assert first[-1].detail == "The tracker was unplugged. Plug it in again."  # type: ignore[union-attr]
    assert states(again) == [RUNNING], "it stays lost through the attempts in between, and says so once"
    assert house.runner.stop()


def test_when_a_tracker_is_lost_nobody_looks() -> None:
    house = House(ScriptedDriver([LOOK, DeviceLost("Gone.")]))
    house.runner.start()
    heard = house.hear(is_status(LOST))
    assert isinstance(heard[-2], GazeSample)
    assert not heard[-2].valid
    house.runner.stop()


def test_when_a_switch_is_lost_it_is_let_go_and_pressing_it_shows_that_it_is_back() -> None:
    down, up = SwitchEvent(1.0, "1", True), SwitchEvent(1.1, "1", False)
    plugged_in = threading.Event()
    driver = ScriptedDriver([down, DeviceLost("Gone.")], [plugged_in, down, up], kind=DeviceKind.SWITCH)
    house = House(driver)
    house.runner.start()
    heard = house.hear(is_status(LOST))
    assert isinstance(heard[-2], SwitchEvent)
    assert (heard[-2].switch, heard[-2].pressed) == ("1", False)

    plugged_in.set()
    heard = house.hear(is_status(STOPPED))
    assert states(heard) == [RUNNING, STOPPED]
    assert heard[1:3] == [down, up]


@pytest.mark.parametrize("error", [ZeroDivisionError("1/0"), SystemExit(3), KeyError("x"), MemoryError()])
def test_a_bug_in_a_driver_is_a_sentence_for_people_and_a_traceback_for_the_log(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    house = House(ScriptedDriver([LOOK, error], name="Eye Box"))
    with caplog.at_level(logging.WARNING):
        house.runner.start()
        lost = house.hear(is_status(LOST))[-1]
        house.runner.stop()

    assert isinstance(lost, DeviceStatus)
    assert "Eye Box" in lost.detail
    assert "other inputs still work" in lost.detail
    assert caplog.records[0].exc_info is not None


def test_the_same_failure_is_logged_once_however_often_it_comes(caplog: pytest.LogCaptureFixture) -> None:
    lives = [[RuntimeError("no firmware")] for _ in range(20)]
    house = House(ScriptedDriver(*lives, [LOOK, threading.Event()]))
    with caplog.at_level(logging.WARNING):
        house.runner.start()
        house.hear(is_status(RUNNING))
        house.runner.stop()
    assert len([r for r in caplog.records if "no firmware" in r.getMessage()]) == 1


def test_a_driver_that_emits_nonsense_is_lost() -> None:
    nonsense: Any = "left"
    house = House(ScriptedDriver([nonsense]))
    house.runner.start()
    assert "failed" in house.hear(is_status(LOST))[-1].detail  # type: ignore[union-attr]
    house.runner.stop()


def test_a_driver_that_hangs_is_left_behind_in_bounded_time_and_cannot_speak_any_more() -> None:
    let_go = threading.Event()
    driver = ScriptedDriver([LOOK, let_go, LOOK, LOOK], deaf=True)
    house = House(driver, join_s=0.05)
    house.runner.start()
    house.hear(lambda message: message is LOOK)
    hanging = next(t for t in threading.enumerate() if t.name == "driver scripted")

    assert house.runner.stop() is False
    assert states(house.hear(is_status(STOPPED))) == [STOPPED]

    let_go.set()
    hanging.join(10)
    assert house.box.get(0) is None


def test_a_driver_says_something_about_itself_while_it_runs() -> None:
    told = DeviceStatus(1.0, "whatever", RUNNING, "Its battery is low.")
    house = House(ScriptedDriver([LOOK, told, told, LOOK, threading.Event()], name="glasses"))
    house.runner.start()
    heard = house.hear(lambda m: isinstance(m, DeviceStatus) and m.detail != "")
    assert heard[-1].device == "glasses"  # type: ignore[union-attr]
    assert house.hear(lambda m: m is LOOK) == [LOOK], "what was said once is not said again"
    house.runner.stop()


def test_it_can_be_stopped_while_it_waits_to_reconnect_and_started_again() -> None:
    house = House(ScriptedDriver([DeviceLost("Gone.")], [LOOK, threading.Event()]), retry_s=(3600.0,))
    house.runner.start()
    house.runner.start()
    house.hear(is_status(LOST))
    assert house.runner.stop()
    assert house.runner.stop(), "to stop what is stopped is nothing"
    house.runner.start()
    assert states(house.hear(is_status(RUNNING))) == [STOPPED, STARTING, RUNNING]
    house.runner.stop()


def test_the_wait_between_attempts_grows() -> None:
    began: list[float] = []

    class Noting(ScriptedDriver):
        def run(self, emit: Any, stop: Any, clock: Any) -> None:
            began.append(clock.now())
            super().run(emit, stop, clock)

    gone = DeviceLost("Gone.")
    house = House(Noting([gone], [gone], [gone], [gone], [LOOK]), retry_s=(0.01, 0.03, 0.06))
    house.runner.start()
    house.hear(is_status(STOPPED))
    waits = [after - before for before, after in pairwise(began)]
    assert all(wait >= least for wait, least in zip(waits, (0.01, 0.03, 0.06, 0.06), strict=True))


def test_after_a_good_run_it_reconnects_quickly_again() -> None:
    clock = VirtualClock()

    class RunsForTwoHours(ScriptedDriver):
        def run(self, emit: Any, stop: Any, clock_: Any) -> None:
            emit(LOOK)
            clock.advance(7200.0)
            super().run(emit, stop, clock_)

    gone = DeviceLost("Gone.")
    house = House(RunsForTwoHours([gone], [gone], [gone], []), clock, retry_s=(0.001, 3600.0))
    house.runner.start()
    heard = house.hear(is_status(STOPPED))
    assert states(heard) == [STARTING, *[RUNNING, LOST] * 3, RUNNING, STOPPED]


def test_a_runner_needs_to_know_how_long_to_wait() -> None:
    with pytest.raises(ValueError, match="time to wait"):
        DriverRunner(ScriptedDriver(), print, VirtualClock(), retry_s=())
