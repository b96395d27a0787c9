"""models.language: what the child is asked next, what it need not go on with, and what is prepared already."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from ctypes import c_int64
from dataclasses import dataclass, replace
from typing import NamedTuple

from models.language.messages import (
    CharactersRequest,
    ExpansionRequest,
    Expansions,
    ProposalRequest,
    Proposals,
    Question,
    Response,
    TokensRequest,
)

QUICKEST_FIRST: tuple[type[Question], ...] = (
    CharactersRequest,
    TokensRequest,
    ProposalRequest,
    ExpansionRequest,
)
"""Kinds of questions by how soon their answers are wanted: a moving Dasher wants characters in 10 ms, a choice
wants words in 100 ms, and expansions come as they are found."""

MOST_PREPARED = 4
"""Answers to speculative requests that are kept."""

MOST_INTERRUPTIONS = 3
"""So often work is set aside for a quicker kind; then it is finished, so that an answer always comes."""


class Job(NamedTuple):
    """A request on its way to the child. Tickets grow; a ticket that is called off is not gone on with."""

    ticket: int
    request: Question


@dataclass(slots=True)
class _Work:
    request: Question
    content: Question
    interruptions: int = 0
    ticket: int = 0
    since: float = 0.0
    called_off: bool = False
    shown: int | None = None  # the ticket under which first answers were told

    @property
    def kind(self) -> type[Question]:
        return type(self.request)

    @property
    def rank(self) -> int:
        return QUICKEST_FIRST.index(self.kind)

    @property
    def speculative(self) -> bool:
        return isinstance(self.request, ProposalRequest) and self.request.speculative


class Schedule:
    """One real request of each kind and one speculative one at most wait; the child works on at most one.

    - The quickest kind goes first (`QUICKEST_FIRST`); speculative work runs while nothing real waits.
    - A real request replaces an older one of its kind that waits, and calls off one that is worked on. If both
      have the same content, the work is *promoted* instead and answers the newer one.
    - A real request interrupts work of a slower kind, which is done afterwards, and is set aside
      `MOST_INTERRUPTIONS` times at most.
    - Speculative work is called off by any real request, but for the same content: then it is promoted.

    May be used from several threads.

    Parameters
    ----------
    called_off : ctypes.c_int64
        In shared memory: the child gives up a job with this ticket or an older one between two decodes.
    """

    def __init__(self, called_off: c_int64) -> None:
        self._called_off = called_off
        self._lock = threading.Lock()
        self._ticket = 0
        self._newest: dict[type[Question], int] = {}
        self._waiting: dict[type[Question], _Work] = {}
        self._speculative: _Work | None = None
        self._running: _Work | None = None
        self._prepared: OrderedDict[Question, Proposals] = OrderedDict()
        self._retried: dict[type[Question], int] = {}

    def put(self, request: Question) -> None:
        """Take a request; a newer one replaces one of its kind that waits."""
        work = _Work(request, _content(request))
        with self._lock:
            if work.speculative:
                self._put_speculative(work)
            else:
                self._put_real(work)

    def prepared(self) -> Proposals | None:
        """Return the answer to the real request for proposals that waits, if it is there already."""
        with self._lock:
            work = self._waiting.get(ProposalRequest)
            answer = self._prepared.get(work.content) if work is not None else None
            if work is None or answer is None:
                return None
            del self._waiting[ProposalRequest]
            return replace(answer, generation=work.request.generation, elapsed_s=0.0)

    def start(self) -> Job | None:
        """Return what a child that is free works on next, None while it is not free or there is nothing."""
        with self._lock:
            if self._running is not None:
                return None
            if self._waiting:
                work = min(self._waiting.values(), key=lambda work: work.rank)
                del self._waiting[work.kind]
            elif self._speculative is not None:
                work, self._speculative = self._speculative, None
            else:
                return None
            self._ticket += 1
            work.ticket, work.since, work.called_off = self._ticket, time.perf_counter(), False
            self._running = work
            return Job(work.ticket, work.request)

    def partly(self, answer: Expansions) -> Response | None:
        """Return a first answer of the child, which goes on, if somebody waits for it.

        Work that is done again after an interruption does not show its first answers again: better ones are seen.
        """
        with self._lock:
            work = self._running
            if work is None or work.called_off or work.shown not in (None, work.ticket):
                return None
            work.shown = work.ticket
            return self._told(work, answer)

    def finish(self, answer: Response | None) -> Response | None:
        """The child is free again; return its answer if somebody waits for it. None: it was called off."""
        with self._lock:
            work, self._running = self._running, None
            if work is None:
                return None
            if answer is None:
                self._interrupted(work)
                return None
            if work.speculative and isinstance(answer, Proposals):
                self._prepared[work.content] = answer
                if len(self._prepared) > MOST_PREPARED:
                    self._prepared.popitem(last=False)
                return None
            return self._told(work, answer)

    def abandon(self) -> None:
        """The child died. What was really asked is asked again, but once only: it may be what it died of."""
        with self._lock:
            work, self._running = self._running, None
            self._speculative = None
            if work is None or work.speculative or work.kind in self._waiting:
                return
            if self._retried.get(work.kind) != work.request.generation:
                self._retried[work.kind] = work.request.generation
                self._waiting[work.kind] = work

    def forget(self) -> None:
        """Another model answers from now on."""
        with self._lock:
            self._prepared.clear()
            self._speculative = None

    def _put_real(self, work: _Work) -> None:
        self._newest[work.kind] = work.request.generation
        if work.kind is ProposalRequest:
            self._speculative = None  # a guess at what has now been decided
        running = self._running
        if running is not None and running.content == work.content and not running.called_off:
            running.request, running.since = work.request, time.perf_counter()
            self._waiting.pop(work.kind, None)
            return
        self._waiting[work.kind] = work
        if running is None:
            return
        quicker = work.rank < running.rank and running.interruptions < MOST_INTERRUPTIONS
        if running.speculative or running.kind is work.kind or quicker:
            self._call_off(running)

    def _put_speculative(self, work: _Work) -> None:
        running = self._running
        if running is not None and running.content == work.content and not running.called_off:
            self._speculative = None
            return
        if running is not None and running.speculative:
            self._call_off(running)
        waiting = self._waiting.get(ProposalRequest)
        known = work.content in self._prepared or (waiting is not None and waiting.content == work.content)
        self._speculative = None if known else work

    def _interrupted(self, work: _Work) -> None:
        """Let what was set aside wait again, unless a newer one of its kind has come."""
        newest = self._newest.get(work.kind) == work.request.generation
        if newest and not work.speculative and work.kind not in self._waiting:
            work.interruptions += 1
            self._waiting[work.kind] = work

    def _told(self, work: _Work, answer: Response) -> Response | None:
        generation = work.request.generation
        if work.speculative or generation < self._newest.get(work.kind, generation):
            return None
        return replace(answer, generation=generation, elapsed_s=time.perf_counter() - work.since)

    def _call_off(self, work: _Work) -> None:
        work.called_off = True
        self._called_off.value = work.ticket


def _content(request: Question) -> Question:
    """Return what two requests have in common that have the same answer."""
    if isinstance(request, ProposalRequest):
        return replace(request, generation=0, t=0.0, speculative=False)
    return replace(request, generation=0, t=0.0)
