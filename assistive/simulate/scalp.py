"""assistive.simulate: where electrodes are on the head, and how strongly each hears what comes from one place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import mne
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MONTAGE = "colin27_1020"  # of MNE: the 10-20 system on a measured head, in metres
# The first eight are those of a usual cap for the P300.
ELECTRODES = (
    *("Pz", "Cz", "Oz", "Fz", "PO7", "PO8", "C3", "C4"),
    *("P3", "P4", "CPz", "FCz", "O1", "O2", "P7", "P8"),
    *("F3", "F4", "CP1", "CP2", "CP5", "CP6", "FC1", "FC2"),
    *("FC5", "FC6", "T7", "T8", "PO3", "PO4", "Fp1", "Fp2"),
)


def places(names: Sequence[str]) -> Floats:
    """Return where these electrodes are, shape (n, 3), in metres; KeyError for one that is not in the 10-20 system."""
    known = _positions()
    return np.array([known[name] for name in names])


def heard_from(source: str, electrodes: Sequence[str], reach_m: float) -> Floats:
    """Return how strongly each electrode hears what is strongest, 1, at the electrode `source`.

    Parameters
    ----------
    source : str
    electrodes : sequence of str
    reach_m : float
        At this distance it is 0.61 as strong.

    Returns
    -------
    array of shape (n,)
    """
    return _near(places(electrodes), places([source]), reach_m)[:, 0]


def mixing(electrodes: Sequence[str], reach_m: float) -> Floats:
    """Return a matrix that gives independent sources of unit spread, one below each electrode, to the electrodes.

    Neighbours hear the same sources; each has unit spread again. Samples of shape (t, n) are to be multiplied by it.

    Returns
    -------
    array of shape (n, n)
    """
    where = places(electrodes)
    shared = _near(where, where, reach_m)
    matrix: Floats = shared / np.sqrt((shared**2).sum(axis=0))
    return matrix


@cache
def _positions() -> dict[str, Floats]:
    positions: dict[str, Floats] = mne.channels.make_standard_montage(MONTAGE).get_positions()["ch_pos"]
    return positions


def _near(a: Floats, b: Floats, reach_m: float) -> Floats:
    distance = np.linalg.norm(a[:, None] - b[None, :], axis=2)
    near: Floats = np.exp(-0.5 * (distance / reach_m) ** 2)
    return near
