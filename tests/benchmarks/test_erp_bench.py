"""What the benchmarks of EEG print, for files like those they were made for, and for others."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pytest
from eeg_person import EegPerson

from benchmarks import erp, errp
from benchmarks.eeg_files import read_recording


@pytest.fixture(autouse=True)
def few_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough to tell right from wrong."""
    monkeypatch.setattr(erp, "CURVE", (120,))
    monkeypatch.setattr(erp, "BLOCKS", 3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody who responds, and somebody whose electrodes are off."""
    path = tmp_path_factory.mktemp("eeg")
    EegPerson(response_uv=18.0).raw(220, 1).save(path / "responds_raw.fif", verbose="error")
    EegPerson(response_uv=0.0, rate_hz=128.0).raw(220, 104).save(path / "nothing_raw.fif", verbose="error")
    return path


def test_the_figures_of_each_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = erp.run(argparse.Namespace(data=folder))["files"]
    assert list(files) == ["nothing_raw.fif", "responds_raw.fif"]
    good, nothing = files["responds_raw.fif"], files["nothing_raw.fif"]
    assert list(good) == ["auc", "auc_xdawn_ts", "auc_lda", "verdict", "flashes_to_095_of_full_auc"]
    assert good["auc"] > 0.85
    assert good["auc"] >= max(good["auc_xdawn_ts"], good["auc_lda"]) - 0.02
    assert (good["verdict"], nothing["verdict"]) == ("helps", "unusable")
    assert 0 < good["flashes_to_095_of_full_auc"] < 220
    assert nothing["flashes_to_095_of_full_auc"] is None
    assert "expected/observed error" in capsys.readouterr().out


def test_labels_that_mean_nothing_are_found_unusable(folder: Path) -> None:
    recording = read_recording(folder / "responds_raw.fif")
    shuffled = np.random.default_rng(0).permutation(recording.target)
    result = erp.measure(type(recording)(recording.name, recording.epochs, shuffled, recording.descriptions))
    assert result.finding.verdict.value == "unusable"


def test_folders_and_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no FIF files"):
        erp.run(argparse.Namespace(data=tmp_path))
    (tmp_path / "broken_raw.fif").write_bytes(b"nothing")
    with pytest.raises(ValueError, match=r"broken_raw\.fif is no FIF recording"):
        erp.run(argparse.Namespace(data=tmp_path))
    raw = EegPerson().raw(20)
    raw.annotations.rename({"target": "nontarget"})
    raw.save(tmp_path / "broken_raw.fif", overwrite=True, verbose="error")
    with pytest.raises(ValueError, match=r"broken_raw\.fif has no flashes of both kinds"):
        erp.run(argparse.Namespace(data=tmp_path))
    raw.set_annotations(None).save(tmp_path / "broken_raw.fif", overwrite=True, verbose="error")
    with pytest.raises(ValueError, match=r"broken_raw\.fif: no annotation"):
        erp.run(argparse.Namespace(data=tmp_path))


def test_error_potentials_are_injected_and_said_to_be(folder: Path, tmp_path: Path) -> None:
    noise = EegPerson(response_uv=0.0).raw(900, 3)
    noise.save(tmp_path / "background_raw.fif", verbose="error")
    arguments = argparse.Namespace(data=tmp_path, strength=3.0, ner=None, ner_labels=None, bnci=[])
    figures = errp.run(arguments)["files"]["background_raw.fif"]
    assert "no accuracy of real error potentials" in figures["what"]
    assert figures["auc"] > 0.8
    assert figures["correct_interrupted"] <= 0.03


def test_nothing_to_measure_is_said() -> None:
    with pytest.raises(ValueError, match="nothing to measure"):
        errp.run(argparse.Namespace(data=None, strength=1.0, ner=None, ner_labels=None, bnci=[]))
    with pytest.raises(ValueError, match="go together"):
        errp.run(argparse.Namespace(data=None, strength=1.0, ner=Path(), ner_labels=None, bnci=[]))
