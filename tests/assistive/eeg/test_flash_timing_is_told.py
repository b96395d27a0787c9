"""The board says how the time of the flashes is told, once there were any."""

from __future__ import annotations

import pytest
from attending import Attending

from assistive.eeg.messages import FlashShown, ShowFlashes


@pytest.mark.parametrize(("swapped", "words"), [(True, "timed by the screen"), (False, "timed when painted")])
def test_how_flashes_are_timed_is_said_after_the_first(swapped: bool, words: str) -> None:
    person = Attending()
    person.window_works = False
    person.eeg.start(person.t)
    person.wait(3.0)
    assert person.eeg.state(person.t).onset == ""
    plan = person.of(ShowFlashes)[-1]
    person.eeg.take(FlashShown(person.t, plan.number, 0, swapped))
    assert person.eeg.state(person.t).onset == words
