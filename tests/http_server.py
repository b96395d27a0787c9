"""A small server for completions that does what a test wants: answers well in two dialects, or misbehaves."""

from __future__ import annotations

import json
import math
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ROWS = {
    "\nMe:": {" I": 0.6, " Thank": 0.4},
    "\nMe: I": {" would": 0.7, " want": 0.3},
    "\nMe: Thank": {" you": 1.0},
    "Thank you": {" very": 0.5, ".": 0.3, " so": 0.2},
    "Thank you very": {" much": 0.9, " kindly": 0.06, " good": 0.02, "!": 0.02},
    "Thank you very much": {".": 0.6, ",": 0.2, "!": 0.1, " for": 0.1},
    "Thank you very m": {"uch": 0.7, "any": 0.2, " ": 0.1},
    "I would": {" like": 0.8, " love": 0.15, "n": 0.05},
    "I would like": {" to": 0.6, " some": 0.3, ".": 0.1},
    "I would like to": {" sleep": 0.7, " go": 0.3},
    "I would like to sleep": {".": 0.8, " now": 0.2},
    "I would love": {" it": 0.5, " that": 0.4, ".": 0.1},
    "I would love it": {".": 0.9, " if": 0.1},
    "I wouldn": {"'": 1.0},
    "I wouldn'": {"t": 1.0},
}
"""The likeliest next tokens after texts that end like this, the longest ending first."""

_OTHERWISE = {".": 0.7, " and": 0.3}

Handler = BaseHTTPRequestHandler
Behaviour = Callable[["Server", Handler, dict[str, Any]], None]
"""What a server does with a request for completions, given its decoded body."""


class Server:
    """A server on a free port of this computer.

    Attributes
    ----------
    behaviour : callable
        What it does with a request for completions; may be changed at any time.
    tokenize : callable
        What it does with a request for tokens.
    bodies : list of dict
        What it was asked, oldest first.
    headers : list of dict
        The headers of every request, oldest first.
    """

    def __init__(self, behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self.behaviour = behaviour
        self.tokenize: Callable[[Handler, dict[str, Any]], None] = no_tokenizer
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.closing = threading.Event()
        self.silent = threading.Event()  # a request has come that is not answered
        self.hung_up = threading.Event()  # the other side has closed a connection that is not answered
        outer = self

        class Answering(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                outer.headers.append(dict(self.headers))
                send_json(self, {"object": "list", "data": [{"id": "toy", "object": "model"}]})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.headers.append(dict(self.headers))
                if self.path != "/v1/completions":
                    outer.tokenize(self, body)
                    return
                outer.bodies.append(body)
                outer.behaviour(outer, self, body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self._server.daemon_threads = True
        self._server.block_on_close = False
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def prompts(self) -> list[str]:
        """All prompts that it was given, oldest first."""
        prompts: list[str] = []
        for body in self.bodies:
            prompts += body["prompt"] if isinstance(body["prompt"], list) else [body["prompt"]]
        return prompts

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(behaviour, tls)
    try:
        yield server
    finally:
        server.close()


def send(handler: Handler, data: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in (
        {"Content-Length": str(len(data)), "Content-Type": "application/json"} | headers
    ).items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(data)


def send_json(handler: Handler, answer: object) -> None:
    send(handler, json.dumps(answer).encode())


def no_tokenizer(handler: Handler, _: dict[str, Any]) -> None:
    send(handler, b"{}", 404)


def tokenizer(handler: Handler, body: dict[str, Any]) -> None:
    """Tell the numbers of tokens: one for each word."""
    words = body["prompt"].split(" ")
    send_json(handler, {"tokens": [2, *(sum(word.encode()) for word in words)]})


def row_after(text: str) -> dict[str, float]:
    endings = [ending for ending in ROWS if text.endswith(ending)]
    return ROWS[max(endings, key=len)] if endings else _OTHERWISE


def written(prompt: str, n_tokens: int) -> list[tuple[str, dict[str, float]]]:
    """Return the likeliest tokens after a prompt, each with its row."""
    steps = []
    for _ in range(n_tokens):
        row = row_after(prompt)
        token = max(row, key=lambda token: row[token])
        steps.append((token, row))
        prompt += token
    return steps


def in_tables(prompt: str, n_tokens: int) -> dict[str, Any]:
    """Return log-probabilities as vLLM and llama-cpp-python tell them."""
    steps = written(prompt, n_tokens)
    return {
        "tokens": [token for token, _ in steps],
        "token_logprobs": [math.log(row[token]) for token, row in steps],
        "top_logprobs": [{text: math.log(p) for text, p in row.items()} for _, row in steps],
    }


def in_lists(prompt: str, n_tokens: int) -> dict[str, Any]:
    """Return log-probabilities as llama.cpp's server tells them."""

    def entry(token: str, p: float) -> dict[str, Any]:
        return {"id": 1, "token": token, "bytes": list(token.encode()), "logprob": math.log(p)}

    return {
        "content": [
            entry(token, row[token]) | {"top_logprobs": [entry(text, p) for text, p in row.items()]}
            for token, row in written(prompt, n_tokens)
        ]
    }


def choices(body: dict[str, Any], told: Callable[[str, int], dict[str, Any]]) -> dict[str, Any]:
    prompts = body["prompt"] if isinstance(body["prompt"], list) else [body["prompt"]]
    return {
        "choices": [
            {"index": i, "text": "", "logprobs": told(prompt, body["max_tokens"]), "finish_reason": "length"}
            for i, prompt in enumerate(prompts)
        ]
    }


# ---------------------------------------------------------------- behaviours


def well(_: Server, handler: Handler, body: dict[str, Any]) -> None:
    send_json(handler, choices(body, in_tables))


def well_in_lists(_: Server, handler: Handler, body: dict[str, Any]) -> None:
    send_json(handler, choices(body, in_lists))


def one_prompt_only(server: Server, handler: Handler, body: dict[str, Any]) -> None:
    if isinstance(body["prompt"], list):
        send(handler, b'{"error": "one prompt, please"}', 500)
    else:
        well(server, handler, body)


def strictly(server: Server, handler: Handler, body: dict[str, Any]) -> None:
    """Refuse what OpenAI's own interface does not know, and more than 20 alternatives."""
    known = {"model", "prompt", "max_tokens", "logprobs", "temperature", "logit_bias"}
    if set(body) <= known and body["logprobs"] <= 20:
        well(server, handler, body)
    else:
        send(handler, b'{"error": "unknown"}', 400)


def silently(server: Server, handler: Handler, _: dict[str, Any]) -> None:
    """Say nothing until the other side hangs up."""
    server.silent.set()
    try:
        while not server.closing.is_set() and handler.connection.recv(1, socket.MSG_PEEK):
            server.closing.wait(0.01)
    except OSError:
        pass
    server.hung_up.set()
    handler.close_connection = True


def drop_by_drop(server: Server, handler: Handler, body: dict[str, Any]) -> None:
    """Send the answer so slowly that each part is in time and the whole never."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    try:
        while not server.closing.wait(0.02):
            handler.wfile.write(b" ")
    except OSError:
        server.hung_up.set()
    handler.close_connection = True


def half(_: Server, handler: Handler, body: dict[str, Any]) -> None:
    data = json.dumps(choices(body, in_tables)).encode()
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(data) + data[: len(data) // 2])
    handler.close_connection = True


def hang_up(_: Server, handler: Handler, __: dict[str, Any]) -> None:
    handler.close_connection = True


def no_http(_: Server, handler: Handler, __: dict[str, Any]) -> None:
    handler.wfile.write(b"\x16\x03\x01 what is HTTP?\r\n\r\n")
    handler.close_connection = True


def without_end(server: Server, handler: Handler, _: dict[str, Any]) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    try:
        while not server.closing.is_set():
            handler.wfile.write(chunk)
    except OSError:
        server.hung_up.set()
    handler.close_connection = True


def with_body(data: bytes, status: int = 200, **headers: str) -> Behaviour:
    """Return what answers everything with this."""

    def answer(_: Server, handler: Handler, __: dict[str, Any]) -> None:
        send(handler, data, status, **headers)

    return answer


def with_logprobs(logprobs: object) -> Behaviour:
    """Return what answers with these log-probabilities."""

    def answer(_: Server, handler: Handler, body: dict[str, Any]) -> None:
        n_prompts = len(body["prompt"]) if isinstance(body["prompt"], list) else 1
        send_json(handler, {"choices": [{"text": "a", "logprobs": logprobs} for _ in range(n_prompts)]})

    return answer
