"""assistive.text: journal entries become the state again: the text, its undo, the page, what was said."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from assistive.conversation import Conversation
from assistive.messages import JournalEntry
from assistive.text.document import Change, Edit, TextDocument
from models.language.messages import Speaker, Turn

KEPT_UNDO_STEPS = 1000
KEPT_TURNS = 4000
START_PAGE = "letters"
# After these, what the model wrote still waits for the person's confirmation.
CONFIRMS_NOTHING = ("edit", "undo", "partner", "help")

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Restored:
    """What the person had when Sayso last ran."""

    document: TextDocument = field(default_factory=TextDocument)
    page: str = START_PAGE
    conversation: Conversation = field(default_factory=Conversation)
    number: int = 0  # the last entry's
    help: str | None = None  # why help is being called: "" where the person called, None where nobody does
    consents: frozenset[str] = frozenset()  # the settings that the person agreed to by their own selection


def edit_data(edit: Edit) -> dict[str, Any]:
    """The journal's form of an edit."""
    return {"removed": edit.removed, "inserted": edit.inserted, "proposed": edit.proposed}


def restore(entries: Iterable[JournalEntry]) -> Restored:
    """Replay entries in order. One that does not fit is logged and passed over: the rest is worth more."""
    state = Restored()
    for entry in entries:
        try:
            state = _replayed(state, entry.kind, entry.data)
        except (KeyError, TypeError, ValueError) as error:
            _log.error("journal entry %d (%s) does not fit: %s", entry.number, entry.kind, error)
        state.number = max(state.number, entry.number)
    return state


def snapshot(state: Restored, t: float, *, keep_history: bool) -> JournalEntry:
    """One entry that stands for all before it: the text and the last undo steps.

    `keep_history`: the person lets Sayso remember what was said before; else only the text on screen stays.
    """
    document = state.document
    steps = [_step_data(change) for change in document.history[-KEPT_UNDO_STEPS:]] if keep_history else []
    turns = state.conversation.turns[-KEPT_TURNS:] if keep_history else []
    data = {
        "text": document.text,
        "spoken": document.spoken,
        "finished": document.finished,
        "proposed": document.proposed,
        "undo": steps,
        "page": state.page,
        "help": state.help,
        "consents": sorted(state.consents),
        "pinned": list(state.conversation.pinned) if keep_history else [],
        "turns": [[turn.speaker.value, turn.text] for turn in turns],
    }
    return JournalEntry(t, state.number, "state", data)


def _replayed(state: Restored, kind: str, data: dict[str, Any]) -> Restored:
    document = state.document
    match kind:
        case "state":
            steps = [_step(step) for step in data["undo"]]
            document = TextDocument.restored(
                data["text"], data["spoken"], data["finished"], data["proposed"], steps
            )
            conversation = Conversation(_turns(data))
            conversation.pinned = tuple(map(str, data.get("pinned", ())))
            return Restored(
                document,
                data["page"],
                conversation,
                help=data.get("help"),
                consents=frozenset(data.get("consents", ())),
            )
        case "edit":
            document.apply(Edit(data["removed"], data["inserted"], bool(data["proposed"])))
        case "undo":
            document.undo()
        case "speak":
            document.speak()
            state.conversation.said(data["text"])
        case "say":
            state.conversation.said(data["text"])
        case "page":
            state.page = str(data["page"])
        case "partner":
            state.conversation.heard(str(data["text"]))
        case "help":
            state.help = str(data["reason"]) if data["calling"] else None
        case "consent":
            agreed = frozenset((str(data["to"]),))
            state.consents = state.consents | agreed if data["given"] else state.consents - agreed
        case "pin":
            pin = state.conversation.pin if data["kept"] else state.conversation.unpin
            pin(str(data["line"]))
        case "choice":
            pass
        case _:
            raise ValueError("unknown kind")
    if kind not in CONFIRMS_NOTHING:
        document.confirm()
    if "page" in data:
        state.page = str(data["page"])
    return state


def _turns(data: dict[str, Any]) -> list[Turn]:
    """The conversation in a snapshot. The first ones kept what each had said, without the order of it."""
    turns = data.get("turns") or [
        *([Speaker.ME, text] for text in data.get("said", ())),
        *([Speaker.PARTNER, text] for text in (data.get("partner"),) if text),
    ]
    return [Turn(Speaker(speaker), str(text)) for speaker, text in turns]


def _step_data(change: Change) -> dict[str, Any]:
    edit = None if change.edit is None else edit_data(change.edit)
    return {
        "edit": edit,
        "spoken": change.spoken_before,
        "finished": change.finished_before,
        "proposed": change.proposed_before,
    }


def _step(data: dict[str, Any]) -> Change:
    edit = data["edit"]
    return Change(
        None if edit is None else Edit(edit["removed"], edit["inserted"], bool(edit["proposed"])),
        int(data["spoken"]),
        bool(data["finished"]),
        int(data["proposed"]),
    )
