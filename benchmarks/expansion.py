"""benchmarks: how often the sentence that is meant is among the expansions of its abbreviation, and how soon.

SpeakFaster's rules (Cai et al., NAACL 2022) on the second turn of each dialogue, the first one given: the first
sentence, if it has at most ten words; one letter a word, contractions split, digits kept, no final punctuation, lower
case. A hit is an exact match of the words among five. Two letters a word: the same with the first two letters. After
repair: where no expansion is right, the first one of the five with a single wrong word is taken, that word is marked,
and the right one must be among the five sentences of the answer.

The time is that of the whole answer to a whole abbreviation, nothing of it and of the partner's turn evaluated before
(the exchanges that open the prompt are): it includes reading the partner's turn.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.language.messages import Expansion, ExpansionRequest, Expansions, Repair, Speaker, Turn
from models.language.partial import fold
from models.language.preflight import default_threads
from models.language.readings import Readings
from models.language.runtime import Runtime
from models.weights import WeightsError, resolve_language_model

N = 5
MOST_WORDS = 10
N_EXCHANGES = 20
SEED = 5
TARGETS = {"top5": 0.66, "top5_two_letters": 0.86, "top5_after_repair": 0.74}
TARGET_P50_MS = 500.0
TARGET_FIRST_MS = 200.0

_WORD = re.compile(r"[^\W\d_]+|\d+")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --data, --train, --limit, --model and --threads."""
    dialogues = "dialogues, one a line, turns by tabs"
    parser.add_argument("--data", type=Path, required=True, metavar="TSV", help=dialogues)
    parser.add_argument(
        "--train", type=Path, required=True, metavar="TSV", help=f"{dialogues}: {N_EXCHANGES} open the prompt"
    )
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="only the first N sentences")
    parser.add_argument("--model", default="", metavar="GGUF", help="another language model")
    parser.add_argument(
        "--threads", type=int, default=default_threads(), help="threads of the model (one core is left free)"
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Keys: n, top1, top5, top5_two_letters, top5_after_repair with their _se, p50_ms, p95_ms."""
    try:
        model = resolve_language_model(args.model)
    except WeightsError as error:
        raise RuntimeError(str(error)) from error
    items = items_of(args.data)[: args.limit or None]
    if not items:
        raise ValueError(f"{args.data} has no dialogue whose second turn has at most {MOST_WORDS} words")
    print(
        f"{model.name}, {args.threads} thread(s), {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    runtime = Runtime(model, args.threads)
    try:
        writer = _Writer(Readings(runtime), _exchanges(args.train))
        for i, item in enumerate(items):
            print(f"\rsentence {i + 1} of {len(items)}", end="", flush=True)
            writer.write(item)
    finally:
        runtime.close()
    print(f"\r{len(items)} sentences, load {os.getloadavg()[0]:.1f}    ")
    return writer.report()


@dataclass(frozen=True, slots=True)
class Item:
    """What the partner said, and the sentence that is meant."""

    asked: str
    sentence: str

    @property
    def words(self) -> list[str]:
        return _words(self.sentence)

    def abbreviated(self, n_letters: int) -> str:
        return " ".join(word if word.isdigit() else word[:n_letters] for word in self.words)


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def items_of(path: Path) -> list[Item]:
    items = []
    for line in path.read_text(encoding="utf-8").splitlines():
        turns = [turn.strip() for turn in line.split("\t")]
        if len(turns) < 2 or not turns[0]:
            continue
        item = Item(turns[0], _SENTENCE_END.split(turns[1])[0])
        if 1 <= len(item.words) <= MOST_WORDS:
            items.append(item)
    return items


def _exchanges(path: Path) -> tuple[tuple[Turn, ...], ...]:
    """Return some short exchanges, the same ones in every run."""
    items = [item for item in items_of(path) if 3 <= len(item.words) <= 9 and len(item.asked) < 70]
    random.Random(SEED).shuffle(items)
    return tuple(
        (Turn(Speaker.PARTNER, item.asked), Turn(Speaker.ME, item.sentence)) for item in items[:N_EXCHANGES]
    )


class _Writer:
    """Expands each sentence's abbreviations and counts what is found."""

    def __init__(self, readings: Readings, exchanges: tuple[tuple[Turn, ...], ...]) -> None:
        self._readings = readings
        self._exchanges = exchanges
        self._generation = 0
        self._ranks: list[int] = []
        self._two_letters: list[bool] = []
        self._repaired: list[bool] = []
        self._whole_ms: list[float] = []
        self._first_ms: list[float] = []
        self._cpu_ms: list[float] = []
        readings.answer(self._request(Item("", ""), ""), lambda _: None, lambda: False)

    def write(self, item: Item) -> None:
        found = self._ask(self._request(item, item.abbreviated(1)), timed=True)
        rank = rank_of(item, found)
        self._ranks.append(rank)
        self._repaired.append(rank < N or self._repair(item, found))
        self._two_letters.append(rank_of(item, self._ask(self._request(item, item.abbreviated(2)))) < N)

    def _repair(self, item: Item, found: Sequence[Expansion]) -> bool:
        for expansion in found:
            words = [_words(word) for word in expansion.words]
            wrong = [i for i, word in enumerate(item.words) if words[i] != [word]]
            if len(wrong) == 1:
                repair = Repair(expansion.words, wrong[0])
                return rank_of(item, self._ask(self._request(item, item.abbreviated(1), repair))) < N
        return False

    def _request(self, item: Item, abbreviation: str, repair: Repair | None = None) -> ExpansionRequest:
        self._generation += 1
        return ExpansionRequest(
            self._generation,
            0.0,
            "",
            turns=(Turn(Speaker.PARTNER, item.asked),),
            exchanges=self._exchanges,
            abbreviation=abbreviation,
            n=N,
            repair=repair,
        )

    def _ask(self, request: ExpansionRequest, *, timed: bool = False) -> tuple[Expansion, ...]:
        start, cpu = time.perf_counter(), time.process_time()
        first: list[float] = []

        def emit(_expansions: Expansions) -> None:
            first.append(time.perf_counter())

        answer = self._readings.answer(request, emit, lambda: False)
        if not isinstance(answer, Expansions):
            raise RuntimeError("the model did not answer what it was asked")
        if timed:
            end = time.perf_counter()
            self._whole_ms.append((end - start) * 1e3)
            self._first_ms.append(((first[0] if first else end) - start) * 1e3)
            self._cpu_ms.append((time.process_time() - cpu) * 1e3)
        return answer.expansions

    def report(self) -> dict[str, Any]:
        shares = {
            "top1": [rank < 1 for rank in self._ranks],
            "top5": [rank < N for rank in self._ranks],
            "top5_two_letters": self._two_letters,
            "top5_after_repair": self._repaired,
        }
        figures: dict[str, Any] = {"n": len(self._ranks)}
        for name, hits in shares.items():
            share = float(np.mean(hits))
            error = float(np.sqrt(share * (1 - share) / len(hits)))
            figures |= {name: round(share, 4), f"{name}_se": round(error, 4)}
            target = TARGETS.get(name)
            verdict = (
                ""
                if target is None
                else f"   target >= {target}: {'reached' if share >= target else 'missed'}"
            )
            print(f"{name:>18} {share:.3f} +- {error:.3f}{verdict}")
        for name, times, limit in (
            ("whole answer", self._whole_ms, TARGET_P50_MS),
            ("first candidates", self._first_ms, TARGET_FIRST_MS),
            ("CPU", self._cpu_ms, None),
        ):
            p50, p95 = (float(np.percentile(times, q)) for q in (50, 95))
            verdict = (
                ""
                if limit is None
                else f"   target p50 <= {limit:.0f}: {'reached' if p50 <= limit else 'missed'}"
            )
            print(f"{name:>18} p50 {p50:.0f} ms, p95 {p95:.0f} ms{verdict}")
        p50, p95 = (float(np.percentile(self._whole_ms, q)) for q in (50, 95))
        return figures | {"p50_ms": round(p50, 1), "p95_ms": round(p95, 1)}


def rank_of(item: Item, found: Sequence[Expansion]) -> int:
    """Return where the sentence that is meant stands among `found`; spaces between its words do not count."""
    meant = "".join(item.words)
    matches = [i for i, expansion in enumerate(found) if "".join(_words(expansion.text)) == meant]
    return matches[0] if matches else N
