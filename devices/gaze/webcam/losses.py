"""devices.gaze.webcam: why there are no pictures, and what to do about it, in words for the caregiver."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from devices.driver import DeviceLost
from devices.gaze.webcam.cameras import Obstacle, obstacle, used_by
from devices.gaze.webcam.messages import Failure, Lost, Order

Translate = Callable[[str], str]


def no_model(tr: Translate) -> DeviceLost:
    """The face landmarker was never fetched."""
    return DeviceLost(
        tr(
            "The model that finds faces has not been fetched, so the camera cannot be used. All other inputs "
            "still work. Run `sayso models fetch`."
        )
    )


def no_camera(tr: Translate) -> DeviceLost:
    """There is none at all."""
    return DeviceLost(
        tr(
            "No camera was found. All other inputs still work. Plug a camera in; it is then used without "
            "further ado."
        )
    )


def lost(found: Lost, order: Order, tr: Translate) -> DeviceLost:
    """Put into words why the child ended."""
    if found.failure is Failure.NO_MODEL:
        return DeviceLost(
            tr(
                "The model that finds faces, {model}, cannot be used ({reason}). All other inputs still work. "
                "Fetch it again with `sayso models fetch`."
            ).format(model=order.model, reason=found.detail)
        )
    if found.failure is Failure.BROKEN:
        return DeviceLost(
            tr(
                "Looking at the camera's pictures failed ({reason}). It is being started again; all other inputs "
                "still work. If this stays, unplug the camera and plug it in again."
            ).format(reason=found.detail)
        )
    if order.is_file:
        return no_video(order.source, tr) or _no_frames(order.source, tr)
    return blocked(order.source, tr) or _no_pictures(order.source, tr)


def no_video(path: str, tr: Translate) -> DeviceLost | None:
    """Say that there is no such file; None if there is."""
    return (
        None if Path(path).is_file() else DeviceLost(tr("There is no video file {path}.").format(path=path))
    )


def blocked(camera: str, tr: Translate) -> DeviceLost | None:
    """Say what keeps this account from a camera's device file; None if nothing does."""
    if not camera.startswith("/"):
        return None
    match obstacle(camera):
        case Obstacle.ABSENT:
            return DeviceLost(
                tr(
                    "The camera {camera} is not there. All other inputs still work. Plug it in again, or choose "
                    "another one in the settings."
                ).format(camera=camera)
            )
        case Obstacle.FORBIDDEN:
            return DeviceLost(
                tr(
                    "This account may not use the camera {camera}. All other inputs still work. Add the account to "
                    "the group video (`sudo usermod -aG video NAME`) and log in again."
                ).format(camera=camera)
            )
        case Obstacle.IN_USE:
            return _in_use(camera, used_by(camera), tr)
    return None


def died(exit_code: int | None, tr: Translate) -> DeviceLost:
    """The child ended without a word."""
    reason = tr("it does not answer") if exit_code is None else str(exit_code)
    if exit_code is not None and exit_code < 0:
        reason = tr("signal {number}").format(number=-exit_code)
    return DeviceLost(
        tr(
            "The camera's process stopped ({reason}). It is being started again; all other inputs still work."
        ).format(reason=reason)
    )


def _no_pictures(camera: str, tr: Translate) -> DeviceLost:
    program = used_by(camera)
    if program:
        return _in_use(camera, program, tr)
    return DeviceLost(
        tr(
            "The camera {camera} sends no pictures. All other inputs still work. Unplug it and plug it in again, "
            "and close other programs that may be using it."
        ).format(camera=camera)
    )


def _in_use(camera: str, program: str, tr: Translate) -> DeviceLost:
    return DeviceLost(
        tr(
            "The camera {camera} is used by another program ({program}). All other inputs still work. Close that "
            "program; the camera is then used without further ado."
        ).format(camera=camera, program=program or tr("its name is not known"))
    )


def _no_frames(path: str, tr: Translate) -> DeviceLost:
    return DeviceLost(
        tr("The video file {path} is damaged, or of a kind that cannot be played.").format(path=path)
    )
