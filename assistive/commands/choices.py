"""assistive.commands: `sayso choices erase`: what was kept of the person's choices belongs to them."""

from __future__ import annotations

import argparse
import sqlite3
import sys

from assistive.durable import plain_reason
from assistive.folders import find_folders
from assistive.i18n import translator
from assistive.learning.choice_file import why_not
from assistive.learning.choices_kept import erase_choices
from assistive.store import read_settings

YES = ("y", "yes", "д", "да")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions of `sayso choices`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    erasing = actions.add_parser("erase", help="erase all choices that were kept")
    erasing.add_argument("--yes", action="store_true", help="do not ask")


def run(args: argparse.Namespace) -> int:
    """Erase what was kept once that is confirmed; return 0 if nothing is left of it, 1 if something is."""
    folders, _ = find_folders()
    settings, _ = read_settings(folders.settings, translator)
    tr = translator(settings.look.language)
    if not args.yes and not _confirmed(
        tr("Erase all choices that were kept? This cannot be undone. (yes/no) ")
    ):
        print(tr("Nothing was erased."))
        return 1
    try:
        n = erase_choices(folders.choices)
    except sqlite3.Error as error:
        print(f"{folders.choices}: {why_not(error, tr)}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{folders.choices}: {plain_reason(error, tr)}", file=sys.stderr)
        return 1
    print(tr("All choices are erased.") if n != 0 else tr("There were no choices."))
    return 0


def _confirmed(question: str) -> bool:
    try:
        return input(question).strip().casefold() in YES
    except EOFError:
        print()
        return False
