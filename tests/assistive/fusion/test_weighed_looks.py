"""Gaze points of a tracker that is not exact go in; what is looked at, by place and by what is likely, comes out."""

from __future__ import annotations

import random

from assistive.boards.board import Geometry, Target
from assistive.boards.layout import load_layout
from assistive.boards.pages import BoardContent
from assistive.i18n import translator
from assistive.looking import Looking
from assistive.messages import WindowGeometry
from assistive.recording.codec import decode, encode
from assistive.screen import Screen
from assistive.settings import DwellMode, DwellSettings, Settings
from calibration.point import GazePoint
from models.language.messages import Proposals, Source

LETTERS = (("o", 0.9), ("p", 0.05), ("n", 0.05))
PROPOSALS = Proposals(1, 0.0, (), Source.MODEL, 0.1, letters=LETTERS)


class Desk:
    """A board before a person whose gaze is known to within `sd` of the screen."""

    def __init__(self, mode: DwellMode, sd: float) -> None:
        self.looking = Looking(DwellSettings(mode=mode))
        self.sd = sd
        self.t = 0.0
        self.screen = Screen(load_layout, translator, "en", lambda _: None)
        self.screen.window = WindowGeometry(0.0, Geometry(1920, 1080, 531, 299))
        content = BoardContent((), Settings())
        self.screen.show_board(0.0, "letters", content, self.looking.dwell, None)

    def look(self, x: float, y: float, seconds: float = 5.0) -> str | None:
        """What a look at this place chooses."""
        chance = random.Random(1)
        for _ in range(round(seconds * 60)):
            self.t += 1 / 60
            at = (x + chance.gauss(0, self.sd / 8), y + chance.gauss(0, self.sd / 8))
            chosen = self.looking.take(
                GazePoint(self.t, *at, self.sd, self.sd), self.screen, PROPOSALS, "hell"
            )
            if chosen is not None:
                self.looking.chosen(self.t, chosen, by_look=True)
                return chosen.id
        return None

    def key(self, name: str) -> Target:
        found = self.screen.board.target(f"letter:{name}")
        assert found is not None
        return found


def between(desk: Desk, a: str, b: str, share: float) -> tuple[float, float]:
    (ax, ay), (bx, by) = desk.key(a).rect.center, desk.key(b).rect.center
    return ax + share * (bx - ax), ay + share * (by - ay)


def test_a_noisy_gaze_between_two_keys_is_resolved_by_what_is_likely() -> None:
    desk = Desk("bayes", 0.04)
    assert desk.look(*between(desk, "n", "o", 0.4)) == "letter:o"
    fixed = Desk("fixed", 0.04)
    assert fixed.look(*between(fixed, "n", "o", 0.4)) == "letter:n"


def test_a_clear_look_at_an_unlikely_key_chooses_it() -> None:
    desk = Desk("bayes", 0.01)
    assert desk.look(*desk.key("n").rect.center) == "letter:n"
    assert desk.look(*desk.key("x").rect.center) == "letter:x"


def test_the_likely_key_is_chosen_sooner() -> None:
    quick, slow = Desk("bayes", 0.01), Desk("bayes", 0.01)
    quick.look(*quick.key("o").rect.center)
    slow.look(*slow.key("x").rect.center)
    assert quick.t < 0.7 * slow.t


def test_help_is_never_chosen_through_the_prior_and_never_sooner() -> None:
    for mode in ("fixed", "cascade", "bayes"):
        desk = Desk(mode, 0.02)
        help_key = desk.screen.board.target("help")
        assert help_key is not None
        assert desk.look(*help_key.rect.center) == "help"
        assert desk.t >= 1.5


def test_a_blink_keeps_the_progress() -> None:
    desk = Desk("bayes", 0.01)
    x, y = desk.key("x").rect.center
    assert desk.look(x, y, 0.8) is None  # .4 s of it before the new board may be chosen from
    nan = float("nan")
    for _ in range(12):
        desk.t += 1 / 60
        desk.looking.take(GazePoint(desk.t, nan, nan, blink=True), desk.screen, PROPOSALS, "hell")
    assert desk.looking.dwell.share("letter:x") > 0.1
    assert desk.look(x, y) == "letter:x"


def test_what_was_on_the_screen_is_known_again_after_a_recording() -> None:
    desk = Desk("bayes", 0.01)
    desk.look(*desk.key("x").rect.center, 0.2)
    desk.look(*desk.key("o").rect.center, 0.1)
    pace = desk.looking.pace
    before = dict(pace.prior)
    pace._board, pace._proposals = decode(encode(pace._board)), decode(encode(pace._proposals))
    pace.show(desk.screen.board, PROPOSALS, "hell")
    assert pace.prior == before
