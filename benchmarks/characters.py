"""benchmarks: bits that the next character costs, by the language model with the person's text, and by Dasher's PPM.

Each sentence is written from empty. What counts: every letter in lower case, the apostrophe (English) or the hyphen
(Russian), one space between words, and one line break at the end of the sentence. Whatever else stands in a line,
marks and digits too, counts as a space. Both models are asked for the same characters over the same alphabet.
The train lines that also stand in the data are dropped. Some of the others are in the prompt, as what the person
said, and all are in both n-grams. The weights of the mixture are fitted as a person writes: each character is
predicted first, and moves them afterwards.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from models.language.characters.alphabet import writable
from models.language.characters.mixture import CharacterMixture
from models.language.characters.ppm import Ppm
from models.language.messages import Characters, CharactersRequest, Speaker, Turn
from models.language.pieces import Script, script_of
from models.language.readings import Readings
from models.language.runtime import Runtime
from models.weights import WeightsError, resolve_language_model

ALPHABETS = {
    "en": "abcdefghijklmnopqrstuvwxyz' \n",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя- \n",
}
TARGET_BITS = {"en": 1.08, "ru": 1.40}
TARGET_MS = 8.0
N_EXAMPLES = 20
N_EXCHANGES = 3  # of a dozen lines each: with more, the model's own everyday lines would go
EXCHANGE = 12
N_TURNS = 16
SEED = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --data, --train, --limit, --language and --model."""
    parser.add_argument(
        "--data", type=Path, required=True, metavar="TXT", help="sentences to write, one a line"
    )
    parser.add_argument(
        "--train", type=Path, required=True, metavar="TXT", help="sentences the person said before"
    )
    parser.add_argument(
        "--limit", type=int, default=200, metavar="N", help="sentences that are written (200)"
    )
    parser.add_argument(
        "--language", choices=sorted(ALPHABETS), help="default: by the letters of the sentences"
    )
    parser.add_argument("--model", default="", metavar="GGUF", help="another language model")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Keys: bits_per_char, bits_per_char_ppm5, ms_per_char_mean, ms_per_char_p95."""
    try:
        model = resolve_language_model(args.model)
    except WeightsError as error:
        raise RuntimeError(str(error)) from error
    data, train = _read(args.data), _read(args.train)
    language = args.language or _language(data)
    alphabet = ALPHABETS[language]
    sentences = [sentence for line in data if (sentence := writable(line, alphabet))]
    measured = set(sentences)
    kept = [line for line in train if (said := writable(line, alphabet)) and said not in measured]
    sentences = sentences[: args.limit]
    if not sentences or not kept:
        raise ValueError("there is nothing to write, or nothing to learn from")
    print(
        f"{model.name}, {language}: {len(sentences)} sentences are written, {len(kept)} were learned",
        flush=True,
    )
    print(
        f"{len(train) - len(kept)} lines of {args.train.name} also stand in {args.data.name}, or are empty: dropped"
    )
    ppm = Ppm.as_in_dasher()
    mixture = CharacterMixture(alphabet)
    for line in kept:
        ppm.learn(writable(line, alphabet) + "\n")
        mixture.learn(line)
    runtime = Runtime(model, n_threads=1)
    try:
        writer = _Writer(Readings(runtime), mixture, ppm, _person(kept, language, alphabet))
        writer.warm()
        for i, sentence in enumerate(sentences):
            print(f"\rsentence {i + 1} of {len(sentences)}", end="", flush=True)
            writer.write(sentence)
    finally:
        runtime.close()
    print("\r", end="")
    return writer.report(language)


def _read(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip()]


def _language(lines: Sequence[str]) -> str:
    cyrillic = sum(script_of(word) is Script.CYRILLIC for line in lines for word in line.split())
    latin = sum(script_of(word) is Script.LATIN for line in lines for word in line.split())
    return "ru" if cyrillic > latin else "en"


def _person(lines: Sequence[str], language: str, alphabet: str) -> CharactersRequest:
    """Return the request of someone who said some of `lines`, drawn at random, and has written nothing yet."""
    drawn = random.Random(SEED).sample(lines, min(len(lines), N_EXAMPLES + N_EXCHANGES * EXCHANGE + N_TURNS))
    turns = tuple(Turn(Speaker.ME, line) for line in drawn[:N_TURNS])
    drawn = drawn[N_TURNS:]
    said = [Turn(Speaker.ME, line) for line in drawn[N_EXAMPLES:]]
    exchanges = tuple(tuple(said[i : i + EXCHANGE]) for i in range(0, len(said), EXCHANGE))
    return CharactersRequest(
        0,
        0.0,
        "",
        turns,
        examples=tuple(drawn[:N_EXAMPLES]),
        exchanges=exchanges,
        language=language,
        alphabet=alphabet,
    )


@dataclass(slots=True)
class _Writer:
    readings: Readings
    mixture: CharacterMixture
    ppm: Ppm
    person: CharactersRequest
    bits: list[float] = field(default_factory=list)
    bits_model: list[float] = field(default_factory=list)
    bits_text: list[float] = field(default_factory=list)
    bits_ppm: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)

    def warm(self) -> None:
        """Read the prompt, which is the same for all sentences."""
        self._ask(self.person)

    def write(self, sentence: str) -> None:
        for i, character in enumerate(sentence + "\n"):
            text = sentence[:i]
            request = replace(self.person, text=text)
            wall, cpu = time.perf_counter(), time.thread_time()
            answer = self._ask(request)
            mixed = self.mixture.mix(request, answer)
            self.cpu_ms.append((time.thread_time() - cpu) * 1e3)
            self.wall_ms.append((time.perf_counter() - wall) * 1e3)
            self.mixture.written(text + character)
            self.bits.append(_bits(mixed, character))
            self.bits_model.append(_bits(answer, character))
            self.bits_text.append(_bits(self.mixture.alone(request), character))
            p = self.ppm.probabilities("\n" + text, request.alphabet)
            self.bits_ppm.append(-math.log2(p[request.alphabet.index(character)]))

    def report(self, language: str) -> dict[str, Any]:
        print(f"{len(self.bits)} characters, each line break counts as one; {'bits each':>12}")
        rows = (
            ("model and the person's text", self.bits),
            ("model alone", self.bits_model),
            ("the person's text alone", self.bits_text),
            ("PPM-D of order 5, as in Dasher", self.bits_ppm),
        )
        for name, each in rows:
            print(
                f"{name:>32} {np.mean(each):>8.3f}  (standard error {np.std(each) / math.sqrt(len(each)):.3f})"
            )
        for name, times in (("CPU time, one thread", self.cpu_ms), ("time on this machine", self.wall_ms)):
            print(
                f"{name:>32} mean {np.mean(times):.1f} ms, p95 {np.percentile(times, 95):.1f} ms a character"
            )
        bits, ms = float(np.mean(self.bits)), float(np.mean(self.cpu_ms))
        for value, target, unit in ((bits, TARGET_BITS[language], "bits"), (ms, TARGET_MS, "ms")):
            reached = "reached" if value <= target else "missed"
            print(f"{value:.3f} {unit} a character, target <= {target:.2f}: {reached}")
        return {
            "bits_per_char": round(bits, 4),
            "bits_per_char_ppm5": round(float(np.mean(self.bits_ppm)), 4),
            "ms_per_char_mean": round(ms, 2),
            "ms_per_char_p95": round(float(np.percentile(self.cpu_ms, 95)), 2),
        }

    def _ask(self, request: CharactersRequest) -> Characters:
        answer = self.readings.answer(request, lambda _: None, lambda: False)
        assert isinstance(answer, Characters)
        return answer


def _bits(answer: Characters, character: str) -> float:
    return -math.log2(dict(answer.probabilities)[character])
