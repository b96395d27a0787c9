"""assistive.commands: `sayso replay-eeg FILE`: recorded EEG comes as from an amplifier, through a real LSL outlet."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from assistive.folders import find_folders
from assistive.i18n import Translate, translator
from assistive.store import read_settings
from devices.clock import LslClock
from devices.eeg.recording import EegFile, EegFileError
from devices.eeg.replay import replay

LOOK_S = 0.2
LAST_SAMPLES_S = 0.5  # until what was sent last has arrived
PAUSE_S = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `sayso replay-eeg`."""
    parser.add_argument(
        "file", type=Path, metavar="FILE.fif", help="a recording that MNE reads: FIF, EDF, ..."
    )
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="N", help="N times as fast")
    parser.add_argument(
        "--from", type=_start, default=0.0, dest="from_s", metavar="S", help="leave out S seconds"
    )
    parser.add_argument("--loop", action="store_true", help="begin again after the end")
    parser.add_argument("--name", default="", help="what the stream is called (default: the file's name)")
    parser.add_argument("--now", action="store_true", help="do not wait until somebody connects")


def run(args: argparse.Namespace) -> int:
    """Offer the streams and send the recording; return 0 at its end, 1 with a sentence if it cannot be read."""
    folders, _ = find_folders()
    settings, _ = read_settings(folders.settings, translator)
    tr = translator(settings.look.language)
    try:
        _send(args, tr)
    except EegFileError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _send(args: argparse.Namespace, tr: Translate) -> None:
    # Loading liblsl takes a while, and a file that cannot be read is told before.
    file = EegFile(args.file, tr)
    from devices.eeg.lsl_outlet import EegOutlet

    name = args.name or args.file.stem
    outlet = EegOutlet(name, file.channels, args.speed * file.rate_hz)
    stop = threading.Event()
    try:
        if not args.now:
            print(
                tr("The stream {name} is offered. It begins when somebody connects; Ctrl+C ends it.").format(
                    name=name
                ),
                flush=True,
            )
            while not outlet.followed:
                stop.wait(LOOK_S)
        print(tr("The EEG is being sent."), flush=True)
        while True:
            replay(file, outlet, stop, LslClock(), speed=args.speed, from_s=args.from_s)
            if not args.loop:
                break
            stop.wait(PAUSE_S)
        stop.wait(LAST_SAMPLES_S)
    finally:
        outlet.close()


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} times as fast is not possible")
    return speed


def _start(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"a recording has no second {text}")
    return seconds
