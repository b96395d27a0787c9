"""assistive: the voice. Says what the engine hands it, and tells which word is heard now."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from assistive.audio_output import AudioOutput
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
from assistive.speaking import Broke, Piece, say
from assistive.tones import tone_pcm
from devices.clock import Clock
from devices.i18n import N_
from models.speech.choose import Synthesizers
from models.speech.messages import SpeechError, Synthesizer, WordMark
from models.speech.segments import segments
from models.weights import installed

__all__ = ["AudioOutput", "Choose", "Voice"]

# (engine, banked voice, language) -> the voices for it, best first.
Choose = Callable[[str, str, str], tuple[Synthesizer, ...]]

# How much speech is computed before it is heard: enough for a busy computer, little to throw away.
AHEAD_S = 8.0
# How often the words are followed while something is said: two frames of the screen.
FOLLOW_S = 0.03
# An output that says it works but moves no sound for so long does not work.
STALLED_S = 4.0

_VOICE = "voice"
_SOUND_STALLED = "sound-stalled"


@dataclass(slots=True, eq=False)
class _Running:
    """The utterance that is being said."""

    utterance: Utterance
    pieces: Iterator[Piece | Broke]
    lead_s: float  # silence before the first word
    written_s: float = 0.0
    marks: deque[WordMark] = field(default_factory=deque)
    computing: bool = False
    complete: bool = False
    broke: bool = False
    heard_s: float = 0.0
    moved_at: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Computed:
    """A step of the synthesis is done: sound, a broken voice, no voice left, or the end (None)."""

    running: _Running
    result: Piece | Broke | SpeechError | None


@dataclass(frozen=True, slots=True)
class _Close:
    pass


class Voice:
    """Speaks on its own threads: one follows what is heard, one computes what comes next.

    - A new utterance takes the place of the running one: the person wants the new words said.
    - An urgent one (a call for help) cuts in; ordinary ones wait for its end, and the last of them is said.
    - Speech waits for the end of a chime or an alarm; a click sounds over it.
    - If a voice breaks, another goes on from the same word and a notice says so.

    Parameters
    ----------
    post : callable
        Takes VoiceProgress, Trouble and TroubleOver; called from the voice's thread.
    output : AudioOutput
        Where the sound goes; whoever made it closes it.
    clock : Clock
        The shared clock.
    choose : callable, optional
        Which voices to use; without it, those installed on this computer.
    """

    def __init__(
        self,
        post: Callable[[VoiceProgress | Trouble | TroubleOver], None],
        output: AudioOutput,
        clock: Clock,
        choose: Choose | None = None,
    ) -> None:
        self._post = post
        self._output = output
        self._clock = clock
        self._choose = choose or Synthesizers(installed).choose
        self._settings = Settings()
        self._warm: tuple[str, ...] = ()
        self._running: _Running | None = None
        self._waiting: Utterance | None = None
        self._tone_ends_at = 0.0
        self._troubles: dict[str, str] = {}
        self._inbox: queue.SimpleQueue[Utterance | StopVoice | Sound | Settings | _Computed | _Close] = (
            queue.SimpleQueue()
        )
        self._work: queue.SimpleQueue[_Running | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._follow, name="voice", daemon=True)
        self._worker = threading.Thread(target=self._compute, name="voice-synthesis", daemon=True)

    def start(self) -> None:
        """Start the threads; what was handed over before is said now."""
        self._thread.start()
        self._worker.start()

    def apply(self, settings: Settings) -> None:
        """Use these settings from the next utterance on.

        The voice is loaded in the background, so that the first words come as soon as later ones; if it
        cannot speak, that is told now.
        """
        self._inbox.put(settings)

    def handle(self, message: Utterance | StopVoice | Sound) -> None:
        """Say it, stop, or play the tone; returns at once. Any thread may call this."""
        self._inbox.put(message)

    def close(self, timeout_s: float = 2.0) -> None:
        """Be silent and end the threads."""
        self._inbox.put(_Close())
        self._work.put(None)
        for thread in (self._thread, self._worker):
            if thread.is_alive():
                thread.join(timeout_s)

    # ------------------------------------------------------------ the thread that follows

    def _follow(self) -> None:
        while True:
            try:
                message = self._inbox.get(timeout=FOLLOW_S if self._running else None)
            except queue.Empty:
                message = None
            match message:
                case Utterance():
                    self._utterance(message)
                case StopVoice(call_only=True):
                    self._end_call()
                case StopVoice():
                    self._be_silent()
                case Sound():
                    self._tone(message)
                case Settings():
                    self._apply(message)
                case _Computed():
                    self._computed(message.running, message.result)
                case _Close():
                    self._be_silent()
                    return
            if self._running is not None:
                self._progress(self._running)

    def _apply(self, settings: Settings) -> None:
        self._settings = settings
        if (choice := _choice(settings)) == self._warm:
            return
        self._warm = choice
        if _VOICE in self._troubles:
            self._troubles[_VOICE] = ""
        trial = Utterance(self._clock.now(), 0, "a", settings.look.language, rate=1.0, volume=1.0)
        self._work.put(_Running(trial, self._say(trial), lead_s=0.0))

    def _utterance(self, utterance: Utterance) -> None:
        running = self._running
        if running is not None and running.utterance.urgent:
            if utterance.urgent and utterance.text == running.utterance.text:
                self._tell(utterance, VoicePhase.STOPPED)  # the call is being said already
                return
            if not utterance.urgent:
                if self._waiting is not None:
                    self._tell(self._waiting, VoicePhase.STOPPED)
                self._waiting = utterance
                return
        if running is not None:
            self._end(running, VoicePhase.STOPPED)
        self._begin(utterance)

    def _begin(self, utterance: Utterance) -> None:
        problem = self._output.problem()
        if utterance.volume <= 0 or next(segments(utterance.text), None) is None:
            self._tell(utterance, VoicePhase.STARTED)
            self._tell(utterance, VoicePhase.FINISHED)
        elif problem:
            self._tell(utterance, VoicePhase.FAILED, detail=problem)
        else:
            lead_s = max(0.0, self._tone_ends_at - self._clock.now())
            self._running = _Running(utterance, self._say(utterance), lead_s)
            self._ask(self._running)

    def _say(self, utterance: Utterance) -> Iterator[Piece | Broke]:
        voice = self._settings.voice
        voices = self._choose(voice.engine, voice.banked_voice, utterance.language)
        return say(utterance, voices, self._output.rate_hz)

    def _ask(self, running: _Running) -> None:
        running.computing = True
        self._work.put(running)

    def _computed(self, running: _Running, result: Piece | Broke | SpeechError | None) -> None:
        running.computing = False
        if isinstance(result, Broke):
            running.broke = True
            self._trouble(
                _VOICE,
                N_("A voice cannot speak: {reason}").format(reason=result.reason),
                N_("Another voice speaks in its place."),
                N_("Choose another voice in the settings, or put its files where they were."),
            )
        elif isinstance(result, Piece) and not running.broke:
            self._trouble_over(_VOICE)
        if running is not self._running:
            return
        match result:
            case Broke():
                self._ask(running)
            case Piece():
                first = running.written_s == 0
                if first and running.lead_s > 0:
                    self._output.write(np.zeros(round(running.lead_s * self._output.rate_hz), np.int16))
                self._output.write(result.pcm)
                running.moved_at = self._clock.now()
                running.written_s += result.pcm.size / self._output.rate_hz
                running.marks.extend(result.marks)
                if first:
                    self._tell(running.utterance, VoicePhase.STARTED)
            case SpeechError():
                self._trouble(
                    _VOICE,
                    N_("Nothing can be said aloud: {reason}").format(reason=result),
                    N_("You can write, and others can read it from the screen."),
                    N_("Install Sayso again, or ask somebody to run: sayso doctor"),
                )
                self._end(running, VoicePhase.FAILED, detail=str(result))
            case None:
                running.complete = True

    def _progress(self, running: _Running) -> None:
        problem = self._output.problem()
        if problem:
            self._end(running, VoicePhase.FAILED, detail=problem)
            return
        now = self._clock.now()
        heard_s = self._output.heard_s() - running.lead_s
        if heard_s > running.heard_s:
            running.heard_s, running.moved_at = heard_s, now
            self._trouble_over(_SOUND_STALLED)
        while running.marks and running.marks[0].at_s <= heard_s:
            mark = running.marks.popleft()
            self._tell(running.utterance, VoicePhase.WORD, mark.start, mark.end)
        left_s = running.written_s - heard_s
        if not running.complete and not running.computing and left_s < AHEAD_S:
            self._ask(running)
        if running.complete and left_s < 1.5 / self._output.rate_hz:
            self._end(running, VoicePhase.FINISHED)
        elif running.written_s > 0 and left_s > 0 and now - running.moved_at > STALLED_S + running.lead_s:
            what = N_("The sound device does not take the sound.")
            self._trouble(
                _SOUND_STALLED,
                what,
                N_("You can write, and others can read it from the screen."),
                N_("Check the loudspeaker and choose the sound device in the computer's settings."),
            )
            self._end(running, VoicePhase.FAILED, detail=what)

    def _end(self, running: _Running, phase: VoicePhase, detail: str = "") -> None:
        self._output.stop()
        self._running = None
        self._tell(running.utterance, phase, detail=detail)
        if phase is not VoicePhase.STOPPED:
            self._begin_waiting()

    def _begin_waiting(self) -> None:
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self._begin(waiting)

    def _end_call(self) -> None:
        """Help has come or is not needed: the call is over, and the person's own words are said now."""
        self._output.stop_tones()
        self._tone_ends_at = 0.0
        if self._running is not None and self._running.utterance.urgent:
            self._end(self._running, VoicePhase.STOPPED)
            self._begin_waiting()

    def _be_silent(self) -> None:
        self._output.stop_tones()
        self._tone_ends_at = 0.0
        if self._running is not None:
            self._end(self._running, VoicePhase.STOPPED)
        if self._waiting is not None:
            self._tell(self._waiting, VoicePhase.STOPPED)
            self._waiting = None

    def _tone(self, sound: Sound) -> None:
        if sound.volume <= 0:
            return
        pcm = tone_pcm(sound.tone, self._output.rate_hz, min(sound.volume, 1.0))
        self._output.tone(pcm)
        if sound.tone in (Tone.CHIME, Tone.HELP):
            self._tone_ends_at = self._clock.now() + pcm.size / self._output.rate_hz

    def _tell(
        self, utterance: Utterance, phase: VoicePhase, start: int = 0, end: int = 0, detail: str = ""
    ) -> None:
        self._post(VoiceProgress(self._clock.now(), utterance.number, phase, start, end, detail))

    def _trouble(self, key: str, what: str, works: str, todo: str) -> None:
        if self._troubles.get(key) != what:  # told once: a notice that was dismissed does not come back
            self._troubles[key] = what
            self._post(Trouble(self._clock.now(), key, what, works, todo))

    def _trouble_over(self, key: str) -> None:
        if self._troubles.pop(key, None) is not None:
            self._post(TroubleOver(self._clock.now(), key))

    # ------------------------------------------------------------ the thread that computes

    def _compute(self) -> None:
        while (running := self._work.get()) is not None:
            result: Piece | Broke | SpeechError | None
            try:
                result = next(running.pieces, None)
            except SpeechError as error:
                result = error
            self._inbox.put(_Computed(running, result))


def _choice(settings: Settings) -> tuple[str, ...]:
    return settings.voice.engine, settings.voice.banked_voice, settings.look.language
