"""assistive.commands: `sayso bench NAME`: one question, a table for people, JSON for programs."""

from __future__ import annotations

import argparse
import json
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

NAMES = {
    "ui": "start-up time, paint time of a frame, idle CPU, memory",
    "words": "time from a selection to filled word slots",
    "proposals": "selections that word and phrase slots save a perfect user, and the n-gram alone",
    "expansion": "how often the sentence that is meant is among the expansions of its abbreviation",
    "characters": "bits that the next character costs, by the model with the person's text, and by PPM alone",
    "gaze": "how far the gaze of a webcam is off, calibrated with all points but one, with three, and with one",
    "gaze-filters": "how calm each filter makes a gaze, and how long it holds a saccade back",
    "gaze-drift": "how far the gaze is off when a new sitting starts from earlier ones, after 0, 1, 3 fixations",
    "gaze-selection": "which key a noisy gaze is on: by the nearest key, by its place, and with a prior",
    "webcam": "whether a webcam keeps up beside the window: samples a second, delay, faces found",
    "lsl": "whether EEG comes whole and soon over LSL, and whether an outage of the amplifier is seen",
    "erp": "how well single flashes are told apart by EEG, and whether EEG helps, for each recording of a folder",
    "spelling": "letters spelled with recorded EEG, and words chosen among proposals by EEG and language model",
    "hybrid": "keys chosen by a gaze that gets worse, by EEG, and by both in one posterior",
    "errp": "wrong selections that an error potential gives away, and correct ones that it interrupts",
    "durability": "what is lost when the app and the model are killed at random",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare one benchmark a name, each with its own options."""
    names = parser.add_subparsers(dest="name", metavar="NAME", required=True)
    for name, help_text in NAMES.items():
        sub = names.add_parser(name, help=help_text, description=help_text)
        sub.add_argument("--json", type=Path, metavar="OUT", help="write the figures to this file")
        _benchmark(name).add_arguments(sub)


def run(args: argparse.Namespace) -> int:
    """Run the benchmark, write its figures, and return 0; 1 with a sentence when it cannot be run."""
    try:
        figures: dict[str, Any] = _benchmark(args.name).run(args)
    except (OSError, ValueError, RuntimeError) as error:
        print(f"This benchmark could not be run: {error}")
        return 1
    if args.json is not None:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"written to {args.json}")
    return 0


def _benchmark(name: str) -> ModuleType:
    return import_module(f"benchmarks.{name.replace('-', '_')}")
