"""What only the person decides: their own selection counts, a file or somebody else's wish does not."""

from __future__ import annotations

import pytest
from person import Person

from assistive.boards.board import Verb
from assistive.consents import ASKS_FOR, FLASHING, agreed_to, consent_data
from assistive.messages import ChangeSetting, NoticesShown, SettingsChanged
from assistive.settings import Settings

WISHED = Settings()
for _path, _value in ASKS_FOR.items():
    WISHED = WISHED.changed(_path, _value)


def look_at_setting(person: Person, path: str) -> Person:
    """Go to the settings page with this one and choose its other value."""
    person.look("more").look("settings")
    while person.board.target(f"more:{path}") is None:
        person.look("next page")
    return person.look(f"more:{path}").look("back")


def test_without_a_selection_the_file_alone_switches_nothing_on() -> None:
    settings, troubles = agreed_to(WISHED, frozenset(), 1.0)
    assert settings == Settings()
    assert sorted(t.key for t in troubles) == sorted(f"consent:{path}" for path in ASKS_FOR)


def test_what_the_person_agreed_to_stays() -> None:
    assert agreed_to(WISHED, frozenset(ASKS_FOR), 1.0) == (WISHED, ())
    settings, troubles = agreed_to(WISHED, frozenset({"model.filter"}), 1.0)
    assert (settings.model.filter, settings.privacy.choices, len(troubles)) == (
        False,
        False,
        len(ASKS_FOR) - 1,
    )


@pytest.mark.parametrize("path", ASKS_FOR.keys() - {FLASHING})
def test_the_person_decides_by_looking_and_takes_it_back_in_the_same_way(path: str) -> None:
    person = Person()
    look_at_setting(person, path)
    assert person.engine.settings.value(path) is ASKS_FOR[path]
    assert person.crash_and_start_again().engine.consents == {path}
    look_at_setting(person, path)
    assert person.engine.settings == Settings()
    assert person.crash_and_start_again().engine.consents == frozenset()


def test_flashing_is_agreed_to_after_the_question_about_seizures_and_taken_back_there() -> None:
    person = Person()
    person.look("more").look("EEG").look("switch EEG on").look("start")
    assert person.board.page == "eeg/consent"
    assert person.board.captions[0].text.startswith("Has anyone ever told you that flashing light")
    person.look("consent:no").look("I agree")
    assert person.board.page == "eeg"
    assert person.engine.settings.eeg.flashing
    assert person.crash_and_start_again().engine.consents == {FLASHING}
    person.look("nothing may flash")
    assert not person.engine.settings.eeg.flashing
    assert person.crash_and_start_again().engine.consents == frozenset()


@pytest.mark.parametrize("answer", ["consent:yes", "I do not know", "not now"])
def test_whoever_cannot_rule_out_a_seizure_is_not_asked_to_agree(answer: str) -> None:
    person = Person()
    person.look("more").look("EEG").look("keys may flash").look(answer)
    assert not any(
        t.action.verb is Verb.SETTING and FLASHING in t.action.argument for t in person.board.targets
    )
    if answer != "not now":
        assert "doctor" in person.board.captions[0].note
        person.look("the question again").look("consent:no").look("not now")
    assert person.board.page == "eeg"
    assert not person.engine.settings.eeg.flashing
    assert person.engine.consents == frozenset()


def test_the_answer_about_seizures_is_kept_with_the_consent() -> None:
    assert consent_data(FLASHING, given=True) == {"to": FLASHING, "given": True, "seizures": "no"}
    assert consent_data(FLASHING, given=False) == {"to": FLASHING, "given": False}
    assert consent_data("privacy.choices", given=True) == {"to": "privacy.choices", "given": True}


@pytest.mark.parametrize("path", ASKS_FOR)
def test_nobody_else_decides(path: str) -> None:
    person = Person()
    person.tell(ChangeSetting(person.clock.now(), path, ASKS_FOR[path]))
    assert person.of(SettingsChanged) == []
    (notice,) = person.of(NoticesShown)[-1].notices
    assert notice.what.startswith("Only the person can change")
