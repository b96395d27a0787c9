"""Words that bring the mark after them, where that saves more than another word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.finder import Finder
from models.language.marks import with_marks
from models.language.messages import (
    PhraseProposal,
    ProposalRequest,
    Proposals,
    Source,
    Speaker,
    Turn,
    WordProposal,
)
from models.language.mixture import Mixture
from models.language.ngram import NgramProposer

PROBABILITIES = st.floats(0.0, 1.0)
WORDS = st.lists(
    st.builds(
        WordProposal,
        st.sampled_from(["tea", "Tea", "coffee", "milk", "I'm", "чай"]),
        PROBABILITIES,
        st.lists(
            st.tuples(st.sampled_from(".?!,"), st.floats(0.0, 0.25)), max_size=4, unique_by=lambda m: m[0]
        ),
    ).map(lambda word: replace(word, marks=tuple(word.marks))),
    max_size=8,
    unique_by=lambda word: word.word.casefold(),
)


def texts(proposals: tuple[WordProposal, ...]) -> list[str]:
    return [proposal.word for proposal in proposals]


def test_a_mark_comes_with_the_word_where_it_is_likely() -> None:
    tea = WordProposal("tea", 0.6, (("?", 0.9), (".", 0.01)))
    others = (WordProposal("coffee", 0.2), WordProposal("milk", 0.1))
    slots = with_marks((tea, *others), 3)
    assert texts(slots) == ["tea?", "coffee", "milk"]
    assert slots[0].probability == pytest.approx(0.54)


def test_the_word_alone_stays_where_it_is_likely_too() -> None:
    tea = WordProposal("tea", 0.6, (("?", 0.5),))
    others = (WordProposal("coffee", 0.2), WordProposal("milk", 0.01))
    slots = with_marks((tea, *others), 3)
    assert sorted(texts(slots)) == ["coffee", "tea", "tea?"]
    assert sum(slot.probability for slot in slots) == pytest.approx(0.8)


def test_without_marks_the_best_stay_as_they_are() -> None:
    words = tuple(WordProposal(word, 0.2) for word in ("one", "two", "three"))
    assert with_marks(words, 2) == words[:2]


@given(words=WORDS, n_words=st.integers(0, 8))
def test_whatever_is_likely_the_slots_are_different_and_sorted(
    words: list[WordProposal], n_words: int
) -> None:
    slots = with_marks(sorted(words, key=lambda word: -word.probability), n_words)
    assert len(slots) <= n_words
    assert len({slot.word.casefold() for slot in slots}) == len(slots)
    probabilities = [slot.probability for slot in slots]
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0.0 <= p <= 1.0 for p in probabilities)
    assert sum(probabilities) <= sum(word.probability for word in words) + 1e-9
    assert {slot.word.rstrip(".?!,") for slot in slots} <= {word.word for word in words}


def test_a_question_ends_with_its_mark(finder: Finder) -> None:
    turns = (Turn(Speaker.PARTNER, "I am fine, thank you."),)
    request = ProposalRequest(1, 0.0, "And how are ", turns=turns, n_words=10, n_sure=5, marks=True)
    found = finder.find(request)
    assert "?" in dict(next(word for word in found.words if word.word == "you").marks)
    mixture = Mixture(NgramProposer("en"))
    answer = Proposals(1, 0.0, found.words, Source.MODEL, 0.1)
    assert "you?" in texts(mixture.mix(replace(request, n_words=5), answer).words)
    plain = mixture.mix(replace(request, n_words=5, marks=False), answer).words
    assert all(word.word.isalpha() and not word.marks for word in plain)


def test_what_stands_in_a_word_slot_takes_no_phrase_slot() -> None:
    request = ProposalRequest(1, 0.0, "Would you like some ", n_words=2, n_phrases=2, marks=True)
    tea = WordProposal("tea", 0.6, (("?", 0.9),))
    phrases = (PhraseProposal("Tea?", 0.54), PhraseProposal("more tea?", 0.1))
    mixed = Mixture(NgramProposer("en")).mix(
        request, Proposals(1, 0.0, (tea,), Source.MODEL, 0.1, phrases=phrases)
    )
    assert "tea?" in texts(mixed.words)
    assert [phrase.text for phrase in mixed.phrases] == ["more tea?"]
