"""calibration: roughly where the eyes point, before anything is known of the person.

It says whether the eyes rest, move or are gone while a person calibrates. It is too crude to choose by: the middle of
the screen, the gain and the vertical are different for everybody.
"""

from __future__ import annotations

import math

from calibration.gaze import Eyes
from calibration.screen import ScreenSize
from devices.samples import FaceVerdict, GazeSample
from models.gaze.features import Eye, EyeFeatures

Seen = EyeFeatures | GazeSample
"""What a camera or a tracker saw of the eyes at one moment."""

Angles = tuple[float, float]
"""Degrees to the right and down, from somewhere."""

# An eye of 30 mm width turns around a centre 11 mm behind the iris: a shift of one eye width is 2.7 radians.
IRIS_GAIN = 2.7
# The upper lid follows the eye up and down; it is measured better than the iris, which it half covers.
IRIS_DOWN_GAIN, LID_GAIN = 1.0, 2.0
FAR_BESIDE_DEG = 10.0  # as far as a camera sees the eyes turn, with the head
UNUSABLE = frozenset({FaceVerdict.DARK, FaceVerdict.NO_FACE, FaceVerdict.STILL})


def raw_gaze(seen: Seen, eyes: Eyes, screen: ScreenSize) -> Angles | None:
    """Return roughly where the eyes point; None where the eyes that are asked for are not seen.

    Parameters
    ----------
    seen : EyeFeatures or GazeSample
    eyes : Eyes
        Which are looked with. Both: the one that is seen, where the other is not.
    screen : ScreenSize
        Turns the place that a tracker tells into an angle.
    """
    angles = _of_tracker(seen, eyes, screen) if isinstance(seen, GazeSample) else _of_face(seen, eyes)
    return angles if angles is not None and all(math.isfinite(angle) for angle in angles) else None


def angles_of(place: tuple[float, float], screen: ScreenSize) -> Angles:
    """Return where a place on the screen (shares) is, in degrees from its middle."""
    width_mm, height_mm = screen.size_mm
    right = math.atan2((place[0] - 0.5) * width_mm, screen.distance_mm)
    down = math.atan2((place[1] - 0.5) * height_mm, screen.distance_mm)
    return math.degrees(right), math.degrees(down)


def far_beside(place: Angles, screen: ScreenSize, used: tuple[bool, bool]) -> bool:
    """Whether a place (degrees from the middle) is far beside the screen, on an axis that is used."""
    edge = angles_of((1.0, 1.0), screen)
    return any(abs(place[axis]) > edge[axis] + FAR_BESIDE_DEG and used[axis] for axis in (0, 1))


def opening_of(seen: Seen, eyes: Eyes) -> float | None:
    """Return how far the eyes that are looked with are open (eye aspect ratio); None: not told."""
    if isinstance(seen, GazeSample):
        return None
    openings = [eye.opening for eye in _looking(seen, eyes) if math.isfinite(eye.opening)]
    return sum(openings) / len(openings) if openings else None


def _of_tracker(seen: GazeSample, eyes: Eyes, screen: ScreenSize) -> Angles | None:
    place = {Eyes.RIGHT: seen.right, Eyes.LEFT: seen.left}.get(eyes) or (seen.x, seen.y)
    return angles_of(place, screen) if all(math.isfinite(share) for share in place) else None


def _of_face(seen: EyeFeatures, eyes: Eyes) -> Angles | None:
    looking = _looking(seen, eyes)
    if seen.verdict in UNUSABLE or not looking:
        return None
    iris_x = sum(eye.iris_x for eye in looking) / len(looking)
    down = sum(IRIS_DOWN_GAIN * eye.iris_y + LID_GAIN * eye.lid_upper for eye in looking) / len(looking)
    head_x = head_y = 0.0
    if seen.forward is not None and seen.forward[2] > 0:
        x, y, z = seen.forward
        # A head that turns while the eyes stay on the target turns the eyes back in it: the sum rests.
        head_x, head_y = math.atan2(x, z), math.atan2(y, z)
    return math.degrees(-head_x - IRIS_GAIN * iris_x), math.degrees(-head_y + down)


def _looking(seen: EyeFeatures, eyes: Eyes) -> list[Eye]:
    right = seen.right if eyes is not Eyes.LEFT else None
    left = seen.left if eyes is not Eyes.RIGHT else None
    return [eye for eye in (right, left) if eye is not None]
