"""The eyes and the EEG say something together; what has failed fades, and comes back."""

from __future__ import annotations

import math
import random

import pytest

from assistive.boards.board import Action, Rect, Target, TargetKind, Verb
from assistive.fusion.hybrid import HybridInquiry, Reliability, gaze_evidence, posterior_of
from assistive.fusion.inquiry import NOTHING

KEYS = [
    Target(name, TargetKind.LETTER, name, Rect(0.1 + 0.1 * i, 0.4, 0.1, 0.1), Action(Verb.WRITE, name), name)
    for i, name in enumerate("abcdefgh")
]
EQUAL = {key.id: 1.0 / len(KEYS) for key in KEYS}
POOR = (0.08, 0.08)  # standard deviation of the gaze: nearly as wide as a key


def ask(prior: dict[str, float] = EQUAL) -> HybridInquiry:
    return HybridInquiry(prior, Reliability(), Reliability())


def seen(key: str) -> dict[str, float]:
    """What a sharp look at the middle of a key says."""
    return gaze_evidence(KEYS, next(k.rect.center for k in KEYS if k.id == key), (0.02, 0.02))


def test_a_sharp_gaze_alone_is_enough() -> None:
    inquiry = ask()
    inquiry.look(seen("c"))
    assert inquiry.decided(0.95) == "c"


def test_eeg_alone_is_enough_when_the_tracker_has_lost_the_eyes() -> None:
    inquiry = ask()
    inquiry.look(seen("c"))
    inquiry.look({})
    for key in KEYS:
        inquiry.flash((key.id,), 4.0 if key.id == "e" else -2.0)
    assert inquiry.decided(0.95) == "e"


def test_a_poor_gaze_and_a_poor_eeg_are_sure_together_though_neither_is_alone() -> None:
    gaze, eeg, both = ask(), ask(), ask()
    for inquiry in (gaze, both):
        inquiry.look(gaze_evidence(KEYS, KEYS[2].rect.center, POOR))
    for inquiry in (eeg, both):
        inquiry.flash(("a", "c", "e", "g"), 2.5)
        inquiry.flash(("c", "d"), 2.0)
    assert gaze.decided(0.85) is eeg.decided(0.85) is None
    assert both.decided(0.85) == "c"


def test_a_look_counts_once_however_long_it_lasts() -> None:
    once, often = ask(), ask()
    evidence = gaze_evidence(KEYS, KEYS[2].rect.center, POOR)
    once.look(evidence)
    for _ in range(100):
        often.look(evidence)
    assert often.posterior == once.posterior


def test_a_look_at_no_key_means_nothing() -> None:
    inquiry = ask()
    inquiry.look(gaze_evidence(KEYS, (0.5, 0.95), (0.02, 0.02)))
    assert inquiry.best[0] == NOTHING


def test_nothing_is_chosen_by_the_prior_alone() -> None:
    inquiry = ask({"a": 0.999, "b": 0.001})
    assert inquiry.decided(0.9) is None
    inquiry.flash(("a",), 1.0)
    assert inquiry.decided(0.9) == "a"


def test_nothing_of_either_leaves_the_prior() -> None:
    inquiry = HybridInquiry({"a": 3.0, "b": 1.0}, Reliability(), Reliability(), nothing=0.2)
    assert inquiry.posterior == pytest.approx({"a": 0.6, "b": 0.2, NOTHING: 0.2})


def test_the_sequences_end_and_evidence_from_before_an_undo_counts_as_eeg() -> None:
    inquiry = HybridInquiry(EQUAL, Reliability(), Reliability(), evidence={"b": 3.0}, most_sequences=1)
    assert inquiry.best[0] == "b"
    assert inquiry.decided(0.5) is None
    inquiry.sequence_done()
    assert inquiry.exhausted


def choose(inquiry: HybridInquiry, meant: str, gaze_at: str, eeg_at: str) -> str:
    inquiry.look(seen(gaze_at))
    for key in KEYS:
        inquiry.flash((key.id,), 3.0 if key.id == eeg_at else -0.5)
    name = inquiry.best[0]
    inquiry.meant(meant)
    return name


def test_a_tracker_that_was_moved_fades_and_comes_back_after_it_was_calibrated() -> None:
    gaze, eeg, chance = Reliability(), Reliability(), random.Random(1)
    weights, right = [], []
    for n in range(100):
        meant = chance.choice(KEYS[:-1]).id
        moved = 20 <= n < 50
        at = chr(ord(meant) + 1) if moved else meant
        right.append(choose(HybridInquiry(EQUAL, gaze, eeg), meant, at, meant) == meant)
        weights.append(gaze.weight)
    assert weights[19] > 0.8
    assert weights[49] < 0.3
    assert weights[99] > 0.8
    assert all(right[:20]) and all(right[35:50]) and all(right[60:])
    assert eeg.weight > 0.8


def test_eeg_that_says_nothing_fades_while_the_gaze_stays() -> None:
    gaze, eeg, chance = Reliability(), Reliability(), random.Random(2)
    for _ in range(60):
        meant, flashed = chance.choice(KEYS).id, chance.choice(KEYS).id
        choose(HybridInquiry(EQUAL, gaze, eeg), meant, meant, flashed)
    assert eeg.weight < 0.4
    assert gaze.weight > 0.8


def test_one_slip_of_the_person_hardly_lowers_what_has_been_right() -> None:
    gaze, eeg = Reliability(), Reliability()
    for _ in range(20):
        choose(HybridInquiry(EQUAL, gaze, eeg), "c", "c", "c")
    before = gaze.weight
    choose(HybridInquiry(EQUAL, gaze, eeg), "g", "c", "c")
    assert before - gaze.weight < 0.1


def test_what_was_not_used_is_not_judged() -> None:
    gaze, eeg = Reliability(), Reliability()
    before = eeg.weight
    for _ in range(10):
        inquiry = HybridInquiry(EQUAL, gaze, eeg)
        inquiry.look(seen("c"))
        inquiry.meant("c")
        inquiry.meant("a key of another board")
    assert eeg.weight == before


def test_the_weight_is_an_exponent() -> None:
    found = posterior_of({"a": 0.5, "b": 0.5}, ({"a": 2.0, "b": 0.0}, 0.5))
    assert found["a"] / found["b"] == pytest.approx(math.e)
