"""assistive: what a choice does to the text and to what is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from assistive.boards.board import Action, Verb
from assistive.conversation import Conversation
from assistive.settings import Settings
from assistive.text.compose import composed
from assistive.text.document import TextDocument
from assistive.text.history import edit_data

NOTHING = "choice"


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, for the journal and for the voice.

    Parameters
    ----------
    kind : str
        The journal's; "choice": the text is as it was.
    data : dict
    says : str
        Words to say; "" nothing.
    begins : int, optional
        Where they stand in the text; None: they are not in it.
    unsays : bool
        What was spoken was taken back: whatever is being said stops.
    """

    kind: str = NOTHING
    data: dict[str, Any] = field(default_factory=dict)
    says: str = ""
    begins: int | None = None
    unsays: bool = False


class Writing:
    """The text and the conversation of one person."""

    def __init__(self, document: TextDocument, conversation: Conversation) -> None:
        self.document = document
        self.conversation = conversation

    def choose(self, action: Action, settings: Settings) -> Done:
        """Do what the action does to the text, or says; nothing where it does something else."""
        match action.verb:
            case Verb.UNDO:
                return self._undo()
            case Verb.SPEAK:
                return self._speak()
            case Verb.SAY:
                self.conversation.said(action.argument)
                return Done("say", {"text": action.argument}, says=action.argument)
            case Verb.REPEAT:
                return Done(says=self.conversation.last_said or "")
            case _:
                return self._edit(action, settings)

    def _edit(self, action: Action, settings: Settings) -> Done:
        edit = composed(self.document, action, settings)
        if edit is None:
            return Done()
        self.document.apply(edit)
        return Done("edit", edit_data(edit))

    def _undo(self) -> Done:
        change = self.document.undo()
        return Done() if change is None else Done("undo", unsays=change.edit is None)

    def _speak(self) -> Done:
        unspoken = self.document.unspoken()
        if unspoken is None:
            return Done()
        words, start = unspoken
        self.document.speak()
        self.conversation.said(words)
        return Done("speak", {"text": words}, says=words, begins=start)
