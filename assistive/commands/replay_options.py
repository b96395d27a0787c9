"""assistive.commands: what `replay-gaze` and `replay-eeg` share: their options, and the wait for who connects."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable
from typing import Protocol

from assistive.folders import find_folders
from assistive.i18n import Translate, translator
from assistive.store import read_settings

LOOK_S = 0.2
LAST_SAMPLES_S = 0.5  # until what was sent last has arrived


class Outlet(Protocol):
    """A stream that is offered."""

    @property
    def followed(self) -> bool:
        """Whether somebody is connected."""
        ...


def add_replay_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of every recording that is sent as from a device."""
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="N", help="N times as fast")
    parser.add_argument("--loop", action="store_true", help="begin again after the end")
    parser.add_argument("--name", default="", help="what the stream is called (default: the file's name)")
    parser.add_argument("--now", action="store_true", help="do not wait until somebody connects")


def send_told(
    send: Callable[[argparse.Namespace, Translate], None],
    args: argparse.Namespace,
    errors: tuple[type[Exception], ...],
) -> int:
    """Send in the person's language; return 0 at the end, 1 with a sentence after one of these errors."""
    folders, _ = find_folders()
    settings, _ = read_settings(folders.settings, translator)
    try:
        send(args, translator(settings.look.language))
    except errors as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def wait_for_listener(outlet: Outlet, name: str, stop: threading.Event, tr: Translate) -> None:
    """Say that the stream is offered, and return when somebody has connected."""
    print(
        tr("The stream {name} is offered. It begins when somebody connects; Ctrl+C ends it.").format(
            name=name
        ),
        flush=True,
    )
    while not outlet.followed:
        stop.wait(LOOK_S)


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} times as fast is not possible")
    return speed
