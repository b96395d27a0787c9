"""assistive.eeg: labelled epochs as a file: numpy's npz, float32, checked when it is read."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.erp.epochs import Epochs

MOST_BYTES = 2**28
NUMBERS = "numbers"


@dataclass(frozen=True, slots=True, eq=False)
class EpochFile:
    """What is in it.

    Parameters
    ----------
    epochs : Epochs
    label : array of shape (n,) of bool
        Which were targets; of outcomes, which were wrong.
    claimed : array of shape (n,)
        Of outcomes: how probable each was when it was chosen; of flashes 0.
    numbers : dict
        What else is to be known, by name.
    """

    epochs: Epochs
    label: NDArray[np.bool_]
    claimed: NDArray[np.float64]
    numbers: dict[str, float] = field(default_factory=dict)


def to_bytes(file: EpochFile) -> bytes:
    """Return what `from_path` reads."""
    arrays: dict[str, Any] = {
        "t": file.epochs.t,
        "data": file.epochs.data.astype(np.float32),
        "channels": np.array(file.epochs.channels, dtype=np.str_),
        "label": file.label,
        "claimed": file.claimed,
    }
    buffer = io.BytesIO()
    np.savez(
        buffer,
        **arrays | {f"{NUMBERS}.{name}": np.float64(value) for name, value in file.numbers.items()},
    )
    return buffer.getvalue()


def from_path(path: Path) -> EpochFile:
    """Return what `to_bytes` was given, from a file.

    Raises
    ------
    OSError
        It cannot be read.
    ValueError
        It is damaged, or something else.
    """
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        raise ValueError("no file of epochs")
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
            epochs = Epochs(
                arrays["t"].astype(np.float64),
                arrays["data"].astype(np.float64),
                tuple(str(name) for name in arrays["channels"]),
            )
            label, claimed = arrays["label"].astype(bool), arrays["claimed"].astype(np.float64)
            numbers = {
                name.removeprefix(f"{NUMBERS}."): float(arrays[name])
                for name in arrays.files
                if name.startswith(f"{NUMBERS}.")
            }
    except (KeyError, TypeError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise ValueError(f"no file of epochs: {error!r}") from error
    if label.shape != epochs.t.shape or claimed.shape != epochs.t.shape or not np.isfinite(epochs.t).all():
        raise ValueError("no file of epochs: its parts are not of the same size")
    return EpochFile(epochs, label, claimed, numbers)
