"""assistive.boards: the question about seizures, and the person's consent to keys that flash (DESIGN 5.7)."""

from __future__ import annotations

from collections.abc import Callable

from assistive.boards.board import Action, TargetKind, Verb
from assistive.boards.cells import Cell, opens
from assistive.boards.eeg_page import CONSENT, EEG
from assistive.boards.reading_page import Reading, Words
from assistive.consents import FLASHING

STAYS_OFF = f"{CONSENT}/off"
AGREE = f"{CONSENT}/agree"  # only from the question, by the answer "no"
KEYS_SHARE = 0.36
Translate = Callable[[str], str]


def consent_reading(page: str, tr: Translate) -> Reading:
    """Return the page of the consent: the question first, whatever else is asked for."""
    if page == STAYS_OFF:
        return _stays_off(tr)
    return _agree(tr) if page == AGREE else _question(tr)


def _question(tr: Translate) -> Reading:
    words = Words(
        tr("Has anyone ever told you that flashing light gives you seizures, or have you had a seizure?"),
        tr("Flashing light can bring on a seizure in some people. Please answer this yourself."),
        large=True,
    )
    keys = (
        _opens("yes", tr("yes"), STAYS_OFF),
        _opens("unknown", tr("I do not know"), STAYS_OFF),
        _opens("no", tr("no"), AGREE),
        _not_now(tr),
    )
    return Reading(CONSENT, (words,), keys, keys_share=KEYS_SHARE)


def _stays_off(tr: Translate) -> Reading:
    words = (
        Words(
            tr("Nothing will flash."),
            tr(
                "Please talk to a doctor first. If the doctor has nothing against it, it can be changed here at any time."
            ),
            large=True,
        ),
        Words(
            tr("Everything else works as before."),
            tr("Eyes, a switch and a click choose all keys. The signal of the electrodes can be looked at."),
            large=True,
        ),
    )
    keys = (_opens("question", tr("the question again"), CONSENT), opens("fn:back", tr("Good"), EEG))
    return Reading(STAYS_OFF, words, keys, keys_share=KEYS_SHARE)


def _agree(tr: Translate) -> Reading:
    words = (
        Words(
            tr("Keys would brighten, one after the other."),
            tr("By what your brain answers, Sayso finds the key that you look at. Nothing else flashes."),
            large=True,
        ),
        Words(
            tr("How strongly and how long is limited."),
            tr(
                "Less than what guidelines call dangerous, no strong red, two minutes at most, then a break. It ends by itself when the EEG is lost."
            ),
            large=True,
        ),
        Words(
            tr("It is up to you."),
            tr(
                "Any key of the keyboard, or a click, stops it at once, and so does “stop” on the page “EEG”. It can be taken back there at any time."
            ),
            large=True,
        ),
    )
    agree = Cell("consent:agree", TargetKind.SETTING, tr("I agree"), Action(Verb.SETTING, f"{FLASHING}=true"))
    return Reading(AGREE, words, (agree, _not_now(tr)), keys_share=KEYS_SHARE)


def _opens(name: str, label: str, page: str) -> Cell:
    return Cell(f"consent:{name}", TargetKind.SETTING, label, Action(Verb.OPEN, page))


def _not_now(tr: Translate) -> Cell:
    return opens("fn:back", tr("not now"), EEG)
