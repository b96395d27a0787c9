"""models.erp: what earlier sessions, and other people who agreed, teach about a person who has shown little yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.erp.epochs import Epochs
from models.erp.scaling import fit_scale, lost_channels
from models.erp.scorers import Scorer, fit_lda, fit_tangent
from models.erp.single_trial import FEWEST, WeightedScorer


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """A calibration of an earlier session or of another person: its epochs, and which were targets."""

    epochs: Epochs
    target: NDArray[np.bool_]


def fit_earlier(recordings: Sequence[Labelled], channels: Sequence[str]) -> tuple[WeightedScorer, ...]:
    """Fit both scorers to all recordings at once, each in its own scale.

    Parameters
    ----------
    recordings : sequence of Labelled
        Those that lack a channel, or have too few epochs of a kind, are left out.
    channels : sequence of str
        Those that the person's own model listens to.

    Returns
    -------
    tuple of WeightedScorer
        Their sum is the score, of unit spread on the recordings; empty where no recording can be used.
    """
    parts, labels = [], []
    for recording in recordings:
        if not set(channels) <= set(recording.epochs.channels):
            continue
        data = recording.epochs.of_channels(channels).data
        whole = ~lost_channels(data).any(axis=1)
        data, target = data[whole], np.asarray(recording.target, dtype=bool)[whole]
        if (
            min(int(target.sum()), int((~target).sum())) < FEWEST
            or not np.ptp(data, axis=2).any(axis=0).all()
        ):
            continue
        parts.append(fit_scale(data).standardised(data))
        labels.append(target)
    if not parts:
        return ()
    pooled, target = np.concatenate(parts), np.concatenate(labels)
    scorers: tuple[Scorer, ...] = (fit_tangent(pooled, target), fit_lda(pooled, target))
    scores = [scorer.score(pooled) for scorer in scorers]
    units = [values / np.std(values) for values in scores]
    spread = float(np.std(np.sum(units, axis=0)))
    return tuple(
        WeightedScorer(scorer, 1.0 / float(np.std(values)) / spread)
        for scorer, values in zip(scorers, scores, strict=True)
    )
