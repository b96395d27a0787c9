"""assistive: `sayso models list|fetch|verify|add|slim`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from models.catalog import CATALOG, Entry, load_catalog
from models.fetch import fetch, find, is_ready, verify
from models.install import Progress
from models.own_models import OwnModel, add, own_models, verify_own
from models.slim import make_slim, verify_slim
from models.terms import remember_terms, terms_to_show
from models.weights import WeightsError, installed, slim_of, weights_dir

Translate = Callable[[str], str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the five actions of `sayso models` to its parser."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="what there is, and which of it is ready")
    fetching = actions.add_parser("fetch", help="fetch weights by name, or all that Sayso needs")
    fetching.add_argument("names", nargs="*", metavar="NAME")
    verifying = actions.add_parser("verify", help="compare weights with their checksums")
    verifying.add_argument("names", nargs="*", metavar="NAME")
    adding = actions.add_parser(
        "add", help="add a GGUF of your own, or weights brought from another computer"
    )
    adding.add_argument("path", type=Path, metavar="PATH")
    slimming = actions.add_parser(
        "slim", help="make the smaller and quicker copy of a language model (`fetch` makes the default one's)"
    )
    slimming.add_argument("names", nargs="*", metavar="NAME")


def run(arguments: argparse.Namespace, *, catalog: Path = CATALOG, tr: Translate = str) -> int:
    """Do what was asked and return the exit status: 0 if all of it was done, 1 if not."""
    if arguments.action == "list":
        return _list(catalog, tr)
    if arguments.action == "fetch":
        return _fetch(arguments.names, catalog, tr)
    if arguments.action == "verify":
        return _verify(arguments.names, catalog, tr)
    if arguments.action == "slim":
        return _slim(arguments.names, catalog, tr)
    return _add(arguments.path, catalog, tr)


class ProgressLine:
    """Shows progress on one line in a terminal, and as a few plain lines anywhere else."""

    def __init__(self, out: TextIO, tr: Translate) -> None:
        self._out = out
        self._terminal = out.isatty()
        self._words = {"download": tr("downloading"), "copy": tr("unpacking"), "verify": tr("verifying")}
        self._shown = ""

    def __call__(self, progress: Progress) -> None:
        """Show how far it is."""
        share = progress.done_bytes / max(1, progress.total_bytes)
        text = f"{progress.name}: {self._words[progress.stage]}"
        if self._terminal:
            text += f" {int(100 * share)} %"
        elif progress.stage == "download":
            text += f" {25 * int(4 * share)} %"
        if text == self._shown:
            return
        if self._terminal:
            self._out.write(f"\r{text}".ljust(len(self._shown) + 1))
        else:
            self._out.write(f"{text}\n")
        self._out.flush()
        self._shown = text

    def clear(self) -> None:
        """Leave an empty line for what comes next."""
        if self._terminal:
            self._out.write("\r" + " " * len(self._shown) + "\r")
        self._shown = ""


def _list(catalog: Path, tr: Translate) -> int:
    rows = [(e.name, e.title, _megabytes(e.size), _state(e, tr), e.licence) for e in load_catalog(catalog)]
    for own in own_models():
        state = tr("ready") if own.path.is_file() else tr("missing")
        rows.append((own.name, str(own.path), _megabytes(own.size), state, tr("your own")))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)))
    print(tr("Weights folder: {folder}").format(folder=weights_dir()))
    return 0


def _fetch(names: Sequence[str], catalog: Path, tr: Translate) -> int:
    wanted = names or [entry.name for entry in load_catalog(catalog) if entry.default]

    def fetch_one(name: str, line: ProgressLine) -> str:
        entry = find(name, catalog, tr)
        if not is_ready(entry):
            _show_terms(entry, tr)
        path = fetch(name, line, catalog=catalog, tr=tr)
        return tr("{name} is ready: {path}").format(name=name, path=path)

    status = _each(wanted, fetch_one, tr)
    for name in wanted:
        _slim_fetched(name, catalog, tr)
    return status


def _slim_fetched(name: str, catalog: Path, tr: Translate) -> None:
    """Make the smaller copy of a language model that was fetched; without one the model works as well."""
    source = installed(name)
    entry = next((entry for entry in load_catalog(catalog) if entry.name == name), None)
    if source is None or entry is None or entry.kind != "language" or slim_of(source):
        return
    print(tr("Making the smaller copy of {name}.").format(name=name))
    try:
        make_slim(source, _kept_beside(source, entry), tr)
    except WeightsError as error:
        print(error)


def _slim(names: Sequence[str], catalog: Path, tr: Translate) -> int:
    own = {model.name: model for model in own_models()}
    languages = {entry.name: entry for entry in load_catalog(catalog) if entry.kind == "language"}
    wanted = names or [*(name for name in languages if installed(name)), *own]
    if not wanted:
        print(tr("There are no language models yet: run `sayso models fetch`."))

    def slim_one(name: str, _line: ProgressLine) -> str:
        if name in own:
            path = make_slim(own[name].path, tr=tr)
        elif (source := installed(name)) and name in languages:
            path = make_slim(source, _kept_beside(source, languages[name]), tr)
        else:
            raise WeightsError(
                tr("There is no language model called {name} here.").format(name=name),
                tr("Nothing was changed."),
                tr("`sayso models list` shows what there is."),
            )
        return tr("The smaller copy of {name} is ready: {path}").format(name=name, path=path)

    return _each(wanted, slim_one, tr)


def _kept_beside(source: Path, entry: Entry) -> list[Path]:
    return [source.with_name(file.name) for file in entry.files[1:]]


def _show_terms(entry: Entry, tr: Translate) -> None:
    if not (terms := terms_to_show(entry)):
        return
    print(tr("{title} comes under the {licence}:").format(title=entry.title, licence=entry.licence))
    print("".join(f"    {line}\n" for line in terms.splitlines()), end="")
    kept = weights_dir() / entry.name / entry.terms_file
    print(tr("The full terms are kept beside the weights: {path}").format(path=kept))
    remember_terms(entry)


def _verify(names: Sequence[str], catalog: Path, tr: Translate) -> int:
    own = {model.name: model for model in own_models()}
    here = [e.name for e in load_catalog(catalog) if (weights_dir() / e.name).exists()]
    wanted = names or [*here, *own]
    if not wanted:
        print(tr("There are no weights yet: run `sayso models fetch`."))

    def verify_one(name: str, line: ProgressLine) -> str:
        if name in own:
            verify_own(own[name], line, tr)
            verify_slim(own[name].path, tr)
        else:
            verify(name, line, catalog=catalog, tr=tr)
            if source := installed(name):
                verify_slim(source, tr)
        return tr("{name} is as it should be.").format(name=name)

    return _each(wanted, verify_one, tr)


def _add(path: Path, catalog: Path, tr: Translate) -> int:
    def add_one(name: str, line: ProgressLine) -> str:
        added = add(path, line, catalog=catalog, tr=tr)
        if isinstance(added, OwnModel):
            return tr("{name} was added. To use it, choose {path} as language model in the settings.").format(
                name=added.name, path=added.path
            )
        return tr("{name} is ready.").format(name=added.name)

    return _each([path.name], add_one, tr)


def _each(names: Sequence[str], work: Callable[[str, ProgressLine], str], tr: Translate) -> int:
    """Do `work` for every name; one that fails does not keep the others from being done."""
    status = 0
    for name in names:
        line = ProgressLine(sys.stdout, tr)
        try:
            message = work(name, line)
        except WeightsError as error:
            line.clear()
            print(error, file=sys.stderr)
            status = 1
        else:
            line.clear()
            print(message)
    return status


def _state(entry: Entry, tr: Translate) -> str:
    if is_ready(entry):
        return tr("ready")
    if (weights_dir() / entry.name / entry.files[0].name).exists():
        return tr("changed: fetch it again")
    return tr("not fetched")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB".rjust(10)
