"""benchmarks: letters spelled with real EEG, and words chosen among proposals by held-out EEG and the language model.

Letters: see `benchmarks.matrix_speller`. They stop at a posterior of .95, or after 15 sequences with the best.

Words: at each word of some turns of the dialogues the language model proposes eight; the person wants the one that they
say, or "none of these" where it is not proposed. Nine targets flash one by one, as rarely as targets did in the
recordings (what pairs would give is printed, but is no figure: targets would be twice as frequent as they were
recorded). Flashes are answered by held-out epochs (`benchmarks.held_out_eeg`). The time of a selection is that of its
flashes, .8 s until the last epoch is complete, and 3 s for reading and feedback. After ten sequences the best is
taken; it counts like the others. The same is done with equal priors. A recording whose own calibration says that EEG
does not help takes no part, nor does an oddball whose flashes are too far apart to choose by.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistive.fusion.flashing import Flash, Grouping, sequence
from assistive.fusion.inquiry import Inquiry
from benchmarks.eeg_files import Recording, fif_files, read_recording
from benchmarks.held_out_eeg import Answers, HeldOutEeg, of_spellers, seconds_of
from benchmarks.matrix_speller import FIXED, Spelled, is_matrix_speller, spell
from benchmarks.proposed_words import WantedWord, proposed_words, some_turns
from models.language.messages import Characters, CharactersRequest
from models.language.readings import Readings
from models.language.runtime import Runtime
from models.weights import WeightsError, resolve_language_model

N_WORDS = 8
NONE = "none of these"
NONE_FLOOR = 0.035  # as undo: it must stay within reach
NOTHING = 0.02
THRESHOLD = 0.95
MOST_SEQUENCES = 10
READING_S = 3.0
SEED = 6
ALPHABET = "abcdefghijklmnopqrstuvwxyz "
TARGETS = {"accuracy": 0.96, "selections_per_minute": 8.0}
HONEST = 0.02


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --data, --dialogues, --limit and --model."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder of FIF recordings")
    parser.add_argument(
        "--dialogues", type=Path, required=True, metavar="TSV", help="dialogues, one a line, turns by tabs"
    )
    parser.add_argument("--limit", type=int, default=40, metavar="N", help="write N turns of them (40)")
    parser.add_argument("--model", default="", metavar="GGUF", help="another language model")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Keys: of the letters letters_total, letters_right_fixed (by number of sequences), letters_right_dynamic,
    letters_right_dynamic_prior, sequences_dynamic_prior; of the words accuracy, sequences_mean,
    selections_per_minute, expected_error, observed_error, and `uniform` with the same five.
    """
    try:
        model = resolve_language_model(args.model)
    except WeightsError as error:
        raise RuntimeError(str(error)) from error
    turns = some_turns(args.dialogues, args.limit)
    recordings = [read_recording(path) for path in fif_files(args.data)]
    sessions = [recording for recording in recordings if is_matrix_speller(recording)]
    words = proposed_words(
        model, turns, N_WORDS, lambda n: print(f"\rturn {n} of {len(turns)} ", end="", flush=True)
    )
    proposed = sum(meant(word) != NONE for word in words)
    print(f"\r{len(words)} words of {len(turns)} turns; {proposed} are among the {N_WORDS} proposals")
    letters = _letters(model, sessions)
    eegs = of_spellers(recordings)
    chosen = {
        (grouping, uniform): {eeg.name: select_all(eeg, words, grouping, uniform) for eeg in eegs}
        for grouping in (Grouping.SINGLE, Grouping.PAIRS)
        for uniform in (False, True)
    }
    for (grouping, uniform), by_name in chosen.items():
        _print(eegs, by_name, f"{grouping.value}, {'equal priors' if uniform else 'language model'}")
    with_prior, equal = (
        figures([each for some in chosen[Grouping.SINGLE, uniform].values() for each in some])
        for uniform in (False, True)
    )
    _print_targets(with_prior, equal)
    return letters | with_prior | {"uniform": equal}


# ---------------------------------------------------------------- letters


def _letters(model: Path, sessions: Sequence[Recording]) -> dict[str, Any]:
    runtime = Runtime(model, n_threads=1)
    try:
        readings = Readings(runtime)

        def prior(written: str) -> dict[str, float]:
            text = written.replace("_", " ").lower()
            request = CharactersRequest(0, 0.0, text, alphabet=ALPHABET)
            answer = readings.answer(request, lambda _: None, lambda: False)
            assert isinstance(answer, Characters)
            return {"_" if c == " " else c.upper(): p for c, p in answer.probabilities}

        found = spell(sessions, prior, lambda name: print(f"spelling {name}", flush=True))
    finally:
        runtime.close()
    if found is None:
        print("no letters: they need two sessions of a matrix speller, each spelled by a model of the others")
        found = Spelled(0, dict.fromkeys(FIXED, 0), 0, 0.0, 0, 0.0)
    fixed = ", ".join(f"{n}: {found.fixed[n]}" for n in FIXED)
    print(f"{found.total} letters, right after so many sequences: {fixed}")
    print(f"    stopped when sure: {found.dynamic} right, {found.sequences:.2f} sequences")
    print(
        f"    the same with the character prior: {found.dynamic_prior} right, {found.sequences_prior:.2f} sequences"
    )
    return {
        "letters_total": found.total,
        "letters_right_fixed": {str(n): right for n, right in found.fixed.items()},
        "letters_right_dynamic": found.dynamic,
        "letters_right_dynamic_prior": found.dynamic_prior,
        "sequences_dynamic_prior": round(found.sequences_prior, 3),
    }


# ---------------------------------------------------------------- words


@dataclass(frozen=True, slots=True)
class Selection:
    """What came of one selection: whether it was right, the error that was claimed, and what it took."""

    right: bool
    claimed_error: float
    sequences: float
    seconds: float


def meant(word: WantedWord) -> str:
    """The target that the person wants: the number of a proposal, or none of these."""
    shown = [proposal for proposal, _ in word.proposals]
    return str(shown.index(word.wanted)) if word.wanted in shown else NONE


def select_all(
    eeg: HeldOutEeg, words: Sequence[WantedWord], grouping: Grouping, uniform: bool
) -> list[Selection]:
    """Choose at each word with the EEG of one recording."""
    chance = random.Random(f"{SEED} {eeg.name} {grouping} {uniform}")
    found = []
    for word in words:
        targets = [*(str(i) for i in range(len(word.proposals))), NONE]
        prior = {str(i): p for i, (_, p) in enumerate(word.proposals)} | {NONE: word.none_of_these}
        if uniform:
            prior = dict.fromkeys(targets, 1.0)
        found.append(select(eeg, prior, meant(word), grouping, chance))
    return found


def select(
    eeg: HeldOutEeg, prior: Mapping[str, float], wanted: str, grouping: Grouping, chance: random.Random
) -> Selection:
    """Flash until it is decided, or the sequences have run out."""
    inquiry = Inquiry(prior, nothing=NOTHING, floors={NONE: NONE_FLOOR}, most_sequences=MOST_SEQUENCES)
    places = {target: divmod(i, 3) for i, target in enumerate(prior)}
    answers = Answers(eeg, chance)
    shown: list[Flash] = []
    sequences = 0.0
    while inquiry.decided(THRESHOLD) is None and not inquiry.exhausted:
        flashes = sequence(places, grouping, chance, before=shown, likely=inquiry.posterior)
        for i, flash in enumerate(flashes):
            shown.append(flash)
            if flash:
                inquiry.flash(flash, answers.llr(wanted in flash))
            if inquiry.decided(THRESHOLD) is not None:
                sequences += (i + 1) / len(flashes)
                break
        else:
            inquiry.sequence_done()
            sequences += 1.0
    name, p = inquiry.best
    return Selection(name == wanted, 1.0 - p, sequences, seconds_of(len(shown), eeg.soa_s) + READING_S)


def figures(selections: Sequence[Selection]) -> dict[str, float]:
    """Return the five figures of some selections."""
    n = len(selections)
    accuracy = sum(each.right for each in selections) / n
    return {
        "accuracy": round(accuracy, 4),
        "sequences_mean": round(sum(each.sequences for each in selections) / n, 3),
        "selections_per_minute": round(60.0 * n / sum(each.seconds for each in selections), 2),
        "expected_error": round(sum(each.claimed_error for each in selections) / n, 4),
        "observed_error": round(1.0 - accuracy, 4),
    }


def _print(eegs: Sequence[HeldOutEeg], by_name: Mapping[str, Sequence[Selection]], title: str) -> None:
    print(f"{title:<44} {'right':>6} {'claimed':>8} {'sequences':>10} {'a minute':>9}")
    rows = [(f"{eeg.name} ({eeg.verdict.value})", by_name[eeg.name]) for eeg in eegs]
    for name, some in [*rows, ("all", [each for own in by_name.values() for each in own])]:
        found = figures(some)
        print(
            f"    {name:<40} {found['accuracy']:>6.3f} {1 - found['expected_error']:>8.3f} "
            f"{found['sequences_mean']:>10.2f} {found['selections_per_minute']:>9.2f}"
        )


def _print_targets(with_prior: Mapping[str, float], equal: Mapping[str, float]) -> None:
    def tell(what: str, reached: bool) -> None:
        print(f"{what}: {'reached' if reached else 'missed'}")

    for key, target in TARGETS.items():
        tell(f"{key} {with_prior[key]}, target >= {target}", with_prior[key] >= target)
    off = abs(with_prior["expected_error"] - with_prior["observed_error"])
    tell(f"|expected - observed error| {off:.4f}, target <= {HONEST}", off <= HONEST)
    fewer = with_prior["sequences_mean"] < equal["sequences_mean"]
    tell(
        f"sequences {with_prior['sequences_mean']}, without the prior {equal['sequences_mean']}: fewer", fewer
    )
