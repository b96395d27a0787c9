"""What the model reads when there is more than it can: what is dropped first, what stays, what is read again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.language.finder import Finder
from models.language.head import Head
from models.language.messages import ProposalRequest, Speaker, Steering, Tone, Turn
from models.language.prompt import MAX_PINNED, build_prompt
from models.language.runtime import BatchToken, Runtime
from models.language.tree import N_NODES

PINNED = "Ann comes on Sunday."


class Counting(Runtime):
    """A runtime that counts the tokens it reads."""

    read = 0

    def decode(self, batch: Sequence[BatchToken], head: Head | None = None) -> None:
        self.read += len(batch)
        super().decode(batch, head)


@pytest.fixture
def counting(tiny_model: Path) -> Counting:
    return Counting(tiny_model, 1)


@pytest.fixture
def seen(counting: Counting) -> Callable[[ProposalRequest], str]:
    """What a model of 512 tokens, each a letter or two, is given to read."""
    finder, pieces = Finder(counting), counting.pieces()

    def read(request: ProposalRequest) -> str:
        tokens = finder.tokens(request, request.text.rstrip())
        assert len(tokens) <= counting.n_context - N_NODES
        return b"".join(pieces[token] for token in tokens).decode("utf-8", "replace")

    return read


def asked(n_turns: int, text: str = "", **more: object) -> ProposalRequest:
    turns = tuple(Turn(Speaker.PARTNER, f"turn {i} " + "ho" * 20) for i in range(n_turns))
    return ProposalRequest(1, 0.0, text, turns, pinned=(PINNED,), **more)  # type: ignore[arg-type]


def test_pinned_lines_stand_before_the_last_turn() -> None:
    turns = (Turn(Speaker.ME, "Hello."), Turn(Speaker.PARTNER, "When?"))
    request = ProposalRequest(
        1, 0.0, "", turns, pinned=(PINNED, "\n"), steering=Steering(Tone.FORMAL, ("trains", " ", "Rome"))
    )
    assert build_prompt(request, "She").dialogue == (
        "Me: Hello.\n"
        "(Remember: Ann comes on Sunday.)\n"
        "(They talk about trains, Rome.)\n"
        "Me (politely): Would you be so kind as to help me, please?\n"
        "Partner: When?\n"
        "Me (politely): She"
    )
    assert (
        "Я (ласково):"
        in build_prompt(replace(request, language="ru", steering=Steering(Tone.WARM)), "").dialogue
    )
    pinned = build_prompt(replace(request, pinned=tuple("abcdefgh"), steering=Steering()), "").kept
    assert pinned == tuple(f"(Remember: {pin})\n" for pin in "abcdefgh"[-MAX_PINNED:])


def test_the_oldest_turns_go_first_and_pinned_lines_stay(seen: Callable[[ProposalRequest], str]) -> None:
    prompt = seen(asked(9, "I will "))
    assert PINNED in prompt
    assert "turn 0" not in prompt
    assert "turn 8" in prompt
    assert prompt.endswith("Me: I will")


def test_then_the_beginning_of_the_text_goes(seen: Callable[[ProposalRequest], str]) -> None:
    prompt = seen(asked(3, "first " + "and so on " * 90 + "last"))
    assert PINNED in prompt
    assert "first" not in prompt
    assert prompt.endswith("and so on last")


def test_of_too_many_pinned_lines_the_newest_stay(seen: Callable[[ProposalRequest], str]) -> None:
    pins = tuple(f"{number} {'x' * 40}" for number in range(MAX_PINNED))
    prompt = seen(replace(asked(1, "I "), pinned=pins))
    assert f"{MAX_PINNED - 1} xxx" in prompt
    assert "0 xxx" not in prompt


def test_nothing_is_read_twice_while_the_person_writes(counting: Counting) -> None:
    finder = Finder(counting)
    sentence = "the you like to I the you"

    def read(request: ProposalRequest) -> int:
        before = counting.read
        finder.tree.root(finder.tokens(request, request.text.rstrip()), lambda: False)
        return counting.read - before

    request = asked(2, steering=Steering(Tone.WARM, ("tea",)))
    whole = read(request)
    steps = [read(replace(request, text=sentence[: at + 1])) for at, c in enumerate(sentence) if c == " "]
    assert max(steps) <= 3
    assert read(replace(request, text="")) == 0
    assert read(replace(request, turns=(*request.turns, Turn(Speaker.ME, "to")))) < whole


def test_a_pin_costs_only_what_comes_after_it(counting: Counting) -> None:
    finder = Finder(counting)
    request = replace(asked(2, "I "), pinned=())
    finder.tree.root(finder.tokens(request, "I"), lambda: False)
    before = counting.read
    tokens = finder.tokens(replace(request, pinned=(PINNED,)), "I")
    finder.tree.root(tokens, lambda: False)
    prompt = build_prompt(replace(request, pinned=(PINNED,)), "I")
    after = counting.tokenize("".join(prompt.kept) + prompt.text, start=False)
    assert counting.read - before <= len(after)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.text(max_size=40), min_size=1, max_size=4),
    times=st.integers(1, 2500),
    tone=st.sampled_from(Tone),
    language=st.sampled_from(["en", "ru", "xx"]),
)
@example(texts=["م👍\x07", "жa\n"], times=2500, tone=Tone.URGENT, language="ru")
def test_any_context_fits(
    seen: Callable[[ProposalRequest], str], texts: list[str], times: int, tone: Tone, language: str
) -> None:
    long = tuple(text * times for text in texts)
    turns = tuple(Turn(Speaker.ME, text) for text in long)
    steering = Steering(tone, long)
    seen(ProposalRequest(1, 0.0, long[0], turns, long[-1], long, language, pinned=long, steering=steering))


def test_the_next_letter_cuts_nothing_into_tokens_again(tiny_model: Path) -> None:
    class Tokenizing(Runtime):
        n = 0

        def tokenize(self, text: str, *, start: bool) -> list[int]:
            self.n += 1
            return super().tokenize(text, start=start)

    runtime = Tokenizing(tiny_model, 1)
    tokens = Finder(runtime).tokens
    first = tokens(asked(4, "I want"), "I want")
    runtime.n = 0
    assert tokens(asked(4, "I want w"), "I want") == first
    assert runtime.n == 0
    assert tokens(asked(4, "I want water"), "I want water") != first
    runtime.close()
