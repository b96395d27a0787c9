"""assistive: what the proposers are asked: for the text of now, and for the text that a look in progress would make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistive.boards.board import Action, Target, TargetKind, Verb
from assistive.conversation import Conversation
from assistive.messages import Outgoing
from assistive.settings import Settings, listed
from assistive.steering import Kind, PersonSteering
from assistive.text.compose import composed, written
from assistive.text.document import TextDocument
from models.language.messages import ProposalRequest, Tone

N_WORDS = 5
READ_S = 0.15  # a proposed word that was looked at for so long has been read
CONTEXT_CHARACTERS = 2000  # how much of the text is sent with a request
TURNS_IN_CONTEXT = 50  # the prompt takes what it has room for


class Asking:
    """Makes requests from the text, the conversation and the settings, and sends them.

    A speculative request and the real one that follows have the same content, so that the proposer knows
    the second by the first.
    """

    def __init__(
        self, document: TextDocument, conversation: Conversation, emit: Callable[[Outgoing], None]
    ) -> None:
        self.document = document
        self.conversation = conversation
        self._examples = conversation.examples()
        self._exchanges = conversation.exchanges()
        self._emit = emit
        self._ahead: Target | None = None  # the choice whose proposals are being prepared
        self._steering = PersonSteering()
        self._looked_at, self._looks_since = "", 0.0  # a proposed word, and since when
        self._read: tuple[str, ...] = ()  # the proposed words that were looked at since the last selection

    @property
    def leaning(self) -> tuple[str, ...]:
        """The words that are proposed sooner because of what was chosen lately, the strongest first."""
        return tuple(i.text for i in self._steering.in_force() if i.kind is Kind.PICKED)

    def looked(self, t: float, target: Target | None) -> None:
        """The person looks at this; a proposed word that is looked at for a while has been read."""
        word = target.label if target is not None and target.kind is TargetKind.WORD else ""
        if word != self._looked_at:
            self._looked_at, self._looks_since = word, t
        elif word and t - self._looks_since >= READ_S and word not in self._read:
            self._read += (word,)

    def changed(self, action: Action) -> None:
        """A selection changed the text."""
        self._steering = self._steering.after(action, self._read)
        self._read, self._looked_at = (), ""

    def undone(self) -> None:
        """The last change of the text was taken back."""
        self._steering = self._steering.undone()
        self._read, self._looked_at = (), ""

    def forget(self) -> None:
        """What was chosen lately is no longer to steer what is proposed."""
        self._steering = self._steering.forgotten()

    def now(self, t: float, generation: int, settings: Settings, n_phrases: int) -> None:
        """Ask for what may come next."""
        text = written(self.document, settings)
        self._emit(self._request(t, generation, text, self.conversation, settings, n_phrases, self._steering))

    def ahead(self, t: float, target: Target, generation: int, settings: Settings, n_phrases: int) -> None:
        """Have the proposals prepared for the text as it will be when the look at `target` completes."""
        if target == self._ahead:
            return
        self._ahead = target
        talk, text = self.conversation, None
        if target.action.verb is Verb.SPEAK:
            unspoken = self.document.unspoken()
            if unspoken is not None:
                talk, text = self.conversation.present(), ""
                talk.said(unspoken[0])
        else:
            edit = composed(self.document, target.action, settings)
            if edit is not None:
                text = self.document.text.removesuffix(edit.removed) + edit.inserted
        if text is not None:
            then = self._steering.after(target.action, self._read)
            self._emit(self._request(t, generation, text, talk, settings, n_phrases, then, speculative=True))

    def decided(self) -> None:
        """Something was chosen: the next look is another one."""
        self._ahead = None

    def _request(
        self,
        t: float,
        generation: int,
        text: str,
        talk: Conversation,
        settings: Settings,
        n_phrases: int,
        steering: PersonSteering,
        *,
        speculative: bool = False,
    ) -> ProposalRequest:
        return ProposalRequest(
            generation,
            t,
            text[-CONTEXT_CHARACTERS:],
            turns=talk.recent(TURNS_IN_CONTEXT),
            about=settings.model.about,
            examples=self._examples,
            exchanges=self._exchanges,
            language=settings.look.language,
            pinned=talk.pinned,
            steering=replace(
                steering,
                tone=Tone(settings.model.tone),
                topics=listed(settings.model.topics),
                banned=listed(settings.model.banned),
            ).steering(),
            n_words=N_WORDS,
            n_phrases=n_phrases,
            marks=True,
            speculative=speculative,
        )
