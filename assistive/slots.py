"""assistive: the proposal slots: what is shown in them, and when they may change."""

from __future__ import annotations

from models.language.messages import Proposals, Source

FALLBACK_S = 0.5  # the n-gram's words are shown when the model has not answered by then

_MODELS = (Source.MODEL, Source.SERVER)


class ProposalSlots:
    """Words and phrases for the present text. They change all at once, and never under the eye.

    After a selection the slots are empty; the model fills them. Where it is not ready or too slow, the
    n-gram does, and the model's late answer replaces it only while nobody looks at a slot.
    """

    def __init__(self) -> None:
        self.words: tuple[str, ...] = ()
        self.phrases: tuple[str, ...] = ()
        self.shown: Proposals | None = None
        self.generation = 0
        self.model_ready = False
        self._source: Source | None = None
        self._fallback: Proposals | None = None
        self._fallback_at: float | None = None

    def ask(self, t: float) -> int:
        """The text has changed: empty the slots and return the new generation to ask for."""
        self.generation += 1
        self.words = self.phrases = ()
        self.shown = None
        self._source = None
        self._fallback = None
        self._fallback_at = t + FALLBACK_S
        return self.generation

    def answer(self, proposals: Proposals, *, looked_at: bool) -> bool:
        """Take an answer; True when the slots changed. One to an older question is dropped."""
        if proposals.generation != self.generation:
            return False
        if proposals.source is Source.NGRAM:
            if self._source is not None:
                return False
            if self.model_ready and self._fallback_at is not None:
                self._fallback = proposals
                return False
        elif self._source in _MODELS or (self._source is Source.NGRAM and looked_at):
            return False
        return self._show(proposals)

    def tick(self, t: float) -> bool:
        """The fallback's time may have come; True when the slots changed."""
        if self._fallback_at is None or t < self._fallback_at:
            return False
        self._fallback_at = None
        return self._show(self._fallback) if self._fallback is not None and self._source is None else False

    def model_gone(self) -> bool:
        """The model will not answer: show the n-gram's words now; True when the slots changed."""
        self.model_ready = False
        self._fallback_at = None
        return self._show(self._fallback) if self._fallback is not None and self._source is None else False

    @property
    def deadline(self) -> float | None:
        """When `tick` wants to be called."""
        return self._fallback_at

    def _show(self, proposals: Proposals) -> bool:
        words = tuple(proposal.word for proposal in proposals.words)
        phrases = tuple(proposal.text for proposal in proposals.phrases)
        changed = (words, phrases) != (self.words, self.phrases)
        self.words, self.phrases, self.shown = words, phrases, proposals
        self._source = proposals.source
        if proposals.source in _MODELS:
            self._fallback_at = None
        return changed
