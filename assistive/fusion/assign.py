"""assistive.fusion: which target a gaze point belongs to."""

from __future__ import annotations

from assistive.boards.board import Board, Rect, Target


def assign(
    board: Board, x: float, y: float, current: str | None, *, stickiness: float = 0.12
) -> Target | None:
    """The target that is looked at from the point (x, y), shares of the window, or None.

    Parameters
    ----------
    current : str or None
        The target looked at until now: it keeps the gaze through jitter across its border.
    stickiness : float
        How far outside the current target the gaze may stray, as a share of its width and height.
    """
    if current is not None:
        target = board.target(current)
        if target is not None and target.choosable and _grown(target.rect, stickiness).contains(x, y):
            return target
    target = board.at(x, y)
    return target if target is not None and target.choosable else None


def _grown(rect: Rect, share: float) -> Rect:
    return Rect(
        rect.x - rect.w * share, rect.y - rect.h * share, rect.w * (1 + 2 * share), rect.h * (1 + 2 * share)
    )
