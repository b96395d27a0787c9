"""assistive.commands: `sayso replay-gaze FILE`: recorded gaze comes as from an eye tracker, through a real LSL outlet."""

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
from devices.driver import DeviceLost, Emitted
from devices.gaze.recording import RecordingError, RecordingReport, stream_gaze_csv
from devices.gaze.replay import ReplayDriver
from devices.samples import GazeSample

LAYOUTS = ("tobiipro", "streamengine")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `sayso replay-gaze`."""
    parser.add_argument("file", type=Path, metavar="FILE.csv", help="a gaze recording: t, x, y (0-1)")
    parser.add_argument("--layout", choices=LAYOUTS, default="tobiipro", help="as which program it comes")
    add_replay_options(parser)


def run(args: argparse.Namespace) -> int:
    """Offer the stream and send the recording; return 0 at its end, 1 with a sentence if it cannot be read."""
    return send_told(_send, args, (RecordingError, DeviceLost))


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
            wait_for_listener(outlet, name, stop, tr)
        print(tr("The gaze is being sent."), flush=True)
        ReplayDriver(args.file, args.speed, args.loop, tr).run(emit, stop, LslClock())
        stop.wait(LAST_SAMPLES_S)
    finally:
        outlet.close()
