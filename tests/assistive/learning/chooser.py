"""A person whose choices are kept: the log hears what a session would tell it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from person import Person

from assistive.consents import CHOICES
from assistive.learning.choice_log import ChoiceLog
from assistive.learning.choices_kept import KeptChoice, read_choices
from assistive.messages import Outgoing, Trouble, TroubleOver
from assistive.settings import Settings
from assistive.text.history import Restored
from models.language.messages import (
    ModelState,
    ModelStatus,
    PhraseProposal,
    ProposalRequest,
    Proposals,
    Source,
    WordProposal,
)

QUICK = Settings().changed("dwell.letter_s", 0.5)
WITHIN_S = 20.0
KEPT = QUICK.changed(CHOICES, True)
WORDS = {"": ("I", "the"), "I ": ("want", "would"), "I would ": ("like", "love")}
PHRASES = {"": ("Thank you.", "Good morning.", "See you soon."), "I would ": ("like a cup of tea",)}


class Chooser(Person):
    """Chooses among the proposals of a small model called "tiny"."""

    def __init__(self, path: Path, settings: Settings = KEPT, *, restored: Restored | None = None) -> None:
        self.path = path
        self.told: list[Trouble | TroubleOver] = []
        self._news = threading.Condition()
        self.log: ChoiceLog | None = None
        super().__init__(settings, restored=restored)
        self.log = ChoiceLog(self.engine, path, self._hear, self.clock)
        self.writer = self.log._writer
        for work in ("_write", "_clear_away"):
            setattr(self.writer, work, self._announced(getattr(self.writer, work)))
        for message in self.shown:  # what the engine said before the log was there
            self.log.outgoing(message)
        self.log.starts(self.clock.now())
        self.tell(ModelStatus(self.clock.now(), ModelState.READY, name="tiny"))

    def _out(self, message: Outgoing) -> None:
        super()._out(message)
        if self.log is not None:
            self.log.outgoing(message)
        if isinstance(message, ProposalRequest) and not message.speculative:
            words = tuple(
                WordProposal(word, 0.5 / (n + 1)) for n, word in enumerate(WORDS.get(message.text, ()))
            )
            phrases = tuple(PhraseProposal(text, 0.125) for text in PHRASES.get(message.text, ()))
            proposals = Proposals(message.generation, message.t, words, Source.MODEL, 0.05, phrases)
            self._queue.append(proposals)

    def tell(self, message: object) -> Chooser:
        """Give the engine a message, and what its own messages bring about; the log hears each before."""
        self._queue.insert(0, message)
        while self._queue:
            message = self._queue.pop(0)
            if self.log is not None:
                self.log.incoming(message)  # type: ignore[arg-type]
            self.engine.handle(message)  # type: ignore[arg-type]
        return self

    def _hear(self, message: Trouble | TroubleOver) -> None:
        with self._news:
            self.told.append(message)
            self._news.notify()

    def _announced(self, work: Callable[..., bool]) -> Callable[..., bool]:
        def done(*given: Any) -> bool:
            success = work(*given)
            with self._news:
                self._news.notify()
            return success

        return done

    def wait_for(self, what: str, condition: Callable[[], bool]) -> Chooser:
        """Until the writing thread has brought this about."""
        with self._news:
            assert self._news.wait_for(condition, WITHIN_S), f"waited in vain: {what}"
        return self

    def close(self) -> Chooser:
        """Sayso is closed."""
        assert self.log is not None
        self.log.close(10.0)
        return self

    def kept(self) -> list[KeptChoice]:
        """What is in the file, once all of it is written."""
        self.close()
        return list(read_choices(self.path))
