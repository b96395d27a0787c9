"""calibration: which grid and which dwell a gaze as good as this can choose by, and why."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean

from calibration.gaze import Axes
from calibration.level import target_size_cm
from calibration.quality import RegionError, Validation

HIT_SHARE = 0.9  # of the looks at a key, where the gaze is worst
FLOOR_S = (0.3, 1.2)
CEILING_S = (1.5, 4.0)
CEILING_BY_FLOOR = 4.0
# Gaze samples that are closer in time than this err together: a longer dwell averages so many fewer.
ERROR_LASTS_S = 0.25
SURE = NormalDist().inv_cdf(0.99)


@dataclass(frozen=True, slots=True)
class KeySize:
    """A grid, by its name in the setting look.grid, and how large its keys are on this screen."""

    grid: str
    width_cm: float
    height_cm: float


@dataclass(frozen=True, slots=True)
class GridChoice:
    """The grid and the bounds of the dwell that fit a validated gaze.

    Parameters
    ----------
    grid : str
        As the setting look.grid names it; "" where nothing could be validated.
    fits : bool
        False: even this grid's keys, the largest there are, are smaller than they should be.
    hit_share : float
        Share of the looks at a key that are inside of it, where the gaze is worst. NaN: not known.
    floor_s, ceiling_s : float
        The shortest dwell that averages the noise away, and the longest that is of use, in seconds.
    why : str
        One sentence, translated.
    """

    grid: str
    fits: bool
    hit_share: float
    floor_s: float
    ceiling_s: float
    why: str


def choose_grid(
    validation: Validation,
    keys: Sequence[KeySize],
    *,
    axes: Axes = Axes.BOTH,
    tr: Callable[[str], str] = str,
) -> GridChoice:
    """Choose the grid with the most keys that are hit reliably everywhere on the screen.

    A key's sides must be at least 2 (accuracy + 2 precision) of the average region (Feit et al. 2017, CHI), and at
    least 9 of 10 looks must be inside of it in the worst region, if the errors there are normally distributed around
    the measured offset.

    Parameters
    ----------
    validation : Validation
    keys : sequence of KeySize
        The grids to choose from, most keys first.
    axes : Axes
        With one axis only, the keys' other side is of no importance.
    tr : callable
        Translates `why`.

    Raises
    ------
    ValueError
        There is no grid to choose from.
    """
    if not keys:
        raise ValueError("there must be a grid to choose from")
    errors = [_axis_errors(region, axes) for region in validation.regions if region.samples]
    if not errors:
        return GridChoice(
            "",
            False,
            math.nan,
            FLOOR_S[1],
            CEILING_S[1],
            tr("The eyes were not seen while the calibration was checked, so the keys stay as they are."),
        )
    chosen = next((key for key in keys if _fits(key, errors)), None)
    key = chosen or keys[-1]
    share = min(_hit_share(key, error) for error in errors)
    floor_s = max(_floor_s(key, error) for error in errors)
    ceiling_s = min(max(CEILING_BY_FLOOR * floor_s, CEILING_S[0]), CEILING_S[1])
    why = _why(validation.accuracy_cm, key, share, axes, chosen is not None, tr)
    return GridChoice(key.grid, chosen is not None, share, floor_s, ceiling_s, why)


@dataclass(frozen=True, slots=True)
class _AxisError:
    """Offset and standard deviation along one axis, in cm; `side` picks the key's side on it."""

    offset: float
    deviation: float
    vertical: bool

    def side(self, key: KeySize) -> float:
        return key.height_cm if self.vertical else key.width_cm


def _axis_errors(region: RegionError, axes: Axes) -> tuple[_AxisError, ...]:
    if axes is not Axes.BOTH:
        vertical = axes is Axes.VERTICAL
        return (_AxisError(region.offset_cm[vertical], region.precision_cm, vertical),)
    deviation = region.precision_cm / math.sqrt(2)
    return tuple(_AxisError(region.offset_cm[v], deviation, bool(v)) for v in (0, 1))


def _fits(key: KeySize, errors: Sequence[tuple[_AxisError, ...]]) -> bool:
    for along in zip(*errors, strict=True):
        accuracy = fmean(abs(error.offset) for error in along)
        needed = target_size_cm(accuracy, fmean(error.deviation for error in along))
        if along[0].side(key) < needed:
            return False
    return all(_hit_share(key, error) >= HIT_SHARE for error in errors)


def _hit_share(key: KeySize, errors: tuple[_AxisError, ...]) -> float:
    return math.prod(_inside(error.side(key) / 2, error) for error in errors)


def _inside(half_cm: float, error: _AxisError) -> float:
    if error.deviation <= 0:
        return float(abs(error.offset) <= half_cm)
    normal = NormalDist(error.offset, error.deviation)
    return normal.cdf(half_cm) - normal.cdf(-half_cm)


def _floor_s(key: KeySize, errors: tuple[_AxisError, ...]) -> float:
    """How long the gaze has to be averaged until its mean is inside the key in 99 of 100 looks."""
    shortest, longest = FLOOR_S
    for error in errors:
        room = error.side(key) / 2 - abs(error.offset)
        if room <= 0:
            return longest
        shortest = max(shortest, ERROR_LASTS_S * (SURE * error.deviation / room) ** 2)
    return min(shortest, longest)


def _why(off_cm: float, key: KeySize, share: float, axes: Axes, fits: bool, tr: Callable[[str], str]) -> str:
    if axes is Axes.HORIZONTAL:
        size = f"{key.width_cm:.0f}"
    elif axes is Axes.VERTICAL:
        size = f"{key.height_cm:.0f}"
    else:
        size = f"{key.width_cm:.0f} × {key.height_cm:.0f}"
    tenths = round(10 * off_cm)
    values = {
        "off": tr("{whole}.{tenths}").format(whole=tenths // 10, tenths=tenths % 10),
        "size": size,
        "share": f"{math.floor(100 * share + 0.01)}",
    }
    match axes, fits:
        case Axes.BOTH, True:
            sentence = tr(
                "Your eyes are off by {off} cm on average; keys of {size} cm are hit by at least {share} of 100 looks."
            )
        case Axes.BOTH, False:
            sentence = tr(
                "Your eyes are off by {off} cm on average; even the largest keys ({size} cm) are missed at some places "
                "(hit by {share} of 100 looks). A new calibration may help; a switch works too."
            )
        case Axes.HORIZONTAL, True:
            sentence = tr(
                "Your eyes choose from left to right, so all keys stand in one row. They are off by {off} cm on average; "
                "keys {size} cm wide are hit by at least {share} of 100 looks."
            )
        case Axes.VERTICAL, True:
            sentence = tr(
                "Your eyes choose from top to bottom, so all keys stand in one column. They are off by {off} cm on "
                "average; keys {size} cm high are hit by at least {share} of 100 looks."
            )
        case _:
            sentence = tr(
                "Your eyes choose in one direction, so all keys stand in one line. They are off by {off} cm on average, "
                "and keys of {size} cm are missed at some places (hit by {share} of 100 looks). A new calibration may "
                "help; a switch works too."
            )
    return sentence.format(**values)
