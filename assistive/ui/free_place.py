"""assistive.ui: where on a crowded map a word can stand."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRectF, QSizeF


def free_place(
    own: Sequence[QRectF],
    size: QSizeF,
    taken: tuple[Sequence[QRectF], Sequence[QRectF]],
    inside: QRectF,
    gap: float,
) -> QRectF:
    """Return where a word stands: beside its target, away from its line, or beside its disc; as near as it is free.

    Parameters
    ----------
    own : sequence of QRectF
        The square around the word's target, and last the one around its disc.
    size : QSizeF
        The word's.
    taken : tuple of sequences of QRectF
        The squares around all circles, and the words that stand already.
    inside : QRectF
        What the word stays in.
    gap : float
        From the word to what it belongs to (all in px).
    """
    w, h, target = size.width(), size.height(), own[0].center()
    off = own[-1].center() - target
    places = []
    for box in (own[0], own[0].united(own[-1])):
        for step in (0.0, 0.5 * h, h):
            above, below = box.top() - gap - step - h, box.bottom() + gap + step
            left, right = box.left() - gap - step - w, box.right() + gap + step
            for x, y in (
                (target.x() - w / 2, above if off.y() > 0 else below),
                (left if off.x() > 0 else right, target.y() - h / 2),
                (target.x() - w / 2, below if off.y() > 0 else above),
                (right if off.x() > 0 else left, target.y() - h / 2),
            ):
                x = min(max(x, inside.left()), inside.right() - w)
                y = min(max(y, inside.top()), inside.bottom() - h)
                places.append(QRectF(x, y, w, h))

    circles, words = taken

    def covered(place: QRectF) -> float:
        deep = [circle.width() / 2 + gap / 2 - _distance(circle.center(), place) for circle in circles]
        shared = [place.intersected(word) for word in words]
        return sum(max(0.0, d) for d in deep) + sum(min(part.width(), part.height()) for part in shared)

    return min(places, key=covered)


def _distance(point: QPointF, rect: QRectF) -> float:
    dx = max(rect.left() - point.x(), point.x() - rect.right(), 0.0)
    dy = max(rect.top() - point.y(), point.y() - rect.bottom(), 0.0)
    return math.hypot(dx, dy)
