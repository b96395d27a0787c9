"""Which voice speaks, and which one after it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.speech.choose import Synthesizers

JOE = Path("joe.onnx")


def names(synthesizers: Synthesizers, engine: str, banked: str, language: str) -> list[str]:
    return [s.name for s in synthesizers.choose(engine, banked, language)]


@pytest.fixture
def english() -> Synthesizers:
    return Synthesizers({"voice-en-joe": JOE}.get)


def test_english_has_a_natural_voice_where_it_is_installed(english: Synthesizers) -> None:
    assert names(english, "auto", "", "en") == ["piper", "espeak"]
    assert names(english, "espeak", "", "en") == ["espeak"]
    assert names(Synthesizers(lambda name: None), "auto", "", "en") == ["espeak"]
    assert names(Synthesizers(lambda name: None), "piper", "", "en") == ["espeak"]


def test_russian_is_spoken_by_espeak(english: Synthesizers) -> None:
    assert names(english, "auto", "", "ru") == ["espeak"]


def test_the_persons_own_voice_comes_first(english: Synthesizers, tmp_path: Path) -> None:
    own = tmp_path / "own.onnx"
    own.with_name("own.onnx.json").write_text(json.dumps({"espeak": {"voice": "en-gb"}}))
    first, second, third = english.choose("auto", str(own), "en")
    assert (first.name, second.name, third.name) == ("piper", "piper", "espeak")
    assert first is not second


def test_an_own_voice_of_another_language_is_passed_over(english: Synthesizers, tmp_path: Path) -> None:
    own = tmp_path / "own.onnx"
    own.with_name("own.onnx.json").write_text(json.dumps({"espeak": {"voice": "en-gb"}}))
    assert names(english, "auto", str(own), "ru") == ["espeak"]


def test_an_own_voice_that_is_missing_is_tried_so_that_it_is_told(english: Synthesizers) -> None:
    assert names(english, "auto", "/nowhere/own.onnx", "ru") == ["piper", "espeak"]


def test_a_voice_is_made_once(english: Synthesizers) -> None:
    assert english.choose("auto", "", "en") == english.choose("piper", "", "en")
