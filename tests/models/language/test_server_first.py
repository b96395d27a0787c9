"""The server's answer counts when it comes in time; otherwise the local model's, within a second of asking."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import http_server as toy
import pytest
from http_server import serving
from process_inbox import Inbox

from devices.clock import LslClock
from models.language.messages import (
    Characters,
    CharactersRequest,
    ExpansionRequest,
    Expansions,
    ModelState,
    ModelStatus,
    ProposalRequest,
    Proposals,
    Response,
    Source,
    Tokens,
    TokensRequest,
    WordProposal,
)
from models.language.process import LanguageProcess
from models.language.proposer import FakeProposer, Post
from models.language.server.address import ServerAddress
from models.language.server.first import ServerFirst
from models.language.server.proposer import ServerProposer

WITHIN_S = 1.0
LONG_S = 60.0  # no test takes so long


class Pair:
    """A server and a local model that say what a test wants, and what comes of it."""

    def __init__(self, *, local: bool = True, patience_s: float = LONG_S) -> None:
        self.inbox = Inbox()
        self.told: list[ModelState] = []
        self.server: FakeProposer
        self.local: FakeProposer
        self.first = ServerFirst(
            self._make_server,
            self._make_local if local else None,
            self.inbox.post,
            lambda status: self.told.append(status.state),
            patience_s=patience_s,
        )
        self.first.start()
        self.server.becomes(ModelState.READY, name="large")
        if local:
            self.local.becomes(ModelState.READY, name="small")

    def _make_server(self, post: Post) -> FakeProposer:
        self.server = FakeProposer(post, (ProposalRequest, TokensRequest, ExpansionRequest))
        return self.server

    def _make_local(self, post: Post) -> FakeProposer:
        self.local = FakeProposer(post)
        return self.local

    @property
    def sources(self) -> list[tuple[int, Source]]:
        answers = [message for message in self.inbox.messages if not isinstance(message, ModelStatus)]
        return [(answer.generation, answer.source) for answer in answers]


@pytest.fixture
def pair() -> Iterator[Pair]:
    one = Pair()
    yield one
    one.first.close()
    assert not one.server.running and not one.local.running


def request(generation: int) -> ProposalRequest:
    return ProposalRequest(generation, 0.0, "I ")


def words(generation: int, source: Source, *found: str) -> Proposals:
    return Proposals(generation, 0.0, tuple(WordProposal(word, 0.1) for word in found), source, 0.1)


LOCAL, SERVER = Source.MODEL, Source.SERVER


def test_the_servers_answer_counts_even_if_the_local_one_is_there_first(pair: Pair) -> None:
    pair.first.request(request(1))
    pair.local.say(words(1, LOCAL, "am"))
    assert pair.sources == []
    pair.server.say(words(1, SERVER, "would"))
    assert pair.sources == [(1, SERVER)]
    assert pair.server.asked == pair.local.asked == [request(1)]


def test_one_question_is_answered_once(pair: Pair) -> None:
    pair.first.request(request(1))
    pair.server.say(words(1, SERVER, "would"))
    pair.local.say(words(1, LOCAL, "am"))
    pair.server.say(words(1, SERVER, "would"))
    assert pair.sources == [(1, SERVER)]


def test_answers_to_older_questions_are_dropped(pair: Pair) -> None:
    pair.first.request(request(1))
    pair.local.say(words(1, LOCAL, "am"))
    pair.first.request(request(2))
    pair.server.say(words(1, SERVER, "would"))
    pair.server.becomes(ModelState.LOST)
    pair.local.say(words(1, LOCAL, "am"))
    assert pair.sources == []
    pair.local.say(words(2, LOCAL, "am"))
    assert pair.sources == [(2, LOCAL)]


def test_a_server_that_fails_gives_way_at_once(pair: Pair) -> None:
    pair.first.request(request(1))
    pair.local.say(words(1, LOCAL, "am"))
    pair.server.becomes(ModelState.LOST, "gone")
    assert pair.sources == [(1, LOCAL)]
    pair.first.request(request(2))
    pair.local.say(words(2, LOCAL, "am"))
    assert pair.sources[1:] == [(2, LOCAL)]
    assert pair.server.asked == [request(1)]
    pair.server.becomes(ModelState.READY)
    pair.first.request(request(3))
    pair.server.say(words(3, SERVER, "would"))
    assert pair.sources[2:] == [(3, SERVER)]


def test_a_server_with_nothing_to_say_gives_way(pair: Pair) -> None:
    pair.first.request(request(1))
    pair.server.say(words(1, SERVER))
    pair.local.say(words(1, LOCAL, "am"))
    assert pair.sources == [(1, LOCAL)]
    abbreviated = ExpansionRequest(2, 0.0, "", abbreviation="iw")
    pair.first.request(abbreviated)
    pair.local.say(Expansions(2, 0.0, (), LOCAL, 0.0, complete=False))
    pair.server.say(Expansions(2, 0.0, (), SERVER, 0.0))
    pair.local.say(Expansions(2, 0.0, (), LOCAL, 0.0))
    assert pair.sources[1:] == [(2, LOCAL), (2, LOCAL)]


def test_a_silent_server_is_waited_for_only_so_long() -> None:
    pair = Pair(patience_s=0.02)
    pair.first.request(request(1))
    pair.local.say(words(1, LOCAL, "am"))
    assert pair.inbox.answer_to(1).source is LOCAL
    pair.server.say(words(1, SERVER, "would"))
    assert pair.sources == [(1, LOCAL)]
    pair.first.close()


def test_what_a_server_cannot_be_asked_is_asked_of_the_local_model_alone(pair: Pair) -> None:
    pair.first.request(CharactersRequest(1, 0.0, "I", alphabet="ab"))
    pair.local.say(Characters(1, 0.0, (("a", 0.5), ("b", 0.5)), LOCAL, 0.0))
    pair.local.say(Characters(1, 0.0, (("a", 0.5), ("b", 0.5)), LOCAL, 0.0))
    assert pair.sources == [(1, LOCAL)]
    assert pair.server.asked == []


def test_questions_of_different_kinds_do_not_replace_each_other(pair: Pair) -> None:
    pair.first.request(request(1))
    pair.first.request(TokensRequest(1, 0.0, "I "))
    pair.server.say(Tokens(1, 0.0, (), SERVER, 0.0))
    pair.server.say(words(1, SERVER, "would"))
    assert pair.sources == [(1, SERVER), (1, SERVER)]


def test_guesses_go_to_both_and_open_no_question(pair: Pair) -> None:
    guess = replace(request(0), speculative=True)
    pair.first.request(guess)
    pair.server.say(words(0, SERVER, "would"))
    assert pair.server.asked == pair.local.asked == [guess]
    assert pair.sources == []


def test_the_two_together_are_ready_while_one_of_them_is(pair: Pair) -> None:
    pair.local.becomes(ModelState.LOST, "the child died", name="small")
    pair.server.becomes(ModelState.LOST, "no network", name="large")
    pair.local.becomes(ModelState.READY, name="small")
    pair.server.becomes(ModelState.READY, name="large")
    assert [(status.state, status.name) for status in pair.inbox.statuses] == [
        (ModelState.READY, "large"),
        (ModelState.LOST, "small"),
        (ModelState.READY, "small"),
        (ModelState.READY, "large"),
    ]
    assert pair.told == [ModelState.READY, ModelState.LOST, ModelState.READY]


def test_without_a_local_model_the_servers_state_is_told() -> None:
    pair = Pair(local=False)
    pair.first.request(request(1))
    pair.server.say(words(1, SERVER, "would"))
    pair.server.becomes(ModelState.FAILED, "401")
    assert pair.sources == [(1, SERVER)]
    assert pair.inbox.statuses[-1].detail == "401"
    pair.first.request(request(2))
    pair.first.close()


@pytest.mark.parametrize(
    "behaviour", [toy.silently, toy.drop_by_drop, toy.half, toy.with_body(b"<html>", 500)]
)
def test_the_real_local_model_answers_within_a_second(tiny_model: Path, behaviour: toy.Behaviour) -> None:
    inbox, told, locally = Inbox(), Inbox(), Inbox()

    def local(post: Post) -> LanguageProcess:
        def overheard(message: Response | ModelStatus) -> None:
            locally.post(message)
            post(message)

        return LanguageProcess(tiny_model, overheard, LslClock(), n_threads=1)

    with serving(toy.well) as server:
        address = ServerAddress(server.url)
        first = ServerFirst(
            lambda post: ServerProposer(address, post, LslClock()), local, inbox.post, told.post
        )
        first.start()
        told.wait_for(ModelState.READY)
        locally.wait_for(ModelState.READY)
        first.request(ProposalRequest(1, 0.0, "I l"))
        inbox.answer_to(1)
        server.behaviour = behaviour
        asked = time.monotonic()
        first.request(ProposalRequest(2, 0.0, "I "))
        assert inbox.answer_to(2).source is Source.MODEL
        assert time.monotonic() - asked < WITHIN_S
        first.close()
