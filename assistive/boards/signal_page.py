"""assistive.boards: the electrodes one by one, the worst first, and what to do about each that is not good."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from assistive.boards.cells import Cell, opens
from assistive.boards.eeg_page import EEG, SIGNAL
from assistive.boards.grid import Frame
from assistive.boards.layout import Layout
from assistive.boards.reading_page import Reading, Words, columns_in, reading_places
from assistive.eeg.messages import ElectrodeSignal
from assistive.settings import Grid
from calibration.level import Level
from models.erp.electrode_advice import electrode_advice
from models.erp.signal_level import SignalLevel

ROW_H = 0.12  # of the window's height: the electrode and a sentence of two lines can be read
COLUMNS = 2
SHOWN_LEVEL = {
    SignalLevel.GOOD: Level.GOOD,
    SignalLevel.POOR: Level.USABLE,
    SignalLevel.BAD: Level.POOR,
}
WORST_FIRST = (SignalLevel.BAD, SignalLevel.POOR)

Translate = Callable[[str], str]


def signal_reading(
    layout: Layout,
    page: str,
    electrodes: Sequence[ElectrodeSignal],
    lines: Frame,
    grid: Grid,
    tr: Translate,
) -> Reading:
    """Return page "eeg/signal" or "eeg/signal/N"; beyond the last it is the last.

    Parameters
    ----------
    electrodes : sequence of ElectrodeSignal
        In the amplifier's order.
    lines, grid
        What is shown: they tell how many electrodes fit on a page.
    """
    faulty = [each for level in WORST_FIRST for each in electrodes if each.level is level]
    words = [_faulty(each, tr) for each in faulty]
    good = [each.channel for each in electrodes if each.level is SignalLevel.GOOD]
    if good:
        words.append(Words(tr("Good"), ", ".join(good), Level.GOOD))
    room, _ = reading_places(lines, grid, len(_keys(layout, 1, 2)))
    columns = columns_in(room, COLUMNS)
    rows = int((room.h + lines.gap_y) / (ROW_H + lines.gap_y))
    per_page = columns * max(1, rows - 1)  # the title takes a row
    pages = max(1, math.ceil(len(words) / per_page))
    digits = page.removeprefix(SIGNAL).removeprefix("/")
    number = min(max(int(digits) if digits.isdecimal() else 1, 1), pages)
    shown = words[(number - 1) * per_page : number * per_page]
    name = SIGNAL if number == 1 else f"{SIGNAL}/{number}"
    title = Words(_title(electrodes, tr), _what_helps(electrodes, tr))
    return Reading(name, tuple(shown), _keys(layout, number, pages), COLUMNS, title=title)


def _title(electrodes: Sequence[ElectrodeSignal], tr: Translate) -> str:
    if not electrodes:
        return tr("No signal yet")
    good = sum(each.level is SignalLevel.GOOD for each in electrodes)
    return tr("{good} of {every} electrodes are good").format(good=good, every=len(electrodes))


def _what_helps(electrodes: Sequence[ElectrodeSignal], tr: Translate) -> str:
    if not electrodes:
        return tr(
            "Switch on the amplifier and its stream (LSL). The electrodes are shown here once it sends."
        )
    if all(each.level is SignalLevel.GOOD for each in electrodes):
        return tr("Nothing needs to be done.")
    return tr("The worst come first. Electrodes over the middle and the back of the head matter most.")


def _faulty(electrode: ElectrodeSignal, tr: Translate) -> Words:
    level = SHOWN_LEVEL[electrode.level]
    word = tr("bad") if level is Level.POOR else tr("poor")
    advice = electrode_advice(electrode.channel, electrode.faults, tr)
    return Words(f"{electrode.channel}: {word}", advice, level)


def _keys(layout: Layout, number: int, pages: int) -> tuple[Cell, ...]:
    back = opens("fn:back", layout.labels.back, EEG)
    if pages == 1:
        return (back,)
    following = f"{SIGNAL}/{number % pages + 1}"
    return (opens("fn:next", layout.labels.next, SIGNAL if following == f"{SIGNAL}/1" else following), back)
