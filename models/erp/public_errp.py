"""models.erp: reads the public recordings of error potentials, where somebody has them: NER 2015 and BNCI2015_013."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mne
import numpy as np
from numpy.typing import NDArray
from scipy.io import loadmat
from scipy.io.matlab import MatReadError

from models.erp.epochs import Epochs, epochs_of, joined

WRONG, RIGHT = "wrong", "right"
# Codes of the feedback in BNCI2015_013: the cursor moved away from the target, or towards it, to either side.
WRONG_CODES, RIGHT_CODES = frozenset({6, 9}), frozenset({5, 10})
VOLTS = 1e-6
NER_FILE = re.compile(r"Data_(S\d+)_(Sess\d+)\.csv")
NO_EEG = frozenset({"Time", "EOG", "FeedBackEvent"})

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ShownSelections:
    """One person: what followed each selection that was shown, and which were wrong."""

    person: str
    epochs: Epochs
    wrong: Flags


def read_ner_2015(folder: Path, labels: Path) -> list[ShownSelections]:
    """Read the BCI Challenge at NER 2015 (Perrin et al. 2012): a P300 speller that shows the letter it chose.

    Parameters
    ----------
    folder : Path
        Holds `Data_S02_Sess01.csv` and so on: a column of times in seconds, one a channel in microvolts, `EOG`, and
        `FeedBackEvent`, 1 where a letter was shown.
    labels : Path
        `TrainLabels.csv`: `IdFeedBack` (`S02_Sess01_FB001`) and `Prediction`, 1 where the letter was right.

    Raises
    ------
    ValueError
        There are no such files, or they do not belong together.
    """
    known = _ner_labels(labels)
    people: dict[str, list[tuple[Epochs, list[str]]]] = {}
    for path in sorted(folder.glob("Data_S*_Sess*.csv")):
        match = NER_FILE.fullmatch(path.name)
        if match is not None:
            person, session = match.groups()
            people.setdefault(person, []).append(
                epochs_of(_ner_raw(path, person, session, known), (RIGHT, WRONG))
            )
    if not people:
        raise ValueError(f"{folder} has no files like Data_S02_Sess01.csv")
    return [_one(person, sessions) for person, sessions in people.items()]


def read_bnci2015_013(path: Path) -> ShownSelections:
    """Read one file of BNCI Horizon 2020 data set 013-2015 (Chavarriaga & Millan 2010): a cursor moves, now and then away.

    Parameters
    ----------
    path : Path
        `Subject01_s1.mat`: `run` is a list of `eeg` (samples x channels, microvolts) and `header` with `SampleRate`,
        `Label`, `EVENT.TYP` and `EVENT.POS` (from 1).

    Raises
    ------
    ValueError
        It is no such file.
    """
    try:
        runs = np.atleast_1d(loadmat(path, struct_as_record=False, squeeze_me=True)["run"])
        read = [epochs_of(_bnci_raw(run), (RIGHT, WRONG)) for run in runs]
    except (MatReadError, KeyError, AttributeError, TypeError, IndexError, NotImplementedError) as error:
        raise ValueError(f"{path.name} is no file of BNCI2015_013: {error}") from error
    return _one(path.stem, read)


def _one(person: str, sessions: list[tuple[Epochs, list[str]]]) -> ShownSelections:
    wrong = np.array([text == WRONG for _, texts in sessions for text in texts])
    return ShownSelections(person, joined([epochs for epochs, _ in sessions]), wrong)


def _ner_labels(path: Path) -> dict[str, bool]:
    """Whether each feedback was right."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"IdFeedBack", "Prediction"} <= set(rows.fieldnames or ()):
            raise ValueError(f"{path.name} has no columns IdFeedBack and Prediction")
        return {row["IdFeedBack"]: row["Prediction"].strip() == "1" for row in rows}


def _ner_raw(path: Path, person: str, session: str, known: Mapping[str, bool]) -> Any:
    with path.open(encoding="utf-8-sig", newline="") as file:
        names = next(csv.reader(file), [])
    if not {"Time", "FeedBackEvent"} < set(names):
        raise ValueError(f"{path.name} has no columns Time and FeedBackEvent")
    table = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)
    t = table[:, names.index("Time")]
    rate_hz = (len(t) - 1) / (t[-1] - t[0])
    shown = np.flatnonzero(table[:, names.index("FeedBackEvent")] == 1)
    texts = []
    for number in range(1, len(shown) + 1):
        name = f"{person}_{session}_FB{number:03d}"
        if name not in known:
            raise ValueError(f"{path.name}: there is no label of {name}")
        texts.append(RIGHT if known[name] else WRONG)
    channels = [name for name in names if name not in NO_EEG]
    samples = table[:, [names.index(name) for name in channels]]
    return _raw(samples, channels, rate_hz, shown / rate_hz, texts)


def _bnci_raw(run: Any) -> Any:
    header = run.header
    rate_hz = float(header.SampleRate)
    labels = [str(label) for label in np.atleast_1d(header.Label)]
    samples = np.asarray(run.eeg, dtype=float)
    codes, places = np.atleast_1d(header.EVENT.TYP), np.atleast_1d(header.EVENT.POS)
    shown = [
        ((int(place) - 1) / rate_hz, WRONG if int(code) in WRONG_CODES else RIGHT)
        for code, place in zip(codes, places, strict=True)
        if int(code) in WRONG_CODES | RIGHT_CODES
    ]
    onsets = np.array([onset for onset, _ in shown])
    # The last label may be the trigger's, which is not among the samples.
    return _raw(samples, labels[: samples.shape[1]], rate_hz, onsets, [text for _, text in shown])


def _raw(
    samples: NDArray[np.float64],
    channels: list[str],
    rate_hz: float,
    onsets: NDArray[np.float64],
    texts: list[str],
) -> Any:
    info = mne.create_info(channels, rate_hz, "eeg")
    raw = mne.io.RawArray(samples.T * VOLTS, info, verbose="error")
    return raw.set_annotations(mne.Annotations(onsets, 0.0, texts))
