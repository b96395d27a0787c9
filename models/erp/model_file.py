"""models.erp: the file of a fitted model: JSON, checked when it is read."""

from __future__ import annotations

import json
import math
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.erp.epochs import TIMES_S
from models.erp.likelihood import LlrScale
from models.erp.scaling import ChannelScale
from models.erp.scorers import BINS, LdaScorer, Scorer, TangentScorer
from models.erp.single_trial import HeldOut, Kind, SingleTrialModel, WeightedScorer

VERSION = 1

Floats = NDArray[np.float64]
Vector = list[float]
Matrix = list[list[float]]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class _Tangent(_Part):
    kind: Literal["xdawn_ts"]
    weight: float
    spatial_filters: Matrix
    prototypes: Matrix
    reference: Matrix
    mean: Vector
    weights: Vector


class _Lda(_Part):
    kind: Literal["lda"]
    weight: float
    weights: Vector


class _HeldOut(_Part):
    t: Vector
    target: list[bool]
    llr: Vector
    forward: list[float | None]
    block: list[int]


class _Model(_Part):
    version: Literal[1]
    channels: Annotated[list[str], Field(min_length=1, max_length=512)]
    spread: list[Annotated[float, Field(gt=0.0)]]
    covariance: Matrix
    scorers: Annotated[list[Annotated[_Tangent | _Lda, Field(discriminator="kind")]], Field(min_length=1)]
    shares: dict[Kind, Share]
    slope: Annotated[float, Field(ge=0.0)]
    offset: float
    temper: Share
    held_out: _HeldOut


def model_to_json(model: SingleTrialModel) -> str:
    """Return the text that `model_from_json` reads."""
    held_out = model.held_out
    content = {
        "version": VERSION,
        "channels": list(model.channels),
        "spread": model.scale.spread.tolist(),
        "covariance": model.scale.covariance.tolist(),
        "scorers": [_written(part) for part in model.scorers],
        "shares": {kind.value: share for kind, share in model.shares.items()},
        "slope": model.likelihood.slope,
        "offset": model.likelihood.offset,
        "temper": model.likelihood.temper,
        "held_out": {name: getattr(held_out, name).tolist() for name in ("t", "target", "llr", "block")}
        | {"forward": [score if math.isfinite(score) else None for score in held_out.forward.tolist()]},
    }
    return json.dumps(content)


def model_from_json(text: str | bytes) -> SingleTrialModel:
    """Return the model that `model_to_json` wrote.

    Raises
    ------
    ValueError
        It is damaged, or from another version.
    """
    try:
        file = _Model.model_validate_json(text)
        scale = ChannelScale(np.array(file.spread), np.array(file.covariance))
        scorers = tuple(WeightedScorer(_read(part), part.weight) for part in file.scorers)
        held_out = HeldOut(
            np.array(file.held_out.t),
            np.array(file.held_out.target, dtype=bool),
            np.array(file.held_out.llr),
            np.array(file.held_out.forward, dtype=np.float64),
            np.array(file.held_out.block, dtype=np.intp),
        )
    except ValidationError as error:
        raise ValueError(
            f"this is no model of EEG responses: {error.error_count()} fields are wrong"
        ) from error
    model = SingleTrialModel(
        tuple(file.channels),
        scale,
        scorers,
        file.shares,
        LlrScale(file.slope, file.offset, file.temper),
        held_out,
    )
    _check(model)
    return model


def _written(part: WeightedScorer) -> dict[str, object]:
    scorer = part.scorer
    if isinstance(scorer, LdaScorer):
        return {"kind": "lda", "weight": part.weight, "weights": scorer.weights.tolist()}
    names = ("spatial_filters", "prototypes", "reference", "mean", "weights")
    return {"kind": "xdawn_ts", "weight": part.weight} | {n: getattr(scorer, n).tolist() for n in names}


def _read(part: _Tangent | _Lda) -> Scorer:
    if isinstance(part, _Lda):
        return LdaScorer(np.array(part.weights))
    return TangentScorer(
        np.array(part.spatial_filters),
        np.array(part.prototypes),
        np.array(part.reference),
        np.array(part.mean),
        np.array(part.weights),
    )


def _check(model: SingleTrialModel) -> None:
    """Raise a ValueError where the parts do not fit together."""
    channels = len(model.channels)
    held_out = model.held_out
    fits = [
        model.scale.spread.shape == (channels,),
        model.scale.covariance.shape == (channels, channels),
        len(set(map(len, (held_out.t, held_out.target, held_out.llr, held_out.forward, held_out.block))))
        == 1,
        *(_fits(part.scorer, channels) for part in model.scorers),
    ]
    if not all(fits):
        raise ValueError("this is no model of EEG responses: its parts are not of the same size")


def _fits(scorer: Scorer, channels: int) -> bool:
    if isinstance(scorer, LdaScorer):
        return scorer.weights.shape == (channels * BINS,)
    size = 2 * len(scorer.spatial_filters)
    features = size * (size + 1) // 2
    return (
        scorer.spatial_filters.shape == (size // 2, channels)
        and scorer.prototypes.shape == (size // 2, len(TIMES_S))
        and scorer.reference.shape == (size, size)
        and scorer.mean.shape == scorer.weights.shape == (features,)
    )
