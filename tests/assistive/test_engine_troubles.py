"""Stories of a person at the engine while something around them goes wrong."""

from __future__ import annotations

from person import Person

from assistive.messages import HelpShown, JournalFailed
from assistive.settings import Settings
from devices.samples import DeviceState, DeviceStatus


def test_a_click_that_waited_for_a_disk_that_refuses_is_not_kept_for_later() -> None:
    person = Person(disk_works=False).press("a").press("b")
    assert person.text == "A"
    person.tell(JournalFailed(person.clock.now(), 1, "the disk is full"))
    assert person.text == "Ab"


def test_a_resting_mouse_that_stands_in_for_a_missing_tracker_calls_nobody() -> None:
    person = Person(Settings().changed("input.gaze", "tracker"))
    person.tell(DeviceStatus(person.clock.now(), "pointer", DeviceState.RUNNING))
    assert person.look("a").blink(0.1).wait(600.0).of(HelpShown) == []


def test_a_person_who_rests_still_rests_after_a_crash() -> None:
    again = Person().write("hi").look("rest").crash_and_start_again()
    assert again.board.page == "rest"
    assert again.look("wake").text == "Hi"
