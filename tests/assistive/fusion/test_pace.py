"""How long a look takes: what is likely is quicker, what only was read is learned, weighty keys never change."""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistive.boards.board import Action, Board, Geometry, Target, TargetKind, Verb
from assistive.boards.layout import load_layout
from assistive.boards.pages import BoardContent, build_board
from assistive.fusion.pace import Pace
from assistive.fusion.prior import TargetPrior
from assistive.fusion.times import dwell_time
from assistive.recording.codec import decode, encode
from assistive.settings import DwellSettings, Settings
from models.language.messages import PhraseProposal, Proposals, Source, WordProposal

WORDS = (WordProposal("the", 0.6), WordProposal("tea", 0.2), WordProposal("zebra", 0.001))
PHRASES = (PhraseProposal("the tea is cold", 0.05),)
LETTERS = (("t", 0.85), ("a", 0.05), ("z", 0.01), ("o", 0.09))
PROPOSALS = Proposals(1, 0.0, WORDS, Source.MODEL, 0.1, PHRASES, letters=LETTERS)
BAYES = DwellSettings(mode="bayes", letter_s=0.8)


@cache
def board(proposals: Proposals | None = PROPOSALS, language: str = "en", page: str = "letters") -> Board:
    words = tuple(word.word for word in proposals.words) if proposals is not None else ()
    phrases = tuple(phrase.text for phrase in proposals.phrases) if proposals is not None else ()
    content = BoardContent(words, Settings(), (*phrases, "", "")[:3])
    geometry = Geometry(1920, 1080, 531, 299)
    return build_board(load_layout(language), page, geometry, content, lambda text: text)


def pace(dwell: DwellSettings = BAYES, proposals: Proposals | None = PROPOSALS, text: str = "") -> Pace:
    found = Pace(dwell)
    found.show(board(proposals), proposals, text)
    return found


def times(found: Pace) -> dict[str, float]:
    return {target.id: found.dwell_s(target) for target in board().targets if target.choosable}


def target(name: str) -> Target:
    found = board().target(name)
    assert found is not None
    return found


class Reader:
    """Looks at a board for given times and notes what that would choose."""

    def __init__(self, dwell: DwellSettings = BAYES) -> None:
        self.pace = pace(dwell)
        self.t = 0.0

    def look(self, name: str, seconds: float) -> bool:
        """True when the look lasts long enough; then it has chosen."""
        wanted = target(name)
        self.pace.looked(self.t, wanted)
        dwell_s = self.pace.dwell_s(wanted)
        for _ in range(round(min(seconds, dwell_s) * 60)):
            self.t += 1 / 60
            self.pace.looked(self.t, wanted)
        if seconds >= dwell_s:
            self.choose(wanted)
        self.pace.looked(self.t, None)
        return seconds >= dwell_s

    def choose(self, wanted: Target) -> None:
        self.pace.selected(wanted, by_look=True)
        shown = board()
        self.pace.show(shown, replace(PROPOSALS, t=self.t), "")


def test_a_fixed_dwell_is_what_it_always_was() -> None:
    fixed = DwellSettings(letter_s=0.7)
    found = pace(fixed)
    assert times(found) == {t.id: dwell_time(t, fixed) for t in board().targets if t.choosable}
    assert found.prior == {}


def test_what_is_likely_is_quicker() -> None:
    for mode in ("cascade", "bayes"):
        found = times(pace(BAYES.model_copy(update={"mode": mode})))
        assert found["letter:t"] < found["letter:z"], mode
        assert found["word:0"] < found["word:2"], mode


def test_weighty_keys_have_fixed_times_whatever_the_mode() -> None:
    fixed = times(pace(DwellSettings(letter_s=0.8)))
    found = times(pace())
    weighty = [name for name in fixed if name.startswith(("fixed:", "help", "speak", "fn:undo", "fn:delete"))]
    assert len(weighty) > 5
    assert {name: found[name] for name in weighty} == {name: fixed[name] for name in weighty}
    assert set(weighty).isdisjoint(pace().prior)


def test_the_bounds_hold_and_floor_and_ceiling_that_are_one_are_a_fixed_dwell() -> None:
    found = times(pace(BAYES.model_copy(update={"floor_s": 0.5, "ceiling_s": 1.0})))
    weighed = [seconds for name, seconds in found.items() if name in pace().prior]
    assert min(weighed) >= 0.5
    assert max(weighed) <= 1.0
    same = times(pace(BAYES.model_copy(update={"floor_s": 0.9, "ceiling_s": 0.9})))
    assert {same[name] for name in pace().prior} == {0.9}


def test_fewer_errors_take_longer() -> None:
    careful, quick = (times(pace(BAYES.model_copy(update={"error_share": e}))) for e in (0.005, 0.1))
    assert all(careful[name] >= quick[name] for name in careful)
    assert careful["letter:a"] > quick["letter:a"]


def test_the_time_of_a_look_does_not_change_while_it_lasts() -> None:
    found = pace()
    found.looked(0.0, target("letter:o"))
    before = found.dwell_s(target("letter:o"))
    found.show(board(), replace(PROPOSALS, letters=(("o", 1.0),)), "")
    assert found.dwell_s(target("letter:o")) == before
    found.looked(0.1, target("letter:t"))
    found.looked(0.2, target("letter:o"))
    assert found.dwell_s(target("letter:o")) < before


def test_a_slow_reader_gets_more_time_and_a_quick_one_less() -> None:
    chance = random.Random(1)
    slow, quick = Reader(), Reader()
    for _ in range(150):
        slow.look("word:1", 0.45 * 2 ** chance.gauss(0, 0.3))
        quick.look("word:1", 0.15 * 2 ** chance.gauss(0, 0.3))
        for reader in (slow, quick):
            reader.choose(target("letter:t"))
    assert times(slow.pace)["word:0"] > 1.2 * times(quick.pace)["word:0"]


def test_what_is_undone_makes_everything_slower_and_what_is_kept_quicker() -> None:
    kept, undone = Reader(), Reader()
    for _ in range(40):
        kept.look("letter:t", 3.0)
        undone.look("letter:t", 3.0)
        undone.choose(target("fn:undo"))
    assert times(kept.pace)["letter:a"] < times(Reader().pace)["letter:a"] < times(undone.pace)["letter:a"]


def test_a_target_that_was_left_is_hardly_meant_and_the_others_are_sooner() -> None:
    reader = Reader()
    before = dict(reader.pace.prior)
    reader.look("word:0", 0.2)
    after = dict(reader.pace.prior)
    assert after["word:0"] < before["word:0"] / 2
    assert after["letter:o"] > before["letter:o"]
    reader.look("word:0", 0.2)
    assert reader.pace.prior["word:0"] == pytest.approx(after["word:0"])  # counted once
    assert sum(after.values()) <= 1.0 + 1e-3


def test_the_claim_is_told_for_weighed_selections_only() -> None:
    reader = Reader()
    assert reader.pace.claim is None
    reader.look("letter:t", 3.0)
    assert 0.0 < (reader.pace.claim or math.nan) < 0.2
    reader.choose(target("speak"))
    assert reader.pace.claim is None


def test_what_was_learned_can_be_recorded() -> None:
    reader = Reader()
    for name in ("letter:t", "word:0", "phrase:0"):
        reader.look(name, 0.2)
        reader.look(name, 5.0)
    for thing in (reader.pace._prior, reader.pace._bayes):
        for value in vars(thing).values():
            assert decode(encode(value)) == value
    assert decode(encode(reader.pace._made)) == reader.pace._made


# ---------------------------------------------------------------- the prior


def test_all_targets_together_are_one_and_every_key_is_within_reach() -> None:
    for text, page in itertools.product(("", "te"), ("letters", "punctuation", "numbers")):
        prior = TargetPrior()
        shown = board(page=page)
        prior.show(shown, PROPOSALS, text)
        assert all(p > 0.0 for p in prior.p.values())
        assert 0.1 < sum(prior.p.values()) <= 1.0 + 1e-3, (text, page)


def test_a_word_that_is_shown_is_not_counted_again_by_its_letter() -> None:
    shown, hidden = TargetPrior(), TargetPrior()
    shown.show(board(), PROPOSALS, "")
    hidden.show(board(), replace(PROPOSALS, words=(), phrases=()), "")
    assert shown.p["letter:t"] < hidden.p["letter:t"] / 1.5
    assert shown.p["word:0"] > shown.p["letter:t"]


def test_without_proposals_all_letters_are_equal() -> None:
    prior = TargetPrior()
    prior.show(board(None), None, "")
    assert prior.p["letter:q"] == pytest.approx(prior.p["letter:e"])


def test_who_never_takes_a_proposal_gets_the_letters_sooner() -> None:
    prior = TargetPrior()
    prior.show(board(), PROPOSALS, "")
    before = dict(prior.p)
    for _ in range(100):
        prior.learn(prior.choice(target("letter:t")))
    prior.show(board(), PROPOSALS, "")
    assert prior.p["word:0"] < before["word:0"] / 3
    assert prior.p["letter:t"] > before["letter:t"]


def test_a_key_that_is_chosen_often_is_likely() -> None:
    prior = TargetPrior()
    prior.show(board(), PROPOSALS, "tea")
    space = target("letter:space")
    before = prior.p["letter:space"]
    for _ in range(30):
        prior.learn(prior.choice(space))
    prior.show(board(), PROPOSALS, "tea")
    assert prior.p["letter:space"] > 2 * before


def test_a_group_is_as_likely_as_its_letters() -> None:
    keys = tuple(
        Target(
            f"group:{i}", TargetKind.GROUP, label, target("letter:t").rect, Action(Verb.OPEN, f"letters/{i}")
        )
        for i, label in enumerate(("a b o", "t z"))
    )
    prior = TargetPrior()
    prior.show(Board("letters", keys), replace(PROPOSALS, words=(), phrases=()), "")
    assert prior.p["group:1"] > 3 * prior.p["group:0"]


def test_russian() -> None:
    letters = (("ч", 0.7), ("м", 0.3))
    proposals = Proposals(1, 0.0, (WordProposal("чай", 0.5),), Source.MODEL, 0.1, letters=letters)
    prior = TargetPrior()
    shown = board(proposals, "ru")
    prior.show(shown, proposals, "")
    with_che = next(t.id for t in shown.targets if "ч" in t.label.split())
    assert prior.p[with_che] > 20 * prior.p["letter:к"]


names = st.sampled_from(
    ["letter:t", "letter:a", "word:0", "word:1", "phrase:0", "speak", "fn:undo", "fixed:yes"]
)


@settings(max_examples=40)
@given(st.lists(st.tuples(names, st.floats(0.0, 6.0)), max_size=15))
def test_whatever_a_person_does_every_time_is_within_bounds(looks: list[tuple[str, float]]) -> None:
    reader = Reader()
    for name, seconds in looks:
        if target(name).choosable:
            reader.look(name, seconds)
    for name in reader.pace.prior:
        assert BAYES.floor_s <= reader.pace.dwell_s(target(name)) <= BAYES.ceiling_s
