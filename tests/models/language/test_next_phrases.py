"""The real model proposes phrases and whole replies that a person would choose."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.language.finder import Finder
from models.language.head import Head
from models.language.messages import PhraseProposal, ProposalRequest, Speaker, Turn
from models.language.partial import fold, split_partial
from models.language.runtime import BatchToken

MARKS = ".,!?;:…"


def propose(finder: Finder, text: str, partner: str = "", language: str = "en") -> list[str]:
    turns = (Turn(Speaker.PARTNER, partner),) if partner else ()
    return ask(finder, ProposalRequest(1, 0.0, text, turns, language=language, n_phrases=3))


def ask(finder: Finder, request: ProposalRequest) -> list[str]:
    found = finder.find(request)
    check(request, found.phrases, [word.word for word in found.words])
    return [phrase.text for phrase in found.phrases]


def check(request: ProposalRequest, phrases: tuple[PhraseProposal, ...], words: list[str]) -> None:
    """Every answer, whatever was asked: different phrases that go on from the last word boundary."""
    partial = fold(split_partial(request.text).partial)
    assert len(phrases) <= request.n_phrases
    assert all(0.0 < phrase.probability <= 1.0 for phrase in phrases)
    texts = [phrase.text for phrase in phrases]
    assert all(text and text == " ".join(text.split()) for text in texts)
    assert all(2 <= len(text.split()) <= 8 or text[-1] in ".?!" for text in texts)
    assert all(fold(text).startswith(partial) for text in texts)
    beginnings = [tuple(fold(word.strip(MARKS)) for word in text.split()[:2]) for text in texts]
    assert len(set(beginnings)) == len(beginnings)
    assert not set(map(fold, texts)) & set(map(fold, words))


def test_a_question_gets_whole_replies(finder: Finder) -> None:
    replies = propose(finder, "", "Do you want tea?")
    assert len(replies) >= 2
    assert all(reply[0].isupper() and reply[-1] in ".!?" for reply in replies)
    assert any(fold(reply).startswith("yes") for reply in replies)
    assert "I'm fine." in propose(finder, "", "How are you?")


def test_a_russian_question_gets_a_reply(finder: Finder) -> None:
    replies = propose(finder, "", "Хочешь чаю?", "ru")
    assert replies
    assert all(any("а" <= c.lower() <= "я" for c in reply) for reply in replies)


def test_a_sentence_is_gone_on_with(finder: Finder) -> None:
    phrases = propose(finder, "I would ", "Do you want tea?")
    assert any(phrase.startswith("like") for phrase in phrases)
    assert any("help me" in phrase for phrase in propose(finder, "My back hurts. Could you "))


@pytest.mark.parametrize(
    ("text", "language"),
    [("I would like some t", "en"), ("I don", "en"), ("I don'", "en"), ("h", "en"), ("Закрой, пож", "ru")],
)
def test_a_phrase_begins_with_the_partial_word_that_it_completes(
    finder: Finder, text: str, language: str
) -> None:
    assert propose(finder, text, "What do you want?", language)


def test_the_last_word_comes_with_the_mark_that_ends_the_sentence(finder: Finder) -> None:
    assert "is it?" in propose(finder, "What time ")
    assert "it?" in propose(finder, "What time is ")
    assert any(phrase.endswith(("thank you.", "please.")) for phrase in propose(finder, "Yes, ", "Tea?"))
    assert "you?" in propose(finder, "I am fine. How are y", "How are you?")


def test_a_phrase_that_breaks_off_comes_last(finder: Finder) -> None:
    broken_off = 0
    for text in ("I would ", "Can you ", "We could go to the ", "I want to ", "She "):
        ends = [
            fold(phrase).split()[-1] in ("the", "a", "to", "of", "and", "my", "your", "is")
            for phrase in propose(finder, text, "What shall we do?")
        ]
        assert ends == sorted(ends)
        broken_off += sum(ends)
    assert broken_off <= 5


def test_phrases_do_not_change_the_words(finder: Finder) -> None:
    request = ProposalRequest(1, 0.0, "I would like ", (Turn(Speaker.PARTNER, "Hungry?"),))
    alone = finder.find(request).words
    beside = finder.find(ProposalRequest(1, 0.0, "I would like ", request.turns, n_phrases=3)).words
    assert [word.word for word in alone] == [word.word for word in beside]


def test_who_the_person_is_matters(finder: Finder) -> None:
    asked = (Turn(Speaker.PARTNER, "What is your daughter's name?"),)
    request = ProposalRequest(
        1, 0.0, "Her name is ", asked, about="My daughter is called Zuzanna. I am a baker."
    )
    assert "Zuzanna" in [word.word for word in finder.find(request).words]


def test_the_persons_own_sentences_matter(finder: Finder) -> None:
    plain = ProposalRequest(1, 0.0, "Bloody ")
    own = ProposalRequest(
        1, 0.0, "Bloody ", examples=("Bloody marvellous, that is!", "Bloody marvellous weather.")
    )
    before = [word.word for word in finder.find(plain).words]
    assert "marvellous" not in before
    assert finder.find(own).words[0].word == "marvellous"


def test_the_opening_is_read_once(finder: Finder, monkeypatch: pytest.MonkeyPatch) -> None:
    def request(text: str, *said: str) -> ProposalRequest:
        turns = tuple(Turn(Speaker.PARTNER, line) for line in said)
        return ProposalRequest(1, 0.0, text, turns, about="I am a baker.", examples=("Fresh bread!",) * 5)

    finder.find(request("I ", "Hello.", "What do you do?"))
    read = 0
    decode = type(finder.runtime).decode

    def counted(runtime: object, batch: list[BatchToken], head: Head | None = None) -> None:
        nonlocal read
        read += len(batch)
        decode(finder.runtime, batch, head)

    monkeypatch.setattr(type(finder.runtime), "decode", counted)
    finder.find(request("We ", "Good bye."))
    finder.find(request(""))
    assert read < 60


@pytest.mark.parametrize(
    "text", ["", "\n", "👍🏽 ", "\ud800", "(", "it's -", "مرحبا كيف", "<bos>", "7 ", "--"]
)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_odd_text_is_answered(finder: Finder, text: str, language: str) -> None:
    propose(finder, text, text, language)


@pytest.mark.parametrize("piece", ["word ", "م👍\x07", "x"])
def test_a_hundred_thousand_characters_are_answered(finder: Finder, piece: str) -> None:
    long = (piece * 100_000)[:100_000]
    ask(
        finder,
        ProposalRequest(
            1, 0.0, long, (Turn(Speaker.ME, long),) * 50, about=long, examples=(long,) * 50, n_phrases=3
        ),
    )


@settings(max_examples=8)
@given(text=st.text(max_size=12))
def test_anything_is_answered(finder: Finder, text: str) -> None:
    propose(finder, text)
