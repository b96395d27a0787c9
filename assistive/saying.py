"""assistive: what is being said aloud, and which word of the text is heard now."""

from __future__ import annotations

from collections.abc import Callable

from assistive.messages import Outgoing, Utterance, VoicePhase, VoiceProgress
from assistive.settings import Settings

NOT_IN_TEXT = -1


class Saying:
    """Numbers the utterances and follows the latest of the person's own."""

    def __init__(self, emit: Callable[[Outgoing], None]) -> None:
        self._emit = emit
        self._number = 0
        self._running: tuple[int, int] | None = None  # the utterance, where its words begin in the text
        self.heard: tuple[int, int] | None = None  # the word of the text that is heard

    @property
    def speaking(self) -> bool:
        """Whether something that the person said is still being heard."""
        return self._running is not None

    def say(self, t: float, words: str, settings: Settings, begins: int = NOT_IN_TEXT) -> None:
        """Say what the person chose; `begins` is where the words stand in the text."""
        volume = 0.0 if settings.sound.muted else settings.voice.volume
        self._send(t, words, settings, volume)
        self._running, self.heard = (self._number, begins), None

    def call(self, t: float, words: str, settings: Settings) -> None:
        """Call for help: aloud, whatever is muted and whatever is being said."""
        self._send(t, words, settings, settings.help.volume, urgent=True)
        self._running = self.heard = None

    def progress(self, message: VoiceProgress) -> bool:
        """The voice tells where it is; True when the person's utterance has ended."""
        if self._running is None or message.number != self._running[0]:
            return False
        begins = self._running[1]
        if message.phase is VoicePhase.WORD and begins != NOT_IN_TEXT:
            self.heard = (begins + message.start, begins + message.end)
        if message.phase not in (VoicePhase.FINISHED, VoicePhase.STOPPED, VoicePhase.FAILED):
            return False
        self._running = self.heard = None
        return True

    def _send(self, t: float, words: str, settings: Settings, volume: float, *, urgent: bool = False) -> None:
        self._number += 1
        language, rate = settings.look.language, settings.voice.rate
        self._emit(Utterance(t, self._number, words, language, rate, volume, urgent))
