"""models: where the weights live and which of them are ready.

This is on the start-up path: nothing heavy is imported, nothing is hashed. `models.fetch` fetches and verifies,
`models.own_models` adds a person's own.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from pathlib import Path

MARKER = "verified"
SLIM = "slim"

_SLIM_LANGUAGES = ("en", "ru")  # whose letters the smaller copies of language models can write


class WeightsError(Exception):
    """Weights are not there, or cannot be got or trusted.

    Parameters
    ----------
    happened, still_works, to_do : str
        One sentence each, for a person.
    """

    def __init__(self, happened: str, still_works: str, to_do: str) -> None:
        super().__init__(f"{happened} {still_works} {to_do}")
        self.happened = happened
        self.still_works = still_works
        self.to_do = to_do


def weights_dir() -> Path:
    """Return the folder of the weights, which need not exist yet.

    ``SAYSO_WEIGHTS``, else ``weights`` in ``SAYSO_HOME``, else ``weights`` in the user's data folder.
    """
    if chosen := os.environ.get("SAYSO_WEIGHTS"):
        return Path(chosen).expanduser().absolute()
    if home := os.environ.get("SAYSO_HOME"):
        return Path(home).expanduser().absolute() / "weights"
    from platformdirs import user_data_path

    return user_data_path("sayso") / "weights"


def installed(name: str) -> Path | None:
    """Return the file to load for the catalog's `name`, or None if it is not ready.

    Ready means: verified once, and neither size nor modification time of any of its files has changed since.
    """
    folder = weights_dir() / name
    marks = read_marker(folder)
    return folder / next(iter(marks)) if marks else None


def read_marker(folder: Path) -> dict[str, str]:
    """Return file name -> sha256 of what was verified in `folder`; empty if anything is missing or has changed."""
    marks: dict[str, str] = {}
    try:
        for line in (folder / MARKER).read_text(encoding="utf-8").splitlines():
            digest, size, mtime_ns, file_name = line.split("\t")
            status = (folder / file_name).stat()
            if (status.st_size, status.st_mtime_ns) != (int(size), int(mtime_ns)):
                return {}
            marks[file_name] = digest
    except (OSError, ValueError):
        return {}
    return marks


def slim_folder(source: Path) -> Path:
    """Return the folder of the smaller copy of the language model `source`, which need not exist."""
    return weights_dir() / SLIM / f"{zlib.crc32(os.fsencode(source)):08x}"


def slim_of(source: Path) -> Path | None:
    """Return the smaller copy of the language model `source`, or None if there is none that can be used.

    It can be used while neither its own nor the source's size and modification time have changed.
    """
    folder = slim_folder(source)
    marks = read_marker(folder)
    return folder / next(iter(marks)) if str(source) in marks else None


def resolve_language_model(setting_path: str, tr: Callable[[str], str] = str, language: str = "en") -> Path:
    """Return the GGUF to load: ``SAYSO_MODEL``, else the settings' path, else the catalog's default.

    For the last two their smaller copy (`models.slim`) is returned where there is one and `language` is written
    with its letters. A chosen path need not exist; `models.gguf_header.check_gguf` says what is wrong with it.

    Raises
    ------
    WeightsError
        Nothing was chosen and the default has not been fetched.
    """
    if chosen := os.environ.get("SAYSO_MODEL"):
        return Path(chosen).expanduser().absolute()
    whole = _whole_model(setting_path.strip(), tr)
    return (slim_of(whole) if language in _SLIM_LANGUAGES else None) or whole


def _whole_model(chosen: str, tr: Callable[[str], str]) -> Path:
    if chosen:
        return Path(chosen).expanduser().absolute()
    from models.catalog import load_catalog

    default = next(entry for entry in load_catalog() if entry.kind == "language" and entry.default)
    if path := installed(default.name):
        return path
    raise WeightsError(
        tr("The language model {title} has not been fetched yet.").format(title=default.title),
        tr("The letters work, and words still come from the word list."),
        tr("Run `sayso models fetch`, or choose another model in the settings."),
    )
