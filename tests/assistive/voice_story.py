"""A voice with a loudspeaker that tests turn by hand, and what it told."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager

from assistive.audio_output import FakeAudioOutput
from assistive.messages import (
    Sound,
    StopVoice,
    Tone,
    Trouble,
    TroubleOver,
    Utterance,
    VoicePhase,
    VoiceProgress,
)
from assistive.settings import Settings
from assistive.voice import Voice
from devices.clock import VirtualClock
from models.speech.fake import FakeSynthesizer
from models.speech.messages import Synthesizer

Told = VoiceProgress | Trouble | TroubleOver


class VoiceStory:
    """Hands words to a voice and reads what it tells."""

    def __init__(self, *synthesizers: Synthesizer) -> None:
        self.clock = VirtualClock()
        self.output = FakeAudioOutput()
        self.synthesizers = synthesizers or (FakeSynthesizer(),)
        self.told: queue.Queue[Told] = queue.Queue()
        self.chosen: list[tuple[str, str, str]] = []
        self.voice = Voice(self.told.put, self.output, self.clock, self._choose)
        self._number = 0

    def _choose(self, engine: str, banked: str, language: str) -> tuple[Synthesizer, ...]:
        self.chosen.append((engine, banked, language))
        return self.synthesizers

    def say(self, text: str, *, urgent: bool = False, volume: float = 1.0, language: str = "en") -> int:
        """Say it and return its number."""
        self._number += 1
        self.voice.handle(
            Utterance(self.clock.now(), self._number, text, language, 1.0, volume, urgent=urgent)
        )
        return self._number

    def stop(self) -> None:
        """The person wants silence."""
        self.voice.handle(StopVoice(self.clock.now()))

    def end_call(self) -> None:
        """Somebody came, or help is not needed any more."""
        self.voice.handle(StopVoice(self.clock.now(), call_only=True))

    def sound(self, tone: Tone, volume: float = 1.0) -> None:
        """Play a tone."""
        self.voice.handle(Sound(self.clock.now(), tone, volume))

    def apply(self, settings: Settings) -> None:
        """Change the settings."""
        self.voice.apply(settings)

    def heard(self, seconds: float) -> None:
        """Let so much be heard, once it is there to be heard."""
        assert self.output.wait_until_written(self.output.heard_s() + seconds)
        self.clock.advance(seconds)
        self.output.advance(seconds)

    def next(self) -> Told:
        """Return the next thing the voice tells."""
        return self.told.get(timeout=5.0)

    def next_phase(self) -> tuple[int, VoicePhase]:
        """Return the number and the phase of the next progress."""
        told = self.next()
        assert isinstance(told, VoiceProgress), told
        return told.number, told.phase

    def until(self, phase: VoicePhase, number: int | None = None) -> VoiceProgress:
        """Return the next progress of that phase; everything before it is read."""
        while True:
            told = self.next()
            if isinstance(told, VoiceProgress) and told.phase is phase and number in (None, told.number):
                return told

    def until_trouble(self) -> Trouble:
        """Return the next trouble; everything before it is read."""
        while not isinstance(told := self.next(), Trouble):
            pass
        return told


@contextmanager
def voice_story(*synthesizers: Synthesizer) -> Iterator[VoiceStory]:
    """Yield a running voice."""
    story = VoiceStory(*synthesizers)
    story.voice.start()
    try:
        yield story
    finally:
        story.voice.close()
