"""An imagined brain reads the board, waits for what leads to its sentence, and answers it as well as was asked."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imagined_calibration import calibrated
from sklearn.metrics import roc_auc_score

from assistive.boards.board import Action, Board, Rect, Target, TargetKind, Verb
from assistive.eeg.imagined import IMAGINED_EEG, BoardReader, is_imagined
from assistive.eeg.marker_text import BoardMark, FlashMark, Mark, OutcomeMark, mark_text, read_mark
from assistive.eeg.messages import ShowFlashes
from assistive.messages import BoardShown, Span, SpanStyle, TextShown
from assistive.settings import EegSettings
from assistive.simulate.background_eeg import BackgroundEeg
from assistive.simulate.brain import ImaginedBrain
from assistive.simulate.rehearsal import LEARNED, amplitude_for
from assistive.simulate.scalp import ELECTRODES
from assistive.simulate.wish import Wish
from devices.samples import Marker
from models.erp.p300 import fit_p300
from models.erp.quality import signal_quality
from models.erp.signal_level import SignalLevel

HZ = 250.0
CAP = ELECTRODES[:8]
LETTERS = {f"letter:{letter}": letter for letter in "abcdefghijklmnopqrstuvwxyz"}
BOARD = LETTERS | {"letter:space": "space", "fn:undo": "undo", "speak": "Speak", "fn:punctuation": ". ? !"}


def quiet(sentence: str = "tea", **options: float) -> ImaginedBrain:
    return ImaginedBrain(sentence, CAP, HZ, p300_uv=10.0, **options)  # type: ignore[arg-type]


def lived(brain: ImaginedBrain, marks: list[tuple[float, Mark]], seconds: float) -> np.ndarray:
    """Its EEG over some time, in packets, each mark heard when it comes."""
    left = list(marks)
    eeg = []
    for packet in np.array_split(np.arange(round(seconds * HZ)), round(seconds * HZ / 5)):
        t = packet / HZ
        while left and left[0][0] <= t[0]:
            at, mark = left.pop(0)
            brain.hear(Marker(at, mark_text(mark)))
        eeg.append(brain.samples(t))
    return np.concatenate(eeg)


# ------------------------------------------------------------ what it wants


@pytest.mark.parametrize(
    ("labels", "text", "wanted"),
    [
        (BOARD, "", "letter:t"),
        (BOARD, "Te", "letter:a"),
        (BOARD | {"word:0": "the", "word:1": "tea"}, "T", "word:1"),
        (BOARD | {"word:0": "tea", "phrase:0": "Tea with milk"}, "", "phrase:0"),
        (BOARD | {"word:0": "", "word:1": "teapot"}, "T", "letter:e"),
        (BOARD, "Tea ", "letter:w"),
        (BOARD, "Tea", "letter:space"),
        (BOARD, "Tex", "fn:undo"),
        (BOARD, "Tea with milk.", "fn:undo"),
        (BOARD, "Tea with milk, please", "speak"),
        (BOARD, "tea with milk, please ", "speak"),
        (BOARD, "Tea with milk", "fn:punctuation"),
        ({"letter:,": ",", "letter:.": ".", "fn:back": "back"}, "Tea with milk", "letter:,"),
        ({"group:abc": "a b c", "group:tuv": "T U V"}, "", "group:tuv"),
        ({"fn:back": "back", "help": "help"}, "", "fn:back"),
        ({"fn:back": "back", "fixed:rest": "rest"}, "Tea with milk, please", "fn:back"),
        ({"wake": "wake", "help": "help"}, "T", "wake"),
        ({"fixed:yes": "yes"}, "T", ""),
        ({}, "", ""),
    ],
)
def test_it_wants_what_brings_the_sentence_furthest(labels: dict[str, str], text: str, wanted: str) -> None:
    wish = Wish("Tea  with milk, please")
    wish.read(labels, text)
    assert wish.target == wanted
    assert not wish.spoken


def test_once_it_is_spoken_nothing_is_wanted_and_speaking_half_of_it_is_not_enough() -> None:
    wish = Wish("tea")
    wish.read(BOARD, "Te")
    wish.chosen("speak")
    assert not wish.spoken
    wish.read(BOARD, "Tea ")
    wish.chosen("letter:x")
    assert wish.target == "speak"
    wish.chosen("speak")
    wish.read(BOARD, "")
    assert wish.spoken and wish.target == ""


# ------------------------------------------------------------ what it is told


def target(which: str, label: str) -> Target:
    return Target(which, TargetKind.LETTER, label, Rect(0, 0, 0.1, 0.1), Action(Verb.WRITE, label))


def test_it_is_told_what_flashes_and_what_is_not_spoken_yet() -> None:
    reader = BoardReader()
    sequence = ShowFlashes(1.0, 7, (("letter:a",), (), ("letter:b", "word:0")), 0.1, 0.2)
    assert reader.mark(sequence) == BoardMark(7, {}, "")
    reader.take(
        BoardShown(
            0.0, Board("letters", (target("letter:a", "a"), target("word:0", "Tea"), target("x", "x")))
        )
    )
    reader.take(
        TextShown(
            0.0, (Span("Yes. ", SpanStyle.SPOKEN), Span("No", SpanStyle.OWN), Span("w", SpanStyle.PROPOSED))
        )
    )
    mark = reader.mark(sequence)
    assert mark == BoardMark(7, {"letter:a": "a", "word:0": "Tea"}, "Now")
    assert read_mark(mark_text(mark)) == mark


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (EegSettings(source="lsl", stream=IMAGINED_EEG), True),
        (EegSettings(source="lsl", stream=""), False),
        (EegSettings(source="lsl", stream="EEG"), False),
        (EegSettings(source="off", stream=IMAGINED_EEG), False),
        (EegSettings(source="replay", stream=IMAGINED_EEG), False),
    ],
)
def test_only_an_imagined_brain_is_told_what_is_on_the_board(settings: EegSettings, told: bool) -> None:
    assert is_imagined(settings) is told


# ------------------------------------------------------------ what it answers


def answer(marks: list[tuple[float, Mark]], **options: float) -> np.ndarray:
    """What is in the EEG of 3 s beside the background."""
    return lived(quiet(**options), marks, 3.0) - lived(quiet(**options), [], 3.0)


def test_a_flash_of_what_it_waits_for_is_answered_after_300_ms_at_the_back_of_the_head() -> None:
    board = BoardMark(1, BOARD, "Te")
    flash = FlashMark(1, 0, ("letter:a", "letter:b"))
    heard = answer([(0.9, board), (1.0, flash)])
    peak, electrode = np.unravel_index(np.argmax(heard), heard.shape)
    assert CAP[electrode] == "Pz"
    assert peak / HZ == pytest.approx(1.3, abs=0.1)
    assert heard.max() == pytest.approx(10.0, rel=0.01)
    assert np.abs(heard[: round(1.05 * HZ)]).max() < 0.2, "not before"


@pytest.mark.parametrize(
    "marks",
    [
        [FlashMark(1, 0, ("letter:x", "letter:y"))],
        [FlashMark(1, 0, ())],
        [FlashMark(1, 0, ("letter:a",), wanted="letter:x")],
        [OutcomeMark(1, "letter:z")],
    ],
)
def test_nothing_else_is_answered(marks: list[Mark]) -> None:
    told: list[tuple[float, Mark]] = [(0.9, BoardMark(1, BOARD, "Te")), *((1.0, mark) for mark in marks)]
    assert not answer(told).any()


def test_in_a_calibration_it_waits_for_what_it_is_told_to() -> None:
    assert answer([(1.0, FlashMark(1, 0, ("key:3",), wanted="key:3"))]).max() > 9.0


@pytest.mark.parametrize(("outcome", "error"), [("letter:a", False), ("letter:x", True)])
def test_an_outcome_that_was_not_meant_is_answered_by_an_error_potential(outcome: str, error: bool) -> None:
    marks: list[tuple[float, Mark]] = [
        (0.9, BoardMark(1, BOARD, "Te")),
        (1.0, FlashMark(1, 0, ("letter:x",))),
        (1.5, OutcomeMark(1, outcome, 0.97)),
    ]
    heard = answer(marks, error_uv=8.0)
    if not error:
        assert not heard.any()
        return
    assert CAP[int(np.argmax(np.abs(heard).max(axis=0)))] in ("Fz", "Cz")
    central = heard[:, CAP.index("Cz")]
    assert np.argmin(central) < np.argmax(central), "first the negative wave"


@given(
    st.one_of(
        st.text(),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["flash", "index", "targets", "wanted", "sequence", "labels", "text"]),
                    inner,
                )
            ),
        ).map(json.dumps),
        st.builds(
            FlashMark,
            st.integers(0, 9),
            st.integers(0, 9),
            st.lists(st.text(max_size=9)).map(tuple),
            st.text(),
        ).map(mark_text),
        st.builds(
            BoardMark,
            st.integers(0, 9),
            st.dictionaries(
                st.sampled_from([*BOARD, "word:0", "phrase:1", "group:x", "word:", ""]), st.text()
            ),
            st.text(),
        ).map(mark_text),
    ),
    st.floats(0.0, 1.0),
)
def test_whatever_marker_comes_the_eeg_goes_on(label: str, t: float) -> None:
    brain = quiet()
    brain.hear(Marker(t, label))
    brain.hear(Marker(t, mark_text(FlashMark(1, 0, ("letter:t", brain.wish.target)))))
    eeg = brain.samples(np.arange(50) / HZ)
    assert eeg.shape == (50, len(CAP))
    assert np.isfinite(eeg).all()


# ------------------------------------------------------------ what it is like


@pytest.mark.parametrize("auc", [0.75, 0.9])
def test_single_flashes_are_told_apart_as_well_as_was_asked(auc: float) -> None:
    flashes, learned = 900, LEARNED
    uv = amplitude_for(auc, CAP, HZ, seed=5)
    brain = ImaginedBrain("tea", CAP, HZ, p300_uv=uv, seed=5)
    epochs, target = calibrated(brain, CAP, HZ, flashes, seed=17)
    model = fit_p300(epochs.at(np.arange(learned)), target[:learned])
    got = roc_auc_score(target[learned + 5 :], model.llr(epochs.at(np.arange(learned + 5, flashes))))
    assert got == pytest.approx(auc, abs=0.05)


def test_a_brain_that_waits_for_nothing_and_one_that_there_cannot_be() -> None:
    assert amplitude_for(0.5, CAP, HZ, seed=1) == 0.0
    for auc in (0.3, 0.52, 1.0, math.nan):
        with pytest.raises(ValueError, match="is not between"):
            amplitude_for(auc, CAP, HZ, seed=1)


@pytest.mark.parametrize("hz", [128.0, 250.0, 1000.0])
def test_the_background_looks_like_eeg_in_whatever_pieces_it_comes(hz: float) -> None:
    count = round(20 * hz)
    whole = BackgroundEeg(CAP, hz, np.random.default_rng(2)).next(count)
    again = BackgroundEeg(CAP, hz, np.random.default_rng(2))
    pieces = np.concatenate([again.next(n) for n in (0, 1, 7, 300, count - 308)])
    assert pieces == pytest.approx(whole, abs=1e-9)
    assert all(4.0 < each < 20.0 for each in whole.std(axis=0))
    power = np.abs(np.fft.rfft(whole[:, CAP.index("Cz")])) ** 2
    of = np.fft.rfftfreq(count, 1 / hz)
    slow, middle, fast = (power[(of >= low) & (of < high)].mean() for low, high in ((1, 3), (4, 8), (20, 40)))
    assert slow > 2 * middle > 4 * fast
    alike = np.corrcoef(whole.T)
    assert alike[CAP.index("PO7"), CAP.index("Oz")] > alike[CAP.index("Fz"), CAP.index("Oz")]


def test_its_signal_is_called_good() -> None:
    eeg = BackgroundEeg(CAP, HZ, np.random.default_rng(3)).next(round(5 * HZ)).astype(np.float32)
    assert {one.level for one in signal_quality(eeg, HZ, CAP)} == {SignalLevel.GOOD}
