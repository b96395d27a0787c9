"""assistive.learning: a choice: what was there to be chosen, what was chosen, and in which situation."""

from __future__ import annotations

from dataclasses import dataclass

from models.language.messages import Turn

DETERMINISTIC = 1.0
"""The propensity of an option while the ranking leaves nothing to chance."""


@dataclass(frozen=True, slots=True)
class Option:
    """A proposal that stood on the board.

    Parameters
    ----------
    slot : str
        Its place: "word:0" is the first word, "phrase:2" the last of three phrases.
    text : str
        As it was shown, with the capital of a sentence's first word.
    probability : float or None
        What the proposer said: that this is the next word, or the whole phrase. None where it is not known.
    propensity : float
        How probable it was that this option stood at this place, under the way of ranking of that day.
    source : str
        Who proposed: "model", "server", "ngram", or "" where it is not known.
    """

    slot: str
    text: str
    probability: float | None = None
    propensity: float = DETERMINISTIC
    source: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One selection that wrote, took away or spoke something.

    Parameters
    ----------
    t : float
        Seconds since 1970 (UTC).
    input : str
        "dwell", "switch" or "press" (a click, a touch or a key).
    language : str
        Of the board.
    model : str
        The name of the language model that proposed, or "".
    text : str
        What the proposals followed: the end of the text before the choice.
    turns : tuple of Turn
        What had been said before in that conversation, oldest first.
    shown : tuple of Option
        All proposals on the board, in the order of their places; none where the page has no place for them.
    shown_s : float
        How long these had been there, in seconds.
    verb, argument : str
        What was chosen: "write" and the character, "word" and the word or phrase, "delete_letter",
        "delete_word", "clear", "undo", "speak", "say" and the sentence.
    slot : str
        The place where it stood if it was one of `shown`, else "".
    removed, inserted : str or None
        How the end of the text changed; None where the text stayed.
    undoable : bool
        Undo takes this back.
    """

    t: float
    input: str
    language: str
    model: str
    text: str
    turns: tuple[Turn, ...]
    shown: tuple[Option, ...]
    shown_s: float
    verb: str
    argument: str = ""
    slot: str = ""
    removed: str | None = None
    inserted: str | None = None
    undoable: bool = False


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The latest choice that can be taken back was, at `t` (seconds since 1970)."""

    t: float


@dataclass(frozen=True, slots=True)
class Began:
    """From here on choices are kept.

    `steps` are the steps that undo would take back now, oldest first: what each removed and inserted, or None
    for text that was spoken.
    """

    steps: tuple[tuple[str, str] | None, ...] = ()


Event = Choice | TakenBack | Began
