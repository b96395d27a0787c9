"""calibration: what the picture of the eyes tells beyond their landmarks: a ridge over grey patches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.regression import Floats

ALPHA = 10.0  # of the ridge, over standardised grey values, one row a look (Hoerl and Kennard 1970, Technometrics 12)
LEAST_PLACES = 5  # with fewer there is nothing to choose by
GAIN = 0.9  # the error at places left out must shrink to this share of it for the patches to be used


@dataclass(frozen=True, slots=True, eq=False)
class PatchRidge:
    """A correction of the geometric model in cm, from grey values.

    Parameters
    ----------
    usual, scale : array of shape (m,)
        Mean and standard deviation of each grey value.
    weights : array of shape (m, 2)
        cm right and down for each standard deviation.
    largest : array of shape (2,)
        The largest correction that was ever right, in cm: beyond it nothing is known.
    """

    usual: Floats
    scale: Floats
    weights: Floats
    largest: Floats

    def correction(self, patches: Floats) -> Floats:
        """How far the geometric model is off, cm right and down (2,)."""
        raw = ((patches - self.usual) / self.scale) @ self.weights
        return np.clip(raw, -self.largest, self.largest)


def fit_patches(patches: Floats, errors: Floats, looks_like: Floats) -> PatchRidge:
    """Fit the ridge to one row a look.

    Parameters
    ----------
    patches : array of shape (looks, m)
        Mean grey values of each look.
    errors : array of shape (looks, 2)
        What is missing from the geometric model to the target, in cm.
    looks_like : array of shape (looks,)
        How much each look counts: little where the place was likely never looked at.
    """
    share = looks_like / looks_like.sum()
    usual = share @ patches
    scale = np.sqrt(share @ (patches - usual) ** 2) + 1e-3  # a grey value that never changes tells nothing
    inputs = (patches - usual) / scale
    weighted = inputs * looks_like[:, np.newaxis]
    # Few looks and many grey values: the dual form inverts the smaller matrix.
    gram = inputs @ weighted.T + ALPHA * np.eye(len(inputs))
    weights = weighted.T @ np.linalg.solve(gram, errors)
    return PatchRidge(usual, scale, weights, np.abs(errors * looks_like[:, np.newaxis]).max(axis=0))


def help_enough(without: Floats, with_patches: Floats) -> bool:
    """Whether the patches are to be used, from the errors (places,) where each place was left out."""
    if len(without) < LEAST_PLACES:
        return False
    better = float(with_patches.mean()) <= GAIN * float(without.mean())
    return better and int((with_patches < without).sum()) > len(without) // 2
