"""espeak-ng speaks any language at once and tells when each word is heard."""

from __future__ import annotations

import sys
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.speech.espeak import EspeakSynthesizer
from models.speech.messages import SpeechChunk, SpeechError


def say(text: str, language: str = "en", rate: float = 1.0) -> list[SpeechChunk]:
    return list(EspeakSynthesizer(language).speak(text, rate=rate))


def seconds(chunks: list[SpeechChunk]) -> float:
    return sum(chunk.pcm.size / chunk.rate_hz for chunk in chunks)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "I would like 3.5 cups of tea.", ["I", "would", "like", "3.5", "cups", "of", "tea"]),
        ("ru", "Привет, как дела? Ёж №5.", ["Привет", "как", "дела", "Ёж", "№5"]),
        ("de", "Grüße an alle!", ["Grüße", "an", "alle"]),
        ("ar", "مرحبا بالعالم", ["مرحبا", "بالعالم"]),
    ],
)
def test_every_word_is_heard_in_order(language: str, text: str, words: list[str]) -> None:
    chunks = say(text, language)
    marks = [mark for chunk in chunks for mark in chunk.marks]
    assert [text[mark.start : mark.end] for mark in marks] == words
    times = [mark.at_s for mark in marks]
    assert times == sorted(times)
    assert times[-1] < seconds(chunks)
    assert all(np.abs(chunk.pcm).max() > 3000 for chunk in chunks)


def test_the_time_of_a_word_is_exact() -> None:
    """Before the last word there is a pause, and its mark is at the end of the pause."""
    text = "Yes, no"
    (chunk,) = say(text)
    no = round(chunk.marks[1].at_s * chunk.rate_hz)
    loud = np.abs(chunk.pcm.astype(int)) > 500
    assert not loud[no - 1000 : no].any()
    assert loud[no : no + 2500].any()


def test_rate_is_the_speed() -> None:
    text = "I would like a cup of tea, please."
    assert (
        seconds(say(text, rate=2.0)) < 0.65 * seconds(say(text)) < 0.65 * 0.75 * seconds(say(text, rate=0.5))
    )


def test_a_language_that_espeak_does_not_know_is_still_heard() -> None:
    assert seconds(say("hello", "zz")) > 0.2
    assert seconds(say("olá", "pt-XX")) > 0.2
    assert seconds(say("привет", "ру")) > 0.2


def test_unspeakable_characters_are_passed_over() -> None:
    text = "don\x07t \x00stop <b>now</b> &amp; [[h@l]] \ud800 😀 \u202eok"
    heard = {text[m.start : m.end] for chunk in say(text) for m in chunk.marks}
    assert {"stop", "😀"} <= heard
    assert say("") == say("...!") == say("\x00\n") == [] or seconds(say("...!")) < 1.0


@settings(max_examples=60)
@given(st.text(max_size=80))
def test_any_text_is_spoken_without_an_error(text: str) -> None:
    for chunk in say(text):
        for mark in chunk.marks:
            assert 0 <= mark.start < mark.end <= len(text)


def test_the_first_sound_of_a_very_long_text_comes_at_once() -> None:
    synthesizer = EspeakSynthesizer("en")
    next(synthesizer.speak("warm", rate=1.0))
    before = time.perf_counter()
    next(synthesizer.speak("Hello world, this goes on without an end and " * 2300, rate=1.0))
    assert time.perf_counter() - before < 1.0


def test_two_languages_can_be_spoken_from_two_threads() -> None:
    alone = {lang: seconds(say(text, lang)) for lang, text in (("en", "good morning"), ("ru", "доброе утро"))}
    found: dict[str, set[float]] = {"en": set(), "ru": set()}

    def speak(language: str, text: str) -> None:
        synthesizer = EspeakSynthesizer(language)
        for _ in range(20):
            found[language].add(round(seconds(list(synthesizer.speak(text, rate=1.0))), 1))

    threads = [
        threading.Thread(target=speak, args=pair) for pair in (("en", "good morning"), ("ru", "доброе утро"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for language, lengths in found.items():
        assert all(abs(length - alone[language]) < 0.2 for length in lengths)


def test_a_missing_library_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    with pytest.raises(SpeechError, match="espeak-ng cannot be loaded"):
        say("hello")
