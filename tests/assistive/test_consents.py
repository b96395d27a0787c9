"""What only the person decides: their own selection counts, a file or somebody else's wish does not."""

from __future__ import annotations

import pytest
from person import Person

from assistive.consents import ASKS_FOR, agreed_to
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
    assert (settings.model.filter, settings.privacy.choices, len(troubles)) == (False, False, len(ASKS_FOR) - 1)


@pytest.mark.parametrize("path", ASKS_FOR)
def test_the_person_decides_by_looking_and_takes_it_back_in_the_same_way(path: str) -> None:
    person = Person()
    look_at_setting(person, path)
    assert person.engine.settings.value(path) is ASKS_FOR[path]
    assert person.crash_and_start_again().engine.consents == {path}
    look_at_setting(person, path)
    assert person.engine.settings == Settings()
    assert person.crash_and_start_again().engine.consents == frozenset()


@pytest.mark.parametrize("path", ASKS_FOR)
def test_nobody_else_decides(path: str) -> None:
    person = Person()
    person.tell(ChangeSetting(person.clock.now(), path, ASKS_FOR[path]))
    assert person.of(SettingsChanged) == []
    (notice,) = person.of(NoticesShown)[-1].notices
    assert notice.what.startswith("Only the person can change")
