"""assistive: `sayso VERB ...`. Verbs are imported only when they are used, so that the start stays quick."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from types import ModuleType

from assistive import __version__

VERBS = {
    "run": "open the board and write (the default)",
    "doctor": "say what is present on this computer, and what to do about what is not",
    "models": "list, fetch, verify or add weights",
    "replay": "do a recording again and say whether the same text comes out",
    "replay-gaze": "offer recorded gaze as the program of an eye tracker does (LSL), to try Sayso without one",
    "replay-eeg": "offer recorded EEG as the program of an amplifier does (LSL), to try Sayso without one",
    "imagine-eeg": "offer the EEG of a brain that is made up and writes a sentence, to try Sayso without an amplifier",
    "flash-patch": "let a patch flash on the screen, for a photodiode that measures how late its light comes",
    "flash-delay": "tell that delay from a recording with the photodiode's channel",
    "recordings": "list or delete what was recorded",
    "choices": "erase the choices that were kept",
    "export": "write the choices that were kept, or the gaze of a recording, to a file",
    "simulate": "let a simulated person write dialogues, and say how quickly",
    "propose": "show what the language model proposes for a text",
    "bench": "answer one question with figures",
}


MEASURING = ("psutil", "matplotlib")  # the extra called bench; writing and speaking need neither


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return its exit status; 1, with a sentence, where a measuring tool is not installed."""
    try:
        return _main(argv)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in MEASURING:
            raise
        print(f"This needs the Python package {package}, which is for measuring: make test installs it.")
        return 1


def _main(argv: list[str] | None) -> int:
    """Run one verb and return its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(
        prog="sayso", description="A voice for a person who cannot speak or type."
    )
    parser.add_argument("--version", action="version", version=f"sayso {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    named = next((a for a in arguments if not a.startswith("-")), None)
    if named is None and not {"-h", "--help", "--version"} & set(arguments):
        arguments.insert(0, named := "run")
    for verb, help_text in VERBS.items():
        sub = verbs.add_parser(verb, help=help_text, description=help_text)
        if verb == named:
            _command(verb).add_arguments(sub)
    parsed = parser.parse_args(arguments)
    try:
        status = int(_command(parsed.verb).run(parsed))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `| head` has seen enough; the interpreter flushes once more when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return status


def _command(verb: str) -> ModuleType:
    return import_module(f"assistive.commands.{verb.replace('-', '_')}")


if __name__ == "__main__":
    sys.exit(main())
