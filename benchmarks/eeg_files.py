"""benchmarks: the EEG recordings that are measured: FIF files, annotated with `target` and `nontarget`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mne
import numpy as np
from numpy.typing import NDArray

from models.erp.epochs import Epochs, epochs_of


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """One file: its name, its epochs in the order of time, which are targets, and their annotations."""

    name: str
    epochs: Epochs
    target: NDArray[np.bool_]
    descriptions: Sequence[str]


def fif_files(folder: Path) -> list[Path]:
    """Return the FIF files of a folder, by name.

    Raises
    ------
    ValueError
        There are none.
    """
    files = sorted(path for path in folder.glob("*.fif") if path.is_file())
    if not files:
        raise ValueError(f"{folder} has no FIF files: --data names the folder of the recordings")
    return files


def read_raw(path: Path) -> Any:
    """Open a FIF file, with a ValueError that names it where that cannot be done."""
    try:
        return mne.io.read_raw_fif(path, preload=True, verbose="error")
    except Exception as error:  # MNE raises many kinds, depending on what is damaged
        raise ValueError(f"{path.name} is no FIF recording that can be read: {error}") from error


def read_recording(path: Path) -> Recording:
    """Read one file.

    Raises
    ------
    ValueError
        It cannot be read, or has no flashes of one kind.
    """
    try:
        epochs, descriptions = epochs_of(read_raw(path))
    except ValueError as error:
        message = str(error) if path.name in str(error) else f"{path.name}: {error}"
        raise ValueError(message) from error
    order = np.argsort(epochs.t, kind="stable")
    descriptions = [descriptions[i] for i in order]
    target = np.array([text.startswith("target") for text in descriptions])
    if not target.any() or target.all():
        raise ValueError(f"{path.name} has no flashes of both kinds, target and nontarget")
    return Recording(path.name, epochs.at(order), target, descriptions)
