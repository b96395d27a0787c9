"""calibration: what a tracker that calibrates itself is still off, where it is clear that it is.

An eye tracker brings its own calibration. It is corrected only where that would have helped on targets it was not fitted
to: an offset, or an offset and a gain, for each axis apart; otherwise it stays as it is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median, pstdev

from calibration.gaze import Axes, Eyes
from calibration.outcome import TargetSample
from calibration.quality import is_place
from devices.samples import GazeSample

VERSION = 1
KIND = "correction"
CLEARLY = 0.8  # of the error that the simpler correction leaves
LEAST_GAIN = 0.003  # of the screen, about 1.5 mm
GAINS = (0.8, 1.25)  # a tracker that is off by more has not been calibrated at all
TARGETS_FOR_GAIN = 4
SPREAD_FOR_GAIN = 0.3  # of the screen


@dataclass(frozen=True, slots=True)
class Line:
    """true = offset + gain * told, in shares of the screen."""

    offset: float = 0.0
    gain: float = 1.0

    def __call__(self, told: float) -> float:
        """Return the corrected coordinate."""
        return self.offset + self.gain * told


@dataclass(frozen=True, slots=True)
class Correction:
    """What is done to a tracker's samples.

    Parameters
    ----------
    x, y : Line
    eyes : Eyes
        One eye alone, where the tracker tells them apart.
    """

    x: Line = Line()
    y: Line = Line()
    eyes: Eyes = Eyes.BOTH

    def apply(self, sample: GazeSample) -> GazeSample:
        """Return the sample as it should have been."""
        if self == Correction():
            return sample
        x, y = _told(sample, self.eyes)
        return replace(sample, x=self.x(x), y=self.y(y))

    def to_json(self) -> str:
        """All of it, as text for a file."""
        lines = {"x": [self.x.offset, self.x.gain], "y": [self.y.offset, self.y.gain]}
        return json.dumps({"version": VERSION, "kind": KIND, "eyes": self.eyes.value} | lines)

    @classmethod
    def from_json(cls, text: str) -> Correction:
        """Return what `to_json` wrote.

        Raises
        ------
        ValueError
            It is damaged, or of another version.
        """
        try:
            data = json.loads(text)
            if data["version"] != VERSION or data["kind"] != KIND:
                raise ValueError("no correction of a tracker that is known here")
            x, y = (Line(*map(float, data[axis])) for axis in ("x", "y"))
            if not all(map(math.isfinite, (x.offset, x.gain, y.offset, y.gain))):
                raise ValueError("a correction without numbers")
            return cls(x, y, Eyes(data["eyes"]))
        except (LookupError, TypeError, RecursionError, OverflowError) as error:
            raise ValueError(f"no correction of a tracker: {error!r}") from error


def fit_correction(
    samples: Sequence[TargetSample], *, eyes: Eyes = Eyes.BOTH, axes: Axes = Axes.BOTH
) -> Correction:
    """Find what clearly brings the gaze closer to targets that it was not fitted to (leave one out).

    Parameters
    ----------
    samples : sequence of TargetSample
        Samples of a webcam are left out.
    """
    told: dict[tuple[float, float], list[tuple[float, float]]] = {}
    for sample in samples:
        if isinstance(sample.seen, GazeSample):
            place = _told(sample.seen, eyes)
            if is_place(*place):
                told.setdefault((sample.x, sample.y), []).append(place)

    def line(axis: int) -> Line:
        targets = [target[axis] for target in told]
        looks = [median(place[axis] for place in places) for places in told.values()]
        noise = [pstdev(place[axis] for place in places) for places in told.values()]
        return _line(looks, targets, max(noise, default=0.0))

    return Correction(
        line(0) if axes is not Axes.VERTICAL else Line(),
        line(1) if axes is not Axes.HORIZONTAL else Line(),
        eyes,
    )


def _told(sample: GazeSample, eyes: Eyes) -> tuple[float, float]:
    one = {Eyes.RIGHT: sample.right, Eyes.LEFT: sample.left}.get(eyes)
    return one if one is not None else (sample.x, sample.y)


Fit = Callable[[Sequence[float], Sequence[float]], Line]


def _line(looks: Sequence[float], targets: Sequence[float], noise: float) -> Line:
    if not looks:
        return Line()
    if len(looks) == 1:
        line = _offset(looks, targets)
        return line if abs(line.offset) > max(2 * noise, LEAST_GAIN) else Line()
    best, error = Line(), fmean(abs(look - target) for look, target in zip(looks, targets, strict=True))
    fits: list[Fit] = [_offset]
    if len(looks) >= TARGETS_FOR_GAIN and max(targets) - min(targets) >= SPREAD_FOR_GAIN:
        fits.append(_gain)
    for fit in fits:
        left = fmean(_left_out(fit, looks, targets))
        if left < CLEARLY * error and error - left > LEAST_GAIN:
            best, error = fit(looks, targets), left
    return best


def _left_out(fit: Fit, looks: Sequence[float], targets: Sequence[float]) -> list[float]:
    """The error at each target of what was fitted to the others."""
    errors = []
    for i, (look, target) in enumerate(zip(looks, targets, strict=True)):
        others = fit([*looks[:i], *looks[i + 1 :]], [*targets[:i], *targets[i + 1 :]])
        errors.append(abs(others(look) - target))
    return errors


def _offset(looks: Sequence[float], targets: Sequence[float]) -> Line:
    return Line(median(target - look for look, target in zip(looks, targets, strict=True)))


def _gain(looks: Sequence[float], targets: Sequence[float]) -> Line:
    look, target = fmean(looks), fmean(targets)
    square = sum((one - look) ** 2 for one in looks)
    both = sum((one - look) * (other - target) for one, other in zip(looks, targets, strict=True))
    if square == 0.0:
        return _offset(looks, targets)
    gain = min(max(both / square, GAINS[0]), GAINS[1])
    return Line(target - gain * look, gain)
