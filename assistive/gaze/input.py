"""assistive.gaze: the gaze driver that the settings name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistive.messages import Trouble
from assistive.settings import Settings
from devices.driver import Driver
from devices.gaze.replay import ReplayDriver
from devices.i18n import N_
from devices.registry import DriverUnavailable, build
from models.weights import installed

WEBCAM, LSL = "webcam", "lsl"
FACE_LANDMARKER = "face-landmarker"


def gaze_driver(
    settings: Settings, t: float, screen_px: tuple[float, float] | None, tr: Callable[[str], str]
) -> tuple[Driver | None, Trouble | None]:
    """Return the driver of ``input.gaze``, and what is wrong with it.

    Parameters
    ----------
    settings : Settings
    t : float
        Now, in seconds on the shared clock.
    screen_px : tuple of float, optional
        The screen's size, for trackers that tell pixels.
    tr : callable
        Translates what the driver says.

    Returns
    -------
    Driver or None
        None: the pointer, which the window provides.
    Trouble or None
        The driver cannot be used, and the pointer stands in.
    """
    try:
        match settings.input.gaze:
            case "pointer":
                return None, None
            case "replay":
                return ReplayDriver(Path(settings.input.replay), tr=tr), None
            case "webcam":
                face = installed(FACE_LANDMARKER)
                return build(WEBCAM, settings.gaze.camera, model=face, tr=tr, loop=True, translate=tr), None
            case "lsl":
                return build(LSL, settings.gaze.stream, screen_px=screen_px, tr=tr, translate=tr), None
            case other:
                return build(other, translate=tr), None
    except DriverUnavailable as error:
        works = N_("The pointer stands in: move it as you would look.")
        todo = N_("Choose another input device in the settings.")
        return None, Trouble(t, "input", str(error), works, todo)


def names_the_device(changed: set[str]) -> bool:
    """Whether one of these settings ("section.field") means another device, or the same one differently."""
    return not changed.isdisjoint({"input.gaze", "input.replay", "gaze.camera", "gaze.stream"})
