"""benchmarks: the words that the language model proposes at each word of recorded dialogues, and the one that is wanted."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.dialogues import WantedTurn, every_turn, read_dialogues
from models.language.messages import ProposalRequest, Proposals
from models.language.mixture import Mixture, to_be_mixed
from models.language.ngram import NgramProposer
from models.language.readings import Readings
from models.language.runtime import Runtime

SEED = 6


@dataclass(frozen=True, slots=True)
class WantedWord:
    """What was proposed, likeliest first, each with its probability, and what was wanted; it may be none of them."""

    proposals: tuple[tuple[str, float], ...]
    wanted: str

    @property
    def none_of_these(self) -> float:
        """The probability that the wanted word is not proposed, as far as the language model knows."""
        return max(0.0, 1.0 - sum(p for _, p in self.proposals))


def some_turns(path: Path, limit: int) -> list[WantedTurn]:
    """Return `limit` turns of the dialogues in a file, chosen by a fixed seed.

    Raises
    ------
    ValueError
        There are none.
    """
    turns = every_turn(read_dialogues(path))
    if not turns or limit < 1:
        raise ValueError(f"{path} has no dialogues, or none are wanted")
    return random.Random(SEED).sample(turns, min(limit, len(turns)))


def proposed_words(
    model: Path, turns: Sequence[WantedTurn], n_words: int, progress: Callable[[int], None]
) -> list[WantedWord]:
    """Ask the language model, mixed with the n-gram as on the board, for words before each word of the turns.

    Parameters
    ----------
    model : Path
        The GGUF.
    turns : sequence of WantedTurn
        What is written, each after what was said before it; the words before are as they are wanted.
    n_words : int
        How many are proposed.
    progress : callable
        Gets the number of turns that are done.
    """
    ngram = NgramProposer("en")
    ngram.load()
    mixture = Mixture(ngram)
    runtime = Runtime(model, n_threads=1)
    found = []
    try:
        readings = Readings(runtime)
        for i, turn in enumerate(turns):
            words = turn.text.split()
            for k, word in enumerate(words):
                text = "".join(before + " " for before in words[:k])
                request = ProposalRequest(0, 0.0, text, turn.before, n_words=n_words)
                answer = readings.answer(to_be_mixed(request), lambda _: None, lambda: False)
                assert isinstance(answer, Proposals)
                mixed = mixture.mix(request, answer)
                if bare(word):
                    shown = tuple((bare(each.word), each.probability) for each in mixed.words)
                    found.append(WantedWord(shown, bare(word)))
            progress(i + 1)
    finally:
        runtime.close()
    return found


def bare(word: str) -> str:
    """Return the word without case and without the marks around it."""
    return word.strip(".,;:!?…\"'()[]-").casefold()
