"""models.language.server: abbreviation expansion with a server: sentences for the beginnings of their words.

The search is that of `expansion_search`, over what a server tells: hypotheses compete with those that have begun as
many words, and each request continues the best of every number of words by one token. A server tells only its
likeliest tokens (`WIDE`), so that a rare word may be missed where a local model would find it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from models.language.abbreviation.parse import parse_abbreviation, words_of
from models.language.abbreviation.sentences import plain
from models.language.abbreviation.tokens import START, State, is_complete, read_on
from models.language.bans import Bans
from models.language.messages import Expansion, ExpansionRequest
from models.language.partial import fold
from models.language.server.completions import Step
from models.language.server.search import ROOM, Complete, prompt_text, sentence_mark

LINES = 16
"""Hypotheses that are continued together."""

_MORE_ROUNDS = 4  # beside one for each word: some words have several tokens, and better beginnings follow
_WIDEST = 6.0  # nats that a hypothesis may be behind the best with as many words

_Key = tuple[str, State]


@dataclass(slots=True)
class _Begun:
    log_p: float
    likeliest: float
    text: str


@dataclass(slots=True)
class _Sentence:
    log_p: float
    text: str


class ServerExpansion:
    """One search for expansions.

    Parameters
    ----------
    request : ExpansionRequest
        What is wanted; its `repair` is not understood.
    complete : callable
        Asks the server.
    room : int
        Characters that the prompt may have.
    """

    def __init__(self, request: ExpansionRequest, complete: Complete, room: int = ROOM) -> None:
        self._request = request
        self._complete = complete
        self._base = prompt_text(request, request.text.rstrip(), room)
        self._wanted = parse_abbreviation(request.abbreviation, request.language)
        self._parts = self._wanted.parts
        self._open: list[dict[_Key, _Begun]] = [{} for _ in range(len(self._parts) + 1)]
        self._done: set[_Key] = set()
        self._found: dict[str, _Sentence] = {}

    async def run(self) -> tuple[Expansion, ...]:
        """Return the likeliest expansions that were found, best first; all of them match.

        Raises
        ------
        ServerError
            `complete` failed.
        """
        if not self._parts:
            return ()
        self._open[0]["", START] = _Begun(0.0, 0.0, "")
        for _ in range(len(self._parts) + 1 + _MORE_ROUNDS):
            batch = self._next_batch()
            if not batch:
                break
            lines = await self._complete([self._base + begun.text for _, begun in batch], 1)
            for (state, begun), line in zip(batch, lines, strict=True):
                if line:
                    self._extend(state, begun, line[0])
        return self._best()

    def _next_batch(self) -> list[tuple[State, _Begun]]:
        """Take the best with each number of words, then the second best, and so on."""
        enough = -math.inf
        if 0 < self._request.n <= len(self._found):
            enough = sorted((s.log_p for s in self._found.values()), reverse=True)[self._request.n - 1]
        ranked = []
        for n_begun, pool in enumerate(self._open):
            keys = sorted(pool, key=lambda key: -pool[key].log_p)
            best = pool[keys[0]].log_p if keys else 0.0
            for rank, key in enumerate(keys):
                if pool[key].log_p > max(enough, best - _WIDEST):
                    ranked.append((rank, best - pool[key].log_p, n_begun, key))
        ranked.sort(key=lambda one: one[:2])
        batch = []
        for _, _, n_begun, key in ranked[:LINES]:
            self._done.add(key)
            batch.append((key[1], self._open[n_begun].pop(key)))
        return batch

    def _extend(self, state: State, begun: _Begun, step: Step) -> None:
        if is_complete(state, self._parts):
            self._complete_sentence(begun, step)
        for token, p in step.likeliest.items():
            after = read_on(state, fold(token), self._parts) if token and p > 0.0 else None
            if after is None:
                continue
            text = begun.text + token
            key = (plain(text), after)
            if key in self._done:
                continue
            pool = self._open[after.begun]
            log_p, likeliest = begun.log_p + math.log(p), begun.likeliest + math.log(p)
            known = pool.get(key)
            if known is None:
                pool[key] = _Begun(log_p, likeliest, text)
                continue
            known.log_p = _log_sum(known.log_p, log_p)
            if likeliest > known.likeliest:
                known.likeliest, known.text = likeliest, text

    def _complete_sentence(self, begun: _Begun, step: Step) -> None:
        ends: dict[str, float] = {}
        for token, p in step.likeliest.items():
            if mark := sentence_mark(token):
                ends[mark] = ends.get(mark, 0.0) + p
        mark = self._wanted.mark or (max(ends, key=lambda mark: ends[mark]) if ends else "")
        ended = ends.get(mark, 0.0) if self._wanted.mark else sum(ends.values())
        if ended <= 0.0:
            return
        log_p, key = begun.log_p + math.log(ended), plain(begun.text)
        known = self._found.get(key)
        text = begun.text.strip() + mark
        self._found[key] = _Sentence(log_p if known is None else _log_sum(known.log_p, log_p), text)

    def _best(self) -> tuple[Expansion, ...]:
        bans = Bans(self._request.steering.banned)
        found = sorted(self._found.values(), key=lambda sentence: -sentence.log_p)
        total = -math.inf
        for sentence in found:
            total = _log_sum(total, sentence.log_p)
        return tuple(
            Expansion(sentence.text, words_of(sentence.text), math.exp(sentence.log_p - total))
            for sentence in found
            if not bans.completed_by(f" {sentence.text}", self._request.text)
        )[: max(0, self._request.n)]


def _log_sum(a: float, b: float) -> float:
    return float(np.logaddexp(a, b))
