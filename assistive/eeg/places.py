"""assistive.eeg: which targets of a board flash, where they are in rows and columns, and how they are grouped."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assistive.boards.board import Board, Target, Verb
from assistive.boards.calibration_page import CALIBRATION
from assistive.consents import ASKS_FOR
from assistive.fusion.flashing import FEWEST, Grouping, Place
from calibration.verdict import Verdict

CHECKERBOARD_FROM = 12  # targets: with fewer, a field of the checkerboard has no groups worth the name
CALIBRATION_CHOICES = (
    f"{CALIBRATION}/result",
    f"{CALIBRATION}/left",
)  # the eyes are free to wait for a flash


def flashing_targets(board: Board, verdict: Verdict | None) -> tuple[Target, ...]:
    """Return the targets that can be chosen by EEG: all that have something to choose, with two exceptions.

    While the eyes have to stay on the targets of a calibration nothing flashes, and what the person consents to they
    choose by EEG only where a calibration found that EEG helps.
    """
    if board.page.partition("/")[0] == CALIBRATION and board.page not in CALIBRATION_CHOICES:
        return ()
    sure = verdict is Verdict.HELPS
    return tuple(t for t in board.targets if t.choosable and (sure or not _consents(t)))


def _consents(target: Target) -> bool:
    """Whether choosing this gives a consent; what takes one back can always be chosen."""
    path, _, value = target.action.argument.partition("=")
    if target.action.verb is not Verb.SETTING or path not in ASKS_FOR:
        return False
    return value != ("false" if ASKS_FOR[path] else "true")


def places(targets: Sequence[Target]) -> dict[str, Place]:
    """Return the row and column of each target, which no other one has.

    What lies about as high is one row; in each the columns are counted from left to right. Neighbours in a row are
    neighbours here, and so are those above each other where the rows have as many targets.
    """
    if not targets:
        return {}
    tolerance = min(target.rect.h for target in targets) / 2
    rows: list[list[Target]] = []
    for target in sorted(targets, key=lambda each: each.rect.center[1]):
        if not rows or target.rect.center[1] - rows[-1][0].rect.center[1] > tolerance:
            rows.append([])
        rows[-1].append(target)
    return {
        target.id: (row, column)
        for row, members in enumerate(rows)
        for column, target in enumerate(sorted(members, key=lambda each: each.rect.center[0]))
    }


def grouping(count: int) -> Grouping:
    """Return how so many targets are put together."""
    if count < FEWEST:
        return Grouping.SINGLE
    return Grouping.CHECKERBOARD if count >= CHECKERBOARD_FROM else Grouping.GROUPS


def changed(old: Collection[Target], new: Collection[Target]) -> bool:
    """Whether something that flashes came, went, moved, or became another choice."""
    return {_content(target) for target in old} != {_content(target) for target in new}


def same_choices(old: Collection[Target], new: Collection[Target]) -> set[str]:
    """Return the ids that stand for the same choice in both."""
    before = {target.id: (target.label, target.action) for target in old}
    return {target.id for target in new if before.get(target.id) == (target.label, target.action)}


def _content(target: Target) -> tuple[object, ...]:
    return target.id, target.label, target.action, target.rect
