"""models.language: what is asked of a proposer and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Who proposed."""

    MODEL = "model"
    NGRAM = "ngram"


@dataclass(frozen=True, slots=True)
class ProposalRequest:
    """Ask for the words that may come next.

    Parameters
    ----------
    generation : int
        Grows with every request; an answer to an older generation is dropped by whoever asked.
    t : float
        Seconds on the shared clock when it was asked.
    text : str
        All that the person has written so far; a last word without a space after it is *partial* and the
        proposals complete it.
    partner : str
        What the partner said last, or "".
    said : tuple of str
        What was spoken before in this conversation, oldest first.
    language : str
        "en" or "ru".
    n_words : int
        How many proposals are wanted.
    """

    generation: int
    t: float
    text: str
    partner: str = ""
    said: tuple[str, ...] = ()
    language: str = "en"
    n_words: int = 5


@dataclass(frozen=True, slots=True)
class WordProposal:
    """A complete word and the probability that it is the next one (merged over case and tokenisation)."""

    word: str
    probability: float


@dataclass(frozen=True, slots=True)
class Proposals:
    """The answer to the request of the same `generation`: best first, no duplicates (case folded).

    `elapsed_s` is the wall time the proposer really took.
    """

    generation: int
    t: float
    words: tuple[WordProposal, ...]
    source: Source
    elapsed_s: float


class ModelState(StrEnum):
    """What the language model's process is doing."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    LOST = "lost"  # it died; it is being started again
    FAILED = "failed"  # it cannot start (no file, not a GGUF, too large); nothing is retried


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """The language model's state changed. `detail` is a sentence for the caregiver (English, translatable)."""

    t: float
    state: ModelState
    detail: str = ""
    name: str = ""
