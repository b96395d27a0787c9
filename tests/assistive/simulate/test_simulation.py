"""A simulated person writes on the real engine: the clock is virtual, everything else is real."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.cli import main
from assistive.settings import Settings
from assistive.simulate.person import Person, load_person
from assistive.simulate.proposer import VirtualProposer, content
from assistive.simulate.report import System
from assistive.simulate.run import (
    DialogueTurn,
    Outcome,
    best_dwell,
    board_characters,
    read_dialogues,
    simulate,
    system_settings,
)
from assistive.simulate.target_text import TargetText, edit_distance, writable
from assistive.simulate.writer import Counts
from models.language.messages import PhraseProposal, ProposalRequest, Proposals, Source, WordProposal

TURNS = [
    DialogueTurn("Are you warm enough?", "No, I'm a little cold.", True),
    DialogueTurn("Shall I close the window?", "Yes please!", False),
]


def still(person: Person) -> Person:
    """The same person with perfect eyes who never errs."""

    def certain(part: object, **values: float) -> object:
        fields = {name: getattr(part, name).model_copy(update={"value": v}) for name, v in values.items()}
        return part.model_copy(update=fields)  # type: ignore[attr-defined]

    gaze = certain(person.gaze, accuracy_deg=0.0, precision_deg=0.01, landing_deg=0.0, blinks_per_min=0.0)
    looking = certain(person.looking, long_share=0.0, read_log_sd=0.0, search_log_sd=0.0, passing_s=0.1)
    choosing = certain(person.choosing, overlook_share=0.0, notice_share=1.0)
    return person.model_copy(update={"gaze": gaze, "looking": looking, "choosing": choosing})


class Oracle:
    """A language model that knows what will be said; each answer takes `took_s`."""

    def __init__(self, sentence: str, took_s: float) -> None:
        self.sentence = sentence
        self.took_s = took_s
        self.asked: list[ProposalRequest] = []

    def answer(self, request: ProposalRequest):  # type: ignore[no-untyped-def]
        from assistive.simulate.proposer import _Answer

        self.asked.append(request)
        rest = self.sentence
        if rest.lower().startswith(request.text.lower().rstrip()):
            rest = rest[len(request.text) - len(request.text.rsplit(" ", 1)[-1]) :]
        word = TargetText(rest.strip()).word
        words = (WordProposal("zebra", 0.5), WordProposal(word or "the", 0.3))
        found = Proposals(
            0, 0.0, words, Source.MODEL, self.took_s, (PhraseProposal("zebras are striped", 0.1),)
        )
        return _Answer(found, self.took_s)


def test_a_person_without_noise_writes_exactly_what_they_mean() -> None:
    person = still(load_person("als_tracker"))
    outcome = simulate(person, system_settings(0.8, proposals=False, language="en"), TURNS, 1, None)
    assert (outcome.counts.wrong, outcome.counts.errors_left, outcome.counts.given_up) == (0, 0, 0)
    assert outcome.counts.chars == sum(len(turn.text) for turn in TURNS)
    assert outcome.counts.selections >= outcome.counts.chars
    assert sum(outcome.seconds.values()) == pytest.approx(outcome.counts.seconds, rel=0.01)


def test_a_switch_user_writes_too() -> None:
    person = still(load_person("one_switch"))
    outcome = simulate(person, system_settings(1.0, proposals=False, language="en"), TURNS, 1, None)
    assert (outcome.counts.errors_left, outcome.counts.given_up) == (0, 0)


def test_russian() -> None:
    turns = [DialogueTurn("Тебе холодно?", "Да, закрой окно, пожалуйста.", True)]
    person = still(load_person("young_skilled"))
    outcome = simulate(person, system_settings(0.6, proposals=False, language="ru"), turns, 1, None)
    assert (outcome.counts.errors_left, outcome.counts.given_up) == (0, 0)


def test_the_same_seed_gives_the_same_run_and_another_another() -> None:
    person = load_person("webcam")
    settings = system_settings(0.5, proposals=False, language="en")
    a, b, c = (simulate(person, settings, TURNS, seed, None) for seed in (1, 1, 2))
    assert (a.counts, a.seconds) == (b.counts, b.seconds)
    assert a.seconds != c.seconds


def test_noise_and_a_short_dwell_make_mistakes() -> None:
    person = load_person("webcam")
    turns = TURNS * 6
    quick = simulate(person, system_settings(0.3, proposals=False, language="en"), turns, 3, None)
    slow = simulate(person, system_settings(1.0, proposals=False, language="en"), turns, 3, None)
    assert quick.wrong_per_100 > slow.wrong_per_100


def test_a_model_that_knows_saves_selections_and_its_time_is_charged() -> None:
    person = still(load_person("als_tracker"))
    turns = [DialogueTurn("What would you like?", "I would like some orange juice please", True)]
    settings = system_settings(0.8, proposals=True, language="en")
    plain = simulate(person, system_settings(0.8, proposals=False, language="en"), turns, 1, None)
    quick = simulate(person, settings, turns, 1, Oracle(turns[0].text, 0.1))  # type: ignore[arg-type]
    slow = simulate(person, settings, turns, 1, Oracle(turns[0].text, 3.0))  # type: ignore[arg-type]
    assert quick.counts.selections < plain.counts.selections / 2
    assert quick.ready / quick.asked > 0.8 > slow.ready / slow.asked
    assert slow.seconds["waiting"] > quick.seconds.get("waiting", 0.0)


def request(text: str, *, speculative: bool = False, generation: int = 1) -> ProposalRequest:
    return ProposalRequest(generation, 0.0, text, speculative=speculative)


def test_what_was_prepared_is_there_at_once() -> None:
    proposer = VirtualProposer(Oracle("tea", 0.2))  # type: ignore[arg-type]
    assert proposer.request(request("te", speculative=True), 1.0) is None
    answer = proposer.request(request("te", generation=7), 1.5)
    assert answer is not None
    assert (answer[0], answer[1].generation, answer[1].elapsed_s) == (1.5, 7, 0.0)


def test_a_real_request_for_what_is_being_prepared_waits_for_its_end_only() -> None:
    proposer = VirtualProposer(Oracle("tea", 0.2))  # type: ignore[arg-type]
    proposer.request(request("te", speculative=True), 1.0)
    answer = proposer.request(request("te"), 1.15)
    assert answer is not None
    assert answer[0] == pytest.approx(1.2)


def test_speculative_work_gives_way_to_a_real_request() -> None:
    proposer = VirtualProposer(Oracle("tea", 2.0))  # type: ignore[arg-type]
    proposer.request(request("te", speculative=True), 1.0)
    answer = proposer.request(request("ta"), 1.1)
    assert answer is not None
    assert answer[0] == pytest.approx(1.1 + 2.0, abs=0.05)


def test_what_the_person_said_comes_more_easily_though_the_model_is_asked_the_same() -> None:
    model = Oracle("tea", 0.2)
    proposer = VirtualProposer(model)  # type: ignore[arg-type]
    told = []
    for _ in range(2):
        answer = proposer.request(request("Where is Bar"), 1.0)
        assert answer is not None
        told.append([proposal.word for proposal in answer[1].words])
        proposer.learn("Where is Bartholomew?")
    assert "Bartholomew" not in told[0]
    assert "Bartholomew" in told[1]
    assert model.asked[0] == model.asked[1]


def test_the_content_of_a_request_is_what_is_asked() -> None:
    assert content(request("a", speculative=True)) == content(replace(request("a", generation=9), t=5.0))
    assert content(request("a")) != content(request("b"))


def test_the_best_dwell_is_chosen_on_other_seeds() -> None:
    dwell_s, outcome = best_dwell(load_person("young_skilled"), TURNS, "en", None)
    assert 0.3 <= dwell_s <= 0.8
    assert outcome.counts.turns == 3 * len(TURNS)


def test_of_dwells_that_are_as_fast_the_one_with_the_fewest_wrong_choices_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = {0.4: 100.0, 0.5: 101.0, 0.6: 110.0}  # for 200 words; all others take far longer
    wrong = {0.4: 6, 0.5: 3, 0.6: 1}

    def simulated(person: object, settings: Settings, *_: object) -> Outcome:
        dwell_s = settings.dwell.letter_s
        return Outcome(
            Counts(
                chars=1000, selections=100, wrong=wrong.get(dwell_s, 0), seconds=seconds.get(dwell_s, 300.0)
            )
        )

    monkeypatch.setattr("assistive.simulate.run.simulate", simulated)
    chosen = [best_dwell(load_person("als_tracker"), TURNS, "en", None, most)[0] for most in (None, 7.0, 2.0)]
    assert chosen == [0.4, 0.5, 0.6]


# ---------------------------------------------------------------- the text that is meant


def test_characters_that_the_board_has_not_are_spelled_by_what_is_there_or_left_out() -> None:
    alphabet = board_characters("en")
    assert writable("  Café – “yes”… it’s  fine 😀", alphabet)[0].startswith("Cafe - ")
    text, left_out = writable("ok 😀 ж", alphabet)
    assert (text, left_out) == ("ok", {"😀", "ж"})
    assert writable("чай ё", board_characters("ru")) == ("чай ё", set())


@pytest.mark.parametrize(
    ("done", "phrase", "after"),
    [
        (0, "I would like", 13),
        (3, "would like some tea", 21),
        (8, "like some", 18),
        (8, "like so", None),
        (0, "you would", None),
        (0, "", None),
        (8, "like some tea, please.", 30),
    ],
)
def test_a_phrase_fits_where_the_sentence_goes_on_like_it(done: int, phrase: str, after: int | None) -> None:
    target = TargetText("I would like some tea, please.")
    target.done = done
    assert target.after_phrase(phrase) == after


@given(st.text(alphabet="abc ", max_size=8), st.text(alphabet="abc ", max_size=8))
def test_edit_distance_is_a_distance(a: str, b: str) -> None:
    assert edit_distance(a, b) == edit_distance(b, a)
    assert (edit_distance(a, b) == 0) == (a == b)
    assert abs(len(a) - len(b)) <= edit_distance(a, b) <= max(len(a), len(b))


# ---------------------------------------------------------------- the report and the command


def test_the_interval_of_known_numbers() -> None:
    outcomes = [Outcome(Counts(chars=5 * words, seconds=60.0)) for words in (8, 10, 12)]
    system = System("x", 0.8, outcomes)
    assert system.mean(lambda o: o.wpm) == 10
    low, high = system.interval(lambda o: o.wpm)
    assert (round(low, 2), round(high, 2)) == (5.03, 14.97)  # t(2) = 4.303, sd 2, n 3


def test_dialogues_are_read_and_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "d.tsv"
    path.write_text("Hi\tHello\tHow are you?\tFine\n\nTea?\tYes\n", encoding="utf-8")
    assert [turn.text for turn in read_dialogues(path, 3)] == ["Hello", "Fine", "Yes"]
    assert [turn.first for turn in read_dialogues(path, 3)] == [True, False, True]
    path.write_text("nobody answers\n", encoding="utf-8")
    with pytest.raises(ValueError, match="tabs"):
        read_dialogues(path, 3)
    with pytest.raises(ValueError, match="at least one"):
        read_dialogues(path, 0)


@pytest.mark.parametrize(
    "arguments",
    [["--turns", "0"], ["--person", "nobody"], ["--dialogues", "missing.tsv"], ["--model", "missing.gguf"]],
)
def test_bad_input_is_said_in_a_sentence(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "d.tsv"
    path.write_text("Hi\tHello\n", encoding="utf-8")
    assert main(["simulate", "--dialogues", str(path), *arguments]) == 1
    out = capsys.readouterr().out
    assert out.startswith("The simulation cannot start: ")
    assert "Traceback" not in out


def test_the_command_prints_every_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from models.weights import installed

    if installed("gemma-3-270m") is None:
        pytest.skip("the language model is not fetched (sayso models fetch)")
    dialogues, out, picture = tmp_path / "d.tsv", tmp_path / "o.json", tmp_path / "o.png"
    dialogues.write_text("Are you cold?\tYes I am\n", encoding="utf-8")
    arguments = [
        "--turns",
        "1",
        "--seeds",
        "1,2",
        "--dwell",
        "0.6",
        "--json",
        str(out),
        "--plot",
        str(picture),
    ]
    assert main(["simulate", "--dialogues", str(dialogues), *arguments]) == 0
    figures = json.loads(out.read_text(encoding="utf-8"))
    for name in (
        *("wpm", "wpm_baseline", "wpm_plain", "ksr", "seconds_per_char", "error_rate", "correction_rate"),
        *("selections", "proposals_ready_share", "wait_share", "wrong_per_100", "wrong_per_100_baseline"),
    ):
        assert isinstance(figures[name], float), name
        assert len(figures[f"{name}_ci95"]) == 2
    assert figures["person_hash"] == load_person("als_tracker").fingerprint
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "wpm" in capsys.readouterr().out
