"""The real model proposes words that go on with what the person has written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.language.errors import Cancelled
from models.language.finder import Finder
from models.language.messages import ProposalRequest, Speaker, Turn, WordProposal
from models.language.partial import fold, split_partial


def asked(partner: str) -> tuple[Turn, ...]:
    return (Turn(Speaker.PARTNER, partner),)


def propose(finder: Finder, text: str, partner: str = "", language: str = "en", n: int = 5) -> list[str]:
    request = ProposalRequest(1, 0.0, text, turns=asked(partner), language=language, n_words=n)
    return [proposal.word for proposal in checked(finder.find(request).words, n)]


def checked(words: tuple[WordProposal, ...], n: int) -> tuple[WordProposal, ...]:
    """Every answer, whatever was asked, is a sorted sub-distribution over different words."""
    probabilities = [proposal.probability for proposal in words]
    assert len(words) <= n
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0.0 <= p <= 1.0 for p in probabilities)
    assert sum(probabilities) <= 1.0 + 1e-6
    folded = [fold(proposal.word) for proposal in words]
    assert len(set(folded)) == len(folded)
    assert all(len(word) > 1 or word in "iaявиуоска" for word in folded)
    return words


def test_a_sentence_is_completed_sensibly(finder: Finder) -> None:
    drink = propose(finder, "I would like a cup of ", partner="What would you like to drink?")
    assert {"tea", "coffee"} <= set(drink)
    assert propose(finder, "I would ")[0] == "like"
    assert propose(finder, "Thank you very ")[0] == "much"


def test_what_is_found_on_the_way_comes_behind_what_is_sure(finder: Finder) -> None:
    request = ProposalRequest(1, 0.0, "I would like some ", n_words=5)
    sure = finder.find(request).words
    more = checked(finder.find(replace(request, n_words=10, n_sure=5)).words, 10)
    assert [word.word for word in more[:5]] == [word.word for word in sure]
    assert len(more) > 5


def test_a_russian_sentence_is_completed_sensibly(finder: Finder) -> None:
    assert {"чай", "кофе"} & set(propose(finder, "Я хочу пить ", "Что ты хочешь пить?", "ru"))
    assert fold(propose(finder, "Спасибо бол", language="ru")[0]) == "большое"


def test_a_sentence_begins_with_a_capital(finder: Finder) -> None:
    words = propose(finder, "", partner="How are you?")
    assert words and all(word[0].isupper() for word in words)
    assert "I" in propose(finder, "Yesterday ") + propose(finder, "")


def test_contractions_are_whole_words(finder: Finder) -> None:
    assert "don't" in propose(finder, "I ")
    assert propose(finder, "I don")[0] == "don't"
    assert propose(finder, "I don'")[0] == "don't"
    assert propose(finder, "I don’")[0] == "don't"
    assert {"I'm", "I'd"} <= set(propose(finder, "I'"))


def test_hyphenated_words_are_whole_words(finder: Finder) -> None:
    assert fold(propose(finder, "She is a well-k")[0]) == "well-known"
    assert fold(propose(finder, "Я это сделал из-", language="ru")[0]) == "из-за"


@pytest.mark.parametrize(
    ("text", "language"),
    [("I would like some te", "en"), ("I nee", "en"), ("h", "en"), ("T", "en"), ("Мне нужна пом", "ru")],
)
def test_completions_begin_with_what_was_typed(finder: Finder, text: str, language: str) -> None:
    words = propose(finder, text, language=language)
    partial = fold(split_partial(text).partial)
    assert words and all(fold(word).startswith(partial) for word in words)


def test_a_typed_fragment_is_no_proposal_but_a_typed_word_is(finder: Finder) -> None:
    assert "lik" not in map(fold, propose(finder, "I would lik"))
    assert "like" in map(fold, propose(finder, "I would like"))


def test_case_and_marks_do_not_hide_a_word(finder: Finder) -> None:
    assert fold(propose(finder, "I WOULD LIK")[0]) == "like"
    assert "iphone" in map(fold, propose(finder, "My new iph"))


def test_a_rare_beginning_is_spelled_out(finder: Finder) -> None:
    assert any(fold(word).startswith("xylo") for word in propose(finder, "He plays the xyl"))


def test_what_the_partner_said_matters(finder: Finder) -> None:
    cold = propose(finder, "I am ", partner="Are you cold or warm?")
    name = propose(finder, "I am ", partner="Are you hungry or thirsty?")
    assert cold != name
    assert {"hungry", "thirsty"} & set(name)


def test_an_answer_does_not_depend_on_what_was_asked_before(finder: Finder) -> None:
    request = ProposalRequest(1, 0.0, "We could go to the ", turns=asked("What shall we do?"))
    first = finder.find(request).words
    for text in ("We", "We could ", "We could go to the sea ", "", "Nothing like it"):
        finder.find(ProposalRequest(2, 0.0, text))
    second = finder.find(request).words
    assert [w.word for w in first] == [w.word for w in second]
    for a, b in zip(first, second, strict=True):
        assert a.probability == pytest.approx(b.probability, rel=0.02)


def test_it_stops_when_a_newer_request_has_come(finder: Finder) -> None:
    with pytest.raises(Cancelled):
        finder.find(ProposalRequest(1, 0.0, "This was never asked before and "), stale=lambda: True)
    assert propose(finder, "I would ")[0] == "like"


HARD = [
    "",
    " ",
    "\n",
    "\x00\x1b[31m\x7f",
    "مرحبا كيف",
    "👍🏽👩‍👩‍👧‍👦",
    "中文",
    "a\u0301e\u0301",
    "\ud800",
    "...",
    "--",
    "'",
    "it's -",
    "<bos><end_of_turn>",
    "I want 7",
    "(",
]


@pytest.mark.parametrize("text", HARD)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_odd_text_is_answered(finder: Finder, text: str, language: str) -> None:
    checked(finder.find(ProposalRequest(1, 0.0, text, asked(text), language=language)).words, 5)


@pytest.mark.parametrize("piece", ["word ", "م👍\x07"])
def test_a_hundred_thousand_characters_are_answered(finder: Finder, piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    checked(finder.find(ProposalRequest(1, 0.0, text)).words, 5)


def test_a_long_conversation_is_answered(finder: Finder) -> None:
    long = "I said all of this before. " * 4000
    words = finder.find(
        ProposalRequest(1, 0.0, "I would ", turns=(Turn(Speaker.ME, long),) * 200 + asked(long))
    ).words
    assert checked(words, 5)[0].word == "like"


def test_the_end_of_a_long_text_counts(finder: Finder) -> None:
    assert propose(finder, "We talked for a long time. " * 4000 + "Thank you very ")[0] == "much"


@settings(max_examples=12)
@given(text=st.text(max_size=12), n=st.integers(1, 8))
@example(text="I w", n=1)
def test_anything_is_answered(finder: Finder, text: str, n: int) -> None:
    for proposal in checked(finder.find(ProposalRequest(1, 0.0, text, n_words=n)).words, n):
        assert fold(proposal.word).startswith(fold(split_partial(text).partial))
