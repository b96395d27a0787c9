"""models.language: the numbers of a server's tokens, where it tells them: a bias needs them.

No part of OpenAI's interface; vLLM and llama.cpp answer to ``/tokenize``, llama-cpp-python to ``/extras/tokenize``.
"""

from __future__ import annotations

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
        self._numbers: dict[str, int | None] = {}

    async def probe(self, model: str) -> None:
        """Find out where the server tells the numbers of tokens; nowhere is no trouble."""
        self._numbers.clear()
        for self._endpoint in _ENDPOINTS:
            if await self._tokens(model, _BEFORE) is not None:
                return
        self._endpoint = ""

    async def bias(self, model: str, avoid: Iterable[str]) -> dict[str, float]:
        """Return a ``logit_bias`` that keeps words which are a single token from being written."""
        if not self._endpoint:
            return {}
        words = [word.strip() for word in avoid if word.strip() and len(word.split()) == 1][:MOST_AVOIDED]
        forms = {f" {form}" for word in words for form in (word.lower(), word.capitalize())}
        numbers = [await self._number(model, form) for form in sorted(forms)]
        return {str(number): _NEVER for number in numbers if number is not None}

    async def _number(self, model: str, form: str) -> int | None:
        if form not in self._numbers:
            start, whole = await self._tokens(model, _BEFORE), await self._tokens(model, _BEFORE + form)
            single = start is not None and whole is not None and whole[:-1] == start
            self._numbers[form] = whole[-1] if single and whole else None
        return self._numbers[form]

    async def _tokens(self, model: str, text: str) -> list[int] | None:
        body = {"model": model, "content": text, "prompt": text, "input": text}
        match await self._send(self._endpoint, body):
            case {"tokens": list(tokens)} if tokens and all(type(token) is int for token in tokens):
                return tokens
        return None
