"""devices.gaze: the rows of an LSL stream as gaze samples, in shares of the screen."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from statistics import median

from devices.gaze.lsl_layout import NOWHERE, GazeLayout, LayoutError, Unit
from devices.gaze.recording import between
from devices.samples import GazeSample, Point

ENOUGH = 20  # places that tell the unit
TOO_MANY = 300  # places that did not
LEAST, MOST = -0.5, 1.5  # shares of the screen; what is further away is no look at it
SURELY_PIXELS = 10.0


class RowReader:
    """Turns rows into samples.

    The unit is the one that the stream's metadata name, or shares where they name none and the numbers could be
    shares, until 20 places tell it: their median is within half a screen of the screen (shares), or more than 10 away
    from 0 (pixels). Places with x = y count for nothing: (0, 0), (-1, -1) and (1e8, 1e8) stand for eyes that are lost.

    Parameters
    ----------
    stream : str
        The stream's name, for the sentences of errors.
    layout : GazeLayout
    screen_px : tuple of float, optional
        Width and height of the screen, for streams in pixels.
    tr : callable
        Translates the sentences of errors.
    """

    def __init__(
        self,
        stream: str,
        layout: GazeLayout,
        screen_px: tuple[float, float] | None = None,
        tr: Callable[[str], str] = str,
    ) -> None:
        self._stream = stream
        self._layout = layout
        self._screen_px = screen_px
        self._tr = tr
        self._scale: Point | None = None
        self._deciding = True
        self._places: deque[Point] = deque(maxlen=ENOUGH)
        self._count = 0
        if layout.unit is not Unit.UNKNOWN:
            self._use(layout.unit)

    def sample(self, t: float, row: Sequence[float]) -> GazeSample:
        """The sample of a row that was taken at time `t`.

        Raises
        ------
        LayoutError
            The numbers are no places on a screen, or pixels of a screen whose size is not known.
        """
        layout = self._layout
        both, left, right = (
            None if columns is None else columns.place(row)
            for columns in (layout.both, layout.left, layout.right)
        )
        if self._deciding:
            self._decide(next((p for p in (both, left, right) if p is not None and p[0] == p[0]), None))
        both, left, right = self._share(both), self._share(left), self._share(right)
        x, y = both if both is not None else between(left, right)
        return GazeSample(t, x, y, left, right)

    def _share(self, place: Point | None) -> Point | None:
        if place is None:
            return None
        if self._scale is None:
            return NOWHERE
        x, y = place[0] * self._scale[0], place[1] * self._scale[1]
        return (x, y) if _may_be_share(x, y) else NOWHERE

    def _decide(self, place: Point | None) -> None:
        if place is None:
            return
        if self._scale is None and place != (0, 0) and _may_be_share(*place):
            self._use(Unit.SHARE)
        if place[0] == place[1]:
            return
        self._places.append(place)
        self._count += 1
        if len(self._places) < ENOUGH:
            return
        x, y = (median(values) for values in zip(*self._places, strict=True))
        if _may_be_share(x, y):
            self._deciding = False
            self._use(Unit.SHARE)
        elif max(abs(x), abs(y)) > SURELY_PIXELS:
            self._deciding = False
            self._use(Unit.PIXEL)
        elif self._count >= TOO_MANY and self._scale is None:
            raise LayoutError(
                self._tr(
                    "The numbers of the stream {stream} are neither shares of the screen (0 to 1) nor pixels. Look for "
                    "another unit in its program, or choose another stream in the settings."
                ).format(stream=self._stream)
            )

    def _use(self, unit: Unit) -> None:
        if unit is Unit.SHARE:
            self._scale = (1.0, 1.0)
            return
        if self._screen_px is None or not all(math.isfinite(n) and n > 0 for n in self._screen_px):
            raise LayoutError(
                self._tr(
                    "The stream {stream} gives the gaze in pixels, and the size of the screen is not known. Switch its "
                    "program to shares of the screen (0 to 1), or choose another stream in the settings."
                ).format(stream=self._stream)
            )
        self._scale = (1 / self._screen_px[0], 1 / self._screen_px[1])


def _may_be_share(x: float, y: float) -> bool:
    return LEAST <= x <= MOST and LEAST <= y <= MOST
