"""assistive.commands: `sayso flash-delay FILE`: how long after its marker a flash's light comes, from a photodiode."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from assistive.eeg.flash_patch import PATCH
from assistive.eeg.marker_text import FlashMark, read_mark
from assistive.folders import find_folders
from assistive.i18n import Translate, translator
from assistive.settings import EegSettings
from assistive.store import read_settings
from calibration.flash_delay import FlashDelay, FlashDelayError, measure_delay
from devices.eeg.recording import EegFileError, notes_of, open_raw

MOST_SD_S = 0.010  # as in the window: more costs EEG some of what it can tell
LIGHT = re.compile(r"photo|diode|light|opti|lux|trig|stim|^sti|status|aux|misc|^dc|ecg_?sync", re.IGNORECASE)
KINDS = {"stim", "misc", "bio", "syst"}


class _Unclear(Exception):
    """The file does not tell; the message is for the caregiver."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `sayso flash-delay`."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="a recording that MNE reads, made while sayso flash-patch ran"
    )
    parser.add_argument("--channel", default="", metavar="NAME", help="the photodiode's channel")


def run(args: argparse.Namespace) -> int:
    """Print the delay, its jitter and what to set; return 0, or 1 with a sentence where it cannot be told."""
    folders, _ = find_folders()
    settings, _ = read_settings(folders.settings, translator)
    tr = translator(settings.look.language)
    try:
        raw = open_raw(args.file, tr)
        onsets, from_patch = _flashes(raw, tr)
        channel, delay = _measured(raw, args.channel, onsets, tr)
    except (EegFileError, FlashDelayError, _Unclear) as error:
        print(error, file=sys.stderr)
        return 1
    for line in _told(delay, channel, from_patch, tr):
        print(line)
    return 0


def _flashes(raw: Any, tr: Translate) -> tuple[list[float], bool]:
    """When flashes were noted, and whether it was by the page for the photodiode."""
    found = []
    for note in notes_of(raw):
        mark = read_mark(note.label)
        if isinstance(mark, FlashMark) and mark.targets:
            found.append((note.at_s, mark))
    if not found:
        raise _Unclear(
            tr(
                "There are no markers of Sayso's flashes in this recording. Let the program that records take the "
                "stream “Sayso markers” too, and run sayso flash-patch meanwhile."
            )
        )
    return [at_s for at_s, _ in found], all(mark.targets == (PATCH,) for _, mark in found)


def _measured(raw: Any, wanted: str, onsets: list[float], tr: Translate) -> tuple[str, FlashDelay]:
    rate_hz = float(raw.info["sfreq"])
    if wanted:
        name = next((name for name in raw.ch_names if name.lower() == wanted.lower()), None)
        if name is None:
            raise _Unclear(
                tr("There is no channel {channel}. There are: {channels}.").format(
                    channel=wanted, channels=_listed(raw.ch_names)
                )
            )
        return name, measure_delay(_signal(raw, name), rate_hz, onsets, tr)
    kinds = raw.get_channel_types()
    likely = [n for n, kind in zip(raw.ch_names, kinds, strict=True) if kind in KINDS or LIGHT.search(n)]
    measured = {}
    why: FlashDelayError | None = None
    for name in likely:
        try:
            measured[name] = measure_delay(_signal(raw, name), rate_hz, onsets, tr)
        except FlashDelayError as error:
            why = error
    if len(measured) == 1:
        return measured.popitem()
    if len(likely) == 1 and why is not None:
        raise why
    raise _Unclear(
        tr("Which channel is the photodiode's? Name it by --channel. There are: {channels}.").format(
            channels=_listed(list(measured) or raw.ch_names)
        )
    )


def _signal(raw: Any, name: str) -> Any:
    try:
        return raw.get_data([name])[0]
    # MNE's readers raise whatever they come upon in a damaged file.
    except Exception as error:
        raise _Unclear(f"{name}: {' '.join(str(error).split())[:200]}") from error


def _told(delay: FlashDelay, channel: str, from_patch: bool, tr: Translate) -> list[str]:
    ms = round(1000 * delay.delay_s)
    lines = [
        tr("channel {channel}: {n} flashes with light, {missed} without").format(
            channel=channel, n=delay.n, missed=delay.missed
        ),
        tr("delay {delay} ms; jitter: sd {sd} ms, 95 % within {p95} ms").format(
            delay=f"{1000 * delay.delay_s:.1f}",
            sd=f"{1000 * delay.sd_s:.1f}",
            p95=f"{1000 * delay.p95_s:.1f}",
        ),
    ]
    if delay.inverted:
        lines.append(tr("This channel falls where there is light; that is no harm."))
    if delay.missed:
        lines.append(tr("Where no light came, the screen was too slow or the photodiode did not see it."))
    if delay.sd_s > MOST_SD_S:
        lines.append(
            tr(
                "The jitter is more than 10 ms: EEG will choose less surely. Close other programs and try again."
            )
        )
    if from_patch:
        lines.append(_to_set(ms, tr))
    else:
        lines.append(
            tr("These markers hold the delay that was set already: add {ms} ms to eeg.delay_ms.").format(
                ms=ms
            )
        )
    return lines


def _to_set(ms: int, tr: Translate) -> str:
    limits = {type(each).__name__: each for each in EegSettings.model_fields["delay_ms"].metadata}
    lowest, highest = limits["Ge"].ge, limits["Le"].le
    if lowest <= ms <= highest:
        return tr("Set eeg.delay_ms to {ms} (settings of EEG, “Delay of the screen”).").format(ms=ms)
    return tr("No screen is that late: look whether the markers and the EEG were recorded by one clock.")


def _listed(names: list[str]) -> str:
    return ", ".join(names[:40])
