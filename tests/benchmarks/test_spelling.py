"""A session with letters goes in, letters come out; a word is chosen among proposals by recorded answers."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from assistive.fusion.flashing import Grouping
from benchmarks.eeg_files import Recording
from benchmarks.held_out_eeg import Answers, Block, HeldOutEeg, of_spellers, seconds_of
from benchmarks.matrix_speller import is_matrix_speller, letters_of, members, spell
from benchmarks.proposed_words import WantedWord, bare, some_turns
from benchmarks.spelling import NONE, figures, meant, select, select_all
from calibration.verdict import Verdict
from models.erp.epochs import TIMES_S, Epochs

CHANNELS = ("Cz", "Pz", "Oz")
P300 = 6.0 * np.exp(-0.5 * ((TIMES_S - 0.35) / 0.06) ** 2)


def session(words: tuple[str, ...], sequences: int, seed: int) -> Recording:
    """Someone spells words with rows and columns that flash in random order; the response is as large as the noise."""
    chance = np.random.default_rng(seed)
    notes, target = [], []
    for word in words:
        for n, letter in enumerate(word):
            for _ in range(sequences):
                for code in chance.permutation(12) + 1:
                    target.append(letter in members(int(code)))
                    notes.append(f"{'target' if target[-1] else 'nontarget'}/code={code}/letter={n}")
    data = chance.normal(0.0, 6.0, (len(notes), len(CHANNELS), len(TIMES_S)))
    data[np.array(target)] += P300
    t = np.arange(len(notes), dtype=np.float64) * 0.175
    return Recording(f"session {seed}", Epochs(t, data, CHANNELS), np.array(target), notes)


def eeg(lead: float, n: int = 600, seed: int = 1) -> HeldOutEeg:
    """Held-out flashes whose scores of targets lead by so many standard deviations; the ratios are true."""
    chance = np.random.default_rng(seed)
    target = chance.random(n) < 1 / 8
    scores = chance.normal(np.where(target, lead / 2, -lead / 2), 1.0)
    return HeldOutEeg("made up", 0.18, 1 / 8, Verdict.HELPS, (Block(lead * scores, target),))


WORDS = [
    WantedWord((("water", 0.6), ("wait", 0.2), ("walk", 0.1)), wanted)
    for wanted in ("water", "water", "wait", "no idea")
] * 25


def test_letters_are_spelled_by_a_model_of_the_other_session_and_a_prior_that_knows_the_words_saves_sequences() -> (
    None
):
    sessions = [session(("CAT",), 6, 1), session(("H_", "9"), 6, 2)]
    asked: list[str] = []
    after = {"": "CH", "C": "A", "CA": "T", "H": "_", "H_ ": "9"}

    def prior(written: str) -> dict[str, float]:
        asked.append(written)
        return dict.fromkeys(after[written], 1.0)

    found = spell(sessions, prior, lambda _: None)
    assert found is not None
    assert asked == ["", "C", "CA", "", "H", "H_ "]
    assert found.total == 6
    assert found.fixed[5] >= 5
    assert found.fixed[1] <= found.fixed[5] <= found.fixed[15]
    assert found.dynamic >= 5
    assert found.dynamic_prior == 6
    assert found.sequences_prior < found.sequences < 6


def test_one_session_alone_cannot_be_spelled() -> None:
    assert spell([session(("A",), 2, 1)], lambda _: {}, lambda _: None) is None


def test_the_letters_are_those_whose_row_and_column_were_targets() -> None:
    own = session(("CAT", "DOG"), 2, 1)
    letters = letters_of(own, own.target.astype(float).tolist())
    assert "".join(each.letter for each in letters) == "CATDOG"
    assert [each.first for each in letters] == [True, False, False, True, False, False]
    assert all(len(each.flashes) == 24 for each in letters)


def test_annotations_without_codes_are_no_matrix_speller_and_a_letter_needs_a_row_and_a_column() -> None:
    own = session(("A",), 1, 1)
    plain = Recording("oddball", own.epochs, own.target, ["target", *own.descriptions[1:]])
    assert is_matrix_speller(own)
    assert not is_matrix_speller(plain)
    nothing = Recording("broken", own.epochs, np.zeros_like(own.target), own.descriptions)
    with pytest.raises(ValueError, match="broken"):
        letters_of(nothing, [0.0] * len(own.target))


def test_answers_come_in_the_order_of_time_and_each_once_until_they_begin_anew() -> None:
    llr = np.arange(10.0)
    recorded = HeldOutEeg("x", 0.2, 0.3, Verdict.HELPS, (Block(llr, llr % 3 == 0),))
    answers = Answers(recorded, random.Random(1))
    targets = [answers.llr(True) for _ in range(5)]
    others = [answers.llr(False) for _ in range(6)]
    assert set(targets[:4]) == {0.0, 3.0, 6.0, 9.0}
    assert targets[4] == targets[0]
    assert sorted(others) == [1.0, 2.0, 4.0, 5.0, 7.0, 8.0]
    assert sum(later < earlier for earlier, later in pairwise(others)) <= 1


def test_with_good_eeg_words_and_none_of_these_are_chosen_as_surely_as_it_is_claimed() -> None:
    found = figures(select_all(eeg(2.5), WORDS, Grouping.SINGLE, uniform=False))
    equal = figures(select_all(eeg(2.5), WORDS, Grouping.SINGLE, uniform=True))
    assert found["accuracy"] >= 0.93
    assert abs(found["expected_error"] - found["observed_error"]) < 0.05
    assert found["sequences_mean"] < equal["sequences_mean"]
    assert found["selections_per_minute"] > equal["selections_per_minute"]


def test_with_eeg_that_says_nothing_it_ends_after_ten_sequences_and_claims_little() -> None:
    silent = HeldOutEeg("x", 0.2, 0.5, Verdict.HELPS, (Block(np.zeros(20), np.arange(20) % 2 == 0),))
    found = select(silent, {"0": 0.5, NONE: 0.5}, "0", Grouping.SINGLE, random.Random(1))
    assert found.sequences == 10
    assert found.claimed_error > 0.4


def test_the_time_counts_until_the_last_epoch_is_complete() -> None:
    assert seconds_of(1, 0.2) == pytest.approx(0.8)
    assert seconds_of(11, 0.2) == pytest.approx(2.8)


def test_a_word_that_is_not_proposed_means_none_of_these() -> None:
    assert meant(WORDS[2]) == "1"
    assert meant(WORDS[3]) == NONE
    assert WORDS[0].none_of_these == pytest.approx(0.1)
    assert bare('"Don\'t!"') == "don't"


def test_an_oddball_and_eeg_that_does_not_help_take_no_part(capsys: pytest.CaptureFixture[str]) -> None:
    chance = np.random.default_rng(1)
    n = 120
    t, target = np.arange(n, dtype=np.float64), np.arange(n) % 6 == 0
    noise = chance.normal(0.0, 6.0, (n, len(CHANNELS), len(TIMES_S)))
    slow = Recording("slow", Epochs(t * 0.6, noise, CHANNELS), target, ["target"] * n)
    dead = Recording("dead", Epochs(t * 0.2, noise, CHANNELS), target, ["target"] * n)
    with pytest.raises(ValueError, match="no recording of a speller"):
        of_spellers([slow, dead])
    told = capsys.readouterr().out
    assert "slow, flashes 0.60 s apart" in told
    assert "dead, its calibration" in told


def test_a_file_without_dialogues_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "dialogues.tsv"
    empty.write_text("\n\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"dialogues\.tsv"):
        some_turns(empty, 5)
