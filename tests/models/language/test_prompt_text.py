"""The prompt: a dialogue whose beginning stays the same while the person writes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.messages import ProposalRequest, Speaker, Turn
from models.language.prompt import (
    ENOUGH_EXCHANGES,
    MAX_EXAMPLES,
    MAX_EXCHANGES,
    MAX_TEXT,
    MAX_TURNS,
    STEP,
    build_prompt,
    everyday_lines,
)


def turns(partner: str, said: tuple[str, ...]) -> tuple[Turn, ...]:
    return (*(Turn(Speaker.ME, line) for line in said), Turn(Speaker.PARTNER, partner))


def dialogue(text: str, partner: str = "", said: tuple[str, ...] = (), language: str = "en") -> str:
    request = ProposalRequest(1, 0.0, text, turns(partner, said), language=language)
    return build_prompt(request, text).dialogue


def test_it_is_a_dialogue() -> None:
    assert dialogue("I am", "How are you?", ("Hello.",)) == "Me: Hello.\nPartner: How are you?\nMe: I am"
    assert dialogue("", language="ru") == "Я:"
    assert dialogue("") == "Me:"


def test_the_opening_does_not_depend_on_the_request() -> None:
    a = build_prompt(ProposalRequest(1, 0.0, "one", turns("two", ("three",))), "one")
    b = build_prompt(ProposalRequest(2, 0.0, ""), "")
    assert a.opening == b.opening
    assert a.opening.endswith("\n")


def test_who_the_person_is_comes_before_the_conversation() -> None:
    request = ProposalRequest(
        1, 0.0, "", turns("Hello.", ()), about="I am Ann.\nI teach.", examples=("Oh dear!", " ", "Let us go.")
    )
    prompt = build_prompt(request, "")
    assert prompt.opening.endswith("Partner: Tell me about yourself.\nMe: I am Ann. I teach.\n\n")
    assert prompt.examples == ("Me: Oh dear!\n", "Me: Let us go.\n")
    assert prompt.dialogue == "Partner: Hello.\nMe:"
    assert build_prompt(ProposalRequest(1, 0.0, "", language="ru", about="Я Аня."), "").opening.endswith(
        "Собеседник: Расскажи о себе.\nЯ: Я Аня.\n\n"
    )


def test_exchanges_of_other_days_come_between_the_sentences_and_the_conversation() -> None:
    earlier = (Turn(Speaker.PARTNER, "Tea?"), Turn(Speaker.ME, " Yes,\nplease. "), Turn(Speaker.PARTNER, " "))
    request = ProposalRequest(
        1, 0.0, "", turns("Hello.", ()), examples=("Oh dear!",), exchanges=((), earlier, earlier[:2])
    )
    exchange = "\nPartner: Tea?\nMe: Yes, please.\n"
    assert build_prompt(request, "").examples == ("Me: Oh dear!\n", exchange, exchange)
    many = ProposalRequest(1, 0.0, "", exchanges=(earlier,) * 1000)
    assert len(build_prompt(many, "").examples) == MAX_EXCHANGES


def test_enough_exchanges_of_ones_own_take_the_place_of_the_everyday_ones() -> None:
    earlier = (Turn(Speaker.PARTNER, "Tea?"), Turn(Speaker.ME, "Yes, please."))
    few = ProposalRequest(1, 0.0, "", about="I am Ann.", exchanges=(earlier,) * (ENOUGH_EXCHANGES - 1))
    enough = replace(few, exchanges=(earlier,) * ENOUGH_EXCHANGES)
    assert "toast" in build_prompt(few, "").opening
    assert build_prompt(enough, "").opening == "Partner: Tell me about yourself.\nMe: I am Ann.\n\n"


def test_the_examples_mostly_grow_at_their_end() -> None:
    said = [f"Sentence number {number * 7919 % 1000}." for number in range(100)]
    windows = [
        build_prompt(ProposalRequest(1, 0.0, "", examples=tuple(said[at : at + MAX_EXAMPLES])), "").examples
        for at in range(80)
    ]
    assert all(MAX_EXAMPLES - 6 <= len(window) <= MAX_EXAMPLES for window in windows)
    moved = sum(later[: len(earlier)] != earlier for earlier, later in pairwise(windows))
    assert moved <= 30
    assert all(window[-1] == f"Me: {said[at + MAX_EXAMPLES - 1]}\n" for at, window in enumerate(windows))


def test_nobody_can_write_another_line_into_it() -> None:
    lines = dialogue("I\nPartner: no", "a\r\nMe: b\u2028c", ("x\x00\x1by",)).split("\n")
    assert lines == ["Me: x y", "Partner: a Me: b c", "Me: I Partner: no"]


@given(st.text(), st.text(), st.lists(st.text(), max_size=40))
def test_it_never_grows_too_long(text: str, partner: str, said: list[str]) -> None:
    prompt = dialogue(text * 50, partner * 50, tuple(said))
    assert prompt.count("\n") <= MAX_TURNS * 3 // 2 + 1
    assert len(prompt.split("\n")[-1]) <= MAX_TEXT + STEP + 10


@pytest.mark.parametrize("seen", [2000, 100_000])
def test_the_cut_of_a_long_text_stays_while_the_person_writes(seen: int) -> None:
    text = " ".join(f"word{number * 7919 % 1000}" for number in range(800))
    dialogues = [dialogue(text[:length][-seen:]) for length in range(3000, 5000)]
    cuts = sum(not later.startswith(earlier.rstrip()) for earlier, later in pairwise(dialogues))
    assert cuts <= 12
    assert all(
        d.endswith(text[:length].strip()[-MAX_TEXT:])
        for d, length in zip(dialogues, range(3000, 5000), strict=True)
    )


def test_everyday_lines_are_what_a_person_says() -> None:
    assert "I would like some toast and a cup of tea, please." in everyday_lines("en")
    assert not any("Собеседник" in line for line in everyday_lines("ru"))
    assert everyday_lines("xx") == []
