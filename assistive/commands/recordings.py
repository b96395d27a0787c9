"""assistive.commands: `sayso recordings list|delete`: what was recorded belongs to the person."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from assistive.durable import plain_reason
from assistive.eeg.recording import EEG_ENDING, recordings_folder
from assistive.folders import find_folders
from assistive.i18n import Translate, translator
from assistive.store import read_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions of `sayso recordings`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="what was recorded on this computer")
    deleting = actions.add_parser("delete", help="delete recordings by name, or all of them")
    deleting.add_argument("names", nargs="*", metavar="NAME")


def run(args: argparse.Namespace) -> int:
    """Do what was asked; return 0 if all of it was done, 1 if not."""
    folders, _ = find_folders()
    settings, _ = read_settings(folders.settings, translator)
    tr = translator(settings.look.language)
    kinds = {folders.recordings: ".jsonl", recordings_folder(folders.eeg): EEG_ENDING}
    here: list[Path] = []
    for folder, ending in kinds.items():
        try:
            here += sorted(path for path in folder.iterdir() if path.name.endswith(ending))
        except FileNotFoundError:
            continue
        except OSError as error:
            print(f"{folder}: {plain_reason(error, tr)}", file=sys.stderr)
            return 1
    if args.action == "list":
        return _list(list(kinds), here, tr)
    return _delete(args.names, here, tr)


def _list(folders: Sequence[Path], here: Sequence[Path], tr: Translate) -> int:
    if not here:
        print(tr("There are no recordings."))
    for path in here:
        found = path.stat()
        ended = time.strftime("%Y-%m-%d %H:%M", time.localtime(found.st_mtime))
        print(f"{path.name}  {ended}  {found.st_size / 1e6:8.1f} MB")
    for folder in folders:
        print(tr("Recordings folder: {folder}").format(folder=folder))
    return 0


def _delete(names: Sequence[str], here: Sequence[Path], tr: Translate) -> int:
    known = {path.name: path for path in here} | {path.stem: path for path in here}
    status = 0
    # Without a name it is all of them; a name twice is one recording.
    for name in dict.fromkeys(names or [path.name for path in here]):
        path = known.get(name)
        try:
            if path is None:
                raise FileNotFoundError
            path.unlink()
        except FileNotFoundError:
            print(tr("There is no recording called {name}.").format(name=name), file=sys.stderr)
            status = 1
        except OSError as error:
            print(f"{name}: {plain_reason(error, tr)}", file=sys.stderr)
            status = 1
        else:
            print(tr("{name} is deleted.").format(name=path.name))
    if not names and not here:
        print(tr("There are no recordings."))
    return status
