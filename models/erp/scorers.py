"""models.erp: scorers: what tells a target's epoch from another's, up to a scale: the higher, the more like a target.

Both work on epochs whose channels are standardised (`scaling.ChannelScale`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyriemann.estimation import XdawnCovariances
from pyriemann.geometry.covariance import covariances_EP
from pyriemann.geometry.tangentspace import tangent_space
from pyriemann.tangentspace import TangentSpace
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression

from models.erp.epochs import TIMES_S

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SPATIAL_FILTERS = 4
LOGISTIC_C = 0.01
BIN = 2  # values of the grid averaged into one feature: 31 ms
BINS = len(TIMES_S) // BIN


@dataclass(frozen=True, slots=True, eq=False)
class TangentScorer:
    """xDAWN covariances, projected to the tangent space, and a logistic regression (Barachant & Congedo 2014).

    Parameters
    ----------
    spatial_filters : array of shape (2 * filters, channels)
        xDAWN's, for non-targets and targets (Rivet et al. 2009, IEEE TBME 56(8)).
    prototypes : array of shape (2 * filters, times)
        The mean response of each class through its filters.
    reference : array of shape (4 * filters, 4 * filters)
        Riemannian mean of the covariances: where the tangent space touches.
    mean, weights : arrays of shape (features,)
        The score of features x is (x - mean) @ weights.
    """

    spatial_filters: Floats
    prototypes: Floats
    reference: Floats
    mean: Floats
    weights: Floats

    def score(self, data: Floats) -> Floats:
        """Return the scores, shape (n,), of standardised epochs of shape (n, channels, times)."""
        covariances = covariances_EP(self.spatial_filters @ data, self.prototypes, estimator="lwf")
        scores: Floats = (tangent_space(covariances, self.reference) - self.mean) @ self.weights
        return scores


@dataclass(frozen=True, slots=True, eq=False)
class LdaScorer:
    """Linear discriminant with Ledoit-Wolf shrinkage on the amplitudes (Blankertz et al. 2011, NeuroImage 56(2)).

    Parameters
    ----------
    weights : array of shape (channels * bins,)
        Of the mean amplitude of each channel in each bin of time.
    """

    weights: Floats

    def score(self, data: Floats) -> Floats:
        """Return the scores, shape (n,), of standardised epochs of shape (n, channels, times)."""
        scores: Floats = _amplitudes(data) @ self.weights
        return scores


Scorer = TangentScorer | LdaScorer


def fit_tangent(data: Floats, target: Flags) -> TangentScorer:
    """Fit to standardised epochs of shape (n, channels, times), of which `target` (n,) tells the targets."""
    covariances = XdawnCovariances(
        nfilter=min(SPATIAL_FILTERS, data.shape[1]), estimator="lwf", xdawn_estimator="lwf"
    )
    matrices = covariances.fit_transform(data, target.astype(int))
    space = TangentSpace(metric="riemann")
    features = space.fit_transform(matrices)
    mean, sd = features.mean(axis=0), features.std(axis=0) + 1e-12
    logistic = LogisticRegression(C=LOGISTIC_C, class_weight="balanced", max_iter=1000)
    logistic.fit((features - mean) / sd, target)
    return TangentScorer(
        covariances.Xd_.filters_, covariances.P_, space.reference_, mean, logistic.coef_[0] / sd
    )


def fit_lda(data: Floats, target: Flags) -> LdaScorer:
    """Fit to standardised epochs of shape (n, channels, times), of which `target` (n,) tells the targets."""
    lda = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    lda.fit(_amplitudes(data), target)
    return LdaScorer(lda.coef_[0])


def _amplitudes(data: Floats) -> Floats:
    binned = data[:, :, : BINS * BIN].reshape(len(data), data.shape[1], BINS, BIN)
    amplitudes: Floats = binned.mean(axis=3).reshape(len(data), -1)
    return amplitudes
