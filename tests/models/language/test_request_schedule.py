"""Guesses prepare answers and never stand in the way of a question."""

from __future__ import annotations

from ctypes import c_int64

import pytest

from models.language.messages import PhraseProposal, ProposalRequest, WordProposal
from models.language.schedule import MOST_PREPARED, Found, Job, Schedule

TEA = Found((WordProposal("tea", 0.5),), (PhraseProposal("tea, please.", 0.2),))


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


def begin(schedule: Schedule) -> Job:
    job = schedule.start()
    assert job is not None
    return job


def test_a_guess_that_comes_true_is_answered_without_work(schedule: Schedule) -> None:
    schedule.put(guess("some "))
    begin(schedule)
    assert schedule.finish(TEA) is None
    schedule.put(real(7, "some "))
    assert schedule.prepared() == (7, TEA, 0.0)
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
    reply = schedule.finish(TEA)
    assert reply is not None
    assert (reply.generation, reply.found) == (7, TEA)
    assert reply.elapsed_s >= 0.0


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
    reply = schedule.finish(TEA)
    assert reply is not None and (reply.generation, reply.found) == (1, TEA)
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
    assert schedule.prepared() == (5, TEA, 0.0)


def test_an_older_question_is_not_answered(schedule: Schedule) -> None:
    schedule.put(real(1, "a "))
    begin(schedule)
    schedule.put(real(2, "b "))
    assert schedule.finish(TEA) is None
    assert begin(schedule).request.generation == 2
    schedule.put(real(3, "b "))
    reply = schedule.finish(TEA)
    assert reply is not None and reply.generation == 3


def test_what_the_child_died_of_is_asked_again_once(schedule: Schedule) -> None:
    schedule.put(guess("a "))
    begin(schedule)
    schedule.abandon()
    assert schedule.start() is None
    schedule.put(real(1, "a "))
    begin(schedule)
    schedule.abandon()
    assert begin(schedule).request.generation == 1
    schedule.abandon()
    assert schedule.start() is None
