"""A language server proposes in the app, and what becomes of it is said."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from pathlib import Path

import http_server as toy
import pytest
from http_server import Server, serving

from assistive.messages import Trouble, TroubleOver
from assistive.proposals import SERVER_TROUBLE, ProposalService
from devices.clock import LslClock
from models.language.messages import ModelState, ModelStatus, ProposalRequest, Proposals, Source
from models.language.server.address import ServerAddress

WITHIN_S = 30.0

Message = Proposals | ModelStatus | Trouble | TroubleOver


class Listener:
    """Somebody who asks and waits."""

    def __init__(self) -> None:
        self.inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.service = ProposalService(self.inbox.put, LslClock(), "en", [])

    def wait_for(self, wanted: Callable[[Message], bool]) -> Message:
        while True:
            message = self.inbox.get(timeout=WITHIN_S)
            if wanted(message):
                return message

    def wait_for_state(self, state: ModelState, name: str) -> None:
        self.wait_for(lambda m: isinstance(m, ModelStatus) and (m.state, m.name) == (state, name))

    def ask(self, generation: int) -> Proposals:
        """Ask, and return the answer that is not the word list's."""
        self.service.request(ProposalRequest(generation, 0.0, "Thank you very "))
        answer = self.wait_for(lambda m: isinstance(m, Proposals) and m.source is not Source.NGRAM)
        assert isinstance(answer, Proposals) and answer.generation == generation
        return answer


@pytest.fixture
def listener() -> Iterator[Listener]:
    one = Listener()
    yield one
    one.service.close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(toy.well) as one:
        yield one


def test_a_server_proposes_where_there_is_no_local_model(listener: Listener, server: Server) -> None:
    listener.service.start(None, "no model", ServerAddress(server.url))
    listener.wait_for_state(ModelState.READY, "toy")
    answer = listener.ask(1)
    assert answer.source is Source.SERVER
    assert answer.words[0].word == "much" and len(answer.words) <= 5


def test_a_server_that_fails_is_said_and_unsaid(listener: Listener, server: Server, tmp_path: Path) -> None:
    listener.service.start(tmp_path / "gone.gguf", "", ServerAddress(server.url))
    listener.wait_for_state(ModelState.READY, "toy")
    assert listener.ask(1).source is Source.SERVER
    server.behaviour = toy.with_body(b"busy", 503)
    listener.service.request(ProposalRequest(2, 0.0, "I would "))
    trouble = listener.wait_for(lambda m: isinstance(m, Trouble))
    assert isinstance(trouble, Trouble)
    assert trouble.key == SERVER_TROUBLE and "503" in trouble.what and "letters work" in trouble.what
    server.behaviour = toy.well
    listener.wait_for(lambda m: isinstance(m, TroubleOver) and m.key == SERVER_TROUBLE)
    assert listener.ask(3).source is Source.SERVER


def test_servers_come_and_go_while_a_question_is_open(listener: Listener, server: Server) -> None:
    listener.service.start(None)
    server.behaviour = toy.well
    listener.service.use(None, "", ServerAddress(server.url))
    listener.wait_for_state(ModelState.READY, "toy")
    server.behaviour = toy.silently
    listener.service.request(ProposalRequest(1, 0.0, "I would "))
    assert server.silent.wait(WITHIN_S)
    with serving(toy.well_in_lists) as other:
        listener.service.use(None, "", ServerAddress(other.url, model="another"))
        listener.wait_for_state(ModelState.READY, "another")
        assert listener.ask(2).words[0].word == "much"
    assert server.hung_up.wait(WITHIN_S)
    listener.service.use(None)
    listener.wait_for(lambda m: isinstance(m, TroubleOver))
    listener.wait_for_state(ModelState.STOPPED, "")
    listener.service.request(ProposalRequest(3, 0.0, "I would "))
    listener.wait_for(lambda m: isinstance(m, Proposals) and m.generation == 3 and m.source is Source.NGRAM)
