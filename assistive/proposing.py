"""assistive: the proposals over the text: when they are asked for, and what of them is shown."""

from __future__ import annotations

from collections.abc import Callable

from assistive.asking import N_WORDS, Asking
from assistive.boards.board import Action, Target
from assistive.conversation import Conversation
from assistive.messages import Outgoing
from assistive.settings import Settings
from assistive.slots import ProposalSlots
from assistive.text.compose import as_written, written
from assistive.text.document import TextDocument
from models.language.messages import ModelState, Proposals

AHEAD_FROM = 0.3  # of a dwell: from here on, the proposals after that choice are prepared


class Proposing:
    """Asks for proposals and fills the slots with them, never under the eye.

    Parameters
    ----------
    document : TextDocument
    conversation : Conversation
    emit : callable
        Takes every outgoing message; must not block.
    phrase_slots : callable
        How many phrases have a place, by the settings.
    """

    def __init__(
        self,
        document: TextDocument,
        conversation: Conversation,
        emit: Callable[[Outgoing], None],
        phrase_slots: Callable[[Settings], int],
    ) -> None:
        self.document = document
        self._slots = ProposalSlots()
        self._asking = Asking(document, conversation, emit)
        self._phrase_slots = phrase_slots
        self._later = False  # once the person looks at no slot

    @property
    def shown(self) -> Proposals | None:
        """What is in the slots; None: they are empty."""
        return self._slots.shown

    @property
    def leaning(self) -> tuple[str, ...]:
        """The words that are proposed sooner because of what was chosen lately, the strongest first."""
        return self._asking.leaning

    @property
    def deadline(self) -> float | None:
        """When a `tick` is wanted."""
        return self._slots.deadline

    def ask(self, t: float, settings: Settings) -> None:
        """Ask for the words that may come next; the slots are empty until they come."""
        self._later = False
        generation = self._slots.ask(t)
        if settings.model.proposals:
            self._asking.now(t, generation, settings, self._phrase_slots(settings))

    def ask_unseen(self, t: float, settings: Settings, *, at_a_slot: bool) -> None:
        """Ask, but not while the person looks at a slot: what they read there stays until they look away."""
        if at_a_slot:
            self._later = True
        else:
            self.ask(t, settings)

    def looked(self, t: float, target: Target | None) -> None:
        """The person looks at `target`."""
        self._asking.looked(t, target)

    def ask_late(self, t: float, settings: Settings, *, at_a_slot: bool) -> bool:
        """Ask what had to wait until the person looks at no slot; whether it was asked now."""
        if not self._later or at_a_slot:
            return False
        self.ask(t, settings)
        return True

    def prepare(self, t: float, settings: Settings, target: Target | None, share: float) -> None:
        """A choice that is likely by now (`share` of its dwell is over): its proposals are prepared."""
        if target is not None and settings.model.proposals and share >= AHEAD_FROM:
            self._asking.ahead(t, target, self._slots.generation, settings, self._phrase_slots(settings))

    def decided(self) -> None:
        """Something was chosen: the next look is another one."""
        self._asking.decided()

    def changed(self, action: Action) -> None:
        """A selection changed the text."""
        self._asking.changed(action)

    def undone(self) -> None:
        """The last change of the text was taken back."""
        self._asking.undone()

    def forget(self) -> None:
        """What was chosen lately is no longer to steer what is proposed."""
        self._asking.forget()

    def answer(self, proposals: Proposals, *, at_a_slot: bool) -> bool:
        """Take an answer; True when the slots changed."""
        return self._slots.answer(proposals, looked_at=at_a_slot)

    def tick(self, t: float) -> bool:
        """Let the time pass; True when the slots changed."""
        return self._slots.tick(t)

    def model(self, state: ModelState) -> tuple[bool, bool]:
        """Take in what the model does; return whether it has just become ready, and whether the slots changed."""
        if state is not ModelState.READY:
            return False, self._slots.model_gone()
        new, self._slots.model_ready = not self._slots.model_ready, True
        return new, False

    def in_slots(self, settings: Settings) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words and the phrases as they would be written, one for each slot."""
        phrases = self._phrase_slots(settings)
        return (
            self._written(self._slots.words, N_WORDS, settings),
            self._written(self._slots.phrases, phrases, settings),
        )

    def _written(self, proposals: tuple[str, ...], slots: int, settings: Settings) -> tuple[str, ...]:
        if not settings.model.proposals:
            return ()
        text = written(self.document, settings)
        return as_written((proposals + ("",) * slots)[:slots], text)
