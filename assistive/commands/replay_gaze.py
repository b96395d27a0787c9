"""assistive.commands: `sayso replay-gaze FILE`: recorded gaze comes as from an eye tracker, through a real LSL outlet."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from assistive.folders import find_folders
from assistive.i18n import Translate, translator
from assistive.store import read_settings
from devices.clock import LslClock
from devices.driver import DeviceLost, Emitted
from devices.gaze.recording import RecordingError, RecordingReport, stream_gaze_csv
from devices.gaze.replay import ReplayDriver
from devices.samples import GazeSample

LAYOUTS = ("tobiipro", "streamengine")
LOOK_S = 0.2
LAST_SAMPLES_S = 0.5  # until what was sent last has arrived


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `sayso replay-gaze`."""
    parser.add_argument("file", type=Path, metavar="FILE.csv", help="a gaze recording: t, x, y (0-1)")
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="N", help="N times as fast")
    parser.add_argument("--loop", action="store_true", help="begin again after the end")
    parser.add_argument("--layout", choices=LAYOUTS, default="tobiipro", help="as which program it comes")
    parser.add_argument("--name", default="", help="what the stream is called (default: the file's name)")
    parser.add_argument("--now", action="store_true", help="do not wait until somebody connects")


def run(args: argparse.Namespace) -> int:
    """Offer the stream and send the recording; return 0 at its end, 1 with a sentence if it cannot be read."""
    folders, _ = find_folders()
    settings, _ = read_settings(folders.settings, translator)
    tr = translator(settings.look.language)
    try:
        _send(args, tr)
    except (RecordingError, DeviceLost) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _send(args: argparse.Namespace, tr: Translate) -> None:
    # Loading liblsl takes a while, and a file that cannot be read is told before.
    first = stream_gaze_csv(args.file, RecordingReport(str(args.file)), tr)
    next(first, None)
    from devices.gaze.lsl_outlet import GazeOutlet, OutletLayout, usual_rate_hz

    name = args.name or args.file.stem
    outlet = GazeOutlet(name, OutletLayout(args.layout), args.speed * usual_rate_hz(first))
    first.close()

    def emit(sample: Emitted) -> None:
        if isinstance(sample, GazeSample):
            outlet.push(sample)

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
        print(tr("The gaze is being sent."), flush=True)
        ReplayDriver(args.file, args.speed, args.loop, tr).run(emit, stop, LslClock())
        stop.wait(LAST_SAMPLES_S)
    finally:
        outlet.close()


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} times as fast is not possible")
    return speed
