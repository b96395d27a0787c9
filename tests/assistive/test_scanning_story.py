"""A person with one or two switches and no gaze: everything is offered in turn, and a press takes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from person import Person

from assistive.boards.board import Target
from assistive.messages import ChangeSetting, ScanShown, Selection, Sound, Tone
from assistive.settings import Settings
from devices.samples import SwitchEvent

STEP_S = 1.0
WORDS = ("tea", "water", "home", "now", "out")


def scanning(mode: str = "row_column", switches: str = "one_automatic", **more: object) -> Settings:
    settings = Settings().changed("scanning.mode", mode).changed("scanning.switches", switches)
    settings = settings.changed("scanning.step_s", STEP_S).changed("sound.click", False)
    for path, value in more.items():
        settings = settings.changed(path.replace("__", "."), value)
    return settings


def press(person: Person, switch: str = "1", *, held_s: float = 0.1) -> Person:
    """Press a switch and let it go."""
    person.tell(SwitchEvent(person.clock.now(), switch, True)).wait(held_s)
    return person.tell(SwitchEvent(person.clock.now(), switch, False))


def offered(person: Person) -> tuple[str, ...]:
    shown = [m for m in person.of(ScanShown) if isinstance(m, ScanShown)]
    return shown[-1].targets if shown else ()


def chosen(person: Person) -> list[str]:
    return [m.label for m in person.of(Selection) if isinstance(m, Selection)]


def choose(person: Person, name: str) -> Person:
    """Press whenever what is wanted is offered, until it is chosen."""
    target, count = person.target(name), len(chosen(person))
    for _ in range(400):
        person.wait(0.5)
        if target.id in offered(person):
            press(person)
            if len(chosen(person)) > count:
                assert chosen(person)[-1] == target.label
                return person
    raise AssertionError(f"{name} was not reached; {offered(person)} is offered")


def until_offered(person: Person, target: Target) -> Person:
    for _ in range(200):
        if offered(person) == (target.id,):
            return person
        person.wait(0.25)
    raise AssertionError(f"{target.id} is not offered alone")


@pytest.mark.parametrize("mode", ["linear", "row_column", "group", "huffman"])
def test_a_word_is_written_and_spoken_with_one_switch(mode: str) -> None:
    person = Person(scanning(mode))
    for letter in "hi":
        choose(person, letter)
    choose(person, "speak")
    assert (person.text, person.spoken) == ("Hi", ["Hi"])


def test_settings_rest_help_and_a_question_are_reached_and_left() -> None:
    person = Person(scanning(eeg__confirm_speech=True))
    choose(choose(person, "h"), "speak")
    assert person.board.page == "confirm"
    choose(person, "confirm:no")
    assert (person.board.page, person.spoken) == ("letters", [])
    choose(choose(person, "rest"), "help")
    assert person.spoken, "the call"
    choose(choose(person, "help"), "wake")
    assert person.board.page == "letters"
    choose(choose(choose(person, "more"), "settings"), "next page")
    assert person.board.page == "settings/2"
    choose(person, "back")
    assert person.board.page == "letters"


def test_a_row_then_its_cell_and_the_first_is_offered_longer() -> None:
    person = Person(scanning())
    first = offered(person)
    assert set(first) == {t.id for t in person.board.targets if t.choosable and t.rect.y < 0.05}
    person.wait(1.4 * STEP_S)
    assert offered(person) == first
    person.wait(0.2 * STEP_S)
    second = offered(person)
    assert second != first
    person.wait(STEP_S)
    assert offered(person) not in (first, second)


def test_without_scanning_nothing_is_offered_and_the_switch_takes_what_is_looked_at() -> None:
    person = Person().look("h", 0.5)
    press(person)
    assert (person.text, person.of(ScanShown)) == ("H", [])


def test_whoever_does_not_press_is_left_in_peace_until_they_do() -> None:
    person = Person(scanning())
    person.wait(60.0)
    assert (offered(person), chosen(person)) == ((), [])
    assert person.engine.deadline() is None, "nothing goes on in the background"
    press(person)
    assert offered(person)
    assert chosen(person) == []


def test_a_switch_that_bounces_takes_once() -> None:
    person = Person(scanning("linear"))
    until_offered(person, person.target("h"))
    for _ in range(10):
        press(person, held_s=0.02).wait(0.02)
    assert chosen(person) == ["h"]


@pytest.mark.parametrize("switches", ["one_automatic", "one_step", "hold", "two"])
def test_a_switch_that_sticks_chooses_at_most_once(switches: str) -> None:
    person = Person(scanning("linear", switches))
    person.wait(0.5)
    for _ in range(200):
        person.tell(SwitchEvent(person.clock.now(), "1", True)).wait(0.1)
    assert len(chosen(person)) <= 1


def test_a_switch_whose_release_was_lost_works_again() -> None:
    person = Person(scanning("linear"))
    for letter in "hi":
        until_offered(person, person.target(letter))
        person.tell(SwitchEvent(person.clock.now(), "1", True))
    assert person.text == "Hi"


def test_two_switches_step_and_take_and_time_does_nothing() -> None:
    person = Person(scanning("linear", "two")).wait(30.0)
    assert chosen(person) == []
    while offered(person) != ("letter:h",):
        press(person.wait(0.3), "1")
    press(person.wait(30.0), "2")
    assert chosen(person) == ["h"]


def test_one_switch_steps_and_waiting_takes() -> None:
    person = Person(scanning("linear", "one_step")).wait(30.0)
    assert (offered(person), chosen(person)) == ((), []), "nobody has pressed"
    while offered(person) != ("letter:h",):
        press(person.wait(0.3))
    person.wait(STEP_S + 0.1)
    assert chosen(person) == ["h"]
    person.wait(30.0)
    assert chosen(person) == ["h"]


def test_in_a_row_that_waiting_took_nothing_is_taken_before_the_next_press() -> None:
    person = Person(scanning("row_column", "one_step"), proposer=lambda _: WORDS).wait(0.5)
    press(person)
    assert offered(person) == ("speak",)
    press(person.wait(0.3)).wait(30.0)
    assert offered(person) == tuple(f"word:{i}" for i in range(5)), "the row is open"
    assert chosen(person) == []
    press(person)
    assert offered(person) == ("word:0",)


def test_it_moves_while_the_switch_is_held_and_letting_go_takes() -> None:
    person = Person(scanning("linear", "hold")).wait(30.0)
    assert offered(person) == ()
    person.tell(SwitchEvent(person.clock.now(), "1", True))
    until_offered(person, person.target("h"))
    assert chosen(person) == []
    person.tell(SwitchEvent(person.clock.now(), "1", False))
    assert chosen(person) == ["h"]


def test_a_press_that_is_heard_of_after_the_step_takes_what_was_offered_when_it_came() -> None:
    person = Person(scanning("linear"))
    until_offered(person, person.target("h"))
    pressed_at = person.clock.now()
    person.wait(STEP_S)
    assert offered(person) != ("letter:h",)
    person.tell(SwitchEvent(pressed_at, "1", True))
    assert chosen(person) == ["h"]


def test_a_press_at_the_moment_when_the_board_changes_takes_nothing() -> None:
    person = Person(scanning("linear"), proposer=None)
    until_offered(person, person.target("h"))
    pressed_at = person.clock.now()
    person.press("phrases")
    assert person.board.page == "phrases"
    person.tell(SwitchEvent(pressed_at, "1", True))
    press(person.wait(0.16))
    assert chosen(person) == ["phrases"]


def test_after_a_choice_it_begins_anew() -> None:
    person = Person(scanning())
    first = offered(person)
    choose(person, "h")
    assert offered(person) == first


@pytest.mark.parametrize("mode", ["linear", "huffman"])
def test_the_likeliest_word_is_among_the_first_to_be_offered(mode: str) -> None:
    person = Person(scanning(mode), proposer=lambda _: ("tea",))
    start = person.clock.now()
    choose(person, "Tea")
    assert person.clock.now() - start < 6 * STEP_S
    assert person.text == "Tea "


def test_a_soft_tick_tells_of_each_step_where_such_sounds_are_wanted() -> None:
    quiet = Person(scanning()).wait(3.0)
    assert quiet.of(Sound) == []
    heard = Person(scanning(sound__click=True)).wait(3.0).of(Sound)
    assert {m.tone for m in heard if isinstance(m, Sound)} == {Tone.STEP}
    assert len(heard) >= 2


def test_scanning_is_switched_on_and_off_while_sayso_runs() -> None:
    person = Person(Settings().changed("eeg.confirm_speech", True))
    person.tell(ChangeSetting(person.clock.now(), "scanning.mode", "linear"))
    assert offered(person)
    person.tell(ChangeSetting(person.clock.now(), "scanning.mode", "off"))
    assert offered(person) == ()
    assert person.engine.deadline() is None or person.wait(60.0).of(Selection) == []


def test_while_the_eyes_calibrate_nothing_is_offered_and_a_press_ends_it() -> None:
    person = Person(scanning("linear"))
    choose(choose(choose(person, "more"), "eyes"), "calibrate the gaze")
    assert person.board.page == "calibration/target"
    assert offered(person) == ()
    press(person)
    assert person.board.page != "calibration/target"
    assert offered(person.wait(0.5))


MODES = ("linear", "row_column", "group", "huffman")
SWITCHES = ("one_automatic", "one_step", "hold", "two")
EVENTS = st.lists(
    st.tuples(st.sampled_from("12"), st.booleans(), st.floats(0.0, 4.0), st.floats(0.0, 0.4)), max_size=60
)


@effort(max_examples=40, deadline=None)
@given(st.sampled_from(MODES), st.sampled_from(SWITCHES), EVENTS)
def test_whatever_the_switches_do_only_what_was_offered_alone_is_chosen(
    mode: str, switches: str, events: list[tuple[str, bool, float, float]]
) -> None:
    """Bounces, lost releases, events that come late."""
    person = Person(scanning(mode, switches))
    for switch, pressed, pause_s, late_s in events:
        at = person.clock.now() + pause_s
        person.wait(pause_s + late_s).tell(SwitchEvent(at, switch, pressed))
    alone: set[str] = set()
    for message in person.shown:
        if isinstance(message, ScanShown) and len(message.targets) == 1:
            alone.add(message.targets[0])
        if isinstance(message, Selection):
            assert message.target_id in alone
