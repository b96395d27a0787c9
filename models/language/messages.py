"""models.language: what is asked of a proposer and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Who proposed."""

    MODEL = "model"
    SERVER = "server"
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


class Tone(StrEnum):
    """How the person wants to sound."""

    NEUTRAL = "neutral"
    WARM = "warm"
    FORMAL = "formal"
    URGENT = "urgent"
    PLAYFUL = "playful"


@dataclass(frozen=True, slots=True)
class Steering:
    """What the person did to the proposals; every part of it can be seen and taken back.

    Parameters
    ----------
    tone : Tone
        How the person wants to sound.
    topics : tuple of str
        Words that say what the conversation is about.
    banned : tuple of str
        Words and phrases that are not proposed, in any case and tokenisation.
    nudges : tuple of (str, float)
        Words and by how much their log-odds are raised (> 0: picked lately) or lowered (< 0: passed over).
    """

    tone: Tone = Tone.NEUTRAL
    topics: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    nudges: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What every question to a proposer has in common.

    Parameters
    ----------
    generation : int
        Grows with every request; an answer to an older generation is dropped by whoever asked.
    t : float
        Seconds on the shared clock when it was asked.
    text : str
        All that the person has written so far.
    turns : tuple of Turn
        What was said before in this conversation, oldest first.
    about : str
        Facts about the person, in their own words, or "".
    examples : tuple of str
        Sentences that the person said on other days, oldest first: how they speak.
    language : str
        "en" or "ru".
    pinned : tuple of str
        Lines that the person keeps in view: they count more than other turns and are dropped last.
    steering : Steering
        What the person did to the proposals.
    exchanges : tuple of tuple of Turn
        Conversations of other days, or parts of them, oldest first: how the person answers.
    """

    generation: int
    t: float
    text: str
    turns: tuple[Turn, ...] = ()
    about: str = ""
    examples: tuple[str, ...] = ()
    language: str = "en"
    pinned: tuple[str, ...] = ()
    steering: Steering = Steering()
    exchanges: tuple[tuple[Turn, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ProposalRequest(Request):
    """Ask for the words and phrases that may come next.

    A last word of `text` without a space after it is *partial* and the proposals complete it.

    Parameters
    ----------
    n_words, n_phrases : int
        How many proposals of each are wanted. Phrases are short continuations of the text, or whole replies
        where the text is empty.
    speculative : bool
        Nobody waits for the answer yet: the text is what a selection in progress would make of it. It gives
        way to a real request at once, and makes the same request, asked for real, quick.
    breadth, depth : int
        How many continuations beside each other, and below each other, are wanted as a tree; 0: no tree.
    marks : bool
        A word may come with the mark after it ("today?"), where that is likely to save a selection.
    n_sure : int
        So many of the words must be the likeliest; the others are what was found on the way. 0: all must.
    """

    n_words: int = 5
    n_phrases: int = 0
    speculative: bool = False
    breadth: int = 0
    depth: int = 4
    n_sure: int = 0
    marks: bool = False


@dataclass(frozen=True, slots=True)
class Repair:
    """One word of an expansion is wrong: ask for others in its place, the rest stays.

    Parameters
    ----------
    words : tuple of str
        The expansion that is nearly right.
    at : int
        Which of its words is wrong.
    letters : str
        More letters of the right word (its beginning), or "" where only its initial is known.
    """

    words: tuple[str, ...]
    at: int
    letters: str = ""


@dataclass(frozen=True, slots=True)
class ExpansionRequest(Request):
    """Ask for sentences that an abbreviation may stand for. They go on from `text` where there is any.

    Parameters
    ----------
    abbreviation : str
        Parts with spaces between them, one a word: an initial, a prefix or the whole word ("i w some wa").
        Letters without spaces are initials ("iwsw").
    n : int
        How many expansions are wanted.
    repair : Repair, optional
        What is asked for when one word of an earlier answer is to be replaced.
    """

    abbreviation: str = ""
    n: int = 5
    repair: Repair | None = None


@dataclass(frozen=True, slots=True)
class CharactersRequest(Request):
    """Ask how likely each character is to come next after `text`.

    Parameters
    ----------
    alphabet : str
        The characters that can be written, in lower case; the space counts.
    """

    alphabet: str = ""


@dataclass(frozen=True, slots=True)
class TokensRequest(Request):
    """Ask for the likeliest next tokens: the person is the sampler.

    Parameters
    ----------
    chosen : tuple of int
        Tokens that were picked after `text`, oldest first; going back is asking with fewer of them.
    n : int
        How many tokens are wanted.
    pass_at : float
        While the likeliest token is at least so probable it is taken without asking; more than 1: never.
    """

    chosen: tuple[int, ...] = ()
    n: int = 8
    pass_at: float = 2.0


Question = ProposalRequest | ExpansionRequest | CharactersRequest | TokensRequest
"""All that a proposer can be asked."""


@dataclass(frozen=True, slots=True)
class WordProposal:
    """A complete word and the probability that it is the next one (merged over case and tokenisation).

    `marks` says how likely each mark is to follow the word at once, given the word.
    """

    word: str
    probability: float
    marks: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class PhraseProposal:
    """A continuation of the text from its last word boundary on (a partial word is completed by it).

    `probability` is that of the whole phrase, given the text.
    """

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class ContinuationNode:
    """One or more words that may follow where the node stands, or the mark that ends the sentence.

    `probability` is that of all from the text up to here; `children` come next, likeliest first.
    """

    text: str
    probability: float
    children: tuple[ContinuationNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposals:
    """The answer to the request of the same `generation`: best first, no duplicates (case folded).

    `elapsed_s` is the wall time that the proposer really took; 0 where the answer had been prepared. `letters` are
    what may come next in the present word, folded, and how likely each is; " ": the word is complete. Empty: not known.
    """

    generation: int
    t: float
    words: tuple[WordProposal, ...]
    source: Source
    elapsed_s: float
    phrases: tuple[PhraseProposal, ...] = ()
    tree: tuple[ContinuationNode, ...] = ()
    letters: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Expansion:
    """A sentence that matches the abbreviation, word by word, and its probability among all that match.

    `words` has one entry a part of the abbreviation (a contraction counts as two: "can't" is "can", "'t").
    """

    text: str
    words: tuple[str, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class Expansions:
    """The answer to an `ExpansionRequest`: best first. While `complete` is False a better one follows.

    Nothing may match: then `expansions` are the closest that were found and `matching` is False.
    """

    generation: int
    t: float
    expansions: tuple[Expansion, ...]
    source: Source
    elapsed_s: float
    complete: bool = True
    matching: bool = True


@dataclass(frozen=True, slots=True)
class Characters:
    """The answer to a `CharactersRequest`: each character of the alphabet and its probability; they sum to 1."""

    generation: int
    t: float
    probabilities: tuple[tuple[str, float], ...]
    source: Source
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its number, what it shows, and the probability that it comes next (of all tokens)."""

    number: int
    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Tokens:
    """The answer to a `TokensRequest`: best first. `passed` were taken without asking and come before them."""

    generation: int
    t: float
    tokens: tuple[Token, ...]
    source: Source
    elapsed_s: float
    passed: tuple[Token, ...] = ()


Response = Proposals | Expansions | Characters | Tokens
"""All that it answers; the answer to each kind of question is of one kind."""


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
