"""assistive.boards: yes or no before a sentence is spoken."""

from __future__ import annotations

import math
from collections.abc import Callable

from assistive.boards.board import Action, TargetKind, Verb
from assistive.boards.cells import Cell
from assistive.boards.reading_page import Reading, Words
from assistive.confirming import ConfirmView
from assistive.fusion.yes_no import Answer

CONFIRM = "confirm"
KEYS_SHARE = 0.5

Translate = Callable[[str], str]


def confirm_reading(view: ConfirmView, tr: Translate) -> Reading:
    """Return the page with the sentence and two large keys. What a switch would take now is the coloured one."""
    question = tr("To be sure, once more: say this?") if view.again else tr("Say this?")
    note = question if view.error is None else f"{question} {_claim(view.error, tr)}"
    keys = tuple(
        Cell(
            f"confirm:{answer}",
            _kind(answer, view),
            tr("yes") if answer is Answer.YES else tr("no"),
            Action(Verb.CONFIRM, answer.value),
        )
        for answer in Answer
    )
    sentence = Words(view.sentence, note, large=True)
    return Reading(CONFIRM, (sentence,), keys, keys_share=KEYS_SHARE)


def _kind(answer: Answer, view: ConfirmView) -> TargetKind:
    if view.highlighted is None:
        return TargetKind.SETTING
    return TargetKind.SPEAK if answer is view.highlighted else TargetKind.FUNCTION


def _claim(error: float, tr: Translate) -> str:
    times = max(1, math.ceil(100 * error - 1e-9))
    return tr("By the switch, a yes would be wrong at most {times} times out of 100.").format(times=times)
