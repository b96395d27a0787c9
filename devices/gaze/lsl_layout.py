"""devices.gaze: which channels of an LSL stream are the gaze, told from their labels and metadata.

The layouts that were looked at: App-TobiiPro (left_x, left_y, ...), App-TobiiStreamEngine (x, y, or two channels
without a label), scripts around tobii_research (left_gaze_point_on_display_area_0, ..._validity), TittaLSL, and the
relays of Pupil Labs, whose gaze is not on the screen. Metadata: XDF's for gaze (github.com/sccn/xdf/wiki/Gaze-Meta-Data).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from devices.samples import Point

NOWHERE: Point = (math.nan, math.nan)

_EYES = {"left": "left", "l": "left", "right": "right", "r": "right"}
_AXES = {"x": "x", "y": "y"}
_NUMBERED_AXES = {"0": "x", "1": "y"}
# What may stand beside the eye and the axis; any other word (pupil, origin, velocity, ...) is another quantity.
_OF_GAZE = {"gaze", "point", "on", "display", "area", "screen", "eye", "pos", "pog", "por", "norm", "px"}
_OF_GAZE |= {"coordinate", "coordinates", "normalized", "normalised", "pixel", "pixels"}
_ON_SCREEN = {"display", "screen"}
_VALID = {"valid", "validity"}
_SHARES = {"normalized", "normalised", "screencoords", "share", "ratio", "fraction", "adcs"}
_PIXELS = {"pixel", "pixels", "px"}
_REFUSED_UNITS = {"mm", "millimeter", "millimeters", "cm", "centimeters", "m", "meters", "in", "inches"}
_REFUSED_UNITS |= {"deg", "degree", "degrees", "rad", "radian", "radians", "percent"}
_NOT_THE_SCREEN = ("world", "scene", "camera", "head", "eye", "image")
_MOST_LABELS = 40


class LayoutError(Exception):
    """A stream's gaze cannot be used; the message says why in words for the caregiver."""


class Unit(StrEnum):
    """What the numbers of a stream count, as far as its metadata say."""

    SHARE = "share"  # of the screen's width and height
    PIXEL = "pixel"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as its stream describes it; "" where it says nothing. `kind` is "type" in XDF."""

    label: str = ""
    eye: str = ""
    kind: str = ""
    unit: str = ""
    coordinate_system: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row x and y are, and whether they are valid (more than 0.5) if the stream tells."""

    x: int
    y: int
    valid: int | None = None

    def place(self, row: Sequence[float]) -> Point:
        """The place in this row, in the stream's unit; NaN: none."""
        x, y = row[self.x], row[self.y]
        if not (math.isfinite(x) and math.isfinite(y)):
            return NOWHERE
        if self.valid is not None and not row[self.valid] > 0.5:
            return NOWHERE
        return x, y


@dataclass(frozen=True, slots=True)
class GazeLayout:
    """Where the gaze is in the rows of a stream: of both eyes together, of each eye, or all of these."""

    both: Columns | None
    left: Columns | None
    right: Columns | None
    unit: Unit


def find_layout(stream: str, channels: Sequence[Channel], tr: Callable[[str], str] = str) -> GazeLayout:
    """Find the gaze among the channels of a stream.

    Parameters
    ----------
    stream : str
        Its name, for the sentences of errors.
    channels : sequence of Channel
        One for each number of a row.
    tr : callable
        Translates the sentences of errors.

    Raises
    ------
    LayoutError
        There is no gaze in these channels, or it is not on a screen, or not in shares or pixels of one.
    """
    if any("norm_pos" in _normal(channel.label) for channel in channels):
        raise _not_on_the_screen(stream, tr)
    found: dict[tuple[str, str], int] = {}
    for place, channel in enumerate(channels):
        if role := _role(channel):
            found.setdefault(role, place)
    if len(channels) == 2 and not any(channel.label or channel.kind for channel in channels):
        found = {("both", "x"): 0, ("both", "y"): 1}
    both, left, right = (
        Columns(found[eye, "x"], found[eye, "y"], found.get((eye, "valid")))
        if {(eye, "x"), (eye, "y")} <= found.keys()
        else None
        for eye in ("both", "left", "right")
    )
    used = [columns for columns in (both, left, right) if columns is not None]
    if not used:
        raise _unknown(stream, channels, tr)
    of_gaze = [channels[place] for columns in used for place in (columns.x, columns.y)]
    if any(word in _normal(c.coordinate_system) for c in of_gaze for word in _NOT_THE_SCREEN):
        raise _not_on_the_screen(stream, tr)
    return GazeLayout(both, left, right, _unit(stream, of_gaze, tr))


def _role(channel: Channel) -> tuple[str, str] | None:
    """Which eye's x, y or validity a channel is; None: something else."""
    eye = _EYES.get(_normal(channel.eye), "both")
    kind = _normal(channel.kind)
    if kind in ("screen_x", "screen_y", "screenx", "screeny"):
        return eye, kind[-1]
    words = _normal(channel.label).split("_")
    axes = _AXES | _NUMBERED_AXES if _ON_SCREEN & set(words) else _AXES
    roles: list[str] = []
    for word in words:
        if word in _EYES:
            eye = _EYES[word]
        elif word in axes:
            roles.append(axes[word])
        elif word in _VALID:
            roles.append("valid")
        elif word not in _OF_GAZE:
            return None
    return (eye, roles[0]) if len(roles) == 1 else None


def _normal(text: str) -> str:
    """Lower case with one underscore between words: "LeftEyeX", "left-eye x" and "left_eye_x" are the same."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    return re.sub(r"[\W_]+", "_", apart.lower()).strip("_")


def _unit(stream: str, of_gaze: Sequence[Channel], tr: Callable[[str], str]) -> Unit:
    units = {_normal(channel.unit) for channel in of_gaze}
    if refused := units & _REFUSED_UNITS:
        raise LayoutError(
            tr(
                "The stream {stream} gives the gaze in {unit}. Sayso needs shares of the screen (0 to 1) or pixels: "
                "switch its program to one of them, or choose another stream in the settings."
            ).format(stream=stream, unit=min(refused))
        )
    if units & _PIXELS:
        return Unit.PIXEL
    return Unit.SHARE if units & _SHARES else Unit.UNKNOWN


def _not_on_the_screen(stream: str, tr: Callable[[str], str]) -> LayoutError:
    return LayoutError(
        tr(
            "The stream {stream} tells where somebody looks in the picture of a camera on their head, not where on the "
            "screen. Choose the stream of a tracker that is mounted at the screen; or have a program find the screen "
            "in the camera's picture and send x and y as shares of the screen."
        ).format(stream=stream)
    )


def _unknown(stream: str, channels: Sequence[Channel], tr: Callable[[str], str]) -> LayoutError:
    labels = [channel.label[:60] or "?" for channel in channels]
    if len(labels) > _MOST_LABELS:
        labels[_MOST_LABELS:] = ["..."]
    return LayoutError(
        tr(
            "Sayso does not find the gaze in the stream {stream}. Its channels are: {labels}. They must be called x and "
            "y, or left_x, left_y, right_x and right_y: rename them in its program, or choose another stream in the "
            "settings."
        ).format(stream=stream, labels=", ".join(labels))
    )
