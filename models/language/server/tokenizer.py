"""models.language.server: the numbers of a server's tokens, where it tells them: a bias needs them.

No part of OpenAI's interface; vLLM and llama.cpp answer to ``/tokenize``, llama-cpp-python to ``/extras/tokenize``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

MOST_AVOIDED = 50
"""Words that are avoided by a bias; whatever is banned beyond them is only filtered."""

_ENDPOINTS = ("tokenize", "extras/tokenize")
_NEVER = -100.0
_BEFORE = "a"  # what stands before a word keeps the tokenizer from adding a start token or a space to it


class ServerTokenizer:
    """Asks a server for the numbers of single tokens, each once.

    Parameters
    ----------
    send : callable
        Posts a body to a path below the server's address, and returns the decoded answer or None.
    """

    def __init__(self, send: Callable[[str, dict[str, Any]], Awaitable[Any]]) -> None:
        self._send = send
        self._endpoint = ""
        self._start: list[int] = []
        self._numbers: dict[str, int | None] = {}

    async def probe(self, model: str) -> None:
        """Find out where the server tells the numbers of tokens; nowhere is no trouble."""
        self._numbers.clear()
        for self._endpoint in _ENDPOINTS:
            if start := await self._tokens(model, _BEFORE):
                self._start = start
                return
        self._endpoint = ""

    async def bias(self, model: str, avoid: Iterable[str]) -> dict[str, float]:
        """Return a ``logit_bias`` that keeps words which are a single token from being written."""
        if not self._endpoint:
            return {}
        words = [word.strip() for word in avoid if word.strip() and len(word.split()) == 1][:MOST_AVOIDED]
        forms = {f" {form}" for word in words for form in (word.lower(), word.capitalize())}
        await asyncio.gather(*(self._learn(model, form) for form in forms - self._numbers.keys()))
        numbers = [self._numbers[form] for form in sorted(forms)]
        return {str(number): _NEVER for number in numbers if number is not None}

    async def _learn(self, model: str, form: str) -> None:
        tokens = await self._tokens(model, _BEFORE + form)
        self._numbers[form] = tokens[-1] if tokens and tokens[:-1] == self._start else None

    async def _tokens(self, model: str, text: str) -> list[int] | None:
        body = {"model": model, "content": text, "prompt": text, "input": text}
        match await self._send(self._endpoint, body):
            case {"tokens": list(tokens)} if tokens and all(type(token) is int for token in tokens):
                return tokens
        return None
