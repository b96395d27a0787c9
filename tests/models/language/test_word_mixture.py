"""The model's words and the n-gram's, in one list; what the person chooses says whom to trust."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.messages import (
    PhraseProposal,
    ProposalRequest,
    Proposals,
    Source,
    Steering,
    WordProposal,
)
from models.language.mixture import Mixture, to_be_mixed
from models.language.ngram import NgramProposer
from models.language.partial import fold, split_partial

PHRASES = (PhraseProposal("the garden", 0.2),)
TEXT = st.text(alphabet=st.sampled_from("abcehilnostw I'’-.,?\nжя7🙂"), max_size=30)


@pytest.fixture(scope="module")
def english() -> NgramProposer:
    ngram = NgramProposer("en")
    ngram.load()
    for _ in range(5):
        ngram.learn("Please call Zuzka.")
    return ngram


def request(text: str, n_words: int = 5, steering: Steering = Steering()) -> ProposalRequest:  # noqa: B008
    return ProposalRequest(3, 1.0, text, n_words=n_words, steering=steering)


def answer(**words: float) -> Proposals:
    found = tuple(WordProposal(word, p) for word, p in words.items())
    return Proposals(3, 2.0, found, Source.MODEL, 0.1, PHRASES)


def words(proposals: Proposals) -> list[str]:
    return [proposal.word for proposal in proposals.words]


def test_the_words_of_both_are_there_and_the_rest_is_the_models(english: NgramProposer) -> None:
    mixed = Mixture(english).mix(request("Please call "), answer(me=0.5, him=0.2, the=0.1, them=0.05, a=0.01))
    assert words(mixed)[0] == "me"
    assert "Zuzka" in words(mixed)
    assert len(mixed.words) == 5
    assert (mixed.generation, mixed.t, mixed.source, mixed.phrases) == (3, 2.0, Source.MODEL, PHRASES)


def test_the_model_is_asked_for_what_it_finds_on_the_way() -> None:
    asked = to_be_mixed(request("Please ", 4))
    assert (asked.n_words, asked.n_sure) == (9, 4)
    assert asked.text == "Please "


def test_the_case_is_that_of_whoever_is_surer(english: NgramProposer) -> None:
    mixed = Mixture(english).mix(request("please call "), answer(me=0.7, zuzka=0.01, Bill=0.2))
    assert {"Zuzka", "Bill"} <= set(words(mixed))


def test_what_is_banned_is_not_mixed_in(english: NgramProposer) -> None:
    steering = Steering(banned=("zuzka",), nudges=(("us", -4.0),))
    free = words(Mixture(english).mix(request("Please call "), answer(me=0.5)))
    steered = words(Mixture(english).mix(request("Please call ", steering=steering), answer(me=0.5)))
    assert "Zuzka" in free and "Zuzka" not in steered
    assert len(steered) == 5


def test_the_weight_follows_who_was_right(english: NgramProposer) -> None:
    trusting, doubting = Mixture(english), Mixture(english)
    before = trusting.weight(inside=False)
    for _ in range(30):
        for mixture, chosen in ((trusting, "Zuzka"), (doubting, "me")):
            mixture.mix(request("Please call "), answer(me=0.6, Zuzka=0.001))
            mixture.written(f"Please call {chosen} ")
    assert trusting.weight(inside=False) > 1.5 * before
    assert doubting.weight(inside=False) < 0.9 * before
    assert trusting.weight(inside=True) == doubting.weight(inside=True)


def test_a_word_counts_once_it_is_complete_and_only_where_it_was_asked_for(english: NgramProposer) -> None:
    mixture = Mixture(english)
    before = mixture.weight(inside=False)
    mixture.mix(request("Please call "), answer(me=0.6, Zuzka=0.001))
    for text in ("Please call Zuz", "Please call Zuzka"):
        mixture.written(text)
        assert mixture.weight(inside=False) == before
    mixture.written("Something else. ")
    mixture.written("Please call Zuzka ")
    assert mixture.weight(inside=False) == before, "the text had gone: what was asked for was taken back"
    mixture.mix(request("Please call Zu"), answer(Zuzka=0.001, Zulu=0.9))
    mixture.written("Please call Zuzka, ")
    assert mixture.weight(inside=True) > before


def test_a_long_text_that_loses_its_beginning_is_learned_from_too(english: NgramProposer) -> None:
    mixture = Mixture(english)
    before = mixture.weight(inside=False)
    text = "so it goes on and on " * 100 + "please call "
    mixture.mix(request(text[-2000:]), answer(me=0.6, Zuzka=0.001))
    mixture.written((text + "Zuzka ")[-2000:])
    assert mixture.weight(inside=False) > before


def test_it_takes_less_than_two_milliseconds(english: NgramProposer) -> None:
    mixture = Mixture(english)
    took = []
    for text in ("", "I ", "I want to s", "please call Zu") * 25:
        start = time.thread_time()
        mixture.mix(request(text), answer(me=0.5, him=0.2, the=0.1, them=0.05, a=0.01))
        took.append(time.thread_time() - start)
    assert statistics.median(took) < 0.002


@given(
    text=TEXT,
    found=st.dictionaries(st.text("abcdeäжI'’", min_size=1, max_size=6), st.floats(0.0, 1.0), max_size=8),
    n_words=st.integers(0, 8),
)
def test_whatever_the_model_says_the_list_is_sorted_and_has_no_word_twice(
    english: NgramProposer, text: str, found: dict[str, float], n_words: int
) -> None:
    total = max(1.0, sum(found.values()))
    mixture = Mixture(english)
    mixed = mixture.mix(request(text, n_words), answer(**{w: p / total for w, p in found.items()}))
    probabilities = [proposal.probability for proposal in mixed.words]
    assert len(probabilities) <= n_words
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) <= 1.0 + 1e-6
    folded = [fold(word) for word in words(mixed)]
    assert len(set(folded)) == len(folded)
    own = {fold(word) for word in found}
    assert all(word in own or word.startswith(fold(split_partial(text).partial)) for word in folded)
    mixture.written(text + "a ")
    assert all(0.0 < mixture.weight(inside=inside) < 1.0 for inside in (False, True))


def test_what_was_prepared_still_fits_when_the_person_read_a_word_meanwhile() -> None:
    asked = ProposalRequest(1, 0.0, "I would ")
    nudged = replace(asked, steering=Steering(nudges=(("like", -4.0),)))
    assert to_be_mixed(nudged) == to_be_mixed(asked)
