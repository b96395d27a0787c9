"""models.language.server: a language model on an OpenAI-compatible server (vLLM, LMDeploy, llama.cpp), as a proposer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from devices.clock import Clock
from models.language.messages import (
    ExpansionRequest,
    Expansions,
    ModelState,
    ModelStatus,
    ProposalRequest,
    Proposals,
    Question,
    Response,
    Source,
    TokensRequest,
)
from models.language.proposer import Post
from models.language.server.address import ServerAddress
from models.language.server.client import TIMEOUT_S, ServerClient, ServerError
from models.language.server.expansion import ServerExpansion
from models.language.server.search import ROOM, ServerSearch
from models.language.server.tokens import ServerTokens

_log = logging.getLogger(__name__)

RETRY_DELAYS_S = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Pauses before the server is tried again; they grow while it has not answered a question."""

SLOW_S = 0.4
"""Words that take longer come too late where there is a local model."""

MOST_SLOW = 5
"""So many answers in a row that come too late, and the server is left in peace for the longest pause."""

MOST_KEPT = 4
"""Answers, and speculative ones in the making, that are kept."""

_SMALLEST_ROOM = 1500


class ServerProposer:
    """Asks a server for words, phrases, expansions and tokens.

    One thread with an event loop owns the connections. The server is tried when the proposer starts and
    again after every failure; meanwhile questions stay unanswered. `ModelState.FAILED` says that somebody must
    change something before it can work, `LOST` that it may come back by itself; both are retried.

    Parameters
    ----------
    address : ServerAddress
        The server.
    post : callable
        Gets every `Response` and `ModelStatus`, from the proposer's thread.
    clock : Clock
        Gives the messages their time.
    tr : callable
        Translates the sentences of a status.
    timeout_s : float
        A request that takes longer has failed.
    slow_s : float
        Words that take longer come too late: see `MOST_SLOW`.
    retry_delays_s : sequence of float
        See `RETRY_DELAYS_S`.
    """

    def __init__(
        self,
        address: ServerAddress,
        post: Post,
        clock: Clock,
        *,
        tr: Callable[[str], str] = str,
        timeout_s: float = TIMEOUT_S,
        slow_s: float = SLOW_S,
        retry_delays_s: Sequence[float] = RETRY_DELAYS_S,
    ) -> None:
        self._address = address
        self._post = post
        self._clock = clock
        self._tr = tr
        self._slow_s = slow_s
        self._retry_delays_s = retry_delays_s
        self._client = ServerClient(address, tr, timeout_s=timeout_s)
        self._tokens = ServerTokens(self._client.complete)
        self._room = ROOM
        self._ready = False
        self._failures = 0  # since the last good answer
        self._slow = 0  # answers in a row
        self._told: tuple[ModelState, str] | None = None
        self._work: dict[Question, asyncio.Task[Response | None]] = {}  # by content, oldest first
        self._waiting: dict[type[Question], asyncio.Task[None]] = {}
        self._lock = threading.Lock()
        self._closed = False
        self._loop = asyncio.new_event_loop()
        self._failed = asyncio.Event()
        self._main: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._live, name="language-server", daemon=True)

    def start(self) -> None:
        """Start trying the server; a status tells what became of it."""
        self._thread.start()

    def answers(self, request: Question) -> bool:
        """Whether a server can be asked this: words, phrases, expansions, and tokens after its own."""
        if isinstance(request, TokensRequest):
            return self._tokens.knows(request.chosen)
        if isinstance(request, ExpansionRequest):
            return request.repair is None  # what it is a repair of is in the local model's cache
        return isinstance(request, ProposalRequest) and request.breadth == 0  # it tells lines, no tree

    def spelled(self, request: Question) -> Question:
        """Return `request` with the server's tokens that were chosen as text, for another proposer."""
        return self._tokens.spelled(request) if isinstance(request, TokensRequest) else request

    def request(self, request: Question) -> None:
        """Ask; a newer question of the same kind replaces an older one.

        A speculative question is not answered, but makes the same question quick when it is asked for real.
        """
        with self._lock:
            if not self._closed:
                self._loop.call_soon_threadsafe(self._take, request)

    def close(self) -> None:
        """Drop the connections and end the thread."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            if self._thread.ident is not None:
                self._loop.call_soon_threadsafe(self._stop)
        if self._thread.ident is None:
            self._loop.close()
        else:
            self._thread.join(2.0)

    # ---------------------------------------------------------------- the proposer's thread

    def _live(self) -> None:
        try:
            self._main = self._loop.create_task(self._keep())
            with contextlib.suppress(asyncio.CancelledError):
                self._loop.run_until_complete(self._main)
        except Exception as error:
            _log.exception("the language server cannot be asked any more")
            self._fail(ServerError(type(error).__name__, lasting=True))
        finally:
            with self._lock:
                self._closed = True
            self._loop.close()
            self._say(ModelState.STOPPED)

    def _stop(self) -> None:
        if self._main is not None:
            self._main.cancel()

    async def _keep(self) -> None:
        """Try the server, let it work until something fails, and try it again."""
        async with self._client as client:
            try:
                while True:
                    try:
                        await client.probe()
                        self._begin()
                        await self._failed.wait()
                    except ServerError as error:
                        self._fail(error)
                    pause = min(self._failures, len(self._retry_delays_s)) - 1
                    await asyncio.sleep(self._retry_delays_s[pause])
            finally:
                self._ready = False
                tasks = [*self._work.values(), *self._waiting.values()]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self) -> None:
        """The server was tried and can be asked; it may have another model than before."""
        self._work = {content: task for content, task in self._work.items() if not task.done()}
        self._ready, self._slow, self._room = True, 0, ROOM
        self._failed.clear()
        self._say(ModelState.READY)

    def _take(self, request: Question) -> None:
        if not self._ready or not self.answers(request):
            return
        speculative = isinstance(request, ProposalRequest) and request.speculative
        content = _content(request)
        if not speculative and (waiting := self._waiting.pop(type(request), None)) is not None:
            waiting.cancel()
        prepared = content in self._work and self._work[content].done()
        if content not in self._work:
            self._give_up(type(request), everything=not speculative)
            self._work[content] = self._loop.create_task(self._answer(content))
        if not speculative:
            deliver = self._deliver(request, self._work[content], prepared)
            self._waiting[type(request)] = self._loop.create_task(deliver)

    def _give_up(self, kind: type[Question], *, everything: bool) -> None:
        """Drop the work that a new question makes pointless, and the oldest answers."""
        for content, task in list(self._work.items()):
            pointless = everything and type(content) is kind and not task.done()
            if pointless or len(self._work) >= MOST_KEPT:
                task.cancel()
                del self._work[content]

    async def _deliver(self, request: Question, work: asyncio.Task[Response | None], prepared: bool) -> None:
        since = time.perf_counter()
        try:
            answer = await asyncio.shield(work)
        finally:  # called off or not: what has taken so long is too slow
            elapsed_s = time.perf_counter() - since
            if isinstance(request, ProposalRequest):
                self._judge(elapsed_s)
        if answer is not None:
            self._failures = 0
            took = 0.0 if prepared else elapsed_s
            self._post(replace(answer, generation=request.generation, t=self._clock.now(), elapsed_s=took))

    def _judge(self, elapsed_s: float) -> None:
        """Leave a server in peace that is too slow to be of use."""
        self._slow = self._slow + 1 if elapsed_s > self._slow_s else 0
        if self._ready and self._slow >= MOST_SLOW:
            self._fail(ServerError(self._tr("it is too slow for writing")))
            self._failures = len(self._retry_delays_s)

    async def _answer(self, content: Question) -> Response | None:
        """Return the answer, None where there is none; never fails but by being cancelled."""
        try:
            return await self._ask(content)
        except ServerError as error:
            failed = error
        except Exception as error:
            _log.exception("the answer of the language server could not be used")
            reason = self._tr("its answer cannot be used ({problem})").format(problem=type(error).__name__)
            failed = ServerError(reason)
        self._work.pop(content, None)
        if self._ready:  # else another question has failed before this one
            self._fail(failed)
        return None

    async def _ask(self, content: Question) -> Response:
        while True:
            try:
                if isinstance(content, TokensRequest):
                    return await self._tokens.read(content, self._room)
                complete = partial(self._client.complete, avoid=content.steering.banned)
                if isinstance(content, ExpansionRequest):
                    expansions = await ServerExpansion(content, complete, self._room).run()
                    return Expansions(0, 0.0, expansions, Source.SERVER, 0.0)
                if not isinstance(content, ProposalRequest):
                    raise TypeError(type(content))
                found = await ServerSearch(content, complete, self._room).run()
                return Proposals(0, 0.0, found.words, Source.SERVER, 0.0, found.phrases)
            except ServerError as error:
                if not error.too_long or self._room < 2 * _SMALLEST_ROOM:
                    raise
                self._room //= 2  # the server may have been started with a short context

    def _fail(self, error: ServerError) -> None:
        """Say what is wrong, and have the server tried again after a while."""
        self._ready = False
        self._failures += 1
        if error.lasting:
            template = self._tr(
                "The language server {url} cannot be used: {reason}. "
                "The letters work, and words come from this computer. "
                "Change the server's address or key in the settings file, or mend the server."
            )
        else:
            template = self._tr(
                "The language server {url} does not help at the moment: {reason}. "
                "The letters work, and words come from this computer. "
                "Nothing needs to be done: the server is asked again by itself."
            )
        detail = template.format(url=self._address.root, reason=error)
        self._say(ModelState.FAILED if error.lasting else ModelState.LOST, detail)
        self._failed.set()

    def _say(self, state: ModelState, detail: str = "") -> None:
        if (state, detail) != self._told:
            self._told = state, detail
            self._post(ModelStatus(self._clock.now(), state, detail, self._client.model))


def _content(request: Question) -> Question:
    """Return what two requests have in common that have the same answer."""
    content = replace(request, generation=0, t=0.0)
    return replace(content, speculative=False) if isinstance(content, ProposalRequest) else content
