"""A language server proposes; whatever it does instead ends in a sentence, never in a traceback or a wait."""

from __future__ import annotations

import logging
import math
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import http_server as toy
import pytest
from http_server import Behaviour, Server, serving
from process_inbox import Inbox

from devices.clock import LslClock
from models.language.messages import (
    CharactersRequest,
    ExpansionRequest,
    Expansions,
    ModelState,
    ProposalRequest,
    Repair,
    Source,
    Speaker,
    Steering,
    Tokens,
    TokensRequest,
    Turn,
)
from models.language.server.address import ServerAddress
from models.language.server.client import ServerError, try_server
from models.language.server.proposer import MOST_SLOW, ServerProposer

TIMEOUT_S = 0.3
KEY = "sk-nobody-may-read-this"

Ask = Callable[[Server], tuple[ServerProposer, Inbox]]


@pytest.fixture
def proposer() -> Iterator[Ask]:
    running: list[ServerProposer] = []

    def begin(server: Server) -> tuple[ServerProposer, Inbox]:
        inbox = Inbox()
        address = ServerAddress(server.url, KEY)
        one = ServerProposer(
            address, inbox.post, LslClock(), timeout_s=TIMEOUT_S, retry_delays_s=(0.02, 0.05, 0.1)
        )
        running.append(one)
        one.start()
        return one, inbox

    yield begin
    for one in running:
        one.close()


def request(generation: int, text: str = "Thank you very ", n_phrases: int = 0) -> ProposalRequest:
    return ProposalRequest(generation, 0.0, text, n_phrases=n_phrases)


@pytest.mark.parametrize("behaviour", [toy.well, toy.well_in_lists, toy.one_prompt_only, toy.strictly])
def test_every_dialect_gives_the_same_words_and_phrases(proposer: Ask, behaviour: Behaviour) -> None:
    with serving(behaviour) as server:
        one, inbox = proposer(server)
        assert inbox.wait_for(ModelState.READY).name == "toy"
        one.request(request(1, "I would ", n_phrases=2))
        answer = inbox.answer_to(1)
    assert answer.source is Source.SERVER and answer.elapsed_s > 0.0
    assert [(word.word, round(word.probability, 3)) for word in answer.words] == [
        ("like", 0.8),
        ("love", 0.15),
    ]
    assert [(phrase.text, round(phrase.probability, 4)) for phrase in answer.phrases] == [
        ("like to sleep.", 0.2688),
        ("love it.", 0.0675),
    ]


def test_a_word_that_is_begun_is_completed_across_tokens(proposer: Ask) -> None:
    with serving(toy.well) as server:
        one, inbox = proposer(server)
        inbox.wait_for(ModelState.READY)
        one.request(request(1, "Thank you very m"))
        words = [word.word for word in inbox.answer_to(1).words]
        one.request(request(2, "I wouldn"))
        contracted = [word.word for word in inbox.answer_to(2).words]
    assert words[:2] == ["much", "many"]
    assert contracted == ["wouldn't"]


def test_what_stays_the_same_stands_first_in_the_prompt_and_several_lines_are_one_request(
    proposer: Ask,
) -> None:
    turns = (Turn(Speaker.PARTNER, "Here is your tea."),)
    with serving(toy.well) as server:
        one, inbox = proposer(server)
        inbox.wait_for(ModelState.READY)
        tried = len(server.prompts)
        for generation, text in enumerate(("Thank you ", "Thank you very ")):
            one.request(replace(request(generation, text), turns=turns, examples=("I love tea.",)))
            inbox.answer_to(generation)
        first, *_ = prompts = server.prompts[tried:]
        assert first.endswith("\nPartner: Here is your tea.\nMe: Thank you")
        assert "Me: I love tea.\n" in first
        assert all(prompt.startswith(first) for prompt in prompts)
        assert any(isinstance(body["prompt"], list) for body in server.bodies[-2:])
        assert all(body["cache_prompt"] for body in server.bodies)


def test_a_server_with_a_short_context_gets_a_shorter_prompt(proposer: Ask) -> None:
    longest = 2000

    def forgetful(server: Server, handler: toy.Handler, body: dict[str, object]) -> None:
        if len(str(body["prompt"])) > longest:
            toy.send(handler, b'{"error": "This model has a short context."}', 400)
        else:
            toy.one_prompt_only(server, handler, body)

    examples = tuple(f"This is what I said on day {day}, and I said it at some length." for day in range(60))
    with serving(forgetful) as server:
        one, inbox = proposer(server)
        inbox.wait_for(ModelState.READY)
        one.request(replace(request(1), examples=examples, about="I like tea. " * 90))
        assert inbox.answer_to(1).words[0].word == "much"
        assert inbox.states == [ModelState.READY]


def test_banned_words_and_nudges_hold(proposer: Ask) -> None:
    steering = Steering(banned=("MUCH",), nudges=(("good", 4.0),))
    with serving(toy.well) as server:
        one, inbox = proposer(server)
        inbox.wait_for(ModelState.READY)
        one.request(replace(request(1, n_phrases=3), steering=steering))
        answer = inbox.answer_to(1)
    assert [word.word for word in answer.words] == ["good", "kindly"]
    assert not any("much" in phrase.text for phrase in answer.phrases)


def test_banned_words_are_not_written_where_the_server_tells_the_numbers_of_its_tokens(proposer: Ask) -> None:
    steering = Steering(banned=("much", "two words", "", " "))
    with serving(toy.well) as server:
        server.tokenize = toy.tokenizer
        one, inbox = proposer(server)
        inbox.wait_for(ModelState.READY)
        tried = len(server.bodies)
        one.request(replace(request(1, n_phrases=3), steering=steering))
        inbox.answer_to(1)
        biases = [body["logit_bias"] for body in server.bodies[tried:]]
    assert biases and all(bias == {str(sum(b"much")): -100.0, str(sum(b"Much")): -100.0} for bias in biases)


def test_the_person_samples_tokens_and_goes_back(proposer: Ask) -> None:
    with serving(toy.well) as server:
        one, inbox = proposer(server)
        inbox.wait_for(ModelState.READY)
        first = TokensRequest(1, 0.0, "I would", n=2)
        one.request(first)
        like, love = tokens(inbox, 1).tokens
        assert [(t.text, round(t.probability, 2)) for t in (like, love)] == [(" like", 0.8), (" love", 0.15)]
        chosen = replace(first, generation=2, chosen=(love.number,))
        assert one.answers(chosen) and not one.answers(replace(first, chosen=(7,)))
        one.request(chosen)
        assert [t.text for t in tokens(inbox, 2).tokens] == [" it", " that"]
        elsewhere = one.spelled(replace(chosen, chosen=(love.number, 7)))
        assert isinstance(elsewhere, TokensRequest)
        assert (elsewhere.text, elsewhere.chosen) == ("I would love", (7,))
        one.request(replace(first, generation=3, pass_at=0.55))
        passed = tokens(inbox, 3)
        assert "".join(t.text for t in passed.passed).startswith(" like to sleep.")
        one.request(replace(first, generation=4, text="I would "))
        assert tokens(inbox, 4).tokens[0].text == "like"


@pytest.mark.parametrize("behaviour", [toy.well, toy.one_prompt_only])
def test_an_abbreviation_is_expanded_word_by_word(proposer: Ask, behaviour: Behaviour) -> None:
    with serving(behaviour) as server:
        one, inbox = proposer(server)
        inbox.wait_for(ModelState.READY)
        one.request(ExpansionRequest(1, 0.0, "", abbreviation="iwlts"))
        one.request(ExpansionRequest(2, 0.0, "", abbreviation="i w l"))
        assert [e.text for e in expansions(inbox, 2).expansions] == ["I would like.", "I would love."]
        one.request(ExpansionRequest(3, 0.0, "", abbreviation="iwlts"))
        (sentence,) = expansions(inbox, 3).expansions
        assert sentence.text == "I would like to sleep." and sentence.probability == pytest.approx(1.0)
        assert sentence.words == ("I", "would", "like", "to", "sleep")
        one.request(ExpansionRequest(4, 0.0, "Thank you ", abbreviation="ver m!"))
        assert [e.text for e in expansions(inbox, 4).expansions] == ["very much!"]
        one.request(
            replace(ExpansionRequest(5, 0.0, ""), abbreviation="iwl", steering=Steering(banned=("love",)))
        )
        assert [e.text for e in expansions(inbox, 5).expansions] == ["I would like."]
        for generation, nothing in enumerate(("", "zzz", "🙂", "x" * 30), start=6):
            one.request(ExpansionRequest(generation, 0.0, "", abbreviation=nothing))
            assert expansions(inbox, generation).expansions == ()
        assert inbox.states == [ModelState.READY]
        assert not one.answers(ExpansionRequest(9, 0.0, "", repair=Repair(("I", "would"), 1)))


def expansions(inbox: Inbox, generation: int) -> Expansions:
    answer = inbox.complete_answer_to(generation)
    assert isinstance(answer, Expansions)
    return answer


def tokens(inbox: Inbox, generation: int) -> Tokens:
    answer = inbox.complete_answer_to(generation)
    assert isinstance(answer, Tokens)
    return answer


BROKEN = {
    "silent": (toy.silently, ModelState.LOST, "did not answer within"),
    "drop by drop": (toy.drop_by_drop, ModelState.LOST, "did not answer within"),
    "half an answer": (toy.half, ModelState.LOST, "connection broke"),
    "hangs up": (toy.hang_up, ModelState.LOST, "connection broke"),
    "no HTTP": (toy.no_http, ModelState.LOST, "connection broke"),
    "without end": (toy.without_end, ModelState.FAILED, "too long"),
    "a web page": (toy.with_body(b"<!DOCTYPE html><title>Welcome</title>"), ModelState.FAILED, "web page"),
    "no JSON": (toy.with_body(b"\xff\x00"), ModelState.FAILED, "no JSON"),
    "nested": (toy.with_body(b"[" * 200_000), ModelState.FAILED, "no JSON"),
    "a huge number": (toy.with_body(b"1" * 10_000), ModelState.FAILED, "no JSON"),
    "null": (toy.with_body(b"null"), ModelState.FAILED, "not one choice"),
    "no choices": (toy.with_body(b'{"choices": []}'), ModelState.FAILED, "not one choice"),
    "odd choices": (toy.with_body(b'{"choices": [7]}'), ModelState.FAILED, "wrong form"),
    "packed": (toy.with_body(b"\x1f\x8b", Content_Encoding="gzip"), ModelState.LOST, "200"),
    "no log-probabilities": (toy.with_logprobs(None), ModelState.FAILED, "no log-probabilities"),
    "empty": (toy.with_logprobs({}), ModelState.FAILED, "no log-probabilities"),
    "too few": (
        toy.with_logprobs({"tokens": ["a"], "token_logprobs": [], "top_logprobs": []}),
        ModelState.FAILED,
        "wrong form",
    ),
    "NaN": (
        toy.with_logprobs({"tokens": ["a"], "token_logprobs": [math.nan], "top_logprobs": [{"a": math.nan}]}),
        ModelState.FAILED,
        "wrong form",
    ),
    "redirect": (
        toy.with_body(b"", 302, Location="http://127.0.0.1:9/v1"),
        ModelState.FAILED,
        "another address, which is not followed",
    ),
    "400": (toy.with_body(b"{}", 400), ModelState.LOST, "400 Bad Request"),
    "401": (toy.with_body(b"{}", 401), ModelState.FAILED, "refused the API key"),
    "404": (toy.with_body(b"{}", 404), ModelState.FAILED, "no such model"),
    "429": (toy.with_body(b"{}", 429), ModelState.LOST, "too many requests"),
    "500": (toy.with_body(b"oh", 500), ModelState.LOST, "500 Internal Server Error"),
    "503": (toy.with_body(b"<html>", 503), ModelState.LOST, "503"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_server_that_misbehaves_is_told_and_answers_again_when_it_is_mended(
    proposer: Ask, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    behaviour, state, reason = BROKEN[name]
    with serving(behaviour) as server:
        one, inbox = proposer(server)
        told = inbox.wait_for(state)
        assert reason in told.detail
        assert "letters work" in told.detail and server.url in told.detail
        server.behaviour = toy.well
        inbox.wait_for(ModelState.READY)
        one.request(request(1))
        assert inbox.answer_to(1).words[0].word == "much"
        server.behaviour = behaviour
        one.request(request(2, "I would "))
        assert reason in inbox.wait_for(state, count=2).detail
        server.behaviour = toy.well
        inbox.wait_for(ModelState.READY, count=2)
        one.request(request(3))
        inbox.answer_to(3)
    assert [answer.generation for answer in inbox.proposals] == [1, 3]
    assert not caplog.records


def test_a_server_that_is_not_there_is_waited_for(proposer: Ask) -> None:
    server = Server(toy.well)
    server.close()
    one, inbox = proposer(server)
    assert "cannot be reached" in inbox.wait_for(ModelState.LOST).detail
    one.request(request(1))
    one.close()
    assert inbox.proposals == []
    assert inbox.states[-1] is ModelState.STOPPED


def test_a_connection_that_the_server_had_closed_costs_nothing(proposer: Ask) -> None:
    hang_ups = iter([True])

    def once(server: Server, handler: toy.Handler, body: dict[str, object]) -> None:
        toy.hang_up(server, handler, body) if next(hang_ups, False) else toy.well(server, handler, body)

    with serving(toy.well) as server:
        one, inbox = proposer(server)
        inbox.wait_for(ModelState.READY)
        server.behaviour = once
        one.request(request(1))
        assert inbox.answer_to(1).words[0].word == "much"
        assert inbox.states == [ModelState.READY]


def test_only_the_configured_address_is_contacted(proposer: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(toy.well) as other:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, other.url)
        with serving(toy.with_body(b"", 307, Location=f"{other.url}/v1/completions")) as server:
            _, inbox = proposer(server)
            inbox.wait_for(ModelState.FAILED)
        assert not other.headers


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for this computer, signed by nobody but itself, and its key in the same file."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here to make a certificate with")
    path = tmp_path / "own.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    )
    subprocess.run(
        [*command.split(), "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path, "-out", f"{path}.crt"],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


def test_a_certificate_is_checked(proposer: Ask, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with serving(toy.well, tls) as server:
        _, inbox = proposer(server)
        assert "certificate is not trusted" in inbox.wait_for(ModelState.FAILED).detail
        assert not server.headers
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        one, inbox = proposer(server)
        inbox.wait_for(ModelState.READY)
        one.request(request(1))
        assert inbox.answer_to(1).words[0].word == "much"


def test_the_key_is_sent_and_never_told(proposer: Ask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(toy.well) as server:
        one, inbox = proposer(server)
        inbox.wait_for(ModelState.READY)
        server.behaviour = toy.with_body(b"{}", 403)
        one.request(request(1))
        inbox.wait_for(ModelState.FAILED)
        assert {headers["Authorization"] for headers in server.headers} == {f"Bearer {KEY}"}
    assert (
        KEY not in caplog.text and KEY not in str(inbox.messages) and KEY not in repr(ServerAddress("", KEY))
    )


def test_a_key_that_cannot_be_sent_is_said() -> None:
    inbox = Inbox()
    one = ServerProposer(ServerAddress("http://127.0.0.1:9", "ключ\n"), inbox.post, LslClock())
    one.start()
    assert "API key" in inbox.wait_for(ModelState.FAILED).detail
    one.close()


def test_a_newer_question_replaces_the_one_that_is_being_answered(proposer: Ask) -> None:
    with serving(toy.well) as server:
        one, inbox = proposer(server)
        inbox.wait_for(ModelState.READY)
        server.behaviour = toy.silently
        one.request(request(1, "I would "))
        assert server.silent.wait(5.0)
        server.behaviour = toy.well
        one.request(request(2))
        inbox.answer_to(2)
        assert server.hung_up.wait(5.0), "the old request goes on"
        assert [answer.generation for answer in inbox.proposals] == [2]
        assert inbox.states == [ModelState.READY]


def test_a_right_guess_makes_the_answer_instant(proposer: Ask) -> None:
    with serving(toy.well) as server:
        one, inbox = proposer(server)
        inbox.wait_for(ModelState.READY)
        one.request(replace(request(0), speculative=True))
        one.request(request(1, "I would "))  # answered after the guess is given up or done
        inbox.answer_to(1)
        one.request(replace(request(1), speculative=True))
        one.request(TokensRequest(2, 0.0, "I would"))
        tokens(inbox, 2)
        one.request(request(3))
        first = inbox.answer_to(3)
        server.behaviour = toy.silently
        one.request(request(4))
        again = inbox.answer_to(4)
    assert again.words == first.words and again.elapsed_s == 0.0


def test_a_server_can_be_tried_once() -> None:
    with serving(toy.well) as server:
        assert try_server(ServerAddress(server.url)) == "toy"
        assert try_server(ServerAddress(server.url, model="other")) == "other"
        server.behaviour = toy.silently
        with pytest.raises(ServerError, match="within 0 seconds"):
            try_server(ServerAddress(server.url), timeout_s=0.05)


def test_what_a_server_cannot_be_asked_stays_unanswered(proposer: Ask) -> None:
    with serving(toy.well) as server:
        one, inbox = proposer(server)
        inbox.wait_for(ModelState.READY)
        asked = CharactersRequest(1, 0.0, "I", alphabet="abc ")
        assert not one.answers(asked)
        assert one.spelled(asked) is asked
        assert not one.answers(replace(request(1), breadth=3))
        one.request(asked)
        one.request(request(2))
        inbox.answer_to(2)
    assert [answer.generation for answer in inbox.proposals] == [2]


def test_a_server_that_is_always_late_is_left_in_peace() -> None:
    inbox = Inbox()
    with serving(toy.well) as server:
        one = ServerProposer(ServerAddress(server.url), inbox.post, LslClock(), slow_s=0.0)
        one.start()
        inbox.wait_for(ModelState.READY)
        for generation in range(MOST_SLOW):
            one.request(request(generation, "I would " if generation % 2 else "Thank you very "))
            inbox.answer_to(generation)
        assert "too slow" in inbox.wait_for(ModelState.LOST).detail
        one.close()


@pytest.mark.parametrize("behaviour", [toy.silently, toy.drop_by_drop, toy.without_end])
def test_closing_waits_for_no_server(proposer: Ask, behaviour: Behaviour) -> None:
    with serving(toy.well) as server:
        one, inbox = proposer(server)
        inbox.wait_for(ModelState.READY)
        server.behaviour = behaviour
        one.request(request(1, "I would "))
        begun = time.monotonic()
        one.close()
        one.request(request(2))
        assert time.monotonic() - begun < 1.0
        assert inbox.states[-1] is ModelState.STOPPED


def test_one_that_never_started_can_be_closed() -> None:
    one = ServerProposer(ServerAddress("http://127.0.0.1:9"), lambda message: None, LslClock())
    one.close()
    one.close()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("мне " * 25_000, "ru"),
        ("🙂" * 100_000, "en"),
        ("\x00\x07 and мир 🙂 ", "en"),
        ("a" * 100_000, "en"),
        ("", "xx"),
    ],
)
def test_any_text_gets_an_answer(proposer: Ask, text: str, language: str) -> None:
    with serving(toy.well) as server:
        one, inbox = proposer(server)
        inbox.wait_for(ModelState.READY)
        one.request(replace(request(1, text, n_phrases=2), language=language))
        inbox.answer_to(1)
        assert max(map(len, server.prompts)) < 13_000
        assert inbox.states == [ModelState.READY]
