"""models.language: what is asked of a proposer and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Who proposed."""

    MODEL = "model"
    NGRAM = "ngram"


class Speaker(StrEnum):
    """Who said something."""

    ME = "me"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that was said in this conversation."""

    speaker: Speaker
    text: str


@dataclass(frozen=True, slots=True)
class ProposalRequest:
    """Ask for the words and phrases that may come next.

    Parameters
    ----------
    generation : int
        Grows with every request; an answer to an older generation is dropped by whoever asked.
    t : float
        Seconds on the shared clock when it was asked.
    text : str
        All that the person has written so far; a last word without a space after it is *partial* and the
        proposals complete it.
    turns : tuple of Turn
        What was said before in this conversation, oldest first.
    about : str
        Facts about the person, in their own words, or "".
    examples : tuple of str
        Sentences that the person said on other days, oldest first: how they speak.
    language : str
        "en" or "ru".
    n_words, n_phrases : int
        How many proposals of each are wanted. Phrases are short continuations of the text, or whole replies
        where the text is empty.
    speculative : bool
        Nobody waits for the answer yet: the text is what a selection in progress would make of it. It gives
        way to a real request at once, and makes the same request, asked for real, quick.
    """

    generation: int
    t: float
    text: str
    turns: tuple[Turn, ...] = ()
    about: str = ""
    examples: tuple[str, ...] = ()
    language: str = "en"
    n_words: int = 5
    n_phrases: int = 0
    speculative: bool = False


@dataclass(frozen=True, slots=True)
class WordProposal:
    """A complete word and the probability that it is the next one (merged over case and tokenisation)."""

    word: str
    probability: float


@dataclass(frozen=True, slots=True)
class PhraseProposal:
    """A continuation of the text from its last word boundary on (a partial word is completed by it).

    `probability` is that of the whole phrase, given the text.
    """

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Proposals:
    """The answer to the request of the same `generation`: best first, no duplicates (case folded).

    `elapsed_s` is the wall time that the proposer really took; 0 where the answer had been prepared.
    """

    generation: int
    t: float
    words: tuple[WordProposal, ...]
    source: Source
    elapsed_s: float
    phrases: tuple[PhraseProposal, ...] = ()


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
