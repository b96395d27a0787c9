"""models: what a person adds from a file of their own: another language model, or a copy of weights in the catalog."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import tomlkit

from models.catalog import CATALOG, Entry, load_catalog
from models.checksum import sha256_of
from models.gguf_header import GgufError, check_gguf
from models.install import (
    Progress,
    land,
    no_progress,
    private_folder,
    require_room,
    workplace,
    write_private,
    wrong_file,
)
from models.weights import WeightsError, weights_dir

OWN = "own.toml"


@dataclass(frozen=True, slots=True)
class OwnModel:
    """A person's own GGUF, used where it lies.

    Parameters
    ----------
    name : str
        The file's name without its ending, numbered if it is taken.
    path : Path
        Absolute.
    size : int
        Bytes.
    sha256 : str
        Of the file when it was added.
    """

    name: str
    path: Path
    size: int
    sha256: str


def own_models() -> tuple[OwnModel, ...]:
    """Return the models that were added by path, in that order; a damaged list is as good as none."""
    try:
        document = tomllib.loads((weights_dir() / OWN).read_text(encoding="utf-8"))
        return tuple(
            OwnModel(str(own["name"]), Path(own["path"]), int(own["size"]), str(own["sha256"]))
            for own in document["models"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def add(
    path: Path,
    progress: Callable[[Progress], None] = no_progress,
    *,
    catalog: Path = CATALOG,
    tr: Callable[[str], str] = str,
) -> OwnModel | Entry:
    """Add the file at `path`.

    A file that the catalog knows by its checksum is copied into the weights folder, with those that belong to it
    from beside it: so weights travel to a computer without a network. Any other has to be a whole GGUF; it is
    recorded where it lies.

    Raises
    ------
    WeightsError
        The file is not fit to be used, or cannot be stored or recorded.
    """
    path = path.expanduser().absolute()
    try:
        size = path.stat().st_size if path.is_file() else 0
        candidates = [entry for entry in load_catalog(catalog) if entry.files[0].size == size]
        if not candidates:
            _require_model(path, tr)
        digest = sha256_of(path, lambda done: progress(Progress(path.stem, "verify", done, size)))
    except OSError as error:
        raise WeightsError(
            tr("The file {path} cannot be read ({detail}).").format(path=path, detail=error.strerror),
            tr("Nothing was changed."),
            tr("Check that the file may be read by this user and that its disk is connected."),
        ) from error
    for entry in candidates:
        if entry.files[0].sha256 == digest and _copy(entry, path, progress, tr):
            return entry
    _require_model(path, tr)
    others = [own for own in own_models() if own.path != path]
    own = OwnModel(_free_name(path.stem, {other.name for other in others}), path, size, digest)
    _record([*others, own], tr)
    return own


def verify_own(
    own: OwnModel, progress: Callable[[Progress], None] = no_progress, tr: Callable[[str], str] = str
) -> None:
    """Compare the file of `own` with its checksum when it was added.

    Raises
    ------
    WeightsError
        It is missing, damaged or another one by now.
    """
    try:
        check_gguf(own.path, tr)
    except GgufError as error:
        raise WeightsError(error.happened, error.still_works, error.to_do) from error
    if sha256_of(own.path, lambda done: progress(Progress(own.name, "verify", done, own.size))) != own.sha256:
        raise WeightsError(
            tr("The file {path} is not the one that was added: it has changed.").format(path=own.path),
            tr("It can still be used if the change was meant."),
            tr("Run `sayso models add {path}` if it was, or bring the old file back.").format(path=own.path),
        )


def _require_model(path: Path, tr: Callable[[str], str]) -> None:
    try:
        info = check_gguf(path, tr)
    except GgufError as error:
        raise WeightsError(error.happened, tr("Nothing was changed."), error.to_do) from error
    if info.kind != "model":
        raise WeightsError(
            tr("The file {path} is only an addition to a language model ({kind}).").format(
                path=path, kind=info.kind
            ),
            tr("Nothing was changed."),
            tr("Choose the file of the whole model."),
        )


def _free_name(name: str, taken: Set[str]) -> str:
    numbered = (f"{name}-{number}" for number in count(2))
    return name if name not in taken else next(other for other in numbered if other not in taken)


def _copy(entry: Entry, path: Path, progress: Callable[[Progress], None], tr: Callable[[str], str]) -> bool:
    """Install `entry` from the file at `path` and those beside it; return False if one of them is not there."""
    sources = [path, *(path.with_name(file.name) for file in entry.files[1:])]
    if not all(source.is_file() for source in sources):
        return False
    with workplace(entry, tr) as work:
        require_room(entry, entry.size, tr)
        done = 0
        for source, file in zip(sources, entry.files, strict=True):
            progress(Progress(entry.name, "copy", done, entry.size))
            shutil.copyfile(source, work / file.name)
            done += file.size
        if wrong := wrong_file(entry, work, progress):
            raise WeightsError(
                tr("{file} beside it is not the one that belongs to {title}.").format(
                    file=wrong, title=entry.title
                ),
                tr("Nothing was changed."),
                tr("Bring the whole folder {name} again.").format(name=entry.name),
            )
        land(entry, work)
    return True


def _record(owned: Sequence[OwnModel], tr: Callable[[str], str]) -> None:
    document = tomlkit.document()
    document.add(tomlkit.comment("Language models added by their path with `sayso models add PATH`."))
    models = tomlkit.aot()
    for model in owned:
        table = tomlkit.table()
        table.update(
            {"name": model.name, "path": str(model.path), "size": model.size, "sha256": model.sha256}
        )
        models.append(table)
    document.add("models", models)
    try:
        private_folder(weights_dir())
        write_private(weights_dir() / OWN, tomlkit.dumps(document))
    except OSError as error:
        raise WeightsError(
            tr("The model cannot be noted in {folder} ({detail}).").format(
                folder=weights_dir(), detail=error.strerror
            ),
            tr("It can still be used: enter its path in the settings."),
            tr("Check that this user may write there and that the disk is not full."),
        ) from error
