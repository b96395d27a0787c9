"""benchmarks: how many wrong selections an error potential gives away, and how many correct ones it interrupts."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import mne
import numpy as np
from numpy.typing import NDArray

from benchmarks.eeg_files import fif_files, read_raw
from models.erp.blocks import contiguous_blocks
from models.erp.epochs import MICROVOLTS, epochs_of
from models.erp.errp import fit_errp
from models.erp.filters import CausalFilter
from models.erp.public_errp import RIGHT, WRONG, ShownSelections, read_bnci2015_013, read_ner_2015
from models.erp.single_trial import mean_auc

BLOCKS = 5
SEED = 6
EVERY_S = 1.0
# Peaks after feedback: seconds, width, size (Chavarriaga, Sobolewski & Millan 2014, Front. Neurosci. 8:208, fig. 2).
PEAKS = ((0.20, 0.03, 0.4), (0.25, 0.03, -0.9), (0.32, 0.04, 1.0), (0.45, 0.06, -0.5))
LATENCY_SD_S, SIZE_SD = 0.015, 0.3
INJECTED = "templates injected into real background EEG: no accuracy of real error potentials"
REAL = "recorded error potentials"

Floats = NDArray[np.float64]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --data, --strength, --ner, --ner-labels and --bnci."""
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of FIF recordings: background EEG")
    parser.add_argument(
        "--strength",
        type=float,
        default=1.0,
        metavar="SD",
        help="peak, in standard deviations of the EEG (1)",
    )
    parser.add_argument("--ner", type=Path, metavar="DIR", help="NER 2015: folder of Data_S02_Sess01.csv ...")
    parser.add_argument("--ner-labels", type=Path, metavar="CSV", help="NER 2015: TrainLabels.csv")
    parser.add_argument(
        "--bnci", type=Path, nargs="*", default=[], metavar="MAT", help="BNCI2015_013: Subject01_s1.mat"
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Keys: files -> name -> what, auc, wrong_offered_undo, correct_interrupted, expected_wrong, observed_wrong."""
    if (args.ner is None) != (args.ner_labels is None):
        raise ValueError("--ner and --ner-labels go together")
    if args.data is None and args.ner is None and not args.bnci:
        raise ValueError("there is nothing to measure: give --data, --ner with --ner-labels, or --bnci")
    figures: dict[str, Any] = {}
    if args.data is not None:
        print(f"{INJECTED}; peak {args.strength:g} standard deviations", flush=True)
        for path in fif_files(args.data):
            shown, posterior = injected(read_raw(path), path.name, args.strength)
            figures[path.name] = _report(shown, posterior, INJECTED)
    if args.ner is not None:
        for shown in read_ner_2015(args.ner, args.ner_labels):
            figures[f"NER 2015 {shown.person}"] = _report(shown, None, REAL)
    for path in args.bnci:
        shown = read_bnci2015_013(path)
        figures[f"BNCI2015_013 {shown.person}"] = _report(shown, None, REAL)
    return {"files": figures}


def injected(raw: Any, name: str, strength: float) -> tuple[ShownSelections, Floats]:
    """Pretend that selections were shown in a recording, and add an error potential to those that were wrong.

    Each selection has a posterior, and is wrong as often as that says. Where the electrodes are is not known, so each
    hears the potential with a strength that is drawn for it.

    Returns
    -------
    shown : ShownSelections
        What a model may learn from.
    posterior : array of shape (n,)
        Of each selection.
    """
    rng = np.random.default_rng(SEED)
    picks = mne.pick_types(raw.info, eeg=True, exclude=())
    rate_hz = float(raw.info["sfreq"])
    samples = raw.get_data(picks)
    band = CausalFilter(rate_hz, len(picks)).filter(samples.T * MICROVOLTS) / MICROVOLTS
    spread = 1.4826 * np.nanmedian(np.abs(band), axis=0)
    pattern = spread * rng.uniform(0.2, 1.0, len(picks))
    onsets = np.arange(1.0, raw.times[-1] - 1.0, EVERY_S)
    posterior = rng.beta(8.0, 2.0, len(onsets))
    wrong = rng.random(len(onsets)) > posterior
    for onset in onsets[wrong]:
        first = round(onset * rate_hz)
        t = np.arange(first, min(first + round(0.8 * rate_hz), samples.shape[1])) / rate_hz - onset
        late, size = rng.normal(0.0, LATENCY_SD_S), max(0.0, rng.normal(1.0, SIZE_SD))
        wave = sum(height * np.exp(-0.5 * ((t - late - at) / width) ** 2) for at, width, height in PEAKS)
        samples[:, first : first + len(t)] += strength * size * pattern[:, None] * wave
    made = mne.io.RawArray(
        samples, mne.create_info([raw.ch_names[i] for i in picks], rate_hz, "eeg"), verbose="error"
    )
    seams = [i for i, text in enumerate(raw.annotations.description) if str(text).upper().startswith("BAD")]
    first_s = raw.first_time if raw.info["meas_date"] is not None else 0.0
    made.set_annotations(
        mne.Annotations(
            [*onsets, *(raw.annotations.onset[seams] - first_s)],
            [*np.zeros(len(onsets)), *raw.annotations.duration[seams]],
            [
                *(f"{WRONG if bad else RIGHT}/{number}" for number, bad in enumerate(wrong)),
                *raw.annotations.description[seams],
            ],
        )
    )
    epochs, texts = epochs_of(made, (RIGHT, WRONG))
    kept = np.array([int(text.split("/")[1]) for text in texts])
    return ShownSelections(name, epochs, wrong[kept]), posterior[kept]


def _report(shown: ShownSelections, posterior: Floats | None, what: str) -> dict[str, Any]:
    epochs, wrong = shown.epochs, shown.wrong
    believed = np.full(len(wrong), 1.0 - wrong.mean()) if posterior is None else posterior
    llr, p_wrong, offered = np.zeros(len(wrong)), np.zeros(len(wrong)), np.zeros(len(wrong), dtype=bool)
    block = np.zeros(len(wrong), dtype=np.intp)
    for number, (training, test) in enumerate(contiguous_blocks(epochs.t, BLOCKS)):
        model = fit_errp(epochs.at(training), wrong[training], believed[training])
        asked = epochs.at(test)
        llr[test], block[test] = model.trial.llr(asked), number
        p_wrong[test] = model.p_wrong(asked, believed[test])
        offered[test] = model.offers_undo(asked, believed[test])
    figures: dict[str, Any] = {
        "what": what,
        "auc": round(mean_auc(llr, wrong, block), 4),
        "wrong_offered_undo": round(float(offered[wrong].mean()), 4),
        "correct_interrupted": round(float(offered[~wrong].mean()), 4),
        "expected_wrong": round(float(p_wrong.mean()), 4),
        "observed_wrong": round(float(wrong.mean()), 4),
    }
    print(f"{shown.person}: {len(wrong)} selections, {int(wrong.sum())} wrong ({what})")
    print("    " + "  ".join(f"{key} {value}" for key, value in figures.items() if key != "what"), flush=True)
    return figures
