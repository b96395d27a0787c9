"""assistive.boards: the settings, a few to a page, each with its sentence and targets for less and more."""

from __future__ import annotations

import math
from collections.abc import Callable

from assistive.boards.board import Action, Board, Caption, Geometry, Rect, Target, TargetKind, Verb
from assistive.boards.grid import SMALLEST_MM, Frame
from assistive.boards.layout import Layout
from assistive.boards.setting_choices import SettingChoice, setting_choice, setting_paths
from assistive.settings import Settings

SETTINGS = "settings"
MOST_ON_A_PAGE = 5
WIDEST_TARGET = 0.25  # of the window: the sentence needs room too
VALUE_SHARE = 0.14

Translate = Callable[[str], str]


def settings_page(
    layout: Layout,
    page: str,
    geometry: Geometry,
    lines: Frame,
    room: Rect,
    settings: Settings,
    tr: Translate,
) -> Board:
    """Return page "settings/N" without the row that is always there.

    Parameters
    ----------
    layout : Layout
    page : str
        N counts from 1; beyond the last page it is the last.
    geometry : Geometry
    lines : Frame
        Of the grid that is shown: targets here are as tall as its rows, or taller.
    room : Rect
        Where the page may lie.
    settings : Settings
    tr : callable
        From an English sentence to the person's.
    """
    paths = setting_paths(settings)
    fit = int((room.h + lines.gap_y) / (lines.row_h + lines.gap_y) + 1e-9)
    per_page = min(MOST_ON_A_PAGE, max(1, fit - 1))
    pages = math.ceil(len(paths) / per_page)
    number = min(max(_number(page), 1), pages)
    first, end = (math.ceil(n * len(paths) / pages) for n in (number - 1, number))
    shown = paths[first:end]
    *_, last = lines.rows(room, per_page + 1)
    rows = lines.rows(Rect(room.x, room.y, room.w, last.y - lines.gap_y - room.y), len(shown))
    width = max(1 / 8, lines.columns(room, _across(lines, room))[0].w, SMALLEST_MM / geometry.width_mm)
    width = min(width, WIDEST_TARGET)
    targets: list[Target] = []
    captions: list[Caption] = []
    for path, row in zip(shown, rows, strict=True):
        _row(setting_choice(settings, path, tr), row, lines, width, tr, targets, captions)
    recording = tr("Sayso is recording.") if settings.privacy.recordings else ""
    _turning(layout, lines, last, number, pages, recording, tr, targets, captions)
    return Board(f"{SETTINGS}/{number}", tuple(targets), tuple(captions))


def _number(page: str) -> int:
    digits = page.partition("/")[2]
    return int(digits) if digits.isdecimal() else 1


def _across(lines: Frame, room: Rect) -> int:
    """How many cells of the grid stand side by side."""
    return max(1, round((room.w + lines.gap_x) / (lines.speak.w + lines.gap_x)))


def _row(
    choice: SettingChoice,
    row: Rect,
    lines: Frame,
    width: float,
    tr: Translate,
    targets: list[Target],
    captions: list[Caption],
) -> None:
    """One setting: its words, then less, the value and more."""
    left, more = lines.beside(row, width)
    left, value = lines.beside(left, VALUE_SHARE)
    words, less = lines.beside(left, width)
    if choice.kind in ("toggle", "text"):
        words = Rect(row.x, row.y, value.x - row.x - lines.gap_x, row.h)
    if choice.kind == "text":
        value = Rect(value.x, row.y, row.x + row.w - value.x, row.h)
    captions.append(Caption(f"setting:{choice.path}", choice.title, words, choice.sentence))
    captions.append(Caption(f"value:{choice.path}", choice.value, value))
    if choice.kind == "toggle":
        targets.append(_step(choice, "more", tr("change"), choice.more, more))
    elif choice.kind == "choice":
        targets.append(_step(choice, "less", tr("previous"), choice.less, less))
        targets.append(_step(choice, "more", tr("next"), choice.more, more))
    elif choice.kind == "number":
        targets.append(_step(choice, "less", tr("less"), choice.less, less))
        targets.append(_step(choice, "more", tr("more"), choice.more, more))


def _step(choice: SettingChoice, way: str, label: str, to: tuple[str, str] | None, rect: Rect) -> Target:
    value, note = to if to is not None else ("", "")
    return Target(
        f"{way}:{choice.path}",
        TargetKind.SETTING,
        label if to is not None else "",
        rect,
        Action(Verb.SETTING, f"{choice.path}={value}"),
        f"{choice.title}: {label} {note}".strip(),
        note,
    )


def _turning(
    layout: Layout,
    lines: Frame,
    row: Rect,
    number: int,
    pages: int,
    recording: str,
    tr: Translate,
    targets: list[Target],
    captions: list[Caption],
) -> None:
    """The last row: the page before, the page after, and back to the letters; `recording` says that it is on."""
    cell_w = (row.w - VALUE_SHARE - 3 * lines.gap_x) / 3
    left, right = lines.beside(row, cell_w)
    left, middle = lines.beside(left, VALUE_SHARE)
    turns = (("previous", tr("previous page"), number - 1), ("next", tr("next page"), number + 1))
    for (way, label, to), rect in zip(turns, lines.columns(left, 2), strict=True):
        there = 1 <= to <= pages
        action = Action(Verb.OPEN, f"{SETTINGS}/{to if there else number}")
        targets.append(Target(f"fn:{way}", TargetKind.FUNCTION, label if there else "", rect, action, label))
    page = tr("Page {number} of {pages}").format(number=number, pages=pages)
    captions.append(Caption("page", page, middle, recording))
    back = Action(Verb.OPEN, "letters")
    targets.append(
        Target("fn:back", TargetKind.FUNCTION, layout.labels.back, right, back, layout.labels.back)
    )
