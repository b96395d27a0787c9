"""assistive.commands: `sayso flash-patch`: a patch flashes on the screen, for a photodiode that measures its delay."""

from __future__ import annotations

import argparse
import os
import sys

from assistive.commands.run import display_trouble, has_display
from assistive.folders import find_folders
from assistive.i18n import Translate, translator
from assistive.store import read_settings
from devices.eeg.marker_outlet import NAME, MarkerOutlet

FLASHES = 200  # a minute and a half: flashing lasts no longer than two
MOST = 250


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `sayso flash-patch`."""
    parser.add_argument("--flashes", type=_count, default=FLASHES, metavar="N", help="so many, then it ends")
    parser.add_argument(
        "--markers", default=NAME, metavar="NAME", help="what the stream of markers is called"
    )


def run(args: argparse.Namespace) -> int:
    """Show the page until it is closed; return 0, or 1 with a sentence where there is no display."""
    folders, _ = find_folders()
    settings, _ = read_settings(folders.settings, translator)
    tr = translator(settings.look.language)
    if trouble := display_trouble(os.environ) or _no_display(tr):
        print(trouble, file=sys.stderr)
        return 1
    from assistive.ui.photodiode_page import run_photodiode_page

    outlet = MarkerOutlet(args.markers)
    try:
        print(tr("The stream of markers is called “{name}”.").format(name=args.markers), flush=True)
        shown, kind = run_photodiode_page(outlet.mark, settings, tr, args.flashes)
    finally:
        outlet.close()
    print(tr("{n} flashes were shown, their times taken by: {kind}.").format(n=shown, kind=kind))
    return 0


def _no_display(tr: Translate) -> str:
    return "" if has_display() else tr("There is no display here, so nothing can be measured on it.")


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= MOST:
        raise argparse.ArgumentTypeError(f"1 to {MOST}, since flashing must not last longer than two minutes")
    return count
