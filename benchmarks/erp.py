"""benchmarks: how well single flashes are told apart, by blocks of time that nothing was fitted to, and the verdict."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.eeg_files import Recording, fif_files, read_recording
from calibration.erp import ErpFinding, judge
from calibration.verdict import Verdict
from models.erp.blocks import PURGE_S, Indices, contiguous_blocks
from models.erp.likelihood import expected_and_observed_error
from models.erp.p300 import fit_p300
from models.erp.scaling import fit_scale
from models.erp.single_trial import FEWEST, OWN, Kind, fit_scorer, mean_auc

Fold = tuple[Indices, Indices]

BLOCKS = 5
SHARE_OF_FULL = 0.95
CURVE = (60, 90, 120, 180, 240, 360, 480, 720, 960)
RUNS = (1, 2, 4, 8)


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What was found in one file.

    Parameters
    ----------
    name : str
        Of the file.
    auc : float
        Of the model as chosen, the mean over the blocks.
    singles : dict
        The same of each scorer alone.
    finding : ErpFinding
        The verdict.
    curve : dict
        AUC after so many flashes of calibration, up to those that were enough.
    shares : dict
        What each scorer was given, the mean over the folds.
    errors : dict
        For so many flashes added up: the share of wrong choices that was expected, and that was observed.
    """

    name: str
    auc: float
    singles: dict[Kind, float]
    finding: ErpFinding
    curve: dict[int, float]
    shares: dict[Kind, float]
    errors: dict[int, tuple[float, float]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --data."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder of FIF recordings")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Keys: files -> name -> auc, auc_xdawn_ts, auc_lda, verdict, flashes_to_095_of_full_auc."""
    paths = fif_files(args.data)
    print(f"{len(paths)} recordings; {BLOCKS} blocks of time, {PURGE_S:g} s purged around each", flush=True)
    figures = {}
    for path in paths:
        result = measure(read_recording(path))
        _print(result)
        figures[result.name] = {
            "auc": round(result.auc, 4),
            "auc_xdawn_ts": round(result.singles[Kind.XDAWN_TS], 4),
            "auc_lda": round(result.singles[Kind.LDA], 4),
            "verdict": result.finding.verdict.value,
            "flashes_to_095_of_full_auc": max(result.curve, default=None),
        }
    return {"files": figures}


def measure(recording: Recording) -> Result:
    """Measure one recording: everything is fitted within the blocks that are not asked."""
    epochs, target = recording.epochs, recording.target
    llr, block = np.zeros(len(target)), np.zeros(len(target), dtype=np.intp)
    single = {kind: np.zeros(len(target)) for kind in OWN}
    folds = list(contiguous_blocks(epochs.t, BLOCKS))
    models = []
    for number, (training, test) in enumerate(folds):
        learned, asked = epochs.at(training), epochs.at(test)
        model = fit_p300(learned, target[training])
        llr[test], block[test] = model.llr(asked), number
        models.append(model)
        scale = fit_scale(learned.of_channels(model.channels).data)
        standardised = scale.standardised(learned.of_channels(model.channels).data)
        new = scale.standardised(asked.of_channels(model.channels).data)
        for kind in OWN:
            single[kind][test] = fit_scorer(kind, standardised, target[training]).score(new)
    finding = judge(fit_p300(epochs, target))  # as at the end of a calibration, from what it had not seen
    auc = mean_auc(llr, target, block)
    curve = {} if finding.verdict is Verdict.UNUSABLE else _curve(recording, folds, SHARE_OF_FULL * auc)
    return Result(
        name=recording.name,
        auc=auc,
        singles={kind: mean_auc(scores, target, block) for kind, scores in single.items()},
        finding=finding,
        curve=curve,
        shares={kind: float(np.mean([model.shares[kind] for model in models])) for kind in OWN},
        errors={runs: expected_and_observed_error(llr, target, runs) for runs in RUNS},
    )


def _curve(recording: Recording, folds: Sequence[Fold], enough: float) -> dict[int, float]:
    """The AUC after so many flashes of calibration, up to the number that is enough."""
    epochs, target = recording.epochs, recording.target
    most = min(len(training) for training, _ in folds)
    curve: dict[int, float] = {}
    for flashes in (*(size for size in CURVE if size < most), most):
        aucs = []
        for training, test in folds:
            first = training[:flashes]
            if min(int(target[first].sum()), int((~target[first]).sum())) < FEWEST:
                break
            llr = fit_p300(epochs.at(first), target[first]).llr(epochs.at(test))
            aucs.append(mean_auc(llr, target[test], np.zeros(len(test), dtype=np.intp)))
        else:
            curve[flashes] = float(np.nanmean(aucs))
            if curve[flashes] >= enough:
                break
    return curve


def _print(result: Result) -> None:
    singles = "  ".join(
        f"{kind.value} {auc:.3f}, share {result.shares[kind]:.2f}" for kind, auc in result.singles.items()
    )
    print(f"{result.name}: AUC {result.auc:.3f}  ({singles})")
    print(f"    {result.finding.verdict.value}, p {result.finding.p_value:.3f}: {result.finding.why}")
    if result.curve:
        steps = "  ".join(f"{flashes}: {auc:.3f}" for flashes, auc in result.curve.items())
        print(f"    AUC after so many flashes of calibration: {steps}")
    pairs = "  ".join(f"{runs}: {100 * e:.1f}/{100 * o:.1f}" for runs, (e, o) in result.errors.items())
    print(
        f"    expected/observed error in %, one key against another, by flashes added up: {pairs}", flush=True
    )
