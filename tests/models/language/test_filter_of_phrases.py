"""The filter: what hurts comes behind what does not, unless the person began it or says such things themselves."""

from __future__ import annotations

import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.messages import PhraseProposal, ProposalRequest, Speaker, Turn
from models.language.safety.filter import OwnWords, rank_down

CASES = Path(__file__).parent / "filter_cases.toml"
HARMLESS = PhraseProposal("see you soon", 0.01)


@dataclass(frozen=True)
class Case:
    language: str
    why: str
    phrase: str
    text: str = ""
    own: tuple[str, ...] = ()
    partner: tuple[str, ...] = ()

    @property
    def request(self) -> ProposalRequest:
        turns = tuple(Turn(Speaker.PARTNER, text) for text in self.partner)
        return ProposalRequest(1, 0.0, self.text, turns, language=self.language, n_phrases=3)

    def moved_behind(self) -> bool:
        """Whether a harmless phrase of less probability comes first now."""
        phrases = (PhraseProposal(self.phrase, 0.5), HARMLESS)
        ranked = rank_down(phrases, self.request, OwnWords(self.own))
        assert sorted(p.text for p in ranked) == sorted(p.text for p in phrases), "nothing was lost"
        return ranked[0] is HARMLESS


def cases(what: str) -> list[Case]:
    def read(block: dict[str, Any], fields: dict[str, Any]) -> Case:
        lists = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
        return Case(block["language"], block["why"], **lists)

    blocks = tomllib.loads(CASES.read_text("utf-8"))[what]
    return [
        read(block, fields)
        for block in blocks
        for fields in (*({"phrase": text} for text in block.get("phrases", ())), *block.get("cases", ()))
    ]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_must_pass_stays_where_it_is(language: str) -> None:
    asked = [case for case in cases("pass") if case.language == language]
    assert len(asked) > 60
    assert [case for case in asked if case.moved_behind()] == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_could_hurt_comes_behind(language: str) -> None:
    asked = [case for case in cases("down") if case.language == language]
    assert len(asked) > 60
    assert [case for case in asked if not case.moved_behind()] == []


def ask(*phrases: str, n: int = 3, text: str = "", **more: Any) -> tuple[str, ...]:
    request = ProposalRequest(1, 0.0, text, n_phrases=n, **more)
    ranked = rank_down(tuple(PhraseProposal(p, 0.1) for p in phrases), request, OwnWords())
    return tuple(phrase.text for phrase in ranked)


def test_where_there_are_enough_others_it_is_dropped() -> None:
    assert ask("I hate you.", "I am here.", "Shut up!", "Come in.", "Thank you.") == (
        "I am here.",
        "Come in.",
        "Thank you.",
    )


def test_where_there_are_not_it_comes_last_and_the_rest_keeps_its_order() -> None:
    assert ask("I hate you.", "I am here.", "Come in.") == ("I am here.", "Come in.", "I hate you.")
    assert ask("I hate you.", "Shut up!") == ("I hate you.", "Shut up!")


def test_no_more_come_back_than_were_asked_for() -> None:
    assert ask("I am here.", "Come in.", n=1) == ("I am here.",)
    assert ask("I am here.", n=0) == ()
    assert ask("Ich hasse dich.", "I hate you.", language="de") == ("Ich hasse dich.", "I hate you.")


def test_what_the_person_said_in_this_conversation_or_about_themselves_is_theirs() -> None:
    mine = {"turns": (Turn(Speaker.ME, "I hate you all."),)}
    assert ask("I hate you.", "Come in.", **mine)[0] == "I hate you."
    assert ask("I hate you.", "Come in.", about="I hate hospitals.")[0] == "I hate you."
    assert ask("I hate you.", "Come in.", examples=("I hate you",))[0] == "I hate you."
    partner = {"turns": (Turn(Speaker.PARTNER, "Do you hate me?"),)}
    assert ask("I hate you.", "Come in.", **partner)[0] == "Come in."


def test_a_pinned_line_is_no_word_of_theirs() -> None:
    assert ask("I hate you.", "Come in.", pinned=("He says that I hate you",))[0] == "Come in."


def test_what_they_say_later_counts_from_then_on() -> None:
    own = OwnWords()
    phrases = (PhraseProposal("I hate you.", 0.5), HARMLESS)
    request = ProposalRequest(1, 0.0, "", n_phrases=2)
    assert rank_down(phrases, request, own)[0] is HARMLESS
    own.add("I hate you.")
    assert rank_down(phrases, request, own)[0] is phrases[0]


def test_one_word_is_no_sentence() -> None:
    assert ask("Idiot.", "Come in.")[0] == "Idiot."


def test_typographic_marks_and_capitals_make_no_difference() -> None:
    for phrase in ("I CAN’T STAND YOU", "i can't stand you", "I can’t  stand you…"):
        assert ask(phrase, "Come in.")[0] == "Come in."


def test_a_year_of_ones_own_sentences_costs_no_time_that_is_noticed() -> None:
    own = OwnWords(f"This is the sentence number {number} of mine." for number in range(4000))
    phrases = tuple(PhraseProposal(f"I hate you {number} times.", 0.1) for number in range(5))
    request = ProposalRequest(1, 0.0, "I said " * 15_000, n_phrases=3)
    rank_down(phrases, request, own)
    began = time.thread_time()
    rank_down(phrases, request, own)
    assert time.thread_time() - began < 0.5


@given(
    st.lists(st.text(max_size=80), max_size=6),
    st.text(max_size=200),
    st.lists(st.text(max_size=60), max_size=3),
    st.sampled_from(["en", "ru", "xx"]),
    st.integers(0, 4),
)
def test_whatever_is_proposed_after_whatever_text_only_the_order_changes(
    texts: list[str], text: str, own: list[str], language: str, n: int
) -> None:
    phrases = tuple(PhraseProposal(phrase, 0.1) for phrase in texts)
    ranked = rank_down(phrases, ProposalRequest(1, 0.0, text, language=language, n_phrases=n), OwnWords(own))
    assert len(ranked) == min(n, len(phrases))
    assert all(any(phrase is one for one in phrases) for phrase in ranked)
