"""How long each target has to be looked at."""

from __future__ import annotations

from assistive.boards.board import Action, Rect, Target, TargetKind, Verb
from assistive.fusion.times import HELP_S, dwell_time
from assistive.settings import DwellSettings


def target(kind: TargetKind, label: str, verb: Verb = Verb.WORD) -> Target:
    return Target("x", kind, label, Rect(0, 0, 1, 1), Action(verb, label), label)


def test_a_longer_phrase_may_be_read_for_longer() -> None:
    quick = DwellSettings(letter_s=0.4)
    short = dwell_time(target(TargetKind.PHRASE, "yes please"), quick)
    long = dwell_time(target(TargetKind.PHRASE, "yes please, that would be very nice"), quick)
    assert quick.letter_s * quick.phrase_factor < short < long < 4.0


def test_who_does_not_want_time_to_read_gets_none() -> None:
    settings = DwellSettings(letter_s=0.4, reading_factor=0.0, phrase_factor=2.0, word_factor=1.5)
    assert dwell_time(target(TargetKind.PHRASE, "a b c d e f g"), settings) == 0.8
    assert round(dwell_time(target(TargetKind.WORD, "tea"), settings), 3) == 0.6


def test_a_slow_person_has_time_enough_anyway() -> None:
    slow = DwellSettings(letter_s=2.0)
    assert dwell_time(target(TargetKind.WORD, "tea"), slow) == 2.0 * slow.word_factor


def test_help_is_the_same_on_every_day() -> None:
    help_key = target(TargetKind.HELP, "help", Verb.HELP)
    assert {dwell_time(help_key, DwellSettings(letter_s=s)) for s in (0.2, 1.0, 4.0)} == {HELP_S}
