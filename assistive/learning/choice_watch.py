"""assistive.learning: puts choices together from the messages that go into the engine and come out of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from assistive.boards.board import Board, Verb
from assistive.learning.choice import Choice, Option, TakenBack
from assistive.messages import (
    BoardShown,
    Incoming,
    JournalEntry,
    Outgoing,
    Selection,
    SettingsChanged,
    TextShown,
)
from devices.samples import GazeSample, SwitchEvent
from models.language.messages import (
    ModelState,
    ModelStatus,
    PhraseProposal,
    ProposalRequest,
    Proposals,
    Source,
    WordProposal,
)

TURNS_KEPT = 12
LONGEST_TEXT = 2000  # characters of the text before a choice
_KEPT = (
    Verb.WRITE,
    Verb.WORD,
    Verb.DELETE_LETTER,
    Verb.DELETE_WORD,
    Verb.CLEAR,
    Verb.UNDO,
    Verb.SPEAK,
    Verb.SAY,
)


class ChoiceWatch:
    """Sees every message in the order of the engine and says which choices they make up.

    Parameters
    ----------
    language : str
        Of the board.
    wall_clock : callable
        Gives seconds since 1970.
    """

    def __init__(self, language: str, wall_clock: Callable[[], float] = time.time) -> None:
        self._language = language
        self._wall_clock = wall_clock
        self._input = "press"
        self._model = ""
        self._request: ProposalRequest | None = None
        self._answers: list[Proposals] = []
        self._text = ""
        self._shown: tuple[Option, ...] = ()
        self._shown_at = 0.0
        self._pending: Choice | None = None  # until the journal's entry says what it did

    def incoming(self, message: Incoming) -> None:
        """The engine is about to handle this."""
        match message:
            case GazeSample():
                self._input = "dwell"
            case SwitchEvent():
                self._input = "switch"
            case Proposals():
                if self._request is not None and message.generation == self._request.generation:
                    self._answers.append(message)
            case ModelStatus():
                self._model = message.name if message.state is ModelState.READY else self._model
        if not isinstance(message, GazeSample | SwitchEvent):
            self._input = "press"

    def outgoing(self, message: Outgoing) -> tuple[Choice | TakenBack, ...]:
        """The engine answered with this; return what is known from now on."""
        match message:
            case ProposalRequest():
                if not message.speculative:
                    self._request, self._answers = message, []
            case BoardShown():
                self._board(message.t, message.board)
            case TextShown():
                self._text = "".join(span.text for span in message.spans)
            case SettingsChanged():
                self._language = message.settings.look.language
            case Selection():
                self._pending = self._begun(message)
            case JournalEntry():
                return self._written_down(message)
        return ()

    def _begun(self, selection: Selection) -> Choice | None:
        action = selection.action
        if action.verb not in _KEPT:
            return None
        request = self._request
        slot = selection.target_id if any(o.slot == selection.target_id for o in self._shown) else ""
        by_model = any(option.source in (Source.MODEL, Source.SERVER) for option in self._shown)
        return Choice(
            self._wall_clock(),
            self._input,
            self._language,
            self._model if by_model else "",
            (request.text if request is not None else self._text)[-LONGEST_TEXT:],
            request.turns[-TURNS_KEPT:] if request is not None else (),
            self._shown,
            max(0.0, selection.t - self._shown_at) if self._shown else 0.0,
            action.verb.value,
            action.argument,
            slot,
        )

    def _written_down(self, entry: JournalEntry) -> tuple[Choice | TakenBack, ...]:
        choice, self._pending = self._pending, None
        if entry.kind not in ("edit", "speak", "undo", "say"):
            return ()
        if entry.kind != "say":
            self._request = None  # another text: the next request tells what the proposals follow
        if choice is None:
            return ()
        if entry.kind == "undo":
            return choice, TakenBack(choice.t)
        if entry.kind == "edit":
            removed, inserted = str(entry.data["removed"]), str(entry.data["inserted"])
            choice = replace(choice, removed=removed, inserted=inserted)
        return (replace(choice, undoable=entry.kind != "say"),)

    def _board(self, t: float, board: Board) -> None:
        slots = [
            (target.id, target.label)
            for target in board.targets
            if target.id.startswith(("word:", "phrase:")) and target.label
        ]
        if slots == [(option.slot, option.text) for option in self._shown]:
            return
        self._shown_at = t
        self._shown = self._options(slots)

    def _options(self, slots: list[tuple[str, str]]) -> tuple[Option, ...]:
        """The proposals on the board with what their proposer said of them."""
        for answer in reversed(self._answers):
            found = [_proposal(answer, slot) for slot, _ in slots]
            if all(
                proposal is not None and _text(proposal).casefold() == label.casefold()
                for proposal, (_, label) in zip(found, slots, strict=True)
            ):
                return tuple(
                    Option(slot, label, proposal.probability, source=answer.source.value)
                    for proposal, (slot, label) in zip(found, slots, strict=True)
                    if proposal is not None
                )
        return tuple(Option(slot, label) for slot, label in slots)


def _proposal(answer: Proposals, slot: str) -> WordProposal | PhraseProposal | None:
    kind, _, number = slot.partition(":")
    proposals = answer.words if kind == "word" else answer.phrases
    return proposals[int(number)] if int(number) < len(proposals) else None


def _text(proposal: WordProposal | PhraseProposal) -> str:
    return proposal.word if isinstance(proposal, WordProposal) else proposal.text
