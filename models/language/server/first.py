"""models.language.server: a server's answers, and those of the model on this computer wherever the server's do not come.

Both are asked at the same time, so that the local model has read what the server reads and its answer lies ready: when
the server is silent for `PATIENCE_S`, fails, or says nothing, it is given in its place.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from models.language.messages import (
    Characters,
    CharactersRequest,
    ExpansionRequest,
    Expansions,
    ModelState,
    ModelStatus,
    ProposalRequest,
    Proposals,
    Question,
    Response,
    Tokens,
    TokensRequest,
)
from models.language.proposer import PartialProposer, Post, Proposer
from models.language.server.proposer import SLOW_S

PATIENCE_S = SLOW_S
"""The local answer is given when the server's has not come by then."""

_ASKED_BY: dict[type[Response], type[Question]] = {
    Proposals: ProposalRequest,
    Expansions: ExpansionRequest,
    Characters: CharactersRequest,
    Tokens: TokensRequest,
}


@dataclass(slots=True, eq=False)
class _Open:
    """A question that is not answered yet. `held` are the local answers to it, `alone`: the server's is not awaited."""

    generation: int
    alone: bool
    held: list[Response] = field(default_factory=list)
    alarm: threading.Timer | None = None


class ServerFirst:
    """A proposer that asks a server and the local model.

    Each question is answered by one of the two. What a server cannot be asked is asked of the local model alone.

    Parameters
    ----------
    server : callable
        Makes the server's proposer; gets what to post with.
    local : callable or None
        Makes the local one in the same way. None: there is no local model, and what the server does not answer
        stays unanswered.
    post : callable
        Gets every `Response`, and a `ModelStatus` when what both can do together has changed: it is the
        server's while the server is ready, the local model's otherwise.
    tell : callable
        Gets every `ModelStatus` of the server.
    patience_s : float
        See `PATIENCE_S`.
    """

    def __init__(
        self,
        server: Callable[[Post], PartialProposer],
        local: Callable[[Post], Proposer] | None,
        post: Post,
        tell: Callable[[ModelStatus], None],
        *,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._post = post
        self._tell = tell
        self._patience_s = patience_s
        self._lock = threading.RLock()
        self._open: dict[type[Question], _Open] = {}
        self._of_server = ModelStatus(0.0, ModelState.STOPPED)
        self._of_local = ModelStatus(0.0, ModelState.STOPPED)
        self._told: ModelStatus | None = None
        self._server = server(self._from_server)
        self._local = None if local is None else local(self._from_local)

    def start(self) -> None:
        """Start both."""
        self._server.start()
        if self._local is not None:
            self._local.start()

    def request(self, request: Question) -> None:
        """Ask both; a newer question replaces the one of its kind that is open."""
        speculative = isinstance(request, ProposalRequest) and request.speculative
        with self._lock:
            ask_server = self._of_server.state is ModelState.READY and self._server.answers(request)
            if not speculative:
                self._close_question(type(request))
                opened = self._open[type(request)] = _Open(request.generation, alone=not ask_server)
                if ask_server and self._local is not None:
                    opened.alarm = threading.Timer(self._patience_s, self._go_on_alone, (opened,))
                    opened.alarm.daemon = True
                    opened.alarm.start()
        if ask_server:
            self._server.request(request)
        if self._local is not None:
            self._local.request(self._server.spelled(request))

    def close(self) -> None:
        """End both."""
        self._server.close()
        if self._local is not None:
            self._local.close()
        with self._lock:
            for kind in list(self._open):
                self._close_question(kind)

    # ---------------------------------------------------------------- what the two say; from their threads

    def _from_server(self, message: Response | ModelStatus) -> None:
        with self._lock:
            if isinstance(message, ModelStatus):
                self._of_server = message
                self._tell(message)
                self._say()
                if message.state is not ModelState.READY:
                    for unanswered in list(self._open.values()):
                        self._go_on_alone(unanswered)
                return
            opened = self._question(message)
            if opened is None or opened.alone:
                return
            if _empty(message):
                self._go_on_alone(opened)
            else:
                self._close_question(_ASKED_BY[type(message)])
                self._post(message)

    def _from_local(self, message: Response | ModelStatus) -> None:
        with self._lock:
            if isinstance(message, ModelStatus):
                self._of_local = message
                self._say()
                return
            opened = self._question(message)
            if opened is None:
                return
            opened.held.append(message)
            if opened.alone:
                self._give(opened)

    # ---------------------------------------------------------------- open questions; under the lock

    def _question(self, answer: Response) -> _Open | None:
        opened = self._open.get(_ASKED_BY[type(answer)])
        return opened if opened is not None and opened.generation == answer.generation else None

    def _go_on_alone(self, opened: _Open) -> None:
        with self._lock:
            if opened in self._open.values():
                opened.alone = True
                self._give(opened)

    def _give(self, opened: _Open) -> None:
        for answer in opened.held:
            self._post(answer)
            if not isinstance(answer, Expansions) or answer.complete:
                self._close_question(_ASKED_BY[type(answer)])
        opened.held.clear()

    def _close_question(self, kind: type[Question]) -> None:
        opened = self._open.pop(kind, None)
        if opened is not None and opened.alarm is not None:
            opened.alarm.cancel()

    def _say(self) -> None:
        """Post the status of both together, if it is another one."""
        by_server = self._local is None or self._of_server.state is ModelState.READY
        status = self._of_server if by_server else self._of_local
        if self._told is None or (status.state, status.detail, status.name) != (
            self._told.state,
            self._told.detail,
            self._told.name,
        ):
            self._told = status
            self._post(status)


def _empty(answer: Response) -> bool:
    match answer:
        case Proposals():
            return not answer.words and not answer.phrases
        case Expansions():
            return not answer.expansions
    return False
