"""assistive.fusion: how long each kind of target has to be looked at."""

from __future__ import annotations

import math

from assistive.boards.board import Target, TargetKind, Verb
from assistive.settings import DwellSettings

HELP_S = 1.5  # fixed: the same on every day and for every setting (DESIGN 5.8)
SPEAK_S = 1.5
CLEAR_S = 2.0
REST_S = 1.5
NOTICE_S = 1.5  # on top of the time that it takes to read it
READING_S_PER_WORD = 0.25  # slow readers: DESIGN 4 has .17 on average for a phrase

# Median fixations that only read (DESIGN 4), and the factor that 998 of 1000 of them stay below (a lognormal with a
# log-sd of .42): several slots are read for each one that is chosen, so one in fifty would be far too many.
WORD_READING_S = 0.20
READING_S_PER_LETTER = 0.012
PHRASE_READING_S = 0.10
PHRASE_READING_S_PER_WORD = 0.17
LONGEST_TO_READ_S = 3.5
ENOUGH = math.exp(2.88 * 0.42)

_FIXED = {
    Verb.HELP: HELP_S,
    Verb.HELP_BACK: HELP_S,
    Verb.REST: REST_S,
    Verb.WAKE: REST_S,
    Verb.CLEAR: CLEAR_S,
    Verb.SPEAK: SPEAK_S,
    Verb.STOP: 1.0,
    Verb.SAY: SPEAK_S,
    Verb.CHIME: SPEAK_S,
    Verb.REPEAT: SPEAK_S,
    Verb.CALIBRATE: SPEAK_S,
    Verb.CONFIRM: SPEAK_S,
}


def dwell_time(target: Target, settings: DwellSettings) -> float:
    """Seconds that `target` has to be looked at.

    Looking at a word or phrase to read it and to choose it differ only in time, and reading takes longer the
    longer it is: they are never chosen sooner than most looks that only read them last.

    Verbs with weight (speak, clear, rest, help) have fixed times, but never less than a letter's;
    help alone is always the same.
    """
    if target.action.verb in (Verb.HELP, Verb.HELP_BACK, Verb.WAKE):
        return _FIXED[target.action.verb]
    if target.action.verb is Verb.DISMISS:
        return NOTICE_S + READING_S_PER_WORD * len(target.name.split())
    fixed = _FIXED.get(target.action.verb)
    if fixed is not None:
        return max(fixed, settings.letter_s)
    if target.kind is TargetKind.WORD:
        reading_s = WORD_READING_S + READING_S_PER_LETTER * len(target.label)
        return max(settings.letter_s * settings.word_factor, _to_read(reading_s, settings))
    if target.kind is TargetKind.PHRASE:
        reading_s = PHRASE_READING_S + PHRASE_READING_S_PER_WORD * len(target.label.split())
        return max(settings.letter_s * settings.phrase_factor, _to_read(reading_s, settings))
    return settings.letter_s


def _to_read(median_s: float, settings: DwellSettings) -> float:
    return min(LONGEST_TO_READ_S, settings.reading_factor * ENOUGH * median_s)
