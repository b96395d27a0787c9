"""A real server (llama-cpp-python's, in a process of its own) serves a model; its answers are the model's."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from process_inbox import Inbox
from tiny_model import write_tiny_model

from devices.clock import LslClock
from models.language.messages import (
    ModelState,
    ProposalRequest,
    Proposals,
    Source,
    Steering,
    Tokens,
    TokensRequest,
)
from models.language.partial import fold
from models.language.process import LanguageProcess
from models.language.prompt import build_prompt
from models.language.runtime import BatchToken, Runtime
from models.language.server.address import ServerAddress
from models.language.server.first import ServerFirst
from models.language.server.proposer import ServerProposer

N_CONTEXT = 4096
KEY = "a key of the tests"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def served(model: Path, port: int, n_context: int = N_CONTEXT) -> Iterator[subprocess.Popen[bytes]]:
    arguments = {
        "model": model,
        "model_alias": "served",
        "host": "127.0.0.1",
        "port": port,
        "n_ctx": n_context,
        "n_threads": 1,
        "logits_all": True,
        "api_key": KEY,
    }
    command = [sys.executable, "-m", "llama_cpp.server"]
    for name, value in arguments.items():
        command += [f"--{name}", str(value)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("served") / "tiny.gguf", n_context=N_CONTEXT)


@pytest.fixture(scope="module")
def port(model: Path) -> Iterator[int]:
    number = free_port()
    with served(model, number):
        yield number


@contextmanager
def asked(port: int, key: str = KEY) -> Iterator[tuple[ServerProposer, Inbox]]:
    inbox = Inbox()
    address = ServerAddress(f"http://127.0.0.1:{port}", key)
    one = ServerProposer(address, inbox.post, LslClock(), timeout_s=60.0, retry_delays_s=(0.05,))
    one.start()
    try:
        yield one, inbox
    finally:
        one.close()


def test_its_tokens_have_the_probabilities_that_the_model_gives_them(port: int, model: Path) -> None:
    request = TokensRequest(1, 0.0, "I want to", n=8)
    with asked(port) as (one, inbox):
        assert inbox.wait_for(ModelState.READY).name == "served"
        one.request(request)
        answer = inbox.complete_answer_to(1)
    assert isinstance(answer, Tokens)
    prompt = build_prompt(request, request.text)
    runtime = Runtime(model, 1)
    try:
        tokens = runtime.tokenize(prompt.opening + prompt.dialogue, start=True)
        for begin in range(0, len(tokens), 64):
            part = tokens[begin : begin + 64]
            runtime.decode([BatchToken(t, begin + i, 0, i == len(part) - 1) for i, t in enumerate(part)])
        logits = runtime.logits(len(part) - 1).astype(np.float64)
        pieces = [piece.decode("utf-8", "replace") for piece in runtime.pieces()]
    finally:
        runtime.close()
    p = np.exp(logits - logits.max())
    p /= p.sum()
    assert len(answer.tokens) == 8
    for token in answer.tokens:
        assert token.probability == pytest.approx(p[pieces.index(token.text)], rel=0.02)
    assert [t.probability for t in answer.tokens] == sorted(
        (t.probability for t in answer.tokens), reverse=True
    )


def test_it_completes_words(port: int) -> None:
    with asked(port) as (one, inbox):
        inbox.wait_for(ModelState.READY)
        for generation, text in enumerate(("I l", "I ", "", "Я")):
            language = "ru" if text == "Я" else "en"
            one.request(ProposalRequest(generation, 0.0, text, n_phrases=3, language=language))
            answer = inbox.answer_to(generation)
            assert answer.source is Source.SERVER and answer.elapsed_s > 0.0
            words = [word.word for word in answer.words]
            assert all(fold(word).startswith(fold(text.strip()[2:])) for word in words)
            assert len(set(map(fold, words))) == len(words) <= 5
            assert all(0.0 < word.probability <= 1.0 for word in answer.words)
            if text == "I l":
                assert "like" in words
        assert inbox.states == [ModelState.READY]


def test_a_banned_word_is_not_written(port: int) -> None:
    request = ProposalRequest(1, 0.0, "I ", n_phrases=3)
    with asked(port) as (one, inbox):
        inbox.wait_for(ModelState.READY)
        one.request(request)
        first = inbox.answer_to(1)
        banned = tuple(word.word for word in first.words[:2])
        one.request(replace(request, generation=2, steering=Steering(banned=banned)))
        second = inbox.answer_to(2)
        assert inbox.states == [ModelState.READY]
    assert first.words and not {fold(w.word) for w in second.words} & set(map(fold, banned))


def test_a_wrong_key_is_said(port: int) -> None:
    with asked(port, key="another one") as (_, inbox):
        assert "refused the API key" in inbox.wait_for(ModelState.FAILED).detail


def test_a_server_that_dies_is_replaced_by_the_local_model_and_comes_back(model: Path) -> None:
    inbox, told = Inbox(), Inbox()
    number = free_port()
    address = ServerAddress(f"http://127.0.0.1:{number}", KEY)
    first = ServerFirst(
        lambda post: ServerProposer(address, post, LslClock(), timeout_s=60.0, retry_delays_s=(0.05,)),
        lambda post: LanguageProcess(model, post, LslClock(), n_threads=1),
        inbox.post,
        told.post,
        patience_s=60.0,
    )
    with served(model, number) as process:
        first.start()
        told.wait_for(ModelState.READY)
        first.request(ProposalRequest(1, 0.0, "I l"))
        assert inbox.answer_to(1).source is Source.SERVER
        os.kill(process.pid, signal.SIGSTOP)  # it has the question and does not answer it
        first.request(ProposalRequest(2, 0.0, "I "))
        os.kill(process.pid, signal.SIGKILL)
        assert inbox.answer_to(2).source is Source.MODEL
        assert "letters work" in told.wait_for(ModelState.LOST).detail
    with served(model, number):
        told.wait_for(ModelState.READY, count=2)
        first.request(ProposalRequest(3, 0.0, "I l"))
        answer = inbox.answer_to(3)
        assert isinstance(answer, Proposals) and answer.source is Source.SERVER
    first.close()


def test_the_model_that_comes_with_sayso_can_be_served(real_model: Path) -> None:
    number = free_port()
    with served(real_model, number, n_context=512), asked(number) as (one, inbox):
        inbox.wait_for(ModelState.READY)
        one.request(TokensRequest(1, 0.0, "Thank you very", n=3))
        answer = inbox.complete_answer_to(1)
    assert isinstance(answer, Tokens)
    assert answer.tokens[0].text == " much" and answer.tokens[0].probability > 0.9
