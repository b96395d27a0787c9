"""Shared by the board tests: screens, contents, and a walk over every page that a person can reach."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from hypothesis import strategies as st

from assistive.boards.board import Action, Board, Geometry, Rect, Verb
from assistive.boards.layout import Layout, load_layout
from assistive.boards.pages import BoardContent, build_board, page_after
from assistive.settings import Grid, Language, Settings

GRIDS: tuple[Grid, ...] = ("9x6", "8x6", "6x5", "5x4", "4x3", "3x3", "3x2", "2x2")
LINES: tuple[Grid, ...] = ("6x1", "1x5")
LANGUAGES: tuple[Language, ...] = ("en", "ru")
SCREENS = {
    "27 inch": Geometry(2560, 1440, 597, 336),
    "24 inch": Geometry(1920, 1080, 531, 299),
    "13 inch": Geometry(1920, 1200, 286, 179),
    "10 inch tablet": Geometry(1280, 800, 217, 136),
    "portrait": Geometry(1080, 1920, 299, 531),
    "projector without a size": Geometry(1920, 1080, 508, 286),
}
DESK = SCREENS["24 inch"]
WORDS = ("outside", "to", "home", "now", "out")
PHRASES = ("outside for a little while", "to bed", "to the garden with you")


@cache
def layout(language: str) -> Layout:
    return load_layout(language)


def geometries() -> st.SearchStrategy[Geometry]:
    """Screens from a small tablet to a large television, wide or tall, with square pixels."""

    def screen(width_mm: float, aspect: float, px_per_mm: float) -> Geometry:
        height_mm = width_mm / aspect
        return Geometry(round(width_mm * px_per_mm), round(height_mm * px_per_mm), width_mm, height_mm)

    return st.builds(screen, st.floats(120, 1500), st.floats(0.45, 2.6), st.floats(2, 12))


def untranslated(sentence: str) -> str:
    return sentence


def content(language: str = "en", grid: Grid = "auto", **what: object) -> BoardContent:
    settings = Settings().changed("look.language", language).changed("look.grid", grid)
    return BoardContent(**({"words": WORDS, "settings": settings} | what))  # type: ignore[arg-type]


def board(page: str = "letters", geometry: Geometry = DESK, language: str = "en", **what: object) -> Board:
    return build_board(layout(language), page, geometry, content(language, **what), untranslated)  # type: ignore[arg-type]


def walk(geometry: Geometry, language: str, **what: object) -> dict[str, Board]:
    """Every page that can be reached from the letters by choosing what is on the boards, rest included."""
    found: dict[str, Board] = {}
    ahead = ["letters"]
    while ahead:
        page = ahead.pop()
        if page in found:
            continue
        found[page] = board(page, geometry, language, **what)
        for target in found[page].targets:
            if target.choosable and target.action.verb in (Verb.OPEN, Verb.REST, Verb.WAKE):
                ahead.append(page_after(page, target.action))
    return found


def actions(boards: dict[str, Board]) -> set[Action]:
    return {target.action for shown in boards.values() for target in shown.targets if target.choosable}


def rectangles(shown: Board) -> Iterator[tuple[str, Rect]]:
    for target in shown.targets:
        yield target.id, target.rect
    for caption in shown.captions:
        yield caption.id, caption.rect
    if shown.text_rect is not None:
        yield "text", shown.text_rect
