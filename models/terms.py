"""models: licence terms are shown once, before the first fetch."""

from __future__ import annotations

import contextlib
import hashlib

from models.catalog import Entry
from models.install import private_folder, write_private
from models.weights import weights_dir

SHOWN = "terms-shown"


def terms_to_show(entry: Entry) -> str:
    """Return the terms of `entry`, or "" if it has none or they were shown as they are now."""
    return "" if _line(entry) in _shown() else entry.terms


def remember_terms(entry: Entry) -> None:
    """Note that the terms of `entry` were shown; where that cannot be written they are simply shown again."""
    with contextlib.suppress(OSError):
        private_folder(weights_dir())
        write_private(weights_dir() / SHOWN, "".join(f"{line}\n" for line in (*_shown(), _line(entry))))


def _shown() -> list[str]:
    try:
        return (weights_dir() / SHOWN).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def _line(entry: Entry) -> str:
    return f"{entry.name} {hashlib.sha256(entry.terms.encode()).hexdigest()}"
