"""Speaks through the sound device; takes orders from stdin and tells what happens on stdout, as JSON lines."""

from __future__ import annotations

import json
import sys
import threading

from assistive.messages import Sound, StopVoice, Tone, Trouble, TroubleOver, Utterance, VoiceProgress
from assistive.sound_device import STARTING, SoundDevice
from assistive.voice import Voice
from devices.clock import LslClock
from models.speech.espeak import EspeakSynthesizer


def tell(kind: str, **news: object) -> None:
    sys.stdout.write(json.dumps({"kind": kind, **news}) + "\n")
    sys.stdout.flush()


def told(message: VoiceProgress | Trouble | TroubleOver) -> None:
    match message:
        case VoiceProgress(t, number, phase, start):
            tell("progress", t=t, number=number, phase=phase.value, start=start)
        case Trouble(_, key, what, works, todo):
            tell("trouble", key=key, what=what, works=works, todo=todo)
        case TroubleOver(_, key):
            tell("over", key=key)


def main() -> None:
    clock = LslClock()
    output = SoundDevice(told, clock)
    voice = Voice(told, output, clock, lambda engine, banked, language: (EspeakSynthesizer(language),))
    voice.start()
    waiting = threading.Event()
    while output.problem() == STARTING:
        waiting.wait(0.005)
    tell("ready")
    number = 0
    for line in sys.stdin:
        match json.loads(line):
            case ["say", text]:
                number += 1
                voice.handle(Utterance(clock.now(), number, text, "en", 1.0, 0.9))
            case ["sound", tone]:
                voice.handle(Sound(clock.now(), Tone(tone), 1.0))
            case ["stop"]:
                voice.handle(StopVoice(clock.now()))
                tell("stopping")
    voice.close()
    output.close()


if __name__ == "__main__":
    main()
