"""assistive: asks both proposers: the language model in its process and the n-gram in a thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from devices.clock import Clock
from models.language.messages import ModelState, ModelStatus, ProposalRequest, Proposals, Response
from models.language.ngram import NgramProposer
from models.language.process import LanguageProcess

_log = logging.getLogger(__name__)


class ProposalService:
    """Sends each request to the language model and to the n-gram; both answer by `post`.

    The n-gram always answers, within a few milliseconds once its word list is loaded, so that there are
    words while the model loads, is restarted or is not there at all.
    """

    def __init__(
        self,
        post: Callable[[Proposals | ModelStatus], None],
        clock: Clock,
        language: str,
        own_text: Iterable[str],
    ) -> None:
        self._post = post
        self._clock = clock
        self._language = language
        self._own_text = list(own_text)
        self._process: LanguageProcess | None = None
        self._ngrams: dict[str, NgramProposer] = {}
        self._wanted: ProposalRequest | None = None
        self._said: list[str] = []
        self._closed = False
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="ngram", daemon=True)

    def start(self, model: Path | None, why_not: str = "") -> None:
        """Start proposing; without a model the n-gram alone does (`why_not` is "" when that is wanted)."""
        self._thread.start()
        self.use(model, why_not)

    def use(self, model: Path | None, why_not: str = "") -> None:
        """Propose by this model from now on."""
        if model is None:
            if self._process is not None:
                self._process.close()
                self._process = None
            state = ModelState.FAILED if why_not else ModelState.STOPPED
            self._post(ModelStatus(self._clock.now(), state, why_not))
        elif self._process is None:
            self._process = LanguageProcess(model, self._told, self._clock, language=self._language)
            self._process.start()
        else:
            self._process.swap(model)

    def request(self, request: ProposalRequest) -> None:
        """Ask for proposals; never blocks. A newer request replaces one that still waits.

        A speculative request goes to the language model alone: the n-gram needs no head start.
        """
        if self._process is not None:
            self._process.request(request)
        if request.speculative:
            return
        with self._news:
            self._wanted = request
            self._news.notify()

    def learn(self, text: str) -> None:
        """The person said this: its words come more easily from now on."""
        with self._news:
            self._said.append(text)
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
        if self._process is not None:
            self._process.close()
        if self._thread.is_alive():
            self._thread.join(2.0)

    def _told(self, message: Response | ModelStatus) -> None:
        if isinstance(message, Proposals | ModelStatus):
            self._post(message)

    def _run(self) -> None:
        while True:
            with self._news:
                while not (self._closed or self._wanted or self._said):
                    self._news.wait()
                if self._closed:
                    return
                request, self._wanted = self._wanted, None
                said, self._said = self._said, []
            self._own_text += said
            for ngram in self._ngrams.values():
                for text in said:
                    ngram.learn(text)
            if request is not None:
                try:
                    self._post(self._ngram(request.language).propose(request))
                except Exception:
                    _log.exception("the n-gram could not propose")

    def _ngram(self, language: str) -> NgramProposer:
        ngram = self._ngrams.get(language)
        if ngram is None:
            ngram = NgramProposer(language)
            ngram.load()
            for text in self._own_text:
                ngram.learn(text)
            self._ngrams[language] = ngram
        return ngram
