"""The voice says what it is handed, one thing at a time, and the person is heard in any case."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
from voice_story import VoiceStory, voice_story

from assistive.messages import Tone, Trouble, TroubleOver, VoicePhase, VoiceProgress
from assistive.settings import Settings
from models.speech.espeak import EspeakSynthesizer
from models.speech.fake import FakeSynthesizer
from models.speech.messages import SpeechChunk

WORD, STARTED, FINISHED = VoicePhase.WORD, VoicePhase.STARTED, VoicePhase.FINISHED
STOPPED, FAILED = VoicePhase.STOPPED, VoicePhase.FAILED


def test_words_are_told_when_they_are_heard() -> None:
    with voice_story() as story:
        text = "Tea, please."
        story.say(text)
        assert story.next_phase() == (1, STARTED)
        told = story.next()
        assert isinstance(told, VoiceProgress)
        assert (told.phase, text[told.start : told.end]) == (WORD, "Tea")
        story.heard(0.4)
        assert story.told.empty()
        story.heard(0.2)
        told = story.until(WORD)
        assert text[told.start : told.end] == "please"
        story.heard(0.4)
        assert story.next_phase() == (1, FINISHED)


def test_positions_in_a_later_sentence_are_those_of_the_whole_text() -> None:
    with voice_story() as story:
        text = "Да. Нет, спасибо."
        story.say(text, language="ru")
        heard = []
        for _ in range(3):
            told = story.until(WORD)
            heard.append(text[told.start : told.end])
            story.heard(0.5)
        assert heard == ["Да", "Нет", "спасибо"]


def test_stop_is_silence_at_once() -> None:
    with voice_story() as story:
        story.say("One two three four five six.")
        story.until(STARTED)
        before = time.perf_counter()
        story.stop()
        story.until(STOPPED)
        assert time.perf_counter() - before < 0.1
        assert story.output.heard_s() == 0
        assert story.output.tones_stopped == 1


def test_new_words_take_the_place_of_the_running_ones() -> None:
    with voice_story() as story:
        first = story.say("This is not what I meant.")
        story.until(STARTED)
        second = story.say("This is.")
        assert story.until(STOPPED).number == first
        assert story.until(STARTED).number == second
        story.heard(1.0)
        assert story.until(FINISHED).number == second


def test_a_call_for_help_cuts_in_and_is_not_cut() -> None:
    with voice_story() as story:
        story.say("I was saying something.")
        story.until(STARTED)
        call = story.say("Please come.", urgent=True)
        assert story.until(STOPPED).number == 1
        assert story.until(STARTED).number == call
        forgotten, waiting = story.say("Not this."), story.say("But this.")
        again = story.say("Please come.", urgent=True)
        assert [story.until(STOPPED).number, story.until(STOPPED).number] == [forgotten, again]
        story.heard(1.0)
        assert story.until(FINISHED).number == call
        assert story.until(STARTED).number == waiting


def test_stop_silences_a_call_and_what_waits_for_it() -> None:
    with voice_story() as story:
        call = story.say("Please come.", urgent=True)
        story.until(STARTED)
        waiting = story.say("Later.")
        story.stop()
        assert {story.until(STOPPED).number, story.until(STOPPED).number} == {call, waiting}
        third = story.say("I am fine.")
        assert story.until(STARTED).number == third


def test_when_help_has_come_the_words_that_waited_for_the_call_are_said() -> None:
    with voice_story() as story:
        call = story.say("Please come.", urgent=True)
        story.until(STARTED)
        waiting = story.say("My leg.")
        story.end_call()
        assert story.until(STOPPED).number == call
        assert story.until(STARTED).number == waiting
        story.end_call()
        story.heard(1.0)
        assert story.until(FINISHED).number == waiting


def test_a_muted_utterance_is_not_computed_but_finishes() -> None:
    fake = FakeSynthesizer()
    with voice_story(fake) as story:
        story.say("Quiet.", volume=0.0)
        assert [story.next_phase(), story.next_phase()] == [(1, STARTED), (1, FINISHED)]
        story.say(" \n")
        assert [story.next_phase(), story.next_phase()] == [(2, STARTED), (2, FINISHED)]
    assert fake.said == []


def test_volume_is_that_of_the_utterance() -> None:
    with voice_story() as story:
        story.say("Loud.", volume=1.0)
        story.until(STARTED)
        story.say("Soft.", volume=0.25)
        story.until(STARTED)
        assert story.output.wait_until_written(0.5)
        loud, soft = (int(np.abs(pcm).max()) for pcm in story.output.spoken)
        assert abs(soft - loud / 4) <= 1


def test_a_broken_voice_is_replaced_from_the_same_word_on() -> None:
    natural, small = FakeSynthesizer("natural", fails_after=1), FakeSynthesizer("small")
    with voice_story(natural, small) as story:
        text = "One two. Three four."
        story.say(text)
        trouble = story.until_trouble()
        assert trouble.key == "voice"
        assert "natural broke" in trouble.what
        assert trouble.works
        assert trouble.todo
        assert story.output.wait_until_written(2.0)
        story.heard(2.0)
        told = story.until(WORD)
        while text[told.start : told.end] != "four":
            told = story.until(WORD)
        story.until(FINISHED)
        assert small.said == [". Three four."]


def test_a_voice_that_works_again_ends_the_trouble() -> None:
    broken = FakeSynthesizer("natural", fails_after=0)
    with voice_story(broken, FakeSynthesizer("small")) as story:
        story.say("One.")
        story.until_trouble()
        story.say("Two.")  # told once: a dismissed notice does not come back with every sentence
        story.until(STARTED, number=2)
        story.synthesizers = (FakeSynthesizer("mended"),)
        story.say("Three.")
        told = story.next()
        while not isinstance(told, TroubleOver):
            assert not isinstance(told, Trouble)
            told = story.next()
        assert told.key == "voice"


class Crashing:
    """A synthesizer with a bug."""

    name = "crashing"

    def speak(self, text: str, *, rate: float) -> Iterator[SpeechChunk]:
        raise ZeroDivisionError(f"{text} {rate}")
        yield


def test_a_bug_in_a_voice_does_not_silence_the_person() -> None:
    with voice_story(Crashing(), EspeakSynthesizer("en")) as story:
        story.say("I am heard.")
        story.until_trouble()
        story.until(STARTED)
        assert story.output.wait_until_written(0.3)
        assert np.abs(story.output.spoken[0]).max() > 1000


def test_without_any_voice_the_utterance_fails_in_words() -> None:
    with voice_story(FakeSynthesizer(fails_after=0)) as story:
        story.say("Hello.")
        assert "cannot speak" in story.until_trouble().what
        assert "Nothing can be said aloud" in story.until_trouble().what
        assert "broke" in story.until(FAILED).detail


def test_without_a_sound_device_the_utterance_fails_at_once() -> None:
    fake = FakeSynthesizer()
    with voice_story(fake) as story:
        story.output.broken = "No sound device is found."
        story.say("Hello.")
        assert story.until(FAILED).detail == "No sound device is found."
        assert fake.said == []
        story.output.broken = ""
        story.say("Again.")
        story.until(STARTED)
        story.output.broken = "No sound device is found."
        story.until(FAILED)


def test_a_device_that_takes_no_sound_is_told() -> None:
    with voice_story() as story:
        story.say("Hello.")
        story.until(STARTED)
        story.clock.advance(10.0)
        assert story.until_trouble().key == "sound-stalled"
        story.until(FAILED)
        story.say("Hello.")
        story.until(STARTED)
        story.heard(0.4)
        while not isinstance(told := story.next(), TroubleOver):
            pass
        assert told.key == "sound-stalled"


def test_a_click_sounds_over_the_words() -> None:
    with voice_story() as story:
        story.say("One two.")
        story.until(WORD)
        story.sound(Tone.CLICK, 0.5)
        story.heard(1.0)
        story.until(FINISHED)
        assert len(story.output.tones) == 1
        assert story.output.tones_stopped == 0


def test_the_call_for_help_is_said_after_the_alarm() -> None:
    with voice_story() as story:
        story.sound(Tone.HELP)
        story.say("Please come.", urgent=True)
        story.until(STARTED)
        assert story.output.wait_until_written(2.4)
        silence, words = story.output.spoken
        assert not silence.any()
        assert 1.4 <= silence.size / story.output.rate_hz <= 1.6
        assert words.any()
        story.heard(1.4)
        assert story.told.empty()
        story.heard(0.2)
        story.until(WORD)


def test_a_muted_tone_is_not_played() -> None:
    with voice_story() as story:
        story.sound(Tone.CLICK, 0.0)
        story.sound(Tone.CHIME, 1.0)
        story.say("Hello.")
        story.until(STARTED)
        assert len(story.output.tones) == 1


def test_a_very_long_text_is_computed_only_a_little_ahead() -> None:
    fake = FakeSynthesizer()
    with voice_story(fake) as story:
        story.say("Many words follow each other here. " * 3000)
        assert story.output.wait_until_written(8.0)
        story.stop()
        story.until(STOPPED)
        assert sum(pcm.size for pcm in story.output.spoken) < 15 * story.output.rate_hz


class Slow:
    """A synthesizer that computes for as long as the test wants."""

    name = "slow"

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def speak(self, text: str, *, rate: float) -> Iterator[SpeechChunk]:
        yield from FakeSynthesizer().speak("One two three.", rate=rate)
        assert self.go_on.wait(5.0)
        yield from FakeSynthesizer().speak(text, rate=rate)


def test_words_are_followed_and_stopped_while_the_next_sentence_is_computed() -> None:
    slow = Slow()
    with voice_story(slow) as story:
        story.say("Long.")
        story.until(WORD)
        story.heard(0.6)
        story.until(WORD)
        story.stop()
        story.until(STOPPED)
        slow.go_on.set()
        story.synthesizers = (FakeSynthesizer(),)
        story.say("New.")
        assert story.until(STARTED).number == 2
        story.heard(0.5)
        story.until(FINISHED)


def test_settings_choose_the_voice_and_load_it() -> None:
    fake = FakeSynthesizer()
    with voice_story(fake) as story:
        settings = Settings().changed("voice.banked_voice", "/my/voice.onnx").changed("voice.engine", "piper")
        story.apply(settings)
        story.apply(settings.changed("voice.rate", 1.5))
        story.say("Hello.")
        story.until(STARTED)
        assert story.chosen == [("piper", "/my/voice.onnx", "en")] * 2
        assert fake.said == ["a", "Hello."]


def test_a_broken_own_voice_is_told_before_the_first_words() -> None:
    with voice_story(FakeSynthesizer("own", fails_after=0), FakeSynthesizer()) as story:
        story.apply(Settings())
        assert "own broke" in story.until_trouble().what


def test_words_handed_over_before_the_start_are_said() -> None:
    story = VoiceStory()
    story.say("Early.")
    story.voice.start()
    story.until(STARTED)
    story.voice.close()


def test_closing_silences_and_can_be_done_without_a_start() -> None:
    with voice_story() as story:
        story.say("One two three four.")
        story.until(STARTED)
        story.voice.close()
        story.until(STOPPED)
    VoiceStory().voice.close()
