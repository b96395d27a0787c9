"""Guesses prepare answers and never stand in the way of a question; quick questions overtake slow ones."""

from __future__ import annotations

from ctypes import c_int64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.messages import (
    Characters,
    CharactersRequest,
    Expansion,
    ExpansionRequest,
    Expansions,
    PhraseProposal,
    ProposalRequest,
    Proposals,
    Question,
    Response,
    Source,
    Tokens,
    TokensRequest,
    WordProposal,
)
from models.language.schedule import MOST_INTERRUPTIONS, MOST_PREPARED, Job, Schedule

TEA = Proposals(
    0,
    0.0,
    (WordProposal("tea", 0.5),),
    Source.MODEL,
    0.0,
    (PhraseProposal("tea, please.", 0.2),),
)
WATER = Expansions(0, 0.0, (Expansion("I want water", ("I", "want", "water"), 0.9),), Source.MODEL, 0.0)
LETTERS = Characters(0, 0.0, (("a", 0.5), ("b", 0.5)), Source.MODEL, 0.0)
TOKENS = Tokens(0, 0.0, (), Source.MODEL, 0.0)

ANSWERS: dict[type[Question], Response] = {
    ProposalRequest: TEA,
    ExpansionRequest: WATER,
    CharactersRequest: LETTERS,
    TokensRequest: TOKENS,
}


@pytest.fixture
def called_off() -> c_int64:
    return c_int64(-1)


@pytest.fixture
def schedule(called_off: c_int64) -> Schedule:
    return Schedule(called_off)


def real(generation: int, text: str) -> ProposalRequest:
    return ProposalRequest(generation, float(generation), text)


def guess(text: str) -> ProposalRequest:
    return ProposalRequest(0, 0.0, text, speculative=True)


def expansion(generation: int, abbreviation: str = "i w w") -> ExpansionRequest:
    return ExpansionRequest(generation, float(generation), "", abbreviation=abbreviation)


def characters(generation: int, text: str = "") -> CharactersRequest:
    return CharactersRequest(generation, float(generation), text, alphabet="ab")


def tokens(generation: int) -> TokensRequest:
    return TokensRequest(generation, float(generation), "")


def begin(schedule: Schedule) -> Job:
    job = schedule.start()
    assert job is not None
    return job


def finish(schedule: Schedule, answer: Response) -> Response:
    told = schedule.finish(answer)
    assert told is not None
    return told


def test_a_guess_that_comes_true_is_answered_without_work(schedule: Schedule) -> None:
    schedule.put(guess("some "))
    begin(schedule)
    assert schedule.finish(TEA) is None
    schedule.put(real(7, "some "))
    told = schedule.prepared()
    assert told is not None
    assert (told.generation, told.words, told.phrases, told.elapsed_s) == (7, TEA.words, TEA.phrases, 0.0)
    assert schedule.prepared() is None
    assert schedule.start() is None


def test_a_guess_that_comes_true_while_it_is_worked_on_is_promoted(
    schedule: Schedule, called_off: c_int64
) -> None:
    schedule.put(guess("some "))
    begin(schedule)
    schedule.put(real(7, "some "))
    assert called_off.value == -1
    assert schedule.prepared() is None
    told = finish(schedule, TEA)
    assert isinstance(told, Proposals)
    assert (told.generation, told.words) == (7, TEA.words)
    assert told.elapsed_s > 0.0


def test_a_question_calls_off_a_guess_at_something_else(schedule: Schedule, called_off: c_int64) -> None:
    schedule.put(guess("some "))
    job = begin(schedule)
    schedule.put(guess("any "))
    schedule.put(real(7, "no "))
    assert called_off.value == job.ticket
    assert schedule.start() is None  # the child is not free before it says so
    assert schedule.finish(None) is None
    assert begin(schedule).request.text == "no "
    assert schedule.finish(TEA) is not None
    assert schedule.start() is None  # the guess that waited was about something that is decided now


def test_a_guess_never_disturbs_a_question(schedule: Schedule, called_off: c_int64) -> None:
    schedule.put(real(1, "no "))
    schedule.put(guess("no more "))
    assert begin(schedule).request.generation == 1
    schedule.put(guess("no way "))
    assert called_off.value == -1
    assert finish(schedule, TEA).generation == 1
    assert begin(schedule).request.text == "no way "
    schedule.finish(TEA)
    assert schedule.start() is None


def test_a_newer_guess_replaces_an_older_one(schedule: Schedule, called_off: c_int64) -> None:
    schedule.put(guess("a "))
    job = begin(schedule)
    schedule.put(guess("b "))
    assert called_off.value == job.ticket
    schedule.put(guess("a "))  # what was called off does not count as being worked on
    schedule.finish(None)
    assert begin(schedule).request.text == "a "


def test_one_guess_is_worked_on_once(schedule: Schedule) -> None:
    schedule.put(guess("a "))
    begin(schedule)
    schedule.put(guess("a "))
    schedule.finish(TEA)
    schedule.put(guess("a "))
    assert schedule.start() is None


def test_the_last_guesses_are_kept(schedule: Schedule) -> None:
    for number in range(MOST_PREPARED + 1):
        schedule.put(guess(f"{number} "))
        begin(schedule)
        schedule.finish(TEA)
    schedule.put(real(1, "0 "))
    assert schedule.prepared() is None
    schedule.put(real(2, "1 "))
    assert schedule.prepared() is not None
    schedule.forget()
    schedule.put(real(3, "2 "))
    assert schedule.prepared() is None


def test_a_guess_that_was_finished_in_spite_of_a_question_answers_it(schedule: Schedule) -> None:
    schedule.put(guess("a "))
    begin(schedule)
    schedule.put(guess("b "))  # calls it off, too late
    schedule.put(real(5, "a "))
    schedule.finish(TEA)
    told = schedule.prepared()
    assert told is not None and told.generation == 5


def test_an_older_question_is_not_answered(schedule: Schedule) -> None:
    schedule.put(real(1, "a "))
    begin(schedule)
    schedule.put(real(2, "b "))
    assert schedule.finish(TEA) is None
    assert begin(schedule).request.generation == 2
    schedule.put(real(3, "b "))
    assert finish(schedule, TEA).generation == 3


def test_what_the_child_died_of_is_asked_again_once(schedule: Schedule) -> None:
    schedule.put(guess("a "))
    begin(schedule)
    schedule.abandon()
    assert schedule.start() is None
    for request in (real(1, "a "), expansion(2), characters(3), tokens(4)):
        schedule.put(request)
        begin(schedule)
        schedule.abandon()
        assert begin(schedule).request == request
        schedule.abandon()
        assert schedule.start() is None


def test_what_died_is_not_asked_again_if_something_newer_waits(schedule: Schedule) -> None:
    schedule.put(expansion(1, "i"))
    begin(schedule)
    schedule.put(expansion(2, "i w"))
    schedule.abandon()
    assert begin(schedule).request.generation == 2


def test_questions_of_all_kinds_wait_side_by_side_and_the_quickest_is_first(
    schedule: Schedule, called_off: c_int64
) -> None:
    asked: list[Question] = [expansion(1), real(2, "a "), tokens(3), characters(4)]
    for request in asked:
        schedule.put(request)
    for request in reversed(asked):
        assert begin(schedule).request == request
        assert finish(schedule, ANSWERS[type(request)]).generation == request.generation
    assert called_off.value == -1


def test_a_slower_question_does_not_disturb_a_quicker_one(schedule: Schedule, called_off: c_int64) -> None:
    schedule.put(real(1, "a "))
    begin(schedule)
    schedule.put(expansion(2))
    assert called_off.value == -1
    assert finish(schedule, TEA).generation == 1
    assert begin(schedule).request.generation == 2


def test_characters_do_not_wait_for_an_expansion_which_is_done_afterwards(
    schedule: Schedule, called_off: c_int64
) -> None:
    schedule.put(expansion(1))
    slow = begin(schedule)
    schedule.put(characters(2))
    assert called_off.value == slow.ticket
    assert schedule.finish(None) is None
    assert begin(schedule).request.generation == 2
    assert finish(schedule, LETTERS).generation == 2
    again = begin(schedule)
    assert again.request == slow.request
    assert called_off.value < again.ticket
    assert finish(schedule, WATER).generation == 1


def test_an_expansion_that_was_finished_in_spite_of_characters_is_told(schedule: Schedule) -> None:
    schedule.put(expansion(1))
    begin(schedule)
    schedule.put(characters(2))
    assert finish(schedule, WATER).generation == 1
    assert begin(schedule).request.generation == 2
    assert finish(schedule, LETTERS).generation == 2
    assert schedule.start() is None


def test_an_endless_stream_of_characters_does_not_starve_an_expansion(
    schedule: Schedule, called_off: c_int64
) -> None:
    schedule.put(expansion(0))
    for generation in range(1, MOST_INTERRUPTIONS + 1):
        slow = begin(schedule)
        assert slow.request.generation == 0
        schedule.put(characters(generation, "a" * generation))
        assert called_off.value == slow.ticket
        schedule.finish(None)
        begin(schedule)
        assert schedule.finish(LETTERS) is not None
    slow = begin(schedule)
    schedule.put(characters(99))
    assert called_off.value < slow.ticket
    assert finish(schedule, WATER).generation == 0
    assert begin(schedule).request.generation == 99


def test_a_newer_question_takes_the_place_of_one_that_was_interrupted(schedule: Schedule) -> None:
    schedule.put(expansion(1, "i w"))
    begin(schedule)
    schedule.put(characters(2))
    schedule.put(expansion(3, "i w s"))
    schedule.finish(None)
    begin(schedule)
    schedule.finish(LETTERS)
    assert begin(schedule).request.generation == 3
    assert finish(schedule, WATER).generation == 3
    assert schedule.start() is None


def test_first_expansions_are_told_while_somebody_waits_for_them(schedule: Schedule) -> None:
    assert schedule.partly(WATER) is None
    schedule.put(expansion(1, "i w"))
    begin(schedule)
    told = schedule.partly(WATER)
    assert told is not None and told.generation == 1
    schedule.put(expansion(2, "i w"))  # the same: it goes on and answers the newer one
    told = schedule.partly(WATER)
    assert told is not None and told.generation == 2
    schedule.put(expansion(3, "i w s"))
    assert schedule.partly(WATER) is None


def test_what_was_seen_of_expansions_is_not_replaced_by_worse_after_an_interruption(
    schedule: Schedule,
) -> None:
    schedule.put(expansion(1))
    begin(schedule)
    assert schedule.partly(WATER) is not None
    assert schedule.partly(WATER) is not None
    schedule.put(characters(2))
    schedule.finish(None)
    begin(schedule)
    schedule.finish(LETTERS)
    begin(schedule)
    assert schedule.partly(WATER) is None
    assert finish(schedule, WATER).generation == 1


def test_any_question_calls_off_a_guess(schedule: Schedule, called_off: c_int64) -> None:
    for request in (characters(1), tokens(2), expansion(3)):
        schedule.put(guess(f"{request.generation} "))
        job = begin(schedule)
        schedule.put(request)
        assert called_off.value == job.ticket
        schedule.finish(None)
        assert begin(schedule).request == request
        schedule.finish(ANSWERS[type(request)])
        assert schedule.start() is None


MOVES = st.lists(st.sampled_from(["words", "guess", "expansion", "characters", "tokens", "work"]))


def question(move: str, generation: int, text: str) -> Question:
    match move:
        case "words":
            return real(generation, text)
        case "guess":
            return guess(text)
        case "expansion":
            return expansion(generation, text)
        case "characters":
            return characters(generation, text)
    return tokens(generation)


class HonestChild:
    """Gives up what is called off and answers the rest, one step at a time."""

    def __init__(self) -> None:
        self._called_off = c_int64(-1)
        self.schedule = Schedule(self._called_off)
        self.told: list[Response] = []
        self._job: Job | None = None

    def work(self) -> bool:
        """Do one step; return False if there was none to do."""
        self._tell(self.schedule.prepared())
        job = self._job
        if job is None:
            self._job = self.schedule.start()
            return self._job is not None
        self._job = None
        given_up = self._called_off.value >= job.ticket
        self._tell(self.schedule.finish(None if given_up else ANSWERS[type(job.request)]))
        return True

    def _tell(self, answer: Response | None) -> None:
        if answer is not None:
            self.told.append(answer)


@given(MOVES, st.integers(1, 3))
def test_whatever_is_asked_the_newest_of_each_kind_is_answered(moves: list[str], variety: int) -> None:
    child = HonestChild()
    newest: dict[type[Response], int] = {}
    for generation, move in enumerate(moves):
        if move == "work":
            child.work()
            continue
        request = question(move, generation, str(generation % variety))
        child.schedule.put(request)
        if move != "guess":
            newest[type(ANSWERS[type(request)])] = generation
    steps = 0
    while child.work():
        steps += 1
        assert steps < 100, "it never comes to rest"
    for kind in map(type, ANSWERS.values()):
        generations = [answer.generation for answer in child.told if type(answer) is kind]
        assert generations == sorted(set(generations))
        assert generations[-1:] == ([newest[kind]] if kind in newest else [])
