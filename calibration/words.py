"""calibration: what a person or a caregiver is told while a calibration waits for them."""

from __future__ import annotations

from collections.abc import Callable

from calibration.attention import Attending
from devices.gaze.face_words import verdict_sentence
from devices.samples import FaceVerdict

# Why the eyes are gone, where it is not that they look away.
NOT_SEEN = (FaceVerdict.DARK, FaceVerdict.STILL, FaceVerdict.CUT_OFF)


def before_sentence(
    attending: Attending, verdict: FaceVerdict, *, eyes: bool, tr: Callable[[str], str]
) -> str:
    """What keeps the face check from going on; "" where nothing does. `eyes`: those that are followed are seen."""
    if attending is Attending.LOST:
        return _lost(tr)
    if verdict is not FaceVerdict.GOOD:
        return verdict_sentence(verdict, tr)
    if eyes:
        return ""
    return tr(
        "The face is seen, but not the eye that is to be followed. Turn the camera until it is seen, "
        "or choose the other eye in the settings."
    )


def pause_sentence(attending: Attending, verdict: FaceVerdict, tr: Callable[[str], str]) -> str:
    """Why the targets wait, and how they go on."""
    if attending is Attending.LOST:
        return _lost(tr)
    if verdict in NOT_SEEN:
        return verdict_sentence(verdict, tr)
    return tr("Paused. It goes on when you look at the target, and ends if you look away for longer.")


def _lost(tr: Callable[[str], str]) -> str:
    return tr("Nothing comes from the camera or the tracker. Is it plugged in? It goes on by itself.")
