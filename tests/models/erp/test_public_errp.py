"""Files as the public data sets of error potentials have them."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from models.erp.public_errp import read_bnci2015_013, read_ner_2015


def ner(folder: Path, people: tuple[str, ...] = ("S02", "S06")) -> Path:
    """Two sessions each of three letters; the second is wrong. Returns the file of the labels."""
    labels = [["IdFeedBack", "Prediction"]]
    for person in people:
        for session in ("Sess01", "Sess02"):
            with (folder / f"Data_{person}_{session}.csv").open("w", encoding="utf-8", newline="") as file:
                rows = csv.writer(file)
                rows.writerow(["Time", "Fz", "Cz", "EOG", "FeedBackEvent"])
                for i in range(1000):
                    rows.writerow([i / 200, np.sin(i / 9), np.cos(i / 7), 0.0, int(i in (200, 450, 700))])
            labels += [[f"{person}_{session}_FB{n:03d}", int(n != 2)] for n in (1, 2, 3)]
    path = folder / "TrainLabels.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(labels)
    return path


def bnci(path: Path, codes: tuple[int, ...] = (1, 5, 9, 10, 6, 32)) -> Path:
    header = {
        "SampleRate": 512,
        "Label": np.array(["Fz", "Cz", "Status"], dtype=object),
        "EVENT": {"TYP": np.array(codes), "POS": 1 + 512 * np.arange(1, len(codes) + 1)},
    }
    runs = np.empty(2, dtype=object)
    for number in range(2):
        eeg = np.random.default_rng(number).normal(size=(512 * (len(codes) + 3), 2))
        runs[number] = {"eeg": eeg, "header": header}
    savemat(path, {"run": runs})
    return path


def test_ner_2015(tmp_path: Path) -> None:
    people = read_ner_2015(tmp_path, ner(tmp_path))
    assert [person.person for person in people] == ["S02", "S06"]
    assert people[0].wrong.tolist() == [False, True, False] * 2
    assert people[0].epochs.channels == ("Fz", "Cz")
    assert np.diff(people[0].epochs.t)[[0, 1, 3, 4]] == pytest.approx(1.25)


def test_ner_2015_that_does_not_fit(tmp_path: Path) -> None:
    labels = ner(tmp_path)
    with pytest.raises(ValueError, match="has no files like"):
        read_ner_2015(tmp_path / "elsewhere", labels)
    with pytest.raises(ValueError, match="no columns IdFeedBack"):
        read_ner_2015(tmp_path, tmp_path / "Data_S02_Sess01.csv")
    labels.write_text("IdFeedBack,Prediction\nS02_Sess01_FB001,1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no label of S02_Sess01_FB002"):
        read_ner_2015(tmp_path, labels)
    (tmp_path / "Data_S02_Sess01.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no columns Time"):
        read_ner_2015(tmp_path, labels)


def test_bnci2015_013(tmp_path: Path) -> None:
    shown = read_bnci2015_013(bnci(tmp_path / "Subject01_s1.mat"))
    assert shown.person == "Subject01_s1"
    assert shown.wrong.tolist() == [False, True, False, True] * 2
    assert shown.epochs.channels == ("Fz", "Cz")


def test_another_mat_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.mat"
    for content in ({"x": 1}, {"run": np.arange(3)}):
        savemat(path, content)
        with pytest.raises(ValueError, match="no file of BNCI2015_013"):
            read_bnci2015_013(path)
    path.write_text("no mat", encoding="utf-8")
    with pytest.raises(ValueError):
        read_bnci2015_013(path)
