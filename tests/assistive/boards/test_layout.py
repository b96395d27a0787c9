"""A layout is data: it is checked when it is read, and a fault names the file and the key."""

from __future__ import annotations

from pathlib import Path

import pytest
from board_walk import LANGUAGES
from hypothesis import given
from hypothesis import strategies as st

from assistive.boards.board import Action, Verb
from assistive.boards.layout import LAYOUTS, LayoutError, load_layout, read_layout


def test_english_has_its_alphabet_in_reading_order() -> None:
    assert "".join(load_layout("en").alphabet) == "abcdefghijklmnopqrstuvwxyz"


def test_russian_has_33_letters_with_yo_after_ye() -> None:
    alphabet = "".join(load_layout("ru").alphabet)
    assert len(alphabet) == 33
    assert "еёж" in alphabet


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_row_speaks_whole_sentences(language: str) -> None:
    fixed = load_layout(language).fixed
    for choice in (fixed.yes, fixed.no, fixed.wait, fixed.pain):
        assert choice.action.verb is Verb.SAY
        assert choice.action.argument.endswith(".")
    assert fixed.phrases.action == Action(Verb.OPEN, "phrases")
    assert [choice.action.verb for choice in (fixed.rest, fixed.chime, fixed.help)] == [
        "rest",
        "chime",
        "help",
    ]


def test_each_board_offers_the_other_language_in_that_language() -> None:
    assert load_layout("en").functions.language.label == "русский"
    assert load_layout("ru").functions.language.label == "English"


FAULTS = {
    "a letter twice": ('alphabet = "ab', 'alphabet = "aab', "alphabet: has letters twice: a"),
    "not a letter": ('alphabet = "ab', 'alphabet = "a b', "alphabet: has something that is not a letter"),
    "other letters": ('frequent = "et', 'frequent = "t', "frequent: must have the letters of the alphabet; it differs in e"),
    "an empty label": ('space = "space"', 'space = " "', "labels.space: must not be empty"),
    "an empty phrase": ('"I am cold."', '""', "phrases.8: must not be empty"),
    "an unknown verb": ('action = "chime"', 'action = "ring"', "fixed.chime.action: 'ring' is not a verb"),
    "nothing to say": ('action = "say No."', 'action = "say"', "fixed.no.action: 'say' needs something after it"),
    "too much": ('action = "rest"', 'action = "rest now"', "fixed.rest.action: 'rest' takes nothing after it"),
    "no such page": ("open numbers", "open letter", "functions.numbers.action: there is no page 'letter'"),
    "no such setting": ("sound.muted=true", "sound.mute=true", "functions.mute.action: there is no setting 'sound.mute'"),
    "no such value": ("look.language=ru", "look.language=xx", "functions.language.action: the setting 'look.language' cannot be 'xx'"),
    "a missing key": ('wake = "wake"\n', "", "labels.wake: Field required"),
    "an unknown key": ("[labels]", "[labels]\nhint = 'x'", "labels.hint: Extra inputs are not permitted"),
    "an action that is no text": ('action = "chime"', "action = 3", "fixed.chime.action: must be a text"),
    "a sign of two characters": ('"&" = ', '"&&" = ', "punctuation: has a key that is not one character: '&&'"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_the_file_and_the_key(fault: str, tmp_path: Path) -> None:
    right, wrong, message = FAULTS[fault]
    text = (LAYOUTS / "en.toml").read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "mine.toml").write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(LayoutError) as error:
        read_layout(tmp_path / "mine.toml")
    assert f"mine.toml: {message}" in str(error.value)


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = (LAYOUTS / "en.toml").read_text(encoding="utf-8")
    broken = text.replace('stop = "Stop"', 'stop = ""').replace('back = "back"', 'back = ""')
    (tmp_path / "mine.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(LayoutError) as error:
        read_layout(tmp_path / "mine.toml")
    assert len(str(error.value).splitlines()) == 2


def test_a_language_without_a_layout_says_so() -> None:
    with pytest.raises(LayoutError, match=r"xx\.toml: cannot be read"):
        load_layout("xx")


@given(data=st.binary(max_size=200))
def test_a_file_of_anything_is_an_error_and_never_a_crash(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("layout") / "any.toml"
    path.write_bytes(data)
    with pytest.raises(LayoutError, match=r"^any\.toml: "):
        read_layout(path)
