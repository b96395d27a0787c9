"""models.language.characters: the language model and the person's own text, mixed into one distribution of the next character.

p(c) is proportional to p_model(c)^a p_text(c)^b. The exponents are fitted to what the person really writes, by a step of
gradient descent on the code length for each character (the mixing of PAQ; Mattern, Linear and Geometric Mixtures,
2013). On held-out text this costs less than any weighted mean: what both find unlikely becomes unlikelier.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.language.characters.alphabet import stop_of, writable
from models.language.characters.ppm import Ppm
from models.language.messages import Characters, CharactersRequest, Source

FIRST_EXPONENTS = ((0.7, 0.3), (0.75, 0.33), (0.75, 0.22), (0.8, 0.2), (0.85, 0.18), (0.8, 0.28))
"""Of the model and of the text, for the first, second, ... letter of a word; the last for all that follow."""

_RATE = 0.005
_LARGEST = 1.5
_LEAST = 1e-3  # the share of a uniform distribution in what the model says: no character is ruled out
_MOST_WAITING = 32


class _Shown(NamedTuple):
    """An answer whose next character is not written yet: log p of model and text, shape (2, n), and the mixture."""

    before: str
    alphabet: str
    logs: NDArray[np.float64]
    mixed: NDArray[np.float64]


class CharacterMixture:
    """Mixes a model's characters with those of the person's text, and learns how much to trust each.

    May be used from several threads.

    Parameters
    ----------
    alphabet : str
        What the person writes with.
    exponents : sequence of (float, float)
        What `exponents` returned on another day.
    """

    def __init__(self, alphabet: str, exponents: Sequence[tuple[float, float]] = FIRST_EXPONENTS) -> None:
        self._alphabet = alphabet
        self._ngram = Ppm.for_a_person()
        self._exponents = np.array(exponents, np.float64)
        self._waiting: deque[_Shown] = deque(maxlen=_MOST_WAITING)
        self._lock = threading.Lock()

    @property
    def exponents(self) -> tuple[tuple[float, float], ...]:
        """Those of the model and of the text, for each place in a word."""
        with self._lock:
            return tuple((float(model), float(text)) for model, text in self._exponents)

    def learn(self, text: str) -> None:
        """Count the characters of what the person wrote, line by line."""
        with self._lock:
            for line in self._lines(text):
                self._ngram.learn(line)

    def forget(self, text: str) -> None:
        """Take back what `learn` did with the same text."""
        with self._lock:
            for line in self._lines(text):
                self._ngram.forget(line)

    def alone(self, request: CharactersRequest) -> Characters:
        """Answer from the person's text, without a model."""
        start = time.perf_counter()
        with self._lock:
            p = self._p_text(request)
        elapsed_s = time.perf_counter() - start
        probabilities = tuple(zip(_unique(request.alphabet), p.tolist(), strict=True))
        return Characters(request.generation, request.t + elapsed_s, probabilities, Source.NGRAM, elapsed_s)

    def mix(self, request: CharactersRequest, answer: Characters) -> Characters:
        """Return the model's `answer` to `request`, mixed with the person's text."""
        alphabet = _unique(request.alphabet)
        if not alphabet:
            return answer
        of = dict(answer.probabilities)
        p_model = np.array([of.get(character, 0.0) for character in alphabet])
        p_model = (1.0 - _LEAST) * p_model / max(float(p_model.sum()), 1e-9) + _LEAST / len(alphabet)
        with self._lock:
            logs = np.log(np.stack([p_model, self._p_text(request)]))
            mixed = _softmax(self._exponents[self._place(request.text)] @ logs)
            self._waiting.append(_Shown(request.text, alphabet, logs, mixed))
        return replace(answer, probabilities=tuple(zip(alphabet, mixed.tolist(), strict=True)))

    def written(self, text: str) -> None:
        """Fit the exponents: the person has written the last character of `text`."""
        with self._lock:
            shown = next((s for s in reversed(self._waiting) if s.before == text[:-1]), None)
            if not text or shown is None or (character := text[-1].casefold()) not in shown.alphabet:
                return
            self._waiting.remove(shown)
            exponents = self._exponents[self._place(shown.before)]
            exponents += _RATE * (shown.logs[:, shown.alphabet.index(character)] - shown.logs @ shown.mixed)
            np.clip(exponents, 0.0, _LARGEST, out=exponents)

    def _p_text(self, request: CharactersRequest) -> NDArray[np.float64]:
        line = request.text.rpartition("\n")[2]
        before = writable(line, self._alphabet)
        if before and line[-1:].isspace():
            before += " "
        return self._ngram.probabilities("\n" + before, _unique(request.alphabet))

    def _place(self, text: str) -> int:
        """Return how many letters of the word are written, at most the last place that is told apart."""
        word = text[-len(self._exponents) :].replace("\n", " ").rpartition(" ")[2]
        return min(len(word), len(self._exponents) - 1)

    def _lines(self, text: str) -> list[str]:
        lines = (writable(line, self._alphabet) for line in text.splitlines())
        return [line + stop_of(self._alphabet) for line in lines if line]


def _unique(alphabet: str) -> str:
    return "".join(dict.fromkeys(alphabet))


def _softmax(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    p = np.exp(logs - logs.max())
    softmax: NDArray[np.float64] = p / p.sum()
    return softmax
