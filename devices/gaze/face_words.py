"""devices.gaze: what is wrong with a webcam's picture, and what to do about it, in words for the caregiver."""

from __future__ import annotations

from collections.abc import Callable

from devices.i18n import N_
from devices.samples import FaceVerdict

_SENTENCES = {
    FaceVerdict.GOOD: N_("The camera sees the eyes well."),
    FaceVerdict.DARK: N_(
        "It is too dark for the camera to see the eyes. Turn on a lamp that shines on the face, "
        "not into the camera."
    ),
    FaceVerdict.NO_FACE: N_(
        "The camera sees no face. Turn the camera or the screen until the face is in the middle of the picture."
    ),
    FaceVerdict.STILL: N_(
        "The face has not moved and not blinked for a while: the camera may be looking at a photo, "
        "or its picture may be frozen. Take the photo away, or unplug the camera and plug it in again."
    ),
    FaceVerdict.CUT_OFF: N_(
        "An eye is outside of the picture. Turn the camera until the whole face can be seen."
    ),
    FaceVerdict.SMALL: N_(
        "The face is too far away for the eyes to be measured. Bring the camera nearer, to an arm's length."
    ),
    FaceVerdict.TWO_FACES: N_(
        "There is a second face in the picture. Sayso stays with one of them; let only the person who writes "
        "be before the camera."
    ),
    FaceVerdict.GLARE: N_(
        "Light is reflected on the eyes or the glasses. Move the lamp, or tilt the screen or the glasses a little."
    ),
    FaceVerdict.SLOW: N_(
        "The camera sends too few pictures a second. Make more light, close other programs, "
        "or plug the camera straight into the computer."
    ),
}


def verdict_sentence(verdict: FaceVerdict, tr: Callable[[str], str] = str) -> str:
    """Say what the verdict means and what to do, in a sentence or two, translated by `tr`."""
    return tr(_SENTENCES[verdict])
