"""A newly chosen input has to show where the person looks; otherwise they would be locked out."""

from __future__ import annotations

from person import Person

from assistive.messages import ChangeSetting, NoticesShown, SettingsChanged, Tick


def choose_input(person: Person, name: str) -> Person:
    return person.tell(ChangeSetting(person.clock.now(), "input.gaze", name))


def test_an_input_that_shows_nothing_is_given_up_after_20_seconds() -> None:
    person = choose_input(Person(), "webcam")
    person.wait(19.0)
    assert person.engine.settings.input.gaze == "webcam"
    person.wait(2.0)
    assert person.engine.settings.input.gaze == "pointer"
    assert [m.settings.input.gaze for m in person.of(SettingsChanged)] == ["webcam", "pointer"]
    notice = person.of(NoticesShown)[-1].notices[0]
    assert "does not tell where you look" in notice.what
    assert person.wait(60.0).engine.settings.input.gaze == "pointer"


def test_an_input_that_shows_gaze_is_kept() -> None:
    person = choose_input(Person(), "webcam")
    person.gaze(0.5, 0.5, 1.0).wait(60.0)
    assert person.engine.settings.input.gaze == "webcam"


def test_blinks_alone_are_no_gaze() -> None:
    person = choose_input(Person(), "webcam")
    person.blink(25.0)
    assert person.engine.settings.input.gaze == "pointer"


def test_the_pointer_may_lie_still() -> None:
    person = choose_input(choose_input(Person(), "webcam").gaze(0.5, 0.5, 1.0), "pointer")
    person.wait(60.0)
    assert person.engine.settings.input.gaze == "pointer"


def test_a_tick_comes_for_it() -> None:
    person = choose_input(Person(), "lsl")
    deadline = person.engine.deadline()
    assert deadline is not None
    assert deadline <= person.clock.now() + 20.0
    person.tell(Tick(person.clock.now()))
    assert person.engine.settings.input.gaze == "lsl"
