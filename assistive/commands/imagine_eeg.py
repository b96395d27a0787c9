"""assistive.commands: `sayso imagine-eeg`: a brain that is made up writes a sentence, to try Sayso without an amplifier.

It offers EEG as the program of an amplifier does (LSL) and hears the markers that Sayso publishes. No figure that is
found with it says anything about people.
"""

from __future__ import annotations

import argparse
import sys
import threading
from typing import TYPE_CHECKING

from assistive.eeg.imagined import IMAGINED_EEG
from assistive.folders import find_folders
from assistive.i18n import Translate, translator
from assistive.store import read_settings
from devices.clock import LslClock

if TYPE_CHECKING:
    from assistive.simulate.brain import ImaginedBrain

MOST_CHANNELS = 32
LONGEST_MARKER = 20_000  # characters: all keys of a board with their labels
ERROR_UV = 8.0
SETTINGS_NEEDED = f"""[eeg]
source = "lsl"
stream = "{IMAGINED_EEG}"
publish_markers = true"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `sayso imagine-eeg`."""
    parser.add_argument("--wants", required=True, metavar="TEXT", help="the sentence that is to be spoken")
    parser.add_argument(
        "--auc",
        type=float,
        default=0.9,
        help="how well single flashes are told apart: 0.55-0.98; 0.5: not at all",
    )
    parser.add_argument("--errp", action="store_true", help="answer to wrong choices with an error potential")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another brain (0)")
    parser.add_argument("--channels", type=_channels, default=8, metavar="N", help="electrodes: 1-32 (8)")
    parser.add_argument("--rate", type=_rate, default=250.0, metavar="HZ", help="samples a second (250)")


def run(args: argparse.Namespace) -> int:
    """Offer the stream until it is interrupted; return 1 with a sentence if there can be no such brain."""
    folders, _ = find_folders()
    settings, _ = read_settings(folders.settings, translator)
    tr = translator(settings.look.language)
    try:
        _imagine(args, tr)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _imagine(args: argparse.Namespace, tr: Translate) -> None:
    # Loading these takes a while, and a wrong option is told before.
    from assistive.simulate.brain import ImaginedBrain
    from assistive.simulate.imagining import imagine
    from assistive.simulate.rehearsal import amplitude_for
    from assistive.simulate.scalp import ELECTRODES
    from devices.eeg.lsl_markers import MarkerListener
    from devices.eeg.lsl_outlet import EegOutlet
    from devices.eeg.marker_outlet import NAME

    electrodes = ELECTRODES[: args.channels]
    p300_uv = amplitude_for(args.auc, electrodes, args.rate, args.seed)
    brain = ImaginedBrain(
        args.wants,
        electrodes,
        args.rate,
        p300_uv=p300_uv,
        error_uv=ERROR_UV if args.errp else 0.0,
        seed=args.seed,
    )
    outlet = EegOutlet(IMAGINED_EEG, electrodes, args.rate)
    try:
        print(
            tr(
                "Simulated EEG is offered as “{name}”: no person's, with a response of {size} microvolts. Ctrl+C ends it."
            ).format(name=IMAGINED_EEG, size=f"{p300_uv:.1f}")
        )
        print(tr("What Sayso's settings need for it:"), SETTINGS_NEEDED, sep="\n", flush=True)
        heard = MarkerListener(NAME, LONGEST_MARKER)
        imagine(brain, args.rate, outlet, heard, threading.Event(), LslClock(), _Telling(tr).tell)
    finally:
        outlet.close()


class _Telling:
    """Prints what is waited for, whenever it is something else."""

    def __init__(self, tr: Translate) -> None:
        self._tr = tr
        self._told: tuple[str, bool] | None = None

    def tell(self, brain: ImaginedBrain) -> None:
        now = "" if brain.wish.spoken else brain.meant, brain.wish.spoken
        if now == self._told:
            return
        self._told = now
        if brain.wish.spoken:
            sentence = self._tr("The sentence is spoken. Nothing is waited for any more; Ctrl+C ends it.")
        elif brain.meant:
            sentence = self._tr("waits for {target}").format(target=brain.wish.label(brain.meant))
        else:
            sentence = self._tr("waits for nothing that is on the board")
        print(sentence, flush=True)


def _channels(text: str) -> int:
    count = int(text)
    if not 1 <= count <= MOST_CHANNELS:
        raise argparse.ArgumentTypeError(f"{text} electrodes are not between 1 and {MOST_CHANNELS}")
    return count


def _rate(text: str) -> float:
    rate_hz = float(text)
    if not 125 <= rate_hz <= 2000:
        raise argparse.ArgumentTypeError(f"{text} samples a second are not between 125 and 2000")
    return rate_hz
