"""How likely each letter comes next: by the words that are known, and by the n-gram."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.messages import ProposalRequest, Proposals, Source, WordProposal
from models.language.mixture import Mixture
from models.language.ngram import NgramProposer


@pytest.fixture(scope="module")
def ngram() -> NgramProposer:
    found = NgramProposer("en")
    found.load()
    return found


def asked(text: str) -> ProposalRequest:
    return ProposalRequest(1, 0.0, text)


def answered(*words: tuple[str, float]) -> Proposals:
    found = tuple(WordProposal(word, p) for word, p in words)
    return Proposals(1, 0.0, found, Source.MODEL, 0.1)


def test_a_word_goes_on_as_words_do(ngram: NgramProposer) -> None:
    letters = ngram.next_letters(asked("I wo"))
    assert max(letters, key=lambda letter: letters[letter]) == "u"
    assert ngram.next_letters(asked("the"))[" "] > 0.1
    assert " " not in ngram.next_letters(asked("the "))


def test_what_no_word_begins_with_is_not_known(ngram: NgramProposer) -> None:
    assert ngram.next_letters(asked("qzxv")) == {}
    assert ngram.next_letters(asked("a" * 60)) == {}
    assert NgramProposer("xx").next_letters(asked("te")) == {}


def test_russian() -> None:
    ngram = NgramProposer("ru")
    ngram.load()
    letters = ngram.next_letters(ProposalRequest(1, 0.0, "я хоч", language="ru"))
    assert letters["у"] > 0.5


def test_the_model_and_the_ngram_say_it_together(ngram: NgramProposer) -> None:
    mixed = Mixture(ngram).mix(asked("I would like some wa"), answered(("water", 0.7), ("waffles", 0.2)))
    letters = dict(mixed.letters)
    assert letters["t"] > letters["f"] > letters.get("l", 0.0)
    assert sum(letters.values()) == pytest.approx(1.0)


def test_a_whole_word_is_an_end(ngram: NgramProposer) -> None:
    letters = dict(
        Mixture(ngram).mix(asked("some water"), answered(("water", 0.9), ("watering", 0.05))).letters
    )
    assert letters[" "] > 0.7


def test_without_a_model_the_ngram_tells_them_too(ngram: NgramProposer) -> None:
    assert sum(p for _, p in ngram.propose(asked("te")).letters) == pytest.approx(1.0)


@given(st.text(max_size=30))
def test_whatever_is_written_they_are_probabilities(ngram: NgramProposer, text: str) -> None:
    letters = dict(Mixture(ngram).mix(asked(text), answered(("tea", 0.5))).letters)
    assert all(0.0 < p <= 1.0 + 1e-9 for p in letters.values())
    assert not letters or sum(letters.values()) == pytest.approx(1.0)
