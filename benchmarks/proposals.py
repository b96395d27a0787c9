"""benchmarks: how many selections five word slots save, alone, with three phrase slots, and with the n-gram only.

A perfect user (`benchmarks.perfect_user`) writes every turn of recorded dialogues as the person, who has heard and said
all turns before it. KSR = (characters - selections) / characters over all turns; every character of the turn counts,
spaces and marks too. A chosen word brings its rest and the space after it; choosing a word or a phrase is one selection,
and so is every letter, every mark and every space that no choice brought. A slot may hold a word with the mark after it
("today?", `ProposalRequest.marks`): it fits only where the word is wanted with just this mark. Case does not count: the
board writes capitals by itself. (It also writes the space after a mark by itself; what that saves is printed, but is
not in the figures.)

Words that stood in a slot while the person typed on are lowered until the word is finished, as they are on the board.
The dialogues of --train are what the person said on other days: all of them for the n-gram, a few as exchanges in the
prompt, with the person's part first in one and second in the next. Dialogues that are in --data too are left out.
The weight of the n-gram in the mixture is fitted on the way, from words that were chosen before.

Times are those of the full answer for five word slots, from the question until the mixed list is in the parent, on one
thread of the model; take them on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import queue
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistive.steering import REJECTED
from benchmarks.dialogues import WantedTurn, every_turn, read_dialogues, some_exchanges
from benchmarks.perfect_user import phrase_added, word_added
from devices.clock import LslClock
from models.language.messages import (
    ModelState,
    ModelStatus,
    ProposalRequest,
    Proposals,
    Response,
    Steering,
    Turn,
)
from models.language.mixture import Mixture, to_be_mixed
from models.language.ngram import NgramProposer
from models.language.preflight import default_threads
from models.language.process import LanguageProcess
from models.weights import WeightsError, resolve_language_model

N_SLOTS = 5
N_PHRASES = 3
N_EXCHANGES = 8
TARGETS = {"ksr_5": 0.66, "ksr_5_with_phrases": 0.69, "p50_ms": 130.0, "p95_ms": 250.0}

_SEED = 7
_ANSWER_WITHIN_S = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --data, --train, --limit, --language, --model and --threads."""
    parser.add_argument(
        "--data", type=Path, required=True, metavar="TSV", help="dialogues, one a line, turns by tabs"
    )
    parser.add_argument(
        "--train", type=Path, metavar="TSV", help="dialogues of other days, for the n-gram and the prompt"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="write N turns, chosen by a fixed seed (all)")
    parser.add_argument("--language", choices=("en", "ru"), default="en", help="of the dialogues (en)")
    parser.add_argument("--model", default="", metavar="GGUF", help="another language model")
    parser.add_argument(
        "--threads", type=int, default=default_threads(), help="threads of the model (one core is left free)"
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Keys: words, top5, ksr_5, ksr_5_with_phrases, ksr_5_ngram, p50_ms, p95_ms.

    `words` were wanted; of these, `top5` stood in a slot before their first letter was written.
    """
    try:
        model = resolve_language_model(args.model)
    except WeightsError as error:
        raise RuntimeError(str(error)) from error
    measured = read_dialogues(args.data)
    turns = every_turn(measured)
    if not turns:
        raise ValueError(f"{args.data} has no dialogues")
    if args.limit is not None and args.limit < len(turns):
        chosen = sorted(random.Random(_SEED).sample(range(len(turns)), args.limit))
        turns = [turns[i] for i in chosen]
    known = set(measured)
    train = [d for d in read_dialogues(args.train) if d not in known] if args.train is not None else []
    ngram = NgramProposer(args.language)
    ngram.load()
    for dialogue in train:
        for said in dialogue:
            ngram.learn(said)
    load = os.getloadavg()[0]
    print(
        f"{model.name}, {args.threads} thread(s), {os.cpu_count()} cores, load before {load:.1f}; "
        f"{len(turns)} turns, {len(train)} dialogues of other days",
        flush=True,
    )
    with _Model(model, args.language, args.threads) as asked:
        people = _People(asked, ngram, args.language, some_exchanges(train, N_EXCHANGES, _SEED))
        for i, turn in enumerate(turns):
            print(f"\rturn {i + 1} of {len(turns)}", end="", flush=True)
            people.write(turn)
    print(f"\r{len(turns)} turns written, load after {os.getloadavg()[0]:.1f}", flush=True)
    return people.report()


class _Model:
    """The real child process, asked one question at a time."""

    def __init__(self, path: Path, language: str, n_threads: int) -> None:
        self._inbox: queue.SimpleQueue[Response | ModelStatus] = queue.SimpleQueue()
        self._process = LanguageProcess(
            path, self._inbox.put, LslClock(), n_threads=n_threads, language=language
        )
        self._generation = 0

    def __enter__(self) -> _Model:
        self._process.start()
        while True:
            message = self._inbox.get(timeout=_ANSWER_WITHIN_S)
            if isinstance(message, ModelStatus) and message.state is ModelState.READY:
                return self
            if isinstance(message, ModelStatus) and message.state is ModelState.FAILED:
                raise RuntimeError(message.detail)

    def __exit__(self, *_error: object) -> None:
        self._process.close()

    def ask(self, request: ProposalRequest) -> Proposals:
        """Return the model's answer."""
        self._generation += 1
        self._process.request(replace(to_be_mixed(request), generation=self._generation))
        while True:
            message = self._inbox.get(timeout=_ANSWER_WITHIN_S)
            if isinstance(message, ModelStatus):
                raise RuntimeError(message.detail)
            if isinstance(message, Proposals) and message.generation == self._generation:
                return message


@dataclass(slots=True)
class _Person:
    """One perfect user with slots of their own kind, and what they needed."""

    ask: Callable[[ProposalRequest], Proposals]
    n_phrases: int = 0
    selections: int = 0
    spaces_after_marks: int = 0
    phrases: int = 0
    words: int = 0
    at_once: int = 0
    seconds: list[float] = field(default_factory=list)

    def write(self, turn: WantedTurn, blank: ProposalRequest) -> None:
        """Write the turn; `blank` is the request before anything is written."""
        text, passed_over = "", dict[str, float]()
        while text != turn.text:
            steering = Steering(nudges=tuple(passed_over.items()))
            request = replace(blank, text=text, steering=steering, n_phrases=self.n_phrases)
            start = time.perf_counter()
            answer = self.ask(request)
            self.seconds.append(time.perf_counter() - start)
            slots = [proposal.word for proposal in answer.words]
            added = word_added(text, turn.text, slots)
            self._count_word(text, turn.text, bool(added))
            phrase = phrase_added(text, turn.text, (proposal.text for proposal in answer.phrases))
            if len(phrase) > len(added):
                added = phrase
                self.phrases += 1
            self.selections += 1
            character = turn.text[len(text)]
            if added or not character.isalnum():
                passed_over.clear()
                self.spaces_after_marks += not added and character == " " and text[-1:] in tuple(".,?!…:;")
            else:
                passed_over.update((slot, REJECTED) for slot in slots if slot[-1].isalpha())
            text += added or character

    def _count_word(self, text: str, wanted: str, stands_in_a_slot: bool) -> None:
        if (not text or text[-1].isspace()) and wanted[len(text)].isalpha():
            self.words += 1
            self.at_once += stands_in_a_slot


class _People:
    """Three perfect users write the same turns: with words, with phrases too, and without the model."""

    def __init__(
        self, model: _Model, ngram: NgramProposer, language: str, exchanges: tuple[tuple[Turn, ...], ...]
    ) -> None:
        self._blank = ProposalRequest(
            0, 0.0, "", language=language, exchanges=exchanges, n_words=N_SLOTS, marks=True
        )
        self._characters = 0
        mixtures = [Mixture(ngram) for _ in range(2)]
        self._mixture = mixtures[0]
        self._words = _Person(lambda request: mixtures[0].mix(request, model.ask(request)))
        self._phrases = _Person(lambda request: mixtures[1].mix(request, model.ask(request)), N_PHRASES)
        self._ngram = _Person(ngram.propose)

    def write(self, turn: WantedTurn) -> None:
        """Let each of them write `turn`."""
        self._characters += len(turn.text)
        for person in (self._words, self._phrases, self._ngram):
            person.write(turn, replace(self._blank, turns=turn.before))

    def report(self) -> dict[str, Any]:
        """Print a table and return the figures."""
        rows = (
            ("5 words", self._words),
            (f"5 words, {N_PHRASES} phrases", self._phrases),
            ("5 words, n-gram only", self._ngram),
        )
        print(f"{'slots':>22} {'KSR':>6} {'board spaces':>13} {'top 5':>6} {'p50 ms':>7} {'p95 ms':>7}")
        for name, person in rows:
            p50, p95 = np.percentile(person.seconds, (50, 95)) * 1e3
            with_spaces = self._saved(person.selections - person.spaces_after_marks)
            top5 = person.at_once / max(1, person.words)
            ksr = self._saved(person.selections)
            print(f"{name:>22} {ksr:>6.3f} {with_spaces:>13.3f} {top5:>6.3f} {p50:>7.1f} {p95:>7.1f}")
        weights = ", ".join(f"{self._mixture.weight(inside=inside):.2f}" for inside in (False, True))
        print(
            f"{self._characters} characters, {self._words.words} words; {self._phrases.phrases} of "
            f"{self._phrases.selections} selections are phrases; the n-gram's weight at the start of a word "
            f"and inside: {weights}"
        )
        p50, p95 = (float(np.percentile(self._words.seconds, q)) * 1e3 for q in (50, 95))
        figures = {
            "words": self._words.words,
            "top5": round(self._words.at_once / max(1, self._words.words), 4),
            "ksr_5": round(self._saved(self._words.selections), 4),
            "ksr_5_with_phrases": round(self._saved(self._phrases.selections), 4),
            "ksr_5_ngram": round(self._saved(self._ngram.selections), 4),
            "p50_ms": round(p50, 1),
            "p95_ms": round(p95, 1),
        }
        for key, target in TARGETS.items():
            sign = "<=" if key.endswith("_ms") else ">="
            reached = figures[key] <= target if key.endswith("_ms") else figures[key] >= target
            print(f"{key} {figures[key]}, target {sign} {target}: {'reached' if reached else 'missed'}")
        return figures

    def _saved(self, selections: int) -> float:
        return 1.0 - selections / self._characters
