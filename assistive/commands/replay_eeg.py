"""assistive.commands: `sayso replay-eeg FILE`: recorded EEG comes as from an amplifier, through a real LSL outlet."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

from assistive.commands.replay_options import (
    LAST_SAMPLES_S,
    add_replay_options,
    send_told,
    wait_for_listener,
)
from assistive.i18n import Translate
from devices.clock import LslClock
from devices.eeg.recording import EegFile, EegFileError
from devices.eeg.replay import replay

PAUSE_S = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `sayso replay-eeg`."""
    parser.add_argument(
        "file", type=Path, metavar="FILE.fif", help="a recording that MNE reads: FIF, EDF, ..."
    )
    parser.add_argument(
        "--from", type=_start, default=0.0, dest="from_s", metavar="S", help="leave out S seconds"
    )
    add_replay_options(parser)


def run(args: argparse.Namespace) -> int:
    """Offer the streams and send the recording; return 0 at its end, 1 with a sentence if it cannot be read."""
    return send_told(_send, args, (EegFileError,))


def _send(args: argparse.Namespace, tr: Translate) -> None:
    # Loading liblsl takes a while, and a file that cannot be read is told before.
    file = EegFile(args.file, tr)
    from devices.eeg.lsl_outlet import EegOutlet

    name = args.name or args.file.stem
    outlet = EegOutlet(name, file.channels, args.speed * file.rate_hz)
    stop = threading.Event()
    try:
        if not args.now:
            wait_for_listener(outlet, name, stop, tr)
        print(tr("The EEG is being sent."), flush=True)
        while True:
            replay(file, outlet, stop, LslClock(), speed=args.speed, from_s=args.from_s)
            if not args.loop:
                break
            stop.wait(PAUSE_S)
        stop.wait(LAST_SAMPLES_S)
    finally:
        outlet.close()


def _start(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"a recording has no second {text}")
    return seconds
