"""assistive.text: what a choice does to the text: spacing, capitals, and what is a word."""

from __future__ import annotations

import re
import unicodedata

from assistive.boards.board import Action, Verb
from assistive.settings import Settings
from assistive.text.document import Edit, TextDocument

ENDERS = ".?!…"
CLINGING = ".,?!…:;)%"  # these cling to the word before them
LONGEST_WORD = 300  # characters: of a longer one (keys mashed for an hour), so much goes at a time
WORD_CHARACTERS = r"\w'’\-"
_PARTIAL = re.compile(rf"[{WORD_CHARACTERS}]+$")
_WORDS = re.compile(rf"[{WORD_CHARACTERS}]+")
_LAST_WORD = re.compile(rf"(?:[{WORD_CHARACTERS}]+|[^\w\s])\s*$")
_LONE_I = re.compile(r"(?:^|(?<=\s))i$")
_DIGIT_PAUSE = re.compile(r"\d[.,:] $")
_JOINERS = {"\u200d", "\ufe0e", "\ufe0f", "\u20e3"}


def partial_word(text: str) -> str:
    """The word that is being written: the letters after the last space, or "" after a space."""
    match = _PARTIAL.search(text[-100:])
    return match.group() if match else ""


def last_word(text: str) -> str:
    """The last word that is finished, "" where there is none."""
    ended = text[-LONGEST_WORD:]
    words = _WORDS.findall(ended[: len(ended) - len(partial_word(ended))])
    return words[-1] if words else ""


def starts_sentence(text: str) -> bool:
    """Whether the next word is the first of a sentence."""
    before = text.rstrip()
    return not before or before[-1] in ENDERS


def capitalised(word: str) -> str:
    """The word with a capital first letter, the rest untouched."""
    return word[:1].upper() + word[1:]


def compose(
    text: str, action: Action, *, language: str, finished: bool = False, new_after_speaking: bool = True
) -> Edit | None:
    """What choosing `action` does to the end of `text`, or None when it changes nothing.

    Parameters
    ----------
    text : str
        All of the text.
    action : Action
        A WRITE, WORD, DELETE_LETTER, DELETE_WORD or CLEAR; any other verb changes nothing.
    language : str
        "en" makes a lone i a capital one.
    finished : bool
        The text has just been spoken.
    new_after_speaking : bool
        The next letter or word after a spoken sentence begins a new one, and the old one makes room; a
        space, punctuation or a deletion goes on with it.
    """
    match action.verb:
        case Verb.WRITE:
            opens_new = new_after_speaking and not (action.argument.isspace() or _clings(action.argument))
            return _write("" if finished and opens_new else text, action.argument, language, text)
        case Verb.WORD:
            return _word("" if finished and new_after_speaking else text, action.argument, text)
        case Verb.DELETE_LETTER:
            tail = last_character(text)
            return Edit(tail, "") if tail else None
        case Verb.DELETE_WORD:
            match = _LAST_WORD.search(text[-LONGEST_WORD:])
            tail = match.group() if match else text[len(text.rstrip()) :]
            return Edit(tail, "") if tail else None
        case Verb.CLEAR:
            return Edit(text, "") if text else None
    return None


def as_written(proposals: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Proposals as they would stand after `text`: with a capital where a sentence starts."""
    partial = partial_word(text)
    capital = partial[:1].isupper() or starts_sentence(text[: len(text) - len(partial)])
    return tuple(capitalised(proposal) for proposal in proposals) if capital else proposals


def composed(document: TextDocument, action: Action, settings: Settings) -> Edit | None:
    """What choosing `action` does to the document under these settings; see `compose`."""
    return compose(
        document.text,
        action,
        language=settings.look.language,
        finished=document.finished,
        new_after_speaking=settings.voice.after_speaking == "new",
    )


def written(document: TextDocument, settings: Settings) -> str:
    """What the next word follows: nothing, where it begins a new sentence after a spoken one."""
    new = document.finished and settings.voice.after_speaking == "new"
    return "" if new else document.text


def last_character(text: str) -> str:
    """The last character as a person sees it: with its accents, skin tones and joined emoji."""
    i = len(text)
    while i > 0:
        i -= 1
        character = text[i]
        clings = (
            character in _JOINERS
            or unicodedata.combining(character)
            or "\U0001f3fb" <= character <= "\U0001f3ff"
        )
        joined = i > 0 and text[i - 1] == "\u200d"
        if not clings and not joined:
            break
    return text[i:]


def _clings(characters: str) -> bool:
    return bool(characters) and all(c in CLINGING for c in characters)


def _write(base: str, characters: str, language: str, whole: str) -> Edit | None:
    """Write letters, a space or punctuation after `base`; `whole` is the text that makes room for it."""
    kept = base
    if language == "en" and (characters.isspace() or _clings(characters)) and _LONE_I.search(kept):
        kept = kept[:-1] + "I"
    if characters.isspace():
        if not kept or kept[-1].isspace():
            return None
        new = kept + characters
    elif _clings(characters):
        new = kept.rstrip(" ") + characters
        if characters[-1] in ENDERS + ",:;":
            new += " "
    elif characters.isdigit() and _DIGIT_PAUSE.search(kept[-3:]):
        new = kept[:-1] + characters
    elif characters.isalpha() and starts_sentence(kept):
        new = kept + capitalised(characters)
    else:
        new = kept + characters
    return _difference(whole, new, proposed=False)


def _word(base: str, word: str, whole: str) -> Edit | None:
    """Put a proposed word in the place of the partial one, with a space after it."""
    partial = partial_word(base)
    kept = base[: len(base) - len(partial)]
    if partial[:1].isupper() or starts_sentence(kept):
        word = capitalised(word)
    if kept and not kept[-1].isspace() and not partial:
        kept += " "
    new = kept + word + " "
    edit = _difference(whole, new, proposed=True)
    if edit is None:
        return None
    # The whole word is the model's, also the letters that it shares with the partial one.
    shared = len(whole) - len(edit.removed)
    back = max(0, shared - len(kept))
    return Edit(
        whole[shared - back : shared] + edit.removed, new[shared - back : shared] + edit.inserted, True
    )


def _difference(old: str, new: str, *, proposed: bool) -> Edit | None:
    """The edit at the end of `old` that gives `new`: None when they are the same."""
    if old == new:
        return None
    if new.startswith(old):
        return Edit("", new[len(old) :], proposed)
    shared = 0
    for a, b in zip(old, new, strict=False):
        if a != b:
            break
        shared += 1
    return Edit(old[shared:], new[shared:], proposed)
