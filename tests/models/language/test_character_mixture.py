"""The model and the person's own text say together which character comes next."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.language.characters.mixture import FIRST_EXPONENTS, CharacterMixture
from models.language.messages import Characters, CharactersRequest, Source

ALPHABET = "abcdefghijklmnopqrstuvwxyz' \n"


def asked(text: str, alphabet: str = ALPHABET) -> CharactersRequest:
    return CharactersRequest(1, 2.0, text, alphabet=alphabet)


def said(likeliest: str = "", alphabet: str = ALPHABET) -> Characters:
    """What a model answers that is sure of one character, or of none."""
    rest = (0.1 if likeliest else 1.0) / (len(alphabet) - bool(likeliest))
    probabilities = tuple((c, 0.9 if c == likeliest else rest) for c in alphabet)
    return Characters(1, 2.5, probabilities, Source.MODEL, 0.5)


def test_a_name_that_only_the_person_knows_becomes_likely() -> None:
    mixture = CharacterMixture(ALPHABET)
    before = dict(mixture.mix(asked("call zorb"), said("o")).probabilities)
    for _ in range(5):
        mixture.learn("Call Zorblax, please!")
    after = dict(mixture.mix(asked("call zorb"), said("o")).probabilities)
    assert after["l"] > 2 * before["l"]


def test_what_the_person_takes_back_is_as_if_never_said() -> None:
    mixture = CharacterMixture(ALPHABET)
    mixture.learn("I like tea.")
    before = mixture.alone(asked("i like "))
    mixture.learn("I like gin.\nI like gin a lot.")
    mixture.forget("I like gin.\nI like gin a lot.")
    assert mixture.alone(asked("i like ")).probabilities == before.probabilities


def test_without_a_model_the_persons_text_answers() -> None:
    mixture = CharacterMixture(ALPHABET)
    for _ in range(3):
        mixture.learn("Where is my tablet?")
    answer = mixture.alone(asked("Where is my ta"))
    assert answer.source is Source.NGRAM
    assert answer.generation == 1
    assert answer.t == pytest.approx(2.0 + answer.elapsed_s)
    assert max(answer.probabilities, key=lambda pair: pair[1])[0] == "b"
    end = mixture.alone(asked("where is my tablet"))
    assert max(end.probabilities, key=lambda pair: pair[1])[0] == "\n"


def test_who_is_right_is_trusted_more() -> None:
    mixture = CharacterMixture(ALPHABET)
    for _ in range(20):
        mixture.learn("abcabcabc")
        for end in range(2, 9):
            text = "abcabcabc"[:end]
            mixture.mix(asked(text), said("x"))
            mixture.written(text + "abcabcabc"[end])
    model, text_ = mixture.exponents[3]
    assert model < FIRST_EXPONENTS[3][0]
    assert text_ > FIRST_EXPONENTS[3][1]
    assert mixture.exponents[0] == FIRST_EXPONENTS[0]
    again = CharacterMixture(ALPHABET, mixture.exponents)
    assert again.exponents == mixture.exponents


def test_a_character_that_nobody_was_asked_about_teaches_nothing() -> None:
    mixture = CharacterMixture(ALPHABET)
    mixture.mix(asked("i am "), said("h"))
    for text in ("", "you ", "i am é", "i am coming"):
        mixture.written(text)
    assert mixture.exponents == FIRST_EXPONENTS


@settings(max_examples=50)
@given(text=st.text(max_size=40), alphabet=st.text(min_size=1, max_size=10), learned=st.text(max_size=40))
def test_every_character_can_be_written(text: str, alphabet: str, learned: str) -> None:
    mixture = CharacterMixture(alphabet)
    mixture.learn(learned)
    model = Characters(1, 2.5, ((alphabet[0], 1.0),), Source.MODEL, 0.5)
    for answer in (mixture.mix(asked(text, alphabet), model), mixture.alone(asked(text, alphabet))):
        assert [c for c, _ in answer.probabilities] == list(dict.fromkeys(alphabet))
        assert sum(p for _, p in answer.probabilities) == pytest.approx(1.0)
        assert all(p > 0.0 for _, p in answer.probabilities)


def test_no_alphabet_no_answer() -> None:
    mixture = CharacterMixture("")
    nothing = Characters(1, 2.5, (), Source.MODEL, 0.5)
    assert mixture.mix(asked("hi", ""), nothing) == nothing
    assert mixture.alone(asked("hi", "")).probabilities == ()


def test_it_answers_in_less_than_two_milliseconds() -> None:
    mixture = CharacterMixture(ALPHABET)
    for i in range(300):
        mixture.learn(f"The {i % 17} quick brown foxes jump over lazy dog number {i % 29} again.")
    start = time.process_time()
    for _ in range(50):
        mixture.alone(asked("the quick brown f"))
    assert (time.process_time() - start) / 50 < 0.002
