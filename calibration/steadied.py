"""calibration: the frames of one look, steadied as they will be when the person chooses.

A fit to single frames takes what trembles for what the eye does not follow: with eyes that shake by three degrees it found
no vertical gaze at all. What is pointed with is filtered, so what is fitted to is averaged over about the same time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

from calibration.gaze import CalibrationSample
from models.gaze.features import Eye

HALF_S = 0.1  # before and after each frame
_LENGTHS = ("iris_x", "iris_y", "lid_upper", "lid_lower", "opening")


def steadied(samples: Sequence[CalibrationSample]) -> tuple[CalibrationSample, ...]:
    """Return the samples with each eye averaged over the frames around, of the same look alone.

    Parameters
    ----------
    samples : sequence of CalibrationSample
        In the order of time. Head and patches stay as they are: they do not shake with the eyes.
    """
    return tuple(
        replace(
            sample,
            features=replace(
                sample.features,
                right=_mean(sample.features.right, [near.features.right for near in around]),
                left=_mean(sample.features.left, [near.features.left for near in around]),
            ),
        )
        for sample, around in ((samples[i], _around(samples, i)) for i in range(len(samples)))
    )


def _around(samples: Sequence[CalibrationSample], index: int) -> list[CalibrationSample]:
    middle = samples[index]

    def belongs(other: CalibrationSample) -> bool:
        same = (other.x, other.y) == (middle.x, middle.y)
        return same and abs(other.features.t - middle.features.t) <= HALF_S

    first = last = index
    while first > 0 and belongs(samples[first - 1]):
        first -= 1
    while last + 1 < len(samples) and belongs(samples[last + 1]):
        last += 1
    return list(samples[first : last + 1])


def _mean(eye: Eye | None, eyes: Sequence[Eye | None]) -> Eye | None:
    seen = [one for one in eyes if one is not None]
    if eye is None:
        return None
    return Eye(*(fmean(getattr(one, name) for one in seen) for name in _LENGTHS))
