"""Who is simulated: every parameter has a source, and an impossible one is refused in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistive.simulate.person import PEOPLE, PersonError, Sourced, load_person, people


@pytest.mark.parametrize("name", people())
def test_everyone_who_comes_with_sayso_can_be_loaded_and_says_where_each_number_is_from(name: str) -> None:
    person = load_person(name)
    for part in (person.gaze, person.looking, person.choosing):
        for field in type(part).model_fields:
            value = getattr(part, field)
            assert isinstance(value, Sourced | str)
            if isinstance(value, Sourced):
                assert len(value.source) > 8, field


def test_four_people_come_with_sayso() -> None:
    assert people() == ["als_tracker", "one_switch", "webcam", "young_skilled"]
    assert len({load_person(name).fingerprint for name in people()}) == 4


def test_the_fingerprint_follows_the_parameters(tmp_path: Path) -> None:
    text = (PEOPLE / "webcam.toml").read_text(encoding="utf-8")
    copy, other = tmp_path / "a.toml", tmp_path / "b.toml"
    copy.write_text(text, encoding="utf-8")
    other.write_text(text.replace("value = 30", "value = 31"), encoding="utf-8")
    assert load_person(str(copy)).fingerprint == load_person("webcam").fingerprint
    assert load_person(str(other)).fingerprint != load_person("webcam").fingerprint


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("landing_deg", "landing_dog", "landing_dog"),
        ("value = 30", "value = -30", "rate_hz"),
        ("value = 30", 'value = "fast"', "rate_hz"),
        ('by = "dwell"', 'by = "thought"', "choosing.by"),
        ("width_px = 1920", "width_px = 0", "width_px"),
        ("[looking]", "[looking", "not a person file"),
    ],
)
def test_an_unknown_or_impossible_parameter_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "person.toml"
    path.write_text((PEOPLE / "webcam.toml").read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(PersonError, match=told):
        load_person(str(path))


def test_a_person_who_does_not_exist() -> None:
    with pytest.raises(PersonError, match="als_tracker"):
        load_person("nobody")


def test_a_binary_file_is_no_person(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(bytes(range(256)))
    with pytest.raises(PersonError, match="not a person file"):
        load_person(str(path))
