"""Stories of a person at the engine while something around them goes wrong."""

from __future__ import annotations

from person import Person

from assistive.messages import JournalFailed


def test_a_click_that_waited_for_a_disk_that_refuses_is_not_kept_for_later() -> None:
    person = Person(disk_works=False).press("a").press("b")
    assert person.text == "A"
    person.tell(JournalFailed(person.clock.now(), 1, "the disk is full"))
    assert person.text == "Ab"
