"""models.language: what the child is asked next, what it need not go on with, and what is prepared already."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from ctypes import c_int64
from dataclasses import dataclass, replace
from typing import NamedTuple

from models.language.messages import PhraseProposal, ProposalRequest, WordProposal

MOST_PREPARED = 4
"""Answers to speculative requests that are kept."""


class Found(NamedTuple):
    """What the model proposes, best first."""

    words: tuple[WordProposal, ...] = ()
    phrases: tuple[PhraseProposal, ...] = ()


class Job(NamedTuple):
    """A request on its way to the child. Tickets grow; a ticket that is called off is not gone on with."""

    ticket: int
    request: ProposalRequest


class Reply(NamedTuple):
    """The answer to a request that somebody waits for."""

    generation: int
    found: Found
    elapsed_s: float


@dataclass(slots=True)
class _Running:
    ticket: int
    request: ProposalRequest
    content: ProposalRequest
    since: float
    called_off: bool = False


class Schedule:
    """One real request and one speculative one at most wait; the child works on at most one.

    A real request goes first. Whatever is being worked on is called off for it, unless its content is the same:
    then the work is *promoted* and answers the newer request. Speculative work runs while nothing real waits.
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
        self._newest = -1
        self._real: ProposalRequest | None = None
        self._speculative: ProposalRequest | None = None
        self._running: _Running | None = None
        self._prepared: OrderedDict[ProposalRequest, Found] = OrderedDict()
        self._retried = -1

    def put(self, request: ProposalRequest) -> None:
        """Take a request; a newer one replaces one of its kind that waits."""
        content = _content(request)
        with self._lock:
            if request.speculative:
                self._put_speculative(request, content)
            else:
                self._put_real(request, content)

    def prepared(self) -> Reply | None:
        """Return the answer to the real request that waits, if it is there already."""
        with self._lock:
            if self._real is None:
                return None
            found = self._prepared.get(_content(self._real))
            if found is None:
                return None
            request, self._real = self._real, None
            return Reply(request.generation, found, 0.0)

    def start(self) -> Job | None:
        """Return what a child that is free works on next, None while it is not free or there is nothing."""
        with self._lock:
            if self._running is not None:
                return None
            request = self._real or self._speculative
            if request is None:
                return None
            if request is self._real:
                self._real = None
            else:
                self._speculative = None
            self._ticket += 1
            self._running = _Running(self._ticket, request, _content(request), time.perf_counter())
            return Job(self._ticket, request)

    def finish(self, found: Found | None) -> Reply | None:
        """The child is free again; return the answer if somebody waits for it. None: it was called off."""
        with self._lock:
            running, self._running = self._running, None
            if running is None or found is None:
                return None
            if running.request.speculative:
                self._prepared[running.content] = found
                if len(self._prepared) > MOST_PREPARED:
                    self._prepared.popitem(last=False)
                return None
            if running.request.generation < self._newest:
                return None
            return Reply(running.request.generation, found, time.perf_counter() - running.since)

    def abandon(self) -> None:
        """The child died. What was really asked is asked again, but once only: it may be what it died of."""
        with self._lock:
            running, self._running = self._running, None
            self._speculative = None
            if running is None or running.request.speculative or self._real is not None:
                return
            if self._retried != running.request.generation:
                self._retried = running.request.generation
                self._real = running.request

    def forget(self) -> None:
        """Another model answers from now on."""
        with self._lock:
            self._prepared.clear()
            self._speculative = None

    def _put_real(self, request: ProposalRequest, content: ProposalRequest) -> None:
        self._newest = request.generation
        self._speculative = None  # a guess at what has now been decided
        running = self._running
        if running is not None and running.content == content and not running.called_off:
            running.request = request
            running.since = time.perf_counter()
            self._real = None
            return
        self._real = request
        self._call_off()

    def _put_speculative(self, request: ProposalRequest, content: ProposalRequest) -> None:
        running = self._running
        if running is not None and running.content == content and not running.called_off:
            self._speculative = None
            return
        if running is not None and running.request.speculative:
            self._call_off()
        known = content in self._prepared or (self._real is not None and _content(self._real) == content)
        self._speculative = None if known else request

    def _call_off(self) -> None:
        if self._running is not None:
            self._running.called_off = True
            self._called_off.value = self._running.ticket


def _content(request: ProposalRequest) -> ProposalRequest:
    """Return what two requests have in common that have the same answer."""
    return replace(request, generation=0, t=0.0, speculative=False)
