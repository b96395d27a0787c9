"""What must not hurt a person who chooses by EEG: a key that is out of reach, an alarm without end, a slow disk."""

from __future__ import annotations

from brain_at_the_board import BrainAtTheBoard

from assistive.boards.board import Action, Rect, Target, TargetKind, Verb
from assistive.eeg.choosing import weighty
from assistive.messages import HelpAnswered, Selection
from devices.samples import DeviceState, DeviceStatus


def started(**what: object) -> BrainAtTheBoard:
    person = BrainAtTheBoard(**what)  # type: ignore[arg-type]
    for name in ("more", "EEG", "start"):
        person.press(name)
    return person


def test_a_look_calls_for_help_though_keys_flash() -> None:
    person = started()
    person.wants = "nothing"
    person.look("help", 6.0)
    assert "help" in [one.label for one in person.of(Selection)]


def test_a_look_takes_back_what_the_eeg_chose_though_keys_flash() -> None:
    person = started()
    person.attend("t")
    person.wants = "nothing"
    person.look("undo", 4.0)
    assert person.text == ""


def test_a_call_that_was_answered_is_not_made_again_at_once_though_the_eeg_is_still_lost() -> None:
    person = started()
    person.pass_time(5.0)
    person.tell(DeviceStatus(person.clock.now(), "eeg", DeviceState.LOST))
    person.pass_time(25.0)
    assert person.engine.restorable().help
    person.tell(HelpAnswered(person.clock.now()))
    assert not person.engine.restorable().help
    person.pass_time(120.0)
    assert not person.engine.restorable().help
    person.pass_time(120.0)
    assert person.engine.restorable().help


def test_what_is_spoken_at_once_is_as_sure_as_speaking() -> None:
    rect = Rect(0.0, 0.0, 0.1, 0.1)
    assert weighty(Target("fixed:yes", TargetKind.FIXED, "yes", rect, Action(Verb.SAY, "yes")))
