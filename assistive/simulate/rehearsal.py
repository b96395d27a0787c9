"""assistive.simulate: how large a simulated P300 must be for single flashes to be told apart as well as is asked.

It is tried before: flashes are made up, a shrinkage LDA as in Sayso's own model learns from the first minute of them,
and the amplitude is set by the area under the ROC curve that it gets on the rest. (The whole model, with its
tangent space, gets about the same on such signals and takes a hundred times as long.)
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from assistive.simulate.background_eeg import BackgroundEeg
from assistive.simulate.responses import JITTER_S, LASTS_S, P300, Responding, Response
from models.erp.epochs import cut
from models.erp.filters import CausalFilter
from models.erp.scaling import fit_scale
from models.erp.scorers import fit_lda

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST_AUC, MOST_AUC = 0.55, 0.98  # below, nothing can be told from chance; above, from a hundred flashes
CHANCE = 0.5
LEARNED, ASKED = 300, 900  # flashes
BETWEEN = 5  # flashes that are in neither: epochs overlap
SOA_S = 0.2
ONE_OF = 6  # flashes is the one that is waited for
APART = 3
REHEARSALS = 3  # whose AUC is averaged
MOST_UV = 100.0
HALVINGS = 9


class Rehearsal:
    """Some flashes before the same background, answered more and less strongly.

    Parameters
    ----------
    electrodes : sequence of str
    rate_hz : float
    chance : numpy.random.Generator
    """

    def __init__(self, electrodes: Sequence[str], rate_hz: float, chance: np.random.Generator) -> None:
        flashes = LEARNED + BETWEEN + ASKED
        t = np.arange(round((flashes * SOA_S + 2 * LASTS_S) * rate_hz)) / rate_hz
        onsets = LASTS_S + SOA_S * np.arange(flashes, dtype=np.float64)
        self._target = waited_for(flashes, chance)
        late = chance.normal(0.0, JITTER_S, flashes)
        answers = [Response(float(at), P300, 1.0) for at in (onsets + late)[self._target]]
        background = BackgroundEeg(electrodes, rate_hz, chance).next(len(t))
        # Filtering and cutting are linear: once is enough for all amplitudes.
        self._background = _epochs(t, background, onsets)
        self._answer = _epochs(t, Responding(electrodes).at(t, answers), onsets)

    def auc(self, amplitude_uv: float) -> float:
        """Return how well single flashes are told apart where the answers are that large."""
        epochs = self._background + amplitude_uv * self._answer
        learned, asked = slice(LEARNED), slice(LEARNED + BETWEEN, None)
        scale = fit_scale(epochs[learned])
        lda = fit_lda(scale.standardised(epochs[learned]), self._target[learned])
        scores = lda.score(scale.standardised(epochs[asked]))
        return float(roc_auc_score(self._target[asked], scores))


def amplitude_for(auc: float, electrodes: Sequence[str], rate_hz: float, seed: int) -> float:
    """Return the amplitude of a P300, in microvolts, with which single flashes are told apart that well.

    Parameters
    ----------
    auc : float
        Area under the ROC curve, `LEAST_AUC` to `MOST_AUC`; `CHANCE`: nobody waits for anything, 0 microvolts.
    electrodes : sequence of str
    rate_hz : float
    seed : int

    Raises
    ------
    ValueError
        No amplitude gives that.
    """
    if auc == CHANCE:
        return 0.0
    if not LEAST_AUC <= auc <= MOST_AUC:
        raise ValueError(f"an AUC of {auc:g} is not between {LEAST_AUC:g} and {MOST_AUC:g}, nor {CHANCE:g}")
    chances = np.random.default_rng([seed, LEARNED]).spawn(REHEARSALS)
    rehearsals = [Rehearsal(electrodes, rate_hz, chance) for chance in chances]
    low, high = 0.0, MOST_UV
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        enough = fmean(each.auc(middle) for each in rehearsals) >= auc
        low, high = (low, middle) if enough else (middle, high)
    if high == MOST_UV:
        raise ValueError(
            f"with these electrodes no response up to {MOST_UV:g} microvolts gives an AUC of {auc:g}"
        )
    return high


def _epochs(t: Floats, eeg: Floats, onsets: Floats) -> Floats:
    filtered: Floats = CausalFilter(1.0 / t[1], eeg.shape[1]).filter(eeg)
    return cut(t, filtered, onsets)


def waited_for(flashes: int, chance: np.random.Generator) -> Flags:
    """Return which of so many flashes are waited for: one of `ONE_OF`, and always `APART` or more apart."""
    target = np.zeros(flashes, dtype=bool)
    last = -APART
    for i in range(flashes):
        # Where none may come, none is drawn: this makes it one of six in all.
        if i - last >= APART and chance.random() < 1.0 / (ONE_OF - APART + 1):
            target[i], last = True, i
    return target
