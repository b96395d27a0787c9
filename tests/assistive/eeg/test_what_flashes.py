"""Where the targets of every board are, in rows and columns, and how probable each is before anything flashes."""

from __future__ import annotations

import random

import pytest
from boards.board_walk import DESK, GRIDS, LINES, PHRASES, SCREENS, WORDS, board, walk
from hypothesis import given
from hypothesis import strategies as st

from assistive.boards.board import Action, Rect, Target, TargetKind, Verb
from assistive.eeg.places import changed, flashing_targets, grouping, places, same_choices
from assistive.eeg.prior import floors_of, prior_of
from assistive.fusion.flashing import Grouping, sequence
from assistive.fusion.inquiry import Inquiry
from assistive.fusion.prior import TargetPrior
from calibration.verdict import Verdict
from models.language.messages import Proposals, Source, WordProposal

HELPS = Verdict.HELPS


@pytest.mark.parametrize("screen", ["24 inch", "10 inch tablet", "portrait"])
@pytest.mark.parametrize("grid", [*GRIDS, *LINES])
def test_on_every_board_each_target_that_can_be_chosen_has_a_place_of_its_own(screen: str, grid: str) -> None:
    for page, shown in walk(SCREENS[screen], "en", grid=grid, phrases=PHRASES).items():
        targets = flashing_targets(shown, HELPS)
        found = places(targets)
        assert set(found) == {target.id for target in shown.targets if target.choosable}, page
        assert len(set(found.values())) == len(found), page


def test_neighbours_among_the_letters_are_neighbours_here() -> None:
    shown = board(grid="9x6", phrases=PHRASES)
    found = places(flashing_targets(shown, HELPS))
    for a in shown.targets:
        for b in shown.targets:
            if a.id.startswith("letter:") and b.id.startswith("letter:"):
                beside = abs(a.rect.center[0] - b.rect.center[0]) / a.rect.w
                above = abs(a.rect.center[1] - b.rect.center[1]) / a.rect.h
                apart = max(abs(x - y) for x, y in zip(found[a.id], found[b.id], strict=True))
                assert (apart <= 1) == (beside < 1.5 and above < 1.5), (a.id, b.id)


rects = st.builds(Rect, st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 0.5), st.floats(0.01, 0.5))


@given(st.lists(rects, max_size=30))
def test_even_on_a_damaged_board_no_two_targets_share_a_place_and_all_flash(rects: list[Rect]) -> None:
    targets = [
        Target(f"k{i}", TargetKind.FUNCTION, "K", rect, Action(Verb.OPEN, "x"))
        for i, rect in enumerate(rects)
    ]
    found = places(targets)
    assert len(set(found.values())) == len(found) == len(targets)
    if targets:
        flashes = sequence(found, grouping(len(found)), random.Random(1))
        assert {name for flash in flashes for name in flash} == set(found)


def test_an_empty_slot_does_not_flash() -> None:
    shown = board(words=("water", "", "", "", ""), grid="9x6")
    slots = {t.id for t in flashing_targets(shown, HELPS) if t.id.startswith("word:")}
    assert slots == {"word:0"}


@pytest.mark.parametrize(
    ("count", "how"),
    [
        (1, Grouping.SINGLE),
        (3, Grouping.SINGLE),
        (4, Grouping.GROUPS),
        (11, Grouping.GROUPS),
        (12, Grouping.CHECKERBOARD),
        (60, Grouping.CHECKERBOARD),
    ],
)
def test_few_flash_one_by_one_many_on_a_checkerboard(count: int, how: Grouping) -> None:
    assert grouping(count) is how


def test_a_new_note_or_name_is_no_new_choice_but_a_new_word_is() -> None:
    old = board(words=WORDS).targets
    assert not changed(old, board(words=WORDS).targets)
    new = board(words=("inside", *WORDS[1:])).targets
    assert changed(old, new)
    assert same_choices(old, new) == {t.id for t in new} - {"word:0"}
    noted = [Target(t.id, t.kind, t.label, t.rect, t.action, "another name", "a note") for t in old]
    assert not changed(old, noted)


def weighed(proposals: Proposals | None, text: str = "") -> tuple[tuple[Target, ...], dict[str, float]]:
    shown = board(words=("water", "want", "", "", ""), grid="9x6")
    prior = TargetPrior()
    prior.show(shown, proposals, text)
    targets = flashing_targets(shown, HELPS)
    return targets, prior_of(targets, prior.p)


def test_the_language_model_makes_its_words_likely_and_leaves_every_key_within_reach() -> None:
    words = (WordProposal("water", 0.6), WordProposal("want", 0.1))
    letters = (("w", 0.8), ("a", 0.1), ("q", 0.0001))
    targets, prior = weighed(Proposals(1, 0.0, words, Source.MODEL, 0.0, letters=letters))
    asked = Inquiry(prior, floors=floors_of(targets)).posterior
    assert asked["word:0"] > asked["word:1"] > asked["letter:q"]
    assert asked["word:0"] > 0.2
    assert min(p for name, p in asked.items() if name) > 1e-3
    assert asked["fn:undo"] >= 0.035 - 1e-9
    assert asked["help"] >= 0.01 - 1e-9


def test_on_a_page_on_which_nothing_is_written_all_are_equally_likely() -> None:
    shown = board("phrases", grid="9x6")
    prior = TargetPrior()
    prior.show(shown, None, "")
    targets = [t for t in flashing_targets(shown, HELPS) if t.action.verb in (Verb.SAY, Verb.OPEN)]
    found = prior_of(targets, prior.p)
    assert max(found.values()) == pytest.approx(min(found.values()))


@given(st.lists(st.sampled_from(list(Verb)), min_size=1, max_size=60))
def test_whatever_is_on_the_board_the_prior_can_be_asked(verbs: list[Verb]) -> None:
    targets = [
        Target(f"k{i}", TargetKind.LETTER, "K", Rect(0.01 * i, 0, 0.01, 0.1), Action(verb, "x"))
        for i, verb in enumerate(verbs)
    ]
    posterior = Inquiry(prior_of(targets, {}), nothing=0.4, floors=floors_of(targets)).posterior
    assert sum(posterior.values()) == pytest.approx(1.0)


def test_the_walk_reaches_the_pages() -> None:
    assert {"letters", "phrases", "rest", "eeg"} <= set(walk(DESK, "en"))
