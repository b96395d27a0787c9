"""Every kind of question gets its answer, whatever happens to the process in the meantime."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from process_inbox import Inbox, Start
from tiny_model import write_tiny_model

from devices.clock import LslClock
from models.language.messages import (
    Characters,
    CharactersRequest,
    ExpansionRequest,
    Expansions,
    ModelState,
    ProposalRequest,
    Proposals,
    Question,
    Response,
    Source,
    Tokens,
    TokensRequest,
)
from models.language.process import LanguageProcess

LETTERS = "abcdefghijklmnopqrstuvwxyz "

QUESTIONS: list[tuple[Question, type[Response]]] = [
    (ProposalRequest(1, 0.0, "I would like "), Proposals),
    (ExpansionRequest(1, 0.0, "", abbreviation="i l y"), Expansions),
    (CharactersRequest(1, 0.0, "I would li", alphabet=LETTERS), Characters),
    (TokensRequest(1, 0.0, "I would like "), Tokens),
]

each_kind = pytest.mark.parametrize(("question", "kind"), QUESTIONS)


def pid_of(process: LanguageProcess) -> int:
    pid = process.pid
    assert pid is not None
    return pid


@pytest.fixture(scope="module")
def running(real_model: Path) -> Iterator[tuple[LanguageProcess, Inbox]]:
    """The real model, started once; each test asks with generations of its own."""
    inbox = Inbox()
    process = LanguageProcess(real_model, inbox.post, LslClock(), n_threads=1)
    process.start()
    inbox.wait_for(ModelState.READY)
    yield process, inbox
    process.close()


def test_every_kind_of_question_is_answered_in_its_kind(running: tuple[LanguageProcess, Inbox]) -> None:
    process, inbox = running
    for generation, (question, kind) in enumerate(QUESTIONS):
        process.request(replace(question, generation=generation))
        answer = inbox.complete_answer_to(generation)
        assert type(answer) is kind
        assert answer.source is Source.MODEL
        assert answer.elapsed_s > 0.0
    assert [m.t for m in inbox.messages] == sorted(m.t for m in inbox.messages)


def test_expansions_come_as_they_are_found(running: tuple[LanguageProcess, Inbox]) -> None:
    process, inbox = running
    process.request(ExpansionRequest(41, 0.0, "", abbreviation="i w l s w"))
    complete = inbox.complete_answer_to(41)
    answers = inbox.answers_to(41)
    assert isinstance(complete, Expansions) and complete.expansions and complete.matching
    assert len(answers) >= 2 and answers[-1] is complete
    assert [a.elapsed_s for a in answers] == sorted(a.elapsed_s for a in answers)
    first = answers[0]
    assert isinstance(first, Expansions) and first.expansions and not first.complete


@each_kind
def test_a_question_of_any_kind_that_died_with_the_child_is_asked_again(
    start: Start, tiny_model: Path, question: Question, kind: type[Response]
) -> None:
    process, inbox = start(tiny_model)
    inbox.wait_for(ModelState.READY)
    os.kill(pid_of(process), signal.SIGSTOP)  # it will have the question and not answer it
    process.request(question)
    os.kill(pid_of(process), signal.SIGKILL)
    assert type(inbox.complete_answer_to(1)) is kind
    assert inbox.states.count(ModelState.LOST) == 1


@each_kind
def test_a_model_that_is_swapped_while_it_is_asked_leaves_the_question_to_the_other(
    start: Start, tiny_model: Path, tmp_path: Path, question: Question, kind: type[Response]
) -> None:
    other = write_tiny_model(tmp_path / "other.gguf", seed=2)
    process, inbox = start(tiny_model)
    inbox.wait_for(ModelState.READY)
    os.kill(pid_of(process), signal.SIGSTOP)
    process.request(question)
    process.swap(other)
    answer = inbox.complete_answer_to(1)
    assert type(answer) is kind
    assert inbox.messages.index(answer) > inbox.messages.index(inbox.wait_for(ModelState.READY, count=2))
    assert ModelState.LOST not in inbox.states


def test_questions_of_all_kinds_at_once_are_all_answered(running: tuple[LanguageProcess, Inbox]) -> None:
    process, inbox = running
    for round_ in range(3):
        process.request(ExpansionRequest(100 + round_, 0.0, "", abbreviation="i w l s w t"))
        process.request(ProposalRequest(200 + round_, 0.0, "I would like " * (round_ + 1)))
        process.request(TokensRequest(300 + round_, 0.0, "I would like " * (round_ + 1)))
        for i in range(10):
            process.request(
                CharactersRequest(400 + 10 * round_ + i, 0.0, "i would like"[: i + 2], alphabet=LETTERS)
            )
    for generation in (102, 202, 302, 429):
        inbox.complete_answer_to(generation)


def test_a_question_about_characters_overtakes_an_expansion_under_way(
    running: tuple[LanguageProcess, Inbox],
) -> None:
    process, inbox = running
    process.request(CharactersRequest(51, 0.0, "i wou", alphabet=LETTERS))
    inbox.complete_answer_to(51)
    process.request(ExpansionRequest(52, 0.0, "", abbreviation="w s w g t t p t"))
    inbox.parts_of(52)
    process.request(CharactersRequest(53, 0.0, "i woul", alphabet=LETTERS))
    quick = inbox.complete_answer_to(53)
    complete = inbox.complete_answer_to(52)
    assert inbox.messages.index(quick) < inbox.messages.index(complete)


@each_kind
def test_a_hundred_thousand_characters_are_answered(
    start: Start, tiny_model: Path, question: Question, kind: type[Response]
) -> None:
    process, inbox = start(tiny_model)
    for generation, text in enumerate(("to like you " * 8_400, "\u0645\U0001f44d\x07д" * 25_000)):
        process.request(replace(question, generation=generation, text=text))
        assert type(inbox.complete_answer_to(generation)) is kind
    assert inbox.states == [ModelState.STARTING, ModelState.READY]
