"""assistive.fusion: how long each kind of target has to be looked at."""

from __future__ import annotations

from assistive.boards.board import Target, TargetKind, Verb
from assistive.settings import DwellSettings

HELP_S = 1.5  # fixed: the same on every day and for every setting (DESIGN 5.8)
SPEAK_S = 1.5
CLEAR_S = 2.0
REST_S = 1.5
NOTICE_S = 1.5  # on top of the time that it takes to read it
READING_S_PER_WORD = 0.25  # slow readers: DESIGN 4 has .17 on average for a phrase

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
}


def dwell_time(target: Target, settings: DwellSettings) -> float:
    """Seconds that `target` has to be looked at.

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
        return settings.letter_s * settings.word_factor
    if target.kind is TargetKind.PHRASE:
        return settings.letter_s * settings.phrase_factor
    return settings.letter_s
