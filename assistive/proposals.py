"""assistive: asks both proposers, the language model in its process and the n-gram in a thread, and mixes them."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from assistive.messages import Trouble, TroubleOver
from devices.clock import Clock
from models.language.messages import ModelState, ModelStatus, ProposalRequest, Proposals, Response
from models.language.mixture import Mixture, to_be_mixed
from models.language.ngram import NgramProposer
from models.language.process import LanguageProcess
from models.language.proposer import Post, Proposer
from models.language.safety.filter import SPARE, OwnWords, rank_down
from models.language.safety.rules import rules_for
from models.language.server.address import ServerAddress

SERVER_TROUBLE = "server"
"""The key of the notice about a language server."""

_log = logging.getLogger(__name__)


class ProposalService:
    """Sends each request to the language model and to the n-gram; both answer by `post`.

    The n-gram always answers, within a few milliseconds once its word list is loaded, so that there are
    words while the model loads, is restarted or is not there at all. The model's answer follows with the words
    of both.
    """

    def __init__(
        self,
        post: Callable[[Proposals | ModelStatus | Trouble | TroubleOver], None],
        clock: Clock,
        language: str,
        own_text: Iterable[str],
    ) -> None:
        self._post = post
        self._clock = clock
        self._language = language
        self._own_text = list(own_text)
        self._own_words = OwnWords(self._own_text)
        self._holds_back = True
        self._backend: Proposer | None = None
        self._process: LanguageProcess | None = None  # the local model: it is the backend, or stands by
        self._server: ServerAddress | None = None
        self._mixtures: dict[str, Mixture] = {}
        self._asked: ProposalRequest | None = None
        self._wanted: ProposalRequest | None = None
        self._said: list[str] = []
        self._forgets = False
        self._closed = False
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="ngram", daemon=True)

    def start(self, model: Path | None, why_not: str = "", server: ServerAddress | None = None) -> None:
        """Start proposing; without a model the n-gram alone does (`why_not` is "" when that is wanted)."""
        self._thread.start()
        self.use(model, why_not, server)

    def use(self, model: Path | None, why_not: str = "", server: ServerAddress | None = None) -> None:
        """Propose by this model from now on, and by this server wherever it answers in time."""
        if self._process is not None and model is not None and self._server is server is None:
            self._process.swap(model)
            return
        self._end_models()
        self._server = server
        if server is not None:
            self._backend = self._with_server(server, model)
        elif model is not None:
            self._backend = self._local_model(model, self._told)
        if self._backend is not None:
            self._backend.start()
        else:
            state = ModelState.FAILED if why_not else ModelState.STOPPED
            self._post(ModelStatus(self._clock.now(), state, why_not))

    def request(self, request: ProposalRequest) -> None:
        """Ask for proposals; never blocks. A newer request replaces one that still waits.

        A speculative request goes to the language model alone: the n-gram needs no head start.
        """
        if not request.speculative:
            self._asked = request
        if self._backend is not None:
            spare = SPARE if request.n_phrases and self._holds_back else 0
            self._backend.request(replace(to_be_mixed(request), n_phrases=request.n_phrases + spare))
        if request.speculative:
            return
        with self._news:
            self._wanted = request
            self._news.notify()

    def learn(self, text: str) -> None:
        """The person said this: its words come more easily from now on."""
        self._own_words.add(text)
        with self._news:
            self._said.append(text)
            self._news.notify()

    def hold_back(self, on: bool) -> None:
        """Whether phrases that could hurt come behind the others; see `models.language.safety.filter`."""
        self._holds_back = on

    def forget(self) -> None:
        """Nothing that the person ever said counts any more."""
        self._own_words = OwnWords()
        with self._news:
            self._forgets = True
            self._said.clear()
            self._news.notify()

    @property
    def model_pid(self) -> int | None:
        """The process id of the model's child, for the doctor and the durability benchmark."""
        return self._process.pid if self._process is not None else None

    def close(self) -> None:
        """End the child and the thread."""
        with self._news:
            self._closed = True
            self._news.notify()
        self._end_models()
        if self._thread.is_alive():
            self._thread.join(2.0)

    def _local_model(self, model: Path, post: Post) -> LanguageProcess:
        self._process = LanguageProcess(model, post, self._clock, language=self._language)
        return self._process

    def _with_server(self, server: ServerAddress, model: Path | None) -> Proposer:
        # What talks to servers is loaded only where there is one.
        from models.language.server.first import ServerFirst
        from models.language.server.proposer import SLOW_S, ServerProposer

        # Where nothing else follows the n-gram's words, late ones are better than none.
        slow_s = math.inf if model is None else SLOW_S
        return ServerFirst(
            lambda post: ServerProposer(server, post, self._clock, slow_s=slow_s),
            None if model is None else lambda post: self._local_model(model, post),
            self._told,
            self._told_of_server,
        )

    def _end_models(self) -> None:
        if self._backend is not None:
            self._backend.close()
        if self._server is not None:
            self._post(TroubleOver(self._clock.now(), SERVER_TROUBLE))
        self._backend = self._process = None

    def _told_of_server(self, status: ModelStatus) -> None:
        match status.state:
            case ModelState.READY:
                self._post(TroubleOver(status.t, SERVER_TROUBLE))
            case ModelState.LOST | ModelState.FAILED if self._process is not None:
                self._post(Trouble(status.t, SERVER_TROUBLE, status.detail))

    def _told(self, message: Response | ModelStatus) -> None:
        if isinstance(message, Proposals):
            self._post(self._mixed(message))
        elif isinstance(message, ModelStatus):
            self._post(message)

    def _mixed(self, answer: Proposals) -> Proposals:
        """The words of both proposers, where the answer is to the newest request and the n-gram is there."""
        request = self._asked
        if request is None or request.generation != answer.generation:
            return answer
        mixture = self._mixtures.get(request.language)
        if mixture is not None:
            try:
                answer = mixture.mix(request, answer)
            except Exception:
                _log.exception("the n-gram could not be mixed in")
        return self._held_back(request, replace(answer, words=answer.words[: request.n_words]))

    def _held_back(self, request: ProposalRequest, answer: Proposals) -> Proposals:
        phrases = answer.phrases[: request.n_phrases]
        if self._holds_back:
            try:
                phrases = rank_down(answer.phrases, request, self._own_words)
            except Exception:
                _log.exception("the phrases could not be filtered")
        return replace(answer, phrases=phrases)

    def _run(self) -> None:
        while True:
            with self._news:
                while not (self._closed or self._wanted or self._said or self._forgets):
                    self._news.wait()
                if self._closed:
                    return
                request, self._wanted = self._wanted, None
                said, self._said = self._said, []
                forgets, self._forgets = self._forgets, False
            if forgets:
                self._own_text.clear()
                for mixture in self._mixtures.values():
                    mixture.ngram.erase()
            self._own_text += said
            for mixture in self._mixtures.values():
                for text in said:
                    mixture.ngram.learn(text)
            if request is not None:
                try:
                    self._post(self._mixture(request.language).ngram.propose(request))
                except Exception:
                    _log.exception("the n-gram could not propose")

    def _mixture(self, language: str) -> Mixture:
        mixture = self._mixtures.get(language)
        if mixture is None:
            ngram = NgramProposer(language)
            ngram.load()
            for text in self._own_text:
                ngram.learn(text)
            rules_for(language)  # reading them takes a tenth of a second; no phrase is there yet
            mixture = self._mixtures[language] = Mixture(ngram)
        return mixture
