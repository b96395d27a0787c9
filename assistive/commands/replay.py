"""assistive.commands: `sayso replay FILE`: what was written in a recording, and whether it comes out the same."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from pathlib import Path

from assistive.durable import plain_reason
from assistive.folders import find_folders
from assistive.i18n import Translate, translator
from assistive.recording.format import RecordingError
from assistive.recording.player import Replayed, replay
from assistive.store import read_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `sayso replay`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a recording, or its name in the list")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write what came out to this file")


def run(args: argparse.Namespace) -> int:
    """Replay and print; return 0 if it is the same as recorded, 1 if not or if it cannot be replayed."""
    folders, _ = find_folders()
    settings, _ = read_settings(folders.settings, translator)
    tr = translator(settings.look.language)
    try:
        replayed = replay(find_recording(args.file, folders.recordings), tr=tr)
    except RecordingError as error:
        print(error, file=sys.stderr)
        return 1
    print(_as_text(replayed, tr))
    if args.json is not None:
        try:
            args.json.write_text(json.dumps(_as_data(replayed), indent=2) + "\n", "utf-8")
        except OSError as error:
            print(f"{args.json}: {plain_reason(error, tr)}", file=sys.stderr)
            return 1
    return 0 if replayed.first_difference is None else 1


def find_recording(path: Path, folder: Path) -> Path:
    """Return the recording that is meant: a name alone means one of the person's own, in `folder`."""
    if path.name == str(path) and not os.path.lexists(path):
        for own in (folder / path.name, folder / f"{path.name}.jsonl"):
            if own.is_file():
                return own
    return path


def _as_text(replayed: Replayed, tr: Translate) -> str:
    lines = [
        f"{step.at_s:9.2f}  {step.number:4d}  {step.label:<24}  {step.text}" for step in replayed.selections
    ]
    lines += [tr("Said: {text}").format(text=text) for text in replayed.utterances]
    lines.append(tr("Written: {text}").format(text=replayed.text))
    lines.append(
        tr("{count} selections in {seconds} s.").format(
            count=len(replayed.selections), seconds=f"{replayed.seconds:.1f}"
        )
    )
    if not replayed.complete:
        lines.append(tr("The recording stops in the middle: Sayso or the computer was stopped then."))
    difference = replayed.first_difference
    if difference is None:
        lines.append(tr("It is the same as what was recorded."))
    else:
        lines.append(
            tr("It is not the same as what was recorded, from selection {number} on:").format(
                number=difference.selection
            )
        )
        nothing = tr("nothing")
        lines.append("  " + tr("recorded: {what}").format(what=difference.recorded or nothing))
        lines.append("  " + tr("replayed: {what}").format(what=difference.replayed or nothing))
    return "\n".join(lines).encode("utf-8", "replace").decode("utf-8")


def _as_data(replayed: Replayed) -> dict[str, object]:
    return {"same": replayed.first_difference is None} | dataclasses.asdict(replayed)
