"""assistive.boards: builds the board that is on screen: cells get their places and their content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from assistive.boards import cells
from assistive.boards.board import Action, Board, Geometry, Rect, Target, TargetKind, Verb
from assistive.boards.calibration_page import RECENTRE_KEY, recentre_offer
from assistive.boards.cells import Cell
from assistive.boards.confirm_page import confirm_reading
from assistive.boards.eeg_consent_page import consent_reading
from assistive.boards.eeg_page import CONSENT, EEG, SIGNAL, eeg_cells, undo_offer
from assistive.boards.eyes_page import EYES, eyes_cells
from assistive.boards.grid import (
    LADDER,
    LINES,
    PHRASES_ACROSS,
    SMALLEST_MM,
    WORDS,
    Frame,
    area_rows,
    balanced,
    choose_name,
    frame,
    letter_rows,
)
from assistive.boards.layout import Layout
from assistive.boards.line import line_frame, line_room, line_table
from assistive.boards.page_table import TOP, Page, fixed_row, list_pages, page_table
from assistive.boards.reading_page import Reading, reading_board
from assistive.boards.settings_page import SETTINGS, settings_page
from assistive.boards.signal_page import signal_reading
from assistive.boards.steering_page import STEERING, SteeringShown, steering_cells
from assistive.confirming import ConfirmView
from assistive.consents import FLASHING
from assistive.eeg.state import EegState
from assistive.messages import Notice
from assistive.settings import Grid, Settings

REST = "rest"
NOTICE_SHARE = 0.45  # of the text panel
CURRENT = (STEERING, EYES, EEG)  # pages of what can be done now
HELP_BAND = 0.11  # of the window's height, free on the page rest: "Help is being called" stands there


@dataclass(frozen=True, slots=True)
class BoardContent:
    """What the board shows beside its letters.

    Attributes
    ----------
    words : tuple of str
        Proposed words, at most 5; missing or "" is an empty slot.
    settings : Settings
    phrases : tuple of str
        Proposed phrases: empty (no row for them) or 3, where "" is an empty slot.
    notice : Notice or None
        In the person's language already.
    help_calling, speaking : bool
        Help is being called; the voice is being heard.
    steering : SteeringShown
        What the page with what is proposed speaks of.
    eeg : EegState
    confirm : ConfirmView or None
        A question that is to be answered before anything else.
    """

    words: tuple[str, ...]
    settings: Settings
    phrases: tuple[str, ...] = ()
    notice: Notice | None = None
    help_calling: bool = False
    speaking: bool = False
    steering: SteeringShown = field(default_factory=SteeringShown)
    eeg: EegState = field(default_factory=EegState)
    confirm: ConfirmView | None = None


def page_after(page: str, action: Action) -> str:
    """Return the page that is shown after choosing `action` on `page`.

    A letter, a sign, a word or a quick phrase leads back to the top page; digits stay, since numbers have
    several. Whatever is undone, deleted, set, spoken from the row or called leaves the page as it is.
    """
    root = page.partition("/")[0]
    match action.verb:
        case Verb.OPEN:
            return action.argument
        case Verb.REST:
            return REST
        case Verb.WAKE | Verb.CLEAR | Verb.WORD:
            return TOP
        case Verb.WRITE:
            return root if root == "numbers" else TOP
        case Verb.SAY:
            return TOP if root == "phrases" else page
        case Verb.SETTING if action.argument.partition("=")[0] == FLASHING:
            return EEG
    return page


def build_board(
    layout: Layout, page: str, geometry: Geometry, content: BoardContent, tr: Callable[[str], str]
) -> Board:
    """Return the board for a page: the same input gives the same board.

    Raises
    ------
    KeyError
        This grid does not have such a page (a settings page that is not there is taken as the last one).
    """
    slots = len(content.phrases)
    grid = choose_name(layout, geometry, content.settings.look.grid, slots)
    if grid in LINES:
        return _line(layout, page, geometry, content, grid, tr)
    rows = area_rows(layout, grid, slots)
    lines = frame(geometry, LADDER[grid].cols, rows)
    if content.confirm is not None:
        help_now = cells.fixed(layout, "help").at(
            lines.columns(lines.fixed, len(fixed_row(layout, grid)))[-1]
        )
        return _confirm(layout, content, content.confirm, lines, grid, help_now, tr)
    if page == REST:
        return _rest(layout, geometry, content, lines, wide=geometry.width_mm >= geometry.height_mm)
    row = _placed(fixed_row(layout, grid), lines.columns(lines.fixed, len(fixed_row(layout, grid))))
    if page.partition("/")[0] == SETTINGS:
        room = Rect(lines.area.x, lines.gap_y, lines.area.w, lines.fixed.y - 2 * lines.gap_y)
        board = settings_page(layout, page, geometry, lines, room, content.settings, tr)
        return replace(board, targets=board.targets + tuple(_live(target, layout, content) for target in row))
    reading = _reading(layout, page, content, lines, grid, tr)
    if reading is not None:
        board = reading_board(reading, lines, grid)
        return replace(board, targets=board.targets + tuple(_live(target, layout, content) for target in row))
    if page.partition("/")[0] in CURRENT:
        spec = _current(layout, page, content, LADDER[grid].cols * rows, tr)
    else:
        spec = page_table(layout, grid, slots)[page]
    text_rect, notice = _text_panel(lines, geometry, content, tr)
    speak = Cell("speak", TargetKind.SPEAK, layout.labels.speak, Action(Verb.SPEAK)).at(lines.speak)
    placed = [speak, *notice, *_area(layout, spec, grid, slots, geometry, lines), *row]
    return Board(page, tuple(_live(target, layout, content) for target in placed), text_rect=text_rect)


def _current(layout: Layout, page: str, content: BoardContent, room: int, tr: Callable[[str], str]) -> Page:
    """A page of what can be done now."""
    root = page.partition("/")[0]
    if root == EYES:
        shown = eyes_cells(content.settings, tr)
    elif root == EEG:
        shown = eeg_cells(content.settings, content.eeg, tr)
    else:
        shown = steering_cells(content.settings, content.steering, tr)
    pages = list_pages(layout, root, shown, room)
    return pages.get(page, pages[root])  # what was taken back may have been the last of its page


def _reading(
    layout: Layout, page: str, content: BoardContent, lines: Frame, grid: Grid, tr: Callable[[str], str]
) -> Reading | None:
    """A page that is there to be read; None: it is another one."""
    if page.startswith(CONSENT):
        return consent_reading(page, tr)
    if page.startswith(SIGNAL):
        return signal_reading(layout, page, content.eeg.electrodes, lines, grid, tr)
    return None


def _confirm(
    layout: Layout,
    content: BoardContent,
    view: ConfirmView,
    lines: Frame,
    grid: Grid,
    help_now: Target,
    tr: Callable[[str], str],
) -> Board:
    """The question, its two answers, and help where it always is."""
    board = reading_board(confirm_reading(view, tr), lines, grid)
    return replace(board, targets=(*board.targets, _live(help_now, layout, content)))


def _line(
    layout: Layout,
    page: str,
    geometry: Geometry,
    content: BoardContent,
    grid: Grid,
    tr: Callable[[str], str],
) -> Board:
    """The board of a person whose eyes move in one direction only."""
    lines = line_frame(geometry, grid)
    help_cell = cells.fixed(layout, "help").at(lines.fixed)
    if content.confirm is not None:
        return _confirm(layout, content, content.confirm, lines, grid, help_cell, tr)
    if page == REST:
        return _rest(layout, geometry, content, lines, wide=LINES[grid].rows == 1)
    root = page.partition("/")[0]
    if root == SETTINGS:
        room = Rect(lines.area.x, lines.gap_y, lines.area.w, lines.area.y + lines.area.h - lines.gap_y)
        board = settings_page(layout, page, geometry, lines, room, content.settings, tr)
        return replace(board, targets=(*board.targets, _live(help_cell, layout, content)))
    reading = _reading(layout, page, content, lines, grid, tr)
    if reading is not None:
        board = reading_board(reading, lines, grid)
        return replace(board, targets=(*board.targets, _live(help_cell, layout, content)))
    if root in CURRENT:
        spec = _current(layout, page, content, line_room(grid), tr)
    else:
        spec = line_table(layout, grid)[page]
    text_rect, notice = _text_panel(lines, geometry, content, tr)
    count = len(spec.cells)
    places = lines.columns(lines.area, count) if LINES[grid].rows == 1 else lines.rows(lines.area, count)
    placed = [*notice, *_placed(spec.cells, places), help_cell]
    return Board(page, tuple(_live(target, layout, content) for target in placed), text_rect=text_rect)


def _placed(shown: tuple[Cell, ...], rects: tuple[Rect, ...]) -> list[Target]:
    return [cell.at(rect) for cell, rect in zip(shown, rects, strict=True)]


def _area(
    layout: Layout, spec: Page, grid: Grid, slots: int, geometry: Geometry, lines: Frame
) -> Iterator[Target]:
    """The writing area."""
    plan = LADDER[grid]
    rest, rows = lines.area, area_rows(layout, grid, slots)
    if spec.letters and plan.words_row:
        rows = letter_rows(layout, grid)
        if slots:
            strip, rest = lines.above(rest, lines.row_h)
            yield from _placed(
                tuple(map(cells.phrase_slot, range(PHRASES_ACROSS))), lines.columns(strip, PHRASES_ACROSS)
            )
        strip, rest = lines.above(rest, lines.row_h)
        yield from _placed(tuple(map(cells.word_slot, range(WORDS))), lines.columns(strip, WORDS))
    cols = plan.cols
    if spec.column:
        cols = plan.letters_per_row
        rest, right = lines.beside(rest, lines.columns(lines.area, plan.cols)[0].w)
        yield from _placed(spec.column, lines.rows(right, len(spec.column)))
    counts = balanced(len(spec.cells), cols, rows, rest.w * geometry.width_mm, rest.h * geometry.height_mm)
    yield from _placed(spec.cells, lines.cells(rest, counts))


def _text_panel(
    lines: Frame, geometry: Geometry, content: BoardContent, tr: Callable[[str], str]
) -> tuple[Rect, list[Target]]:
    """The text panel, and a notice or an offer at its right end: nothing else makes room for it."""
    notice = content.notice
    offer = content.eeg.offer if content.settings.eeg.undo_offers else ()
    width = max(NOTICE_SHARE * lines.text.w, min(SMALLEST_MM / geometry.width_mm, lines.text.w / 2))
    text, place = lines.beside(lines.text, width)
    if offer:  # for seconds only
        return text, undo_offer(place, lines.gap_x, offer, tr)
    if notice is None:
        return lines.text, []
    if notice.key == RECENTRE_KEY:
        return text, [recentre_offer(place, tr)]
    more = " ".join(part for part in (notice.works, notice.todo) if part)
    name = " ".join(part for part in (notice.what, more) if part)
    return text, [
        Target("notice", TargetKind.NOTICE, notice.what, place, Action(Verb.DISMISS, notice.key), name, more)
    ]


def _rest(layout: Layout, geometry: Geometry, content: BoardContent, lines: Frame, *, wide: bool) -> Board:
    """Two huge targets: wake and help. Who reads that help is being called looks at neither."""
    top = lines.gap_y + HELP_BAND
    whole = Rect(lines.gap_x, top, 1 - 2 * lines.gap_x, 1 - lines.gap_y - top)
    first, second = lines.columns(whole, 2) if wide else lines.rows(whole, 2)
    wake = Cell("wake", TargetKind.FUNCTION, layout.labels.wake, Action(Verb.WAKE)).at(first)
    return Board(REST, (wake, _live(cells.fixed(layout, "help").at(second), layout, content)))


def _live(target: Target, layout: Layout, content: BoardContent) -> Target:
    """Fill a place with what it shows now."""
    kind, _, number = target.id.partition(":")
    if kind in ("word", "phrase"):
        slots = content.words if kind == "word" else content.phrases
        text = slots[int(number)] if int(number) < len(slots) else ""
        return replace(target, label=text, name=text, action=Action(Verb.WORD, text))
    if target.id == "speak" and content.speaking:
        return _relabelled(target, layout.labels.stop, Action(Verb.STOP))
    if target.id == "help" and content.help_calling:
        return _relabelled(target, layout.labels.help_back, Action(Verb.HELP_BACK))
    if target.id == "fn:mute" and content.settings.sound.muted:
        return _relabelled(target, layout.functions.unmute.label, layout.functions.unmute.action)
    return target


def _relabelled(target: Target, label: str, action: Action) -> Target:
    return replace(target, label=label, name=label, action=action)
