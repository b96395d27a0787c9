"""assistive.commands: `sayso export choices|gaze`: what was kept or recorded, for whoever the person gives it to."""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

from assistive.commands.replay import find_recording
from assistive.durable import open_private, plain_reason, write_atomically
from assistive.folders import Folders, find_folders
from assistive.i18n import Translate, translator
from assistive.learning.choice_file import NewerFormat, why_not
from assistive.learning.choices_kept import KeptChoice, read_choices
from assistive.recording.format import RecordingError
from assistive.recording.gaze_table import write_gaze_table
from assistive.settings import Settings
from assistive.store import read_settings

FORMAT = 1
_SAYS_SOMETHING = ("write", "word", "say")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be exported."""
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    choices = kinds.add_parser("choices", help="the choices that were kept, one a line, as JSON")
    choices.add_argument("--out", type=Path, metavar="FILE", help="write to this file (default: print)")
    gaze = kinds.add_parser("gaze", help="the gaze of a recording as a table: t, x, y, ...")
    gaze.add_argument("recording", type=Path, metavar="RECORDING", help="a file, or its name in the list")
    gaze.add_argument("--csv", type=Path, metavar="OUT", required=True, help="write to this new file")


def run(args: argparse.Namespace) -> int:
    """Export; return 0, or 1 with a sentence where there is nothing to export or it cannot be done."""
    folders, _ = find_folders()
    settings, _ = read_settings(folders.settings, translator)
    tr = translator(settings.look.language)
    if args.what == "gaze":
        return _gaze(find_recording(args.recording, folders.recordings), args.csv, tr)
    return _choices(args, folders, settings, tr)


def _choices(args: argparse.Namespace, folders: Folders, settings: Settings, tr: Translate) -> int:
    if not settings.privacy.choices:
        return _refused(
            tr("No choices are kept. The person can switch that on, on the settings pages of the board.")
        )
    try:
        lines = [
            json.dumps(exported(kept), ensure_ascii=False, allow_nan=False)
            for kept in read_choices(folders.choices)
        ]
    except FileNotFoundError:
        lines = []
    except (OSError, sqlite3.Error, NewerFormat) as error:
        return _refused(_cannot_be_read(folders.choices, error, tr))
    except (ValueError, KeyError, TypeError, AttributeError):  # a database, but with something else in it
        return _refused(
            _cannot_be_read(folders.choices, sqlite3.DatabaseError(tr("the file is damaged")), tr)
        )
    if not lines:
        return _refused(tr("No choice has been kept yet."))
    if args.out is None:
        sys.stdout.write("".join(line + "\n" for line in lines))
        return 0
    return _written(args.out, lines, folders.choices, tr)


def exported(kept: KeptChoice) -> dict[str, Any]:
    """Return a choice as docs/choices.md describes it."""
    choice = kept.choice
    passed_over = [option.text for option in choice.shown if option.slot != choice.slot]
    changed = choice.removed is not None
    return {
        "format": FORMAT,
        "number": kept.number,
        "t": choice.t,
        "input": choice.input,
        "language": choice.language,
        "model": choice.model,
        "context": {
            "text": choice.text,
            "turns": [{"speaker": turn.speaker.value, "text": turn.text} for turn in choice.turns],
        },
        "shown": [
            {
                "slot": option.slot,
                "text": option.text,
                "probability": option.probability,
                "propensity": option.propensity,
                "source": option.source,
            }
            for option in choice.shown
        ],
        "shown_s": choice.shown_s,
        "chosen": {"verb": choice.verb, "text": choice.argument, "slot": choice.slot or None},
        "rejected": passed_over if choice.verb in _SAYS_SOMETHING else [],
        "change": {"removed": choice.removed, "inserted": choice.inserted} if changed else None,
        "undone": kept.undone,
    }


def _gaze(recording: Path, out: Path, tr: Translate) -> int:
    try:
        out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(out, "x", encoding="utf-8", errors="replace", newline="", opener=open_private) as file:
            try:
                report = write_gaze_table(recording, file, tr)
                file.flush()
            except BaseException:
                out.unlink()
                raise
    except FileExistsError:
        return _refused(tr("{file} is there already. Choose another name.").format(file=out))
    except OSError as error:
        return _refused(f"{out}: {plain_reason(error, tr)}")
    except RecordingError as error:
        return _refused(str(error))
    print(tr("{count} samples are written to {file}.").format(count=report.samples, file=out))
    if report.damaged:
        print(
            tr("{count} damaged lines of the recording are left out, the first is line {number}.").format(
                count=report.damaged, number=report.first_damaged_line
            )
        )
    if not report.complete:
        print(tr("The recording stops in the middle: Sayso or the computer was stopped then."))
    return 0


def _written(path: Path, lines: list[str], source: Path, tr: Translate) -> int:
    if os.path.realpath(path) == os.path.realpath(source):
        return _refused(tr("{file} is where the choices are kept. Choose another name.").format(file=path))
    try:
        write_atomically(path, "".join(line + "\n" for line in lines).encode())
    except OSError as error:
        return _refused(f"{path}: {plain_reason(error, tr)}")
    print(tr("{count} choices are written to {file}.").format(count=len(lines), file=path))
    return 0


def _cannot_be_read(path: Path, error: Exception, tr: Translate) -> str:
    return tr("{file} cannot be read: {reason}. It stays as it is.").format(
        file=path, reason=why_not(error, tr)
    )


def _refused(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
