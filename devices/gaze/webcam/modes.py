"""devices.gaze.webcam: the sizes of picture to ask a camera for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WANTED_FPS = 27.0
"""Of a camera that claims 30."""


@dataclass(frozen=True, slots=True)
class Mode:
    """Size of the pictures."""

    width_px: int
    height_px: int


_HD, _FULL_HD, _VGA = Mode(1280, 720), Mode(1920, 1080), Mode(640, 480)

MODES = (_HD, _FULL_HD, _VGA)
"""In this order: the first has enough pixels for the eyes and leaves time for all else."""

SHARP_MODES = (_FULL_HD, _HD, _VGA)
"""In this order for a face that is far away."""


def best_mode(rates: Mapping[Mode, float]) -> Mode | None:
    """Return the first mode that is fast enough, else the fastest, the larger one where it hardly matters.

    Parameters
    ----------
    rates : mapping of Mode to float
        Pictures a second as measured, in the order of preference; 0: the camera does not have it.
    """
    works = {mode: fps for mode, fps in rates.items() if fps > 0}
    if not works:
        return None
    enough = min(WANTED_FPS, 0.9 * max(works.values()))
    return next(mode for mode, fps in works.items() if fps >= enough)
