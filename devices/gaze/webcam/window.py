"""devices.gaze.webcam: which part of the frame is looked at.

MediaPipe's face detector sees its picture at 128 x 128 px and misses faces narrower than about an eighth of it. So
it is given a window around the face, which then fills a third of it; and where there is no face, the frame and parts
of it in turn.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

WIDE, TIGHT = 3.0, 1.8
"""How many faces fit beside each other into a new window; the tight one is for two people cheek to cheek."""

_SMALLEST_SHARE, _LARGEST_SHARE = 0.2, 0.75  # of a window's width, for a face that stays in it
_MARGIN = 0.15  # of the face's width, to the border of the window


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in px; `right` and `bottom` are outside of it."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """In px."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """In px."""
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        """In px."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def overlap(self, other: Box) -> float:
        """The area that both have, as a share of the smaller one's."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        smaller = min(self.width * self.height, other.width * other.height)
        return max(0.0, width) * max(0.0, height) / smaller if smaller > 0 else 0.0


def window_around(face: Box, width_px: int, height_px: int, faces_wide: float = WIDE) -> Box:
    """Return a window with the face in its middle, shifted into the frame; at whole px."""
    side = round(faces_wide * max(face.width, face.height))
    width, height = min(max(side, 2), width_px), min(max(side, 2), height_px)
    left = min(max(round(face.centre[0] - width / 2), 0), width_px - width)
    top = min(max(round(face.centre[1] - height / 2), 0), height_px - height)
    return Box(left, top, left + width, top + height)


def may_stay(window: Box, face: Box, width_px: int, height_px: int) -> bool:
    """Whether a face is still well inside of its window. Each move costs the tracking that is going on."""
    share = max(face.width, face.height) / max(window.width, window.height)
    whole = window.width >= width_px and window.height >= height_px
    if share < _SMALLEST_SHARE or (share > _LARGEST_SHARE and not whole):
        return False
    margin = _MARGIN * face.width
    return (
        (window.left <= 0 or face.left - margin >= window.left)
        and (window.top <= 0 or face.top - margin >= window.top)
        and (window.right >= width_px or face.right + margin <= window.right)
        and (window.bottom >= height_px or face.bottom + margin <= window.bottom)
    )


def search_windows(width_px: int, height_px: int) -> list[Box]:
    """Return overlapping parts of the frame, the likely ones first, in which a face that is far away is found."""
    side = 0.75 * min(width_px, height_px)
    columns, rows = (_steps(width_px, side), _steps(height_px, side))
    parts = [Box(x, y, x + int(side), y + int(side)) for y, x in itertools.product(rows, columns)]
    return sorted(parts, key=lambda part: abs(part.centre[0] - width_px / 2) + part.top)


def _steps(length: int, side: float) -> list[int]:
    """Where windows begin that cover `length` and overlap by a quarter at least."""
    free = length - int(side)
    count = max(1, -(-free // max(1, int(0.75 * side))))
    return [round(i * free / count) for i in range(count + 1)] if free > 0 else [0]
