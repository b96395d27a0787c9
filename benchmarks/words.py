"""benchmarks: how long after a selection the word slots are filled, over the real child process.

A perfect user writes the turns of recorded dialogues: of each two turns the partner says the first, the person writes
the second. A word that stands in a slot is chosen, otherwise the next character; with --phrases, a phrase that adds
more than the word. Each selection sends one request; what counts is the time until its answer is in the parent.
"""

from __future__ import annotations

import argparse
import os
import queue
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.perfect_user import phrase_added, word_added
from devices.clock import LslClock
from models.language.messages import (
    ModelState,
    ModelStatus,
    ProposalRequest,
    Proposals,
    Response,
    Speaker,
    Turn,
)
from models.language.preflight import default_threads
from models.language.process import LanguageProcess
from models.weights import WeightsError, resolve_language_model

TARGET_P50_MS = 120.0
PHRASES_P50_MS = 200.0  # that phrases may add
N_SLOTS = 5
N_PHRASES = 3
ANSWER_WITHIN_S = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --data, --limit, --model, --threads and --phrases."""
    parser.add_argument(
        "--data", type=Path, required=True, metavar="TSV", help="dialogues, one a line, turns by tabs"
    )
    parser.add_argument("--limit", type=int, default=60, metavar="N", help="turns that are written (60)")
    parser.add_argument("--model", default="", metavar="GGUF", help="another language model")
    parser.add_argument(
        "--threads", type=int, default=default_threads(), help="threads of the model (one core is left free)"
    )
    parser.add_argument(
        "--phrases", action="store_true", help=f"ask for {N_PHRASES} phrases beside the words"
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Keys: p50_ms, p95_ms."""
    try:
        model = resolve_language_model(args.model)
    except WeightsError as error:
        raise RuntimeError(str(error)) from error
    turns = list(_turns(args.data))[: args.limit]
    if not turns:
        raise ValueError(f"{args.data} has no dialogues of at least two turns")
    inbox: queue.Queue[Response | ModelStatus] = queue.Queue()
    process = LanguageProcess(model, inbox.put, LslClock(), n_threads=args.threads)
    load = os.getloadavg()[0]
    print(
        f"{model.name}, {args.threads} thread(s), {os.cpu_count()} cores, load before {load:.1f}", flush=True
    )
    process.start()
    try:
        _until_ready(inbox)
        writer = _Writer(process, inbox, N_PHRASES if args.phrases else 0)
        for i, turn in enumerate(turns):
            print(f"\rturn {i + 1} of {len(turns)}", end="", flush=True)
            writer.write(turn)
    finally:
        process.close()
    print(f"\r{len(turns)} turns written, load after {os.getloadavg()[0]:.1f}", flush=True)
    return writer.report()


@dataclass(frozen=True, slots=True)
class _Turn:
    before: tuple[Turn, ...]
    text: str


def _turns(path: Path) -> Iterator[_Turn]:
    for line in path.read_text(encoding="utf-8").splitlines():
        turns = [turn.strip() for turn in line.split("\t") if turn.strip()]
        spoken = [Turn(Speaker.ME if i % 2 else Speaker.PARTNER, text) for i, text in enumerate(turns)]
        for i in range(1, len(turns), 2):
            yield _Turn(tuple(spoken[:i]), turns[i])


def _until_ready(inbox: queue.Queue[Response | ModelStatus]) -> None:
    while True:
        message = inbox.get(timeout=ANSWER_WITHIN_S)
        if isinstance(message, ModelStatus):
            if message.state is ModelState.FAILED:
                raise RuntimeError(message.detail)
            if message.state is ModelState.READY:
                return


@dataclass(slots=True)
class _Writer:
    process: LanguageProcess
    inbox: queue.Queue[Response | ModelStatus]
    n_phrases: int
    generation: int = 0
    selections: int = 0
    phrases: int = 0
    characters: int = 0
    after_word: list[float] = field(default_factory=list)
    after_character: list[float] = field(default_factory=list)

    def write(self, turn: _Turn) -> None:
        text, times = "", self.after_word
        while True:
            proposals = self._ask(text, turn, times)
            rest = turn.text[len(text) :]
            if not rest:
                break
            added = word_added(text, turn.text, [proposal.word for proposal in proposals.words])
            phrase = phrase_added(text, turn.text, [proposal.text for proposal in proposals.phrases])
            if len(phrase) > len(added):
                added = phrase
                self.phrases += 1
            times = self.after_word if added else self.after_character
            text += added or rest[0]
            self.selections += 1
        self.characters += len(turn.text)

    def report(self) -> dict[str, Any]:
        everything = self.after_word + self.after_character
        rows = (("word", self.after_word), ("character", self.after_character), ("any", everything))
        print(f"{'after a':>10} {'requests':>9} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8}")
        for name, times in rows:
            if times:
                p50, p95, most = np.percentile(times, [50, 95, 100]) * 1e3
                print(f"{name:>10} {len(times):>9} {p50:>8.1f} {p95:>8.1f} {most:>8.1f}")
        if self.n_phrases:
            print(f"{self.phrases} of the selections are phrases")
        saved = 1 - self.selections / self.characters
        print(f"{self.selections} selections for {self.characters} characters: {saved:.3f} saved")
        p50, p95 = (float(np.percentile(everything, q)) * 1e3 for q in (50, 95))
        target = TARGET_P50_MS + (PHRASES_P50_MS if self.n_phrases else 0.0)
        print(f"p50 {p50:.1f} ms, target <= {target:.0f}: {'reached' if p50 <= target else 'missed'}")
        return {"p50_ms": round(p50, 1), "p95_ms": round(p95, 1)}

    def _ask(self, text: str, turn: _Turn, times: list[float]) -> Proposals:
        self.generation += 1
        request = ProposalRequest(
            self.generation, 0.0, text, turns=turn.before, n_words=N_SLOTS, n_phrases=self.n_phrases
        )
        start = time.perf_counter()
        self.process.request(request)
        while True:
            message = self.inbox.get(timeout=ANSWER_WITHIN_S)
            if isinstance(message, Proposals) and message.generation == self.generation:
                times.append(time.perf_counter() - start)
                return message
            if isinstance(message, ModelStatus):
                raise RuntimeError(message.detail)
