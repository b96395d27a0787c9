"""English sentences go in, the person's language comes out."""

from __future__ import annotations

import gettext
import re
import runpy
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from assistive.i18n import LOCALE, first_sentence, translator
from models.gguf_header import GgufError, check_gguf
from models.weights import WeightsError, resolve_language_model

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def extract() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "packaging" / "extract_strings.py"))


@pytest.fixture
def catalogue(tmp_path: Path, extract: dict[str, Any]) -> Path:
    """A folder with a small catalogue of a made-up language."""
    po = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Help"
msgstr "Pomoc"

msgid "The model {path} is damaged ({detail})."
msgstr "({detail}) Model {path} je poškozený."

msgid "Nothing can be said: {reason}"
msgstr "Nelze mluvit: {reason}"

msgid "{n} left"
msgstr "ještě {n}"
"""
    (tmp_path / "cs.mo").write_bytes(extract["compiled"](po.encode(), "cs"))
    return tmp_path


def test_a_sentence_is_said_in_the_language(catalogue: Path) -> None:
    tr = translator("cs", catalogue)

    assert tr("Help") == "Pomoc"
    assert tr("Never heard of it") == "Never heard of it"
    assert tr("") == ""


def test_a_sentence_that_comes_filled_in_keeps_its_values(catalogue: Path) -> None:
    tr = translator("cs", catalogue)

    assert (
        tr("The model /tmp/a b.gguf is damaged (3 tensors).")
        == "(3 tensors) Model /tmp/a b.gguf je poškozený."
    )
    assert (
        tr("The model {path} is damaged ({detail}).").format(path="a", detail="b")
        == "(b) Model a je poškozený."
    )


def test_a_sentence_in_a_sentence_is_translated_too(catalogue: Path) -> None:
    tr = translator("cs", catalogue)

    assert tr("Nothing can be said: The model a is damaged (b).") == "Nelze mluvit: (b) Model a je poškozený."


def test_several_sentences_that_come_as_one_are_translated_one_by_one(catalogue: Path) -> None:
    tr = translator("cs", catalogue)

    assert tr("The model a is damaged (b). Unheard of. Help") == "(b) Model a je poškozený. Unheard of. Pomoc"
    assert tr("Really? No.") == "Really? No."
    assert first_sentence("The file a.gguf is damaged. Words still come.") == (
        "The file a.gguf is damaged.",
        "Words still come.",
    )
    assert first_sentence("The file a.gguf is damaged.") == ("The file a.gguf is damaged.", "")


def test_why_there_is_no_language_model_is_said_in_russian(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tr = translator("ru")
    model = tmp_path / "model.gguf"
    model.write_text("a letter to my aunt")
    monkeypatch.delenv("SAYSO_MODEL", raising=False)
    monkeypatch.setenv("SAYSO_WEIGHTS", str(tmp_path))
    with pytest.raises(GgufError) as damaged:
        check_gguf(model)
    with pytest.raises(WeightsError) as missing:
        resolve_language_model("")
    for reason in (str(damaged.value), str(missing.value)):
        said = tr(reason).replace(str(model), "").replace("GGUF", "").replace(".gguf", "")
        assert not re.search("letters|words|model |file ", said), said


def test_a_short_template_does_not_claim_the_sentences_of_others(catalogue: Path) -> None:
    assert translator("cs", catalogue)("Nobody left") == "Nobody left"


@given(st.text(max_size=60))
def test_whatever_is_said_in_english_stays_itself(text: str) -> None:
    assert translator("en")(text) == text


@given(st.text(max_size=60))
def test_no_sentence_breaks_the_russian(text: str) -> None:
    assert isinstance(translator("ru")(text), str)


@pytest.mark.parametrize("content", [b"", b"not a catalogue", b"\xde\x12\x04\x95" + b"\xff" * 40])
def test_a_damaged_catalogue_leaves_the_person_with_english(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ru.mo").write_bytes(content)

    assert translator("ru", tmp_path)("Help") == "Help"


def test_the_compiled_catalogue_belongs_to_the_readable_one(extract: dict[str, Any]) -> None:
    def messages(mo: bytes) -> dict[str, str]:
        return {key: text for key, text in gettext.GNUTranslations(BytesIO(mo))._catalog.items() if key}

    compiled = extract["compiled"]((LOCALE / "ru.po").read_bytes(), "ru")
    assert messages((LOCALE / "ru.mo").read_bytes()) == messages(compiled)


def test_every_sentence_is_translated_into_russian(extract: dict[str, Any]) -> None:
    assert extract["missing"]((LOCALE / "ru.po").read_bytes(), "ru") == []


def test_translations_fill_in_the_same_values() -> None:
    def names(text: str) -> set[tuple[str | None, ...]]:
        return {tuple(field) for _, *field in Formatter().parse(text) if field[0]}

    po = read_po(BytesIO((LOCALE / "ru.po").read_bytes()), locale="ru")
    for message in po:
        if message.id and message.string:
            assert names(message.string) == names(message.id), message.id


def test_sentences_are_found_where_they_are_raised_and_put_together(extract: dict[str, Any]) -> None:
    found = extract["sentences"]()

    assert (
        "assistive/doctor.py"
        in found["No camera was found, so the eyes cannot be followed by webcam; all other inputs work."]
    )
    assert "assistive/settings.py" in found["Show where I look"]
    assert "models/speech/piper.py" in found["The voice file {path} is not there."]


def test_what_was_translated_before_is_kept_and_what_is_gone_is_dropped(extract: dict[str, Any]) -> None:
    po = 'msgid "Theme"\nmsgstr "Тема"\n\nmsgid "Gone since long"\nmsgstr "Давно нет"\n'.encode()

    catalogue = extract["updated"](po, "ru")

    assert catalogue.get("Theme").string == "Тема"
    assert catalogue.get("Gone since long") is None
    assert catalogue.get("Show where I look").string == ""
