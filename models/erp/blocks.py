"""models.erp: blocks of time: what is tested lies apart from what was learned, because neighbours resemble each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

PURGE_S = 1.0
Indices = NDArray[np.intp]


def contiguous_blocks(
    t: NDArray[np.float64], blocks: int, purge_s: float = PURGE_S
) -> Iterator[tuple[Indices, Indices]]:
    """For each block of time: the epochs to learn from, and its own.

    Parameters
    ----------
    t : array of shape (n,)
        When the epochs began, in seconds, in the order of time.
    blocks : int
        How many, of about the same number of epochs.
    purge_s : float
        Epochs that begin within this time before or after the block are in neither.

    Yields
    ------
    training, test : arrays of int
    """
    for test in np.array_split(np.arange(len(t)), blocks):
        if not len(test):
            continue
        apart = (t < t[test[0]] - purge_s) | (t > t[test[-1]] + purge_s)
        yield np.flatnonzero(apart), test
