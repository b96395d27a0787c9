"""A person who wants to be asked before a sentence is spoken: by looking, by a click, and by one switch alone."""

from __future__ import annotations

import pytest
from person import Person

from assistive.settings import Settings
from devices.samples import SwitchEvent

ASKING = Settings().changed("eeg.confirm_speech", True)


@pytest.fixture
def person() -> Person:
    """They have written "hi" and chosen Speak."""
    return Person(ASKING).write("hi").look("speak")


def switch(person: Person) -> Person:
    return person.tell(SwitchEvent(person.clock.now(), "1", True))


def highlighted(person: Person) -> str:
    """The label of the coloured key; "": none."""
    return next((t.label for t in person.board.targets if t.kind == "speak"), "")


def test_yes_speaks_and_no_goes_back_with_the_text_untouched(person: Person) -> None:
    assert person.board.page == "confirm"
    assert person.board.captions[0].text == "Hi"
    assert person.spoken == []
    person.look("confirm:no")
    assert (person.board.page, person.text, person.spoken) == ("letters", "Hi", [])
    person.look("speak").look("confirm:yes")
    assert (person.board.page, person.spoken) == ("letters", ["Hi"])


def test_a_phrase_is_asked_about_and_the_quick_answers_are_not() -> None:
    person = Person(ASKING).look("phrases").look("I am thirsty.")
    assert (person.board.page, person.spoken) == ("confirm", [])
    person.press("confirm:no")
    assert (person.board.page, person.spoken) == ("phrases", [])
    person.press("I am thirsty.").press("confirm:yes")
    assert (person.board.page, person.spoken) == ("letters", ["I am thirsty."])
    person.look("pain")
    assert person.spoken[-1] == "I am in pain."


def test_nothing_is_asked_where_there_is_nothing_to_say() -> None:
    assert Person(ASKING).look("speak").board.page == "letters"


def test_whoever_does_not_want_to_be_asked_is_not() -> None:
    assert Person().write("hi").look("speak").spoken == ["Hi"]


def test_help_is_called_over_the_question(person: Person) -> None:
    person.look("help")
    assert person.target("help").label == "take back help"
    assert person.spoken == [person.spoken[0]]  # the call, not the sentence
    assert person.spoken[0] != "Hi"


def test_a_crash_while_it_is_asked_speaks_nothing_and_keeps_the_text(person: Person) -> None:
    again = person.crash_and_start_again()
    assert (again.board.page, again.text, again.spoken) == ("letters", "Hi", [])


def test_without_looking_one_switch_says_yes_twice(person: Person) -> None:
    """Nothing is known of these hands yet, so that one press is not sure enough."""
    switch(person.wait(1.5)).wait(1.1)
    assert highlighted(person) == "yes"
    assert "wrong at most 6 times out of 100" in person.board.captions[0].note
    switch(person)
    assert (person.board.page, person.spoken) == ("confirm", [])
    assert "once more" in person.board.captions[0].note
    person.wait(1.1)
    switch(person)
    assert (person.board.page, person.spoken) == ("letters", ["Hi"])


def test_the_highlight_goes_from_yes_to_no_and_a_press_there_goes_back(person: Person) -> None:
    switch(person.wait(1.5)).wait(1.1)
    seen = [highlighted(person)]
    person.wait(2.0)
    seen.append(highlighted(person))
    assert seen == ["yes", "no"]
    switch(person)
    assert (person.board.page, person.text, person.spoken) == ("letters", "Hi", [])


def test_whoever_does_not_answer_is_brought_back(person: Person) -> None:
    switch(person.wait(1.5)).wait(1.0 + 3 * 4.0 + 0.1)
    assert (person.board.page, person.text, person.spoken) == ("letters", "Hi", [])


def test_a_look_ends_the_highlighting_and_chooses_as_ever(person: Person) -> None:
    switch(person.wait(1.5)).wait(1.1)
    assert highlighted(person) == "yes"
    person.look("confirm:no")
    assert (person.board.page, person.spoken) == ("letters", [])
