"""Models expand abbreviations: every sentence agrees with what was typed, and a wrong word can be put right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tiny_model import write_tiny_model

from models.language.abbreviation.expansions import MOST_ROWS, ExpansionSearch
from models.language.abbreviation.parse import MAX_PARTS, Part, readings_of
from models.language.abbreviation.tokens import START, is_complete, read_on
from models.language.errors import Cancelled
from models.language.finder import Finder
from models.language.head import Head
from models.language.messages import (
    Expansion,
    ExpansionRequest,
    Expansions,
    Repair,
    Source,
    Speaker,
    Steering,
    Turn,
)
from models.language.partial import fold
from models.language.runtime import BatchToken, Runtime
from models.language.tree import N_NODES

DRINK = "What would you like to drink?"


class Counting(Runtime):
    """Counts the rows that it computes."""

    rows = 0

    def decode(self, batch: Sequence[BatchToken], head: Head | None = None) -> None:
        self.rows += sum(token.wanted for token in batch)
        super().decode(batch, head)


class Asked:
    """Asks a model, checks what holds for every answer, and keeps what came before it."""

    def __init__(self, runtime: Counting) -> None:
        self.runtime = runtime
        self.now = iter(range(0))  # the clock stands still
        self._finder = Finder(runtime)
        self._search = ExpansionSearch(
            self._finder.tree, self._finder.pieces, clock=lambda: float(next(self.now, 0))
        )
        self.before: list[tuple[Expansion, ...]] = []
        self.polled = 0

    def ask(self, abbreviation: str, partner: str = "", text: str = "", language: str = "en") -> Expansions:
        turns = (Turn(Speaker.PARTNER, partner),)
        return self.answer(
            ExpansionRequest(3, 0.0, text, turns=turns, language=language, abbreviation=abbreviation)
        )

    def repair(self, expansion: Expansion, at: int, letters: str = "") -> list[str]:
        turns = (Turn(Speaker.PARTNER, DRINK),)
        answer = self.answer(
            ExpansionRequest(4, 0.0, "", turns=turns, repair=Repair(expansion.words, at, letters))
        )
        assert answer.matching
        return texts(answer)

    def answer(self, request: ExpansionRequest, patience: int = 10**6) -> Expansions:
        self.before, self.polled, self.runtime.rows = [], 0, 0

        def stale() -> bool:
            self.polled += 1
            return self.polled > patience

        tokens = partial(self._finder.tokens, request)
        found, matching = self._search.expand(tokens, request, self.before.append, stale)
        answer = Expansions(request.generation, 0.0, found, Source.MODEL, 0.0, matching=matching)
        probabilities = [expansion.probability for expansion in answer.expansions]
        assert probabilities == sorted(probabilities, reverse=True)
        assert sum(probabilities) <= 1 + 1e-6
        assert len(probabilities) <= request.n
        assert len({"".join(map(fold, e.words)) for e in answer.expansions}) == len(probabilities)
        if answer.matching and request.repair is None:
            for expansion in answer.expansions:
                assert agrees(expansion, request)
        return answer


def agrees(expansion: Expansion, request: ExpansionRequest) -> bool:
    def reads(parts: Sequence[Part]) -> bool:
        state = read_on(START, " " + fold(expansion.text.rstrip(".?!")), parts)
        return state is not None and is_complete(state, parts) and len(expansion.words) == len(parts)

    return any(reads(meant.parts) for meant in readings_of(request.abbreviation, request.language))


def texts(answer: Expansions) -> list[str]:
    return [fold(expansion.text).rstrip(".?!").replace(",", "") for expansion in answer.expansions]


@pytest.fixture(scope="module")
def real(real_model: Path) -> Iterator[Asked]:
    runtime = Counting(real_model, 1)
    yield Asked(runtime)
    runtime.close()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    runtime = Counting(write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.gguf", n_context=1568), 1)
    yield Asked(runtime)
    runtime.close()


def test_initials_become_a_sentence(real: Asked) -> None:
    assert "i want some water" in texts(real.ask("iwsw", DRINK))


def test_more_letters_make_it_surer(real: Asked) -> None:
    answer = real.ask("i w some wat", DRINK)
    assert texts(answer)[0] == "i want some water"
    assert answer.expansions[0].probability > 0.5
    assert answer.expansions[0].words == ("I", "want", "some", "water")


def test_contractions_take_two_letters(real: Asked) -> None:
    answer = real.ask("i d k", "Where is my phone?")
    assert "i don't know" not in texts(answer)  # that is i d t k
    assert texts(real.ask("i d t k", "Where is my phone?"))[0] == "i don't know"


def test_a_number_stays_as_it_is(real: Asked) -> None:
    answer = real.ask("at 7 in t m", "When do you get up?")
    assert texts(answer)[0] == "at 7 in the morning"


def test_a_question_mark_asks(real: Asked) -> None:
    assert all(expansion.text.endswith("?") for expansion in real.ask("c y h m?").expansions)


def test_two_letters_are_one_word_or_two(real: Asked) -> None:
    found = texts(real.ask("ye", "Are you hungry?"))
    assert found[0] == "yes"
    assert "yeah" in found
    assert len(real.ask("y e", "Are you hungry?").expansions[0].words) == 2


def test_russian_is_expanded(real: Asked) -> None:
    assert "я хочу пить" in texts(real.ask("я х п", "Чего ты хочешь?", language="ru"))


def test_the_first_sentences_come_early_and_the_last_are_the_answer(real: Asked) -> None:
    answer = real.ask("w d w h t e", "Dinner is nearly ready.")
    assert len(real.before) > 1
    shown = [[expansion.text for expansion in partly] for partly in real.before]
    assert all(one != other for one, other in pairwise(shown))
    assert shown[-1] == [expansion.text for expansion in answer.expansions]


def test_one_letter_more_starts_from_what_is_known(real: Asked) -> None:
    real.ask("s i l t g", "Shall we go to the beach today?")
    cold = real.runtime.rows
    real.ask("s i l t", "Shall we go out tonight?")
    real.ask("s i l t g", "Shall we go out tonight?")
    assert real.runtime.rows < 0.7 * cold


def test_the_same_again_costs_nothing(real: Asked) -> None:
    once = real.ask("n t y", "More tea?")
    assert real.ask("n t y", "More tea?") == once
    assert real.runtime.rows == 0


def test_a_wrong_word_is_replaced_and_the_rest_stays(real: Asked) -> None:
    (wine,) = [e for e in real.ask("i w s wine", DRINK).expansions if e.words[1:] == ("want", "some", "wine")]
    others = real.repair(wine, 3)
    assert "i want some water" in others
    assert "i want some wine" not in others
    assert all(other.startswith("i want some w") for other in others)


def test_a_wrong_word_can_be_given_more_letters(real: Asked) -> None:
    (wine,) = [e for e in real.ask("i w s wine", DRINK).expansions if e.words[1:] == ("want", "some", "wine")]
    assert real.repair(wine, 3, "wa")[0] == "i want some water"


def test_a_repair_looks_at_what_follows_the_word_too(real: Asked) -> None:
    wrong = Expansion("I want to eject an apple.", ("I", "want", "to", "eject", "an", "apple"), 1.0)
    assert real.repair(wrong, 3)[0] == "i want to eat an apple"


def test_letters_that_fit_no_word_are_said_to_and_the_closest_is_offered(real: Asked) -> None:
    answer = real.ask("i w 🍕", DRINK)
    assert not answer.matching
    assert answer.expansions
    answer = real.ask("i want watxq", DRINK)
    assert not answer.matching
    assert all(text.startswith("i w") for text in texts(answer))


def test_thirty_letters_are_answered_with_the_words_that_the_limit_allows(real: Asked) -> None:
    answer = real.ask("iwtgttbwmsamfatssic" * 2)
    assert all(len(expansion.words) == MAX_PARTS for expansion in answer.expansions)
    assert answer.expansions


def test_two_letters_of_many_words_may_take_more_rows_than_the_tree_holds(real: Asked) -> None:
    answer = real.ask("ye i am wo yo li to go wi me", "Are you going to the concert tonight?")
    assert real.runtime.rows > N_NODES
    assert answer.expansions


def test_a_stale_search_is_given_up_between_two_decodes(tiny: Asked) -> None:
    request = ExpansionRequest(1, 0.0, "", abbreviation="iwsw")
    tiny.answer(request)
    assert tiny.polled > 3
    for patience in (0, 1, 2):
        with pytest.raises(Cancelled):
            tiny.answer(replace(request, text="x" * (patience + 1)), patience)


def test_what_is_banned_is_not_in_an_expansion(tiny: Asked) -> None:
    request = ExpansionRequest(1, 0.0, "", abbreviation="t li")
    (best, *_) = tiny.answer(request).expansions
    banned = Steering(banned=(best.words[1].upper(),))
    others = tiny.answer(replace(request, steering=banned)).expansions
    assert others
    assert all(fold(best.words[1]) not in map(fold, other.words) for other in others)


def test_on_a_busy_computer_the_search_ends_with_its_first_sentences(tiny: Asked) -> None:
    tiny.now = iter(range(0, 10**6, 10))
    answer = tiny.ask("iwsw", "Something else?")
    assert answer.matching
    assert answer.expansions
    assert tiny.runtime.rows < MOST_ROWS / 2


@pytest.mark.parametrize("typed", ["", "  ", "\x00\u200b"])
def test_nothing_is_answered_with_nothing(tiny: Asked, typed: str) -> None:
    answer = tiny.ask(typed)
    assert answer.expansions == ()
    assert answer.matching


def test_only_signs_match_nothing(tiny: Asked) -> None:
    answer = tiny.ask("🍕")
    assert answer.expansions == ()
    assert not answer.matching


@pytest.mark.parametrize(
    "repair",
    [
        Repair((), 0),
        Repair(("I", "want"), 2),
        Repair(("I", "want"), -1),
        Repair(("🍕", "?"), 0),
        Repair(("I", "want"), 1, "?"),
        Repair(("I",) * 1000, 1),
    ],
)
def test_a_repair_of_what_is_no_sentence_finds_nothing(tiny: Asked, repair: Repair) -> None:
    answer = tiny.answer(ExpansionRequest(1, 0.0, "", repair=repair))
    assert answer.expansions == ()
    assert not answer.matching


@settings(max_examples=25)
@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["en", "ru", "xx"]))
@example("i👍w 3pm жы 水 \x00", "Hi, ", "en")
@example("0I", "", "en")
def test_whatever_is_typed_is_answered(tiny: Asked, typed: str, text: str, language: str) -> None:
    tiny.ask(typed, text=text, language=language)
    assert tiny.runtime.rows < 2 * MOST_ROWS
